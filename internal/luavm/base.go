package luavm

import (
	"fmt"
	"math"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// maxString bounds what one operation may build, where LuaJIT would run out
// of memory.
const maxString = 128 << 20

// openBase replaces the basic functions that gopher-lua has differently.
func (s *state) openBase() {
	L := s.L
	for name, f := range map[string]lua.LGFunction{
		"tostring": func(L *lua.LState) int {
			L.Push(lua.LString(toString(L, L.CheckAny(1))))
			return 1
		},
		"tonumber":       toNumber,
		"print":          s.print,
		"collectgarbage": collectGarbage,
		"gcinfo":         func(L *lua.LState) int { L.Push(lua.LNumber(64)); return 1 },
		"loadstring":     s.loadString,
		"load":           s.load,
		"loadfile":       s.loadFile,
		"dofile":         s.doFile,
	} {
		L.SetGlobal(name, L.NewFunction(f))
	}
	L.SetGlobal("_VERSION", lua.LString("Lua 5.1"))
	for _, name := range []string{"_GOPHER_LUA_VERSION", "_printregs"} {
		L.SetGlobal(name, lua.LNil)
	}
	for _, name := range [][2]string{{"math", "mod"}, {"string", "gfind"}, {"os", "setenv"}} {
		L.SetField(L.GetGlobal(name[0]), name[1], lua.LNil)
	}
	for _, name := range []string{"sethook", "gethook", "getregistry", "upvalueid", "upvaluejoin", "debug"} {
		L.SetField(L.GetGlobal("debug"), name, L.NewFunction(s.refuse("debug."+name)))
	}
	L.SetField(L.GetGlobal("math"), "huge", lua.LNumber(math.Inf(1))) // gopher-lua: the largest finite number
	L.SetFuncs(L.GetGlobal("string").(*lua.LTable), map[string]lua.LGFunction{"format": format, "rep": repeat})
	L.SetFuncs(L.GetGlobal("table").(*lua.LTable), map[string]lua.LGFunction{"concat": tableConcat, "move": tableMove, "foreach": tableForEach, "foreachi": tableForEachI})
}

func typeName(v lua.LValue) string { return v.Type().String() }

func (s *state) print(L *lua.LState) int {
	parts := make([]string, L.GetTop())
	for i := range parts {
		parts[i] = toString(L, L.Get(i+1))
	}
	fmt.Fprintln(s.process.config.Stdout, strings.Join(parts, "\t"))
	return 0
}

// collectGarbage accepts what LuaJIT accepts; Go collects by itself.
func collectGarbage(L *lua.LState) int {
	switch option := L.OptString(1, "collect"); option {
	case "count":
		L.Push(lua.LNumber(64)) // kilobytes of a small state
	case "step", "isrunning":
		L.Push(lua.LTrue)
	case "setpause", "setstepmul":
		L.Push(lua.LNumber(200)) // LuaJIT's default, as the previous value
	case "collect", "stop", "restart":
		L.Push(lua.LNumber(0))
	default:
		L.ArgError(1, "invalid option '"+option+"'")
	}
	return 1
}

// concatOperand readies one side of "..".
func concatOperand(L *lua.LState) int {
	switch v := L.Get(1).(type) {
	case lua.LNumber:
		L.Push(lua.LString(formatNumber(float64(v))))
	case lua.LString:
		if len(v) > maxString {
			L.RaiseError("not enough memory")
		}
		L.Push(v)
	default:
		L.Push(v)
	}
	return 1
}

// repeat is string.rep, with LuaJIT's separator.
func repeat(L *lua.LState) int {
	s, n, sep := L.CheckString(1), L.CheckInt(2), L.OptString(3, "")
	if n <= 0 {
		L.Push(lua.LString(""))
		return 1
	}
	if size := float64(len(s)+len(sep)) * float64(n); size > maxString {
		L.RaiseError("not enough memory")
	}
	L.Push(lua.LString(strings.TrimSuffix(strings.Repeat(s+sep, n), sep)))
	return 1
}

func tableConcat(L *lua.LState) int {
	table, sep := L.CheckTable(1), ""
	if L.Get(2) != lua.LNil {
		sep = toString(L, L.Get(2))
	}
	first, last := L.OptInt(3, 1), L.OptInt(4, table.Len())
	var b strings.Builder
	for i := first; i <= last; i++ {
		switch v := table.RawGetInt(i).(type) {
		case lua.LString:
			b.WriteString(string(v))
		case lua.LNumber:
			b.WriteString(formatNumber(float64(v)))
		default:
			L.ArgError(1, fmt.Sprintf("table contains non-strings: invalid value (%s) at index %d", typeName(v), i))
		}
		if i < last {
			b.WriteString(sep)
		}
		if b.Len() > maxString {
			L.RaiseError("not enough memory")
		}
	}
	L.Push(lua.LString(b.String()))
	return 1
}

func tableMove(L *lua.LState) int {
	from, first, last, at := L.CheckTable(1), L.CheckInt(2), L.CheckInt(3), L.CheckInt(4)
	to := L.OptTable(5, from)
	if count := last - first; count > maxString {
		L.RaiseError("too many elements to move")
	}
	if at > first && at <= last && to == from {
		for i := last; i >= first; i-- {
			to.RawSetInt(at+i-first, from.RawGetInt(i))
		}
	} else {
		for i := first; i <= last; i++ {
			to.RawSetInt(at+i-first, from.RawGetInt(i))
		}
	}
	L.Push(to)
	return 1
}

// tableForEach calls a function with every key and value, until it returns one.
func tableForEach(L *lua.LState) int {
	table, visit := L.CheckTable(1), L.CheckFunction(2)
	for k, v := table.Next(lua.LNil); k != lua.LNil; k, v = table.Next(k) {
		if visited(L, visit, k, v) {
			return 1
		}
	}
	return 0
}

func tableForEachI(L *lua.LState) int {
	table, visit := L.CheckTable(1), L.CheckFunction(2)
	for i := 1; i <= table.Len(); i++ {
		if visited(L, visit, lua.LNumber(i), table.RawGetInt(i)) {
			return 1
		}
	}
	return 0
}

// visited leaves what the function returns on the stack if it is not nil.
func visited(L *lua.LState, visit *lua.LFunction, k, v lua.LValue) bool {
	L.Push(visit)
	L.Push(k)
	L.Push(v)
	L.Call(2, 1)
	if L.Get(-1) != lua.LNil {
		return true
	}
	L.Pop(1)
	return false
}
