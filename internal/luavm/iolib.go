package luavm

import (
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// ioLibrary is the library io on captured streams and files.
type ioLibrary struct {
	state         *state
	methods       *lua.LTable    // the metatable of files
	input, output *lua.LUserData // the default files
}

func (s *state) openIO() {
	lib := ioLibrary{state: s, methods: fileMethods(s.L)}
	lib.input = lib.handle(&file{path: "stdin", readable: true})
	lib.output = lib.handle(&file{path: "stdout", sink: s.process.config.Stdout})
	table := s.L.SetFuncs(s.L.NewTable(), map[string]lua.LGFunction{
		"write": onDefault(&lib.output, fileWrite), "read": onDefault(&lib.input, fileRead), "flush": returnTrue,
		"output": lib.pick(&lib.output, "w"), "input": lib.pick(&lib.input, "r"),
		"open": lib.open, "lines": lib.lines, "close": lib.close, "tmpfile": lib.temporary,
		"popen": s.refuse("io.popen"), "type": fileType,
	})
	table.RawSetString("stdin", lib.input)
	table.RawSetString("stdout", lib.output)
	table.RawSetString("stderr", lib.handle(&file{path: "stderr", sink: s.process.config.Stderr}))
	s.provide("io", table, true)
}

func fileMethods(L *lua.LState) *lua.LTable {
	meta := L.NewTable()
	meta.RawSetString("__index", L.SetFuncs(L.NewTable(), map[string]lua.LGFunction{
		"write": fileWrite, "read": fileRead, "lines": fileLines, "seek": fileSeek, "close": fileClose,
		"flush": returnTrue, "setvbuf": returnTrue,
	}))
	meta.RawSetString("__tostring", L.NewFunction(func(L *lua.LState) int {
		L.Push(lua.LString("file (" + checkFile(L).path + ")"))
		return 1
	}))
	return meta
}

// handle is what Lua holds of a file.
func (l *ioLibrary) handle(f *file) *lua.LUserData {
	return &lua.LUserData{Value: f, Env: l.state.L.Env, Metatable: l.methods}
}

// onDefault calls a method of what is the default file at that time.
func onDefault(f **lua.LUserData, method lua.LGFunction) lua.LGFunction {
	return func(L *lua.LState) int {
		L.Insert(*f, 1)
		return method(L)
	}
}

// pick is io.input and io.output: it tells the default file, or sets it.
func (l *ioLibrary) pick(f **lua.LUserData, mode string) lua.LGFunction {
	return func(L *lua.LState) int {
		switch v := L.Get(1).(type) {
		case *lua.LUserData:
			*f = v
		case lua.LString:
			*f = l.handle(l.mustOpen(L, string(v), mode))
		}
		L.Push(*f)
		return 1
	}
}

// mustOpen opens a file, or raises why it cannot.
func (l *ioLibrary) mustOpen(L *lua.LState, path, mode string) *file {
	f, err := l.state.process.files.open(path, mode)
	if err != nil {
		L.RaiseError("%s: %v", path, err)
	}
	return f
}

func (l *ioLibrary) open(L *lua.LState) int {
	path, mode := L.CheckString(1), L.OptString(2, "r")
	if mode == "" || !strings.Contains("rwa", mode[:1]) {
		L.ArgError(2, "invalid mode")
	}
	return l.push(L, path, path, mode)
}

func (l *ioLibrary) temporary(L *lua.LState) int {
	return l.push(L, "tmpfile", l.state.process.files.temporary(), "w+")
}

// push opens a file and returns it to Lua, or why it cannot under a name.
func (l *ioLibrary) push(L *lua.LState, name, path, mode string) int {
	f, err := l.state.process.files.open(path, mode)
	if err != nil {
		return pushResult(L, err, name)
	}
	L.Push(l.handle(f))
	return 1
}

func (l *ioLibrary) lines(L *lua.LState) int {
	if L.GetTop() == 0 {
		return pushLines(L, l.input.Value.(*file))
	}
	return pushLines(L, l.mustOpen(L, L.CheckString(1), "r"))
}

func (l *ioLibrary) close(L *lua.LState) int {
	if L.GetTop() == 0 {
		L.Push(l.output)
	}
	return fileClose(L)
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
