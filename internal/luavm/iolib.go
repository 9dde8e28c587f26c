package luavm

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openIO makes the library io on captured streams and files.
func (s *state) openIO() {
	L := s.L
	meta := L.NewTable()
	handle := func(f *file) *lua.LUserData { return &lua.LUserData{Value: f, Env: L.Env, Metatable: meta} }
	meta.RawSetString("__index", L.SetFuncs(L.NewTable(), map[string]lua.LGFunction{
		"write": fileWrite, "read": fileRead, "lines": fileLines, "seek": fileSeek, "close": fileClose,
		"flush": returnTrue, "setvbuf": returnTrue,
	}))
	meta.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString("file (" + checkFile(L).path + ")"))
		return 1
	}))
	lib := L.NewTable()
	output := handle(&file{path: "stdout", sink: s.process.config.Stdout})
	input := handle(&file{path: "stdin", readable: true})
	lib.RawSetString("stdout", output)
	lib.RawSetString("stderr", handle(&file{path: "stderr", sink: s.process.config.Stderr}))
	lib.RawSetString("stdin", input)
	// on calls a method of what is the default file at that time.
	on := func(f **lua.LUserData, method lua.LGFunction) lua.LGFunction {
		return func(L *lua.LState) int {
			L.Insert(*f, 1)
			return method(L)
		}
	}
	// pick is io.input and io.output: it tells the default file, or sets it.
	pick := func(f **lua.LUserData, mode string) lua.LGFunction {
		return func(L *lua.LState) int {
			switch v := L.Get(1).(type) {
			case *lua.LUserData:
				*f = v
			case lua.LString:
				opened, err := s.process.files.open(string(v), mode)
				if err != nil {
					L.RaiseError("%s: %v", v, err)
				}
				*f = handle(opened)
			}
			L.Push(*f)
			return 1
		}
	}
	L.SetFuncs(lib, map[string]lua.LGFunction{
		"write": on(&output, fileWrite), "read": on(&input, fileRead), "flush": returnTrue,
		"output": pick(&output, "w"), "input": pick(&input, "r"),
		"close": func(L *lua.LState) int {
			if L.GetTop() == 0 {
				L.Push(output)
			}
			return fileClose(L)
		},
		"tmpfile": func(L *lua.LState) int {
			opened, err := s.process.files.open(s.process.files.temporary(), "w+")
			if err != nil {
				return pushResult(L, err, "tmpfile")
			}
			L.Push(handle(opened))
			return 1
		},
		"popen": s.refuse("io.popen"),
		"type":  fileType,
		"open": func(L *lua.LState) int {
			f, n := s.openFile(L)
			if f == nil {
				return n
			}
			L.Push(handle(f))
			return 1
		},
		"lines": func(L *lua.LState) int {
			if L.GetTop() == 0 {
				return pushLines(L, input.Value.(*file))
			}
			f, err := s.process.files.open(L.CheckString(1), "r")
			if err != nil {
				L.RaiseError("%s: %v", L.CheckString(1), err)
			}
			return pushLines(L, f)
		},
	})
	s.provide("io", lib, true)
}

func (s *state) openFile(L *lua.LState) (*file, int) {
	path, mode := L.CheckString(1), L.OptString(2, "r")
	if mode == "" || !strings.Contains("rwa", mode[:1]) {
		L.ArgError(2, "invalid mode")
	}
	f, err := s.process.files.open(path, mode)
	if err != nil {
		return nil, pushResult(L, err, path)
	}
	return f, 0
}

func checkFile(L *lua.LState) *file {
	f, ok := L.CheckUserData(1).Value.(*file)
	if !ok {
		L.ArgError(1, "file expected")
	}
	if f.closed {
		L.RaiseError("attempt to use a closed file")
	}
	return f
}

func returnTrue(L *lua.LState) int {
	L.Push(lua.LTrue)
	return 1
}

func fileWrite(L *lua.LState) int {
	f := checkFile(L)
	for i := 2; i <= L.GetTop(); i++ {
		v := L.Get(i)
		if v.Type() != lua.LTString && v.Type() != lua.LTNumber {
			L.ArgError(i-1, "string expected, got "+typeName(v))
		}
		if err := f.write(toString(L, v)); err != nil {
			return pushResult(L, err, f.path)
		}
	}
	L.Push(lua.LTrue)
	return 1
}

func fileRead(L *lua.LState) int {
	f := checkFile(L)
	if L.GetTop() == 1 {
		L.Push(lua.LString("*l"))
	}
	formats := L.GetTop()
	for i := 2; i <= formats; i++ {
		v, err := f.readFormat(L.Get(i))
		if err != nil {
			L.ArgError(i-1, err.Error())
		}
		L.Push(v)
		if v == lua.LNil {
			return i - 1
		}
	}
	return formats - 1
}

func fileLines(L *lua.LState) int { return pushLines(L, checkFile(L)) }

func pushLines(L *lua.LState, f *file) int {
	L.Push(L.NewFunction(func(L *lua.LState) int {
		L.Push(optional(f.line()))
		return 1
	}))
	return 1
}

func fileSeek(L *lua.LState) int {
	f := checkFile(L)
	base := 0
	switch L.OptString(2, "cur") {
	case "cur":
		base = f.pos
	case "end":
		base = len(f.data)
	}
	f.pos = min(max(base+L.OptInt(3, 0), 0), len(f.data))
	L.Push(lua.LNumber(f.pos))
	return 1
}

func fileClose(L *lua.LState) int {
	f := checkFile(L)
	f.closed = f.sink == nil
	L.Push(lua.LTrue)
	return 1
}

func fileType(L *lua.LState) int {
	u, ok := L.CheckAny(1).(*lua.LUserData)
	f, isFile := (*file)(nil), false
	if ok {
		f, isFile = u.Value.(*file)
	}
	switch {
	case !isFile:
		L.Push(lua.LNil)
	case f.closed:
		L.Push(lua.LString("closed file"))
	default:
		L.Push(lua.LString("file"))
	}
	return 1
}
