package luavm

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// openOS replaces what os would take from the machine or do to it.
func (s *state) openOS() {
	lib := s.L.GetGlobal("os").(*lua.LTable)
	date := lib.RawGetString("date").(*lua.LFunction).GFunction
	fromTable := lib.RawGetString("time").(*lua.LFunction).GFunction
	config := &s.process.config
	s.L.SetFuncs(lib, map[string]lua.LGFunction{
		"getenv": func(L *lua.LState) int {
			if v, ok := config.Env(L.CheckString(1)); ok {
				L.Push(lua.LString(v))
			} else {
				L.Push(lua.LNil)
			}
			return 1
		},
		"time": func(L *lua.LState) int {
			if L.GetTop() > 0 && L.Get(1) != lua.LNil {
				return fromTable(L)
			}
			L.Push(lua.LNumber(config.Clock.Now().Unix()))
			return 1
		},
		"date": func(L *lua.LState) int {
			layout := L.OptString(1, "%c")
			at := L.OptInt64(2, config.Clock.Now().Unix())
			L.SetTop(0)
			L.Push(lua.LString(layout))
			L.Push(lua.LNumber(at))
			return date(L)
		},
		"clock": func(L *lua.LState) int {
			L.Push(lua.LNumber(s.process.monotonic().Seconds() - bootTime.Seconds()))
			return 1
		},
		"rename":  s.rename,
		"remove":  s.remove,
		"tmpname": func(L *lua.LState) int { L.Push(lua.LString(s.process.files.temporary())); return 1 },
		"exit": func(L *lua.LState) int {
			s.process.exited = true
			L.RaiseError("the script ended its process with os.exit(%s)", lua.LVAsString(L.Get(1)))
			return 0
		},
		"execute":   s.refuse("os.execute"),
		"setlocale": func(L *lua.LState) int { L.Push(lua.LString("C")); return 1 },
	})
}

// refuse is a function that is not here.
func (s *state) refuse(name string) lua.LGFunction {
	return func(L *lua.LState) int {
		s.process.missing = append(s.process.missing, name)
		L.RaiseError("%s is not run by the embedded VM", name)
		return 0
	}
}

func (s *state) rename(L *lua.LState) int {
	from, to := L.CheckString(1), L.CheckString(2)
	return pushResult(L, s.process.files.rename(from, to), from)
}

func (s *state) remove(L *lua.LState) int {
	path := L.CheckString(1)
	return pushResult(L, s.process.files.remove(path), path)
}

// pushResult returns what C's file functions return through Lua: true, or nil,
// a message and errno.
func pushResult(L *lua.LState, err error, path string) int {
	if err == nil {
		L.Push(lua.LTrue)
		return 1
	}
	L.Push(lua.LNil)
	L.Push(lua.LString(fmt.Sprintf("%s: %v", path, err)))
	L.Push(lua.LNumber(2)) // ENOENT
	return 3
}
