package luavm

import (
	"fmt"
	"strings"
	"time"

	lua "github.com/yuin/gopher-lua"
)

// hostModule is what scripts written for the embedded VM require where those
// for LuaJIT use ffi: time, sleep, the end of the run, and memory that all
// states share.
const hostModule = "taskbench.host"

// openHost makes the module: now() in µs of the monotonic clock, unix_us(),
// sleep(µs), interrupt(), head_lines(name), and the table memory, which is one for all states.
func (s *state) openHost() {
	p := s.process
	if p.shared == nil {
		p.shared = s.L.NewTable()
	}
	module := s.L.SetFuncs(s.L.NewTable(), map[string]lua.LGFunction{
		"now": func(L *lua.LState) int {
			L.Push(lua.LNumber(float64(p.monotonic()) / float64(time.Microsecond)))
			return 1
		},
		"unix_us": func(L *lua.LState) int {
			L.Push(lua.LNumber(p.config.Clock.Now().UnixMicro()))
			return 1
		},
		"sleep": func(L *lua.LState) int {
			p.config.Clock.Sleep(time.Duration(checkNumber(L, 1) * float64(time.Microsecond)))
			return 0
		},
		"head_lines": func(L *lua.LState) int {
			L.Push(s.headLines(L.CheckString(1)))
			return 1
		},
		"interrupt": func(*lua.LState) int {
			p.interrupted = true
			return 0
		},
	})
	module.RawSetString("memory", p.shared)
	s.provide(hostModule, module, false)
}

// headLines are the values of a header of the answer that is looked at, in their
// order: response() is given the last only, as in wrk.
func (s *state) headLines(wanted string) *lua.LTable {
	out := s.L.NewTable()
	for name, values := range s.header {
		if strings.EqualFold(name, wanted) {
			for _, value := range values {
				out.Append(lua.LString(value))
			}
		}
	}
	return out
}

// monotonic is the time since the machine is supposed to have started.
func (p *Process) monotonic() time.Duration { return p.config.Clock.Now().Sub(p.began) }

// openMissing makes require say that a module of LuaJIT is not here.
func (s *state) openMissing(names ...string) {
	preload := s.L.GetField(s.L.GetGlobal("package"), "preload")
	for _, name := range names {
		s.L.SetField(preload, name, s.L.NewFunction(func(L *lua.LState) int {
			s.process.missing = append(s.process.missing, name)
			L.RaiseError("%s", fmt.Sprintf("the embedded VM has no %s", name))
			return 0
		}))
	}
}
