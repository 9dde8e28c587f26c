package ffi

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

func (lib *library) get(L *lua.LState) int {
	t, at, err := lib.index(asCData(L.Get(1)), L.Get(2))
	check(L, err)
	v, err := lib.load(t, at)
	check(L, err)
	L.Push(v)
	return 1
}

func (lib *library) set(L *lua.LState) int {
	t, at, err := lib.index(asCData(L.Get(1)), L.Get(2))
	check(L, err)
	check(L, lib.store(t, at, L.Get(3)))
	return 0
}

func (lib *library) binary(op string) lua.LGFunction {
	return func(L *lua.LState) int {
		v, err := lib.arithmetic(op, L.Get(1), L.Get(2))
		check(L, err)
		L.Push(v)
		return 1
	}
}

func (lib *library) negate(L *lua.LState) int {
	v, err := lib.arithmetic("-", lua.LNumber(0), L.Get(1))
	check(L, err)
	L.Push(v)
	return 1
}

func (lib *library) toString(L *lua.LState) int {
	switch v := L.CheckUserData(1).Value.(type) {
	case *ctype:
		L.Push(lua.LString(fmt.Sprintf("ctype<%s>", v)))
	case *cdata:
		L.Push(lua.LString(v.String()))
	}
	return 1
}

func (lib *library) noLength(L *lua.LState) int {
	L.RaiseError("attempt to get length of %q", typeName(L.Get(1)))
	return 0
}

func equal(L *lua.LState) int {
	same, _ := Equal(L.Get(1), L.Get(2))
	L.Push(lua.LBool(same))
	return 1
}

func less(orEqual bool) lua.LGFunction {
	return func(L *lua.LState) int {
		v, _, err := Less(L.Get(1), L.Get(2), orEqual)
		check(L, err)
		L.Push(lua.LBool(v))
		return 1
	}
}

// address reads an argument that points to bytes; strings are copied into
// memory first.
func (lib *library) address(L *lua.LState, arg int) uint64 {
	at, err := lib.pointer(pointerTo(typeVoid), L.CheckAny(arg), false)
	if err != nil {
		L.ArgError(arg, err.Error())
	}
	return at
}

func (lib *library) string(L *lua.LState) int {
	if s, ok := L.Get(1).(lua.LString); ok && L.GetTop() == 1 {
		L.Push(s)
		return 1
	}
	at := lib.address(L, 1)
	if L.GetTop() > 1 {
		b, err := lib.memory.Bytes(at, lib.length(L, 2))
		check(L, err)
		L.Push(lua.LString(b))
		return 1
	}
	c := asCData(L.Get(1))
	if c != nil && c.typ.kind == kindArray { // ends with the array at the latest
		b, err := lib.memory.Bytes(at, c.typ.size)
		check(L, err)
		L.Push(lua.LString(untilNUL(b)))
		return 1
	}
	s, err := lib.memory.CString(at)
	check(L, err)
	L.Push(lua.LString(s))
	return 1
}

func untilNUL(b []byte) []byte {
	for i, c := range b {
		if c == 0 {
			return b[:i]
		}
	}
	return b
}

func (lib *library) length(L *lua.LState, arg int) int64 {
	n, ok := Number(L.CheckAny(arg))
	if !ok || n < 0 || n > maxTypeSize {
		L.ArgError(arg, "number of bytes expected")
	}
	return int64(n)
}

func (lib *library) copy(L *lua.LState) int {
	to := lib.address(L, 1)
	var from []byte
	if s, ok := L.CheckAny(2).(lua.LString); ok {
		from = append([]byte(s), 0)
		if L.GetTop() > 2 {
			n := lib.length(L, 3)
			if n > int64(len(from)) {
				L.RaiseError("copy of %d bytes from a string of %d", n, len(s))
			}
			from = from[:n]
		}
	} else {
		b, err := lib.memory.Bytes(lib.address(L, 2), lib.length(L, 3))
		check(L, err)
		from = b
	}
	b, err := lib.memory.Bytes(to, int64(len(from)))
	check(L, err)
	copy(b, from)
	return 0
}

func (lib *library) fillBytes(L *lua.LState) int {
	b, err := lib.memory.Bytes(lib.address(L, 1), lib.length(L, 2))
	check(L, err)
	value := byte(L.OptInt(3, 0))
	for i := range b {
		b[i] = value
	}
	return 0
}

// openC makes ffi.C: what was declared, found by name.
func (lib *library) openC(L *lua.LState) lua.LValue {
	callables := map[string]*lua.LFunction{}
	meta := L.SetFuncs(L.NewTable(), map[string]lua.LGFunction{
		"__index": func(L *lua.LState) int {
			name := L.CheckString(2)
			if v, ok := lib.names.constants[name]; ok {
				L.Push(lua.LNumber(v))
				return 1
			}
			f, ok := callables[name]
			if !ok {
				f = L.NewFunction(lib.callable(L, name))
				callables[name] = f
			}
			L.Push(f)
			return 1
		},
		"__newindex": func(L *lua.LState) int {
			L.RaiseError("ffi.C.%s cannot be set", L.CheckString(2))
			return 0
		},
	})
	return &lua.LUserData{Env: lib.env, Metatable: meta}
}

// callable wraps a declared C function.
func (lib *library) callable(L *lua.LState, name string) lua.LGFunction {
	proto, ok := lib.names.functions[name]
	if !ok {
		L.RaiseError("missing declaration for symbol %q", name)
	}
	function, ok := lib.functions[name]
	if !ok {
		L.RaiseError("the embedded VM has no C function %q", name)
	}
	return func(L *lua.LState) int {
		n := L.GetTop()
		if n < len(proto.params) || n > len(proto.params) && !proto.variadic {
			L.RaiseError("wrong number of arguments for function call: %s takes %d, got %d", name, len(proto.params), n)
		}
		args := make([]uint64, len(proto.params))
		for i, param := range proto.params {
			bits, err := lib.scalar(param, L.Get(i+1), false)
			if err != nil {
				L.ArgError(i+1, err.Error())
			}
			args[i] = bits
		}
		result, err := function(args)
		check(L, err)
		if proto.elem.kind == kindVoid {
			return 0
		}
		L.Push(lib.value(proto.elem, extend(proto.elem, result)))
		return 1
	}
}
