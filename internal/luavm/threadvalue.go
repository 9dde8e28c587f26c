package luavm

import (
	"fmt"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// threadValue is the userdata by which a script in state s holds a thread.
func (s *state) threadValue(t *Thread) *lua.LUserData {
	u := s.L.NewUserData()
	u.Value = t
	meta := s.L.NewTypeMetatable("wrk.thread")
	if meta.RawGetString("__index") == lua.LNil {
		s.L.SetFuncs(meta, map[string]lua.LGFunction{"__index": s.threadIndex, "__newindex": threadSetAddr})
	}
	u.Metatable = meta
	return u
}

func checkThread(L *lua.LState) *Thread {
	if u, ok := L.Get(1).(*lua.LUserData); ok {
		if t, ok := u.Value.(*Thread); ok {
			return t
		}
	}
	L.ArgError(1, "wrk.thread expected, got "+typeName(L.Get(1)))
	return nil
}

func (s *state) threadIndex(L *lua.LState) int {
	t := checkThread(L)
	switch L.CheckString(2) {
	case "get":
		L.Push(L.NewFunction(threadGet))
	case "set":
		L.Push(L.NewFunction(threadSet))
	case "stop":
		L.Push(L.NewFunction(threadStop))
	case "addr":
		L.Push(s.addrValue(t.addr))
	default: // wrk's C code returns the top of its stack: the name
		L.Push(L.Get(2))
	}
	return 1
}

func threadSetAddr(L *lua.LState) int {
	t := checkThread(L)
	if L.CheckString(2) != "addr" {
		L.RaiseError("cannot set '%s' on thread", typeName(L.Get(3)))
	}
	t.addr = checkAddr(L, 3)
	return 0
}

func threadGet(L *lua.LState) int {
	t := checkThread(L)
	v, err := transfer(t.state.L.GetGlobal(cString(L.CheckString(2))), t.state.L, L, true)
	if err != nil {
		L.RaiseError("%v", err)
	}
	L.Push(v)
	return 1
}

func threadSet(L *lua.LState) int {
	t := checkThread(L)
	v, err := transfer(L.CheckAny(3), L, t.state.L, true)
	if err != nil {
		L.RaiseError("%v", err)
	}
	t.state.L.SetGlobal(cString(L.CheckString(2)), v)
	return 0
}

func threadStop(L *lua.LState) int {
	checkThread(L).stopped = true
	return 0
}

// cString is what C sees of a Lua string: up to its first NUL.
func cString(s string) string {
	before, _, _ := strings.Cut(s, "\x00")
	return before
}

// transfer copies a value from one state into another as wrk does: booleans,
// nil, numbers, strings up to their first NUL, and flat tables of these. wrk
// crashes on a table in a table; here that is an error.
func transfer(v lua.LValue, from, to *lua.LState, tables bool) (lua.LValue, error) {
	switch v := v.(type) {
	case lua.LBool, *lua.LNilType, lua.LNumber:
		return v, nil
	case lua.LString:
		return lua.LString(cString(string(v))), nil
	case *lua.LTable:
		if !tables {
			return nil, fmt.Errorf("cannot transfer a table in a table: wrk crashes on it; pass scalars, or the address of ffi memory as a number")
		}
		return transferTable(v, from, to)
	}
	return nil, fmt.Errorf("cannot transfer '%s' to thread", typeName(v))
}

func transferTable(table *lua.LTable, from, to *lua.LState) (lua.LValue, error) {
	out := to.NewTable()
	for k, v := table.Next(lua.LNil); k != lua.LNil; k, v = table.Next(k) {
		key, err := transfer(k, from, to, false)
		if err != nil {
			return nil, err
		}
		value, err := transfer(v, from, to, false)
		if err != nil {
			return nil, err
		}
		out.RawSet(key, value)
	}
	return out, nil
}
