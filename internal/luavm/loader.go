package luavm

import (
	"errors"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

var errNoFile = errors.New("no such file or directory")

// openLoader lets require find modules that are given and files of
// Config.ReadFile, never the file system.
func (s *state) openLoader() {
	L := s.L
	pkg := L.GetGlobal("package").(*lua.LTable)
	preload := L.RawGetInt(pkg.RawGetString("loaders").(*lua.LTable), 1)
	loaders := L.NewTable()
	loaders.Append(preload)
	loaders.Append(L.NewFunction(s.searchFile))
	pkg.RawSetString("loaders", loaders)
	pkg.RawSetString("path", lua.LString(luaPath))
	pkg.RawSetString("cpath", lua.LString("./?.so;/usr/local/lib/lua/5.1/?.so"))
	pkg.RawSetString("config", lua.LString("/\n;\n?\n!\n-\n"))
	pkg.RawSetString("loadlib", L.NewFunction(s.refuse("package.loadlib")))
	L.SetField(L.Get(lua.RegistryIndex), "_LOADERS", loaders)
}

// luaPath is where LuaJIT looks for modules when nothing else is said.
const luaPath = "./?.lua;/usr/local/share/lua/5.1/?.lua;/usr/local/share/lua/5.1/?/init.lua;/usr/share/lua/5.1/?.lua;/usr/share/lua/5.1/?/init.lua"

// searchFile looks a module up in package.path, which the script may have
// changed.
func (s *state) searchFile(L *lua.LState) int {
	name := strings.ReplaceAll(L.CheckString(1), ".", "/")
	where := lua.LVAsString(L.GetField(L.GetGlobal("package"), "path"))
	missed := ""
	for template := range strings.SplitSeq(where, ";") {
		path := strings.ReplaceAll(template, "?", name)
		if src, err := s.process.files.readFile(path); err == nil {
			return s.pushChunk(L, strings.TrimPrefix(path, "./"), src, true)
		}
		missed += "\n\tno file '" + path + "'"
	}
	L.Push(lua.LString(missed))
	return 1
}

// pushChunk compiles source; on failure it raises, or returns nil and the
// message.
func (s *state) pushChunk(L *lua.LState, name string, src []byte, raise bool) int {
	program, err := compile(name, src)
	switch {
	case err == nil:
		L.Push(s.function(program))
		return 1
	case raise:
		L.RaiseError("%s", err.Error())
	}
	L.Push(lua.LNil)
	L.Push(lua.LString(err.Error()))
	return 2
}

func (s *state) loadString(L *lua.LState) int {
	src := L.CheckString(1)
	return s.pushChunk(L, strings.TrimLeft(L.OptString(2, src), "=@"), []byte(src), false)
}

// load takes a string, as LuaJIT allows, or a function that gives the pieces.
func (s *state) load(L *lua.LState) int {
	reader, ok := L.CheckAny(1).(*lua.LFunction)
	if !ok {
		return s.loadString(L)
	}
	var src strings.Builder
	for {
		L.Push(reader)
		L.Call(0, 1)
		piece := lua.LVAsString(L.Get(-1))
		L.Pop(1)
		if piece == "" {
			break
		}
		src.WriteString(piece)
	}
	return s.pushChunk(L, strings.TrimLeft(L.OptString(2, "load"), "=@"), []byte(src.String()), false)
}

func (s *state) loadFile(L *lua.LState) int {
	path := L.CheckString(1)
	src, err := s.process.files.readFile(path)
	if err != nil {
		L.Push(lua.LNil)
		L.Push(lua.LString("cannot open " + path))
		return 2
	}
	return s.pushChunk(L, path, src, false)
}

func (s *state) doFile(L *lua.LState) int {
	path := L.CheckString(1)
	src, err := s.process.files.readFile(path)
	if err != nil {
		L.RaiseError("cannot open %s", path)
	}
	s.pushChunk(L, path, src, true)
	top := L.GetTop() - 1
	L.Call(0, lua.MultRet)
	return L.GetTop() - top
}
