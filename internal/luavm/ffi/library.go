// Package ffi is the part of LuaJIT's ffi library that scripts for wrk use, in
// plain Go on top of gopher-lua: C types are laid out as on 64-bit Linux, and
// memory is a Go byte store that only the script's own states see.
//
// It never touches the machine: it calls no C, reads no real address, and every
// access outside of an object is a Lua error. C functions are Go functions that
// its user hands over.
//
// What it lacks, it says so by an error: callbacks, metatypes, bit-fields, packed
// records, variables and libraries of C. Literals such as 1ULL are Lua syntax,
// which its user's parser would have to know.
package ffi

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// Function is a C function: arguments and result are bits as the declared
// types hold them (integers extended to 64 bits, floats as float64 bits,
// pointers as addresses). Its error becomes a Lua error at the call.
type Function func(args []uint64) (uint64, error)

// library is the state of ffi in one Lua state.
type library struct {
	memory    *Memory
	names     *namespace
	functions map[string]Function
	parsed    map[string]*ctype // types by their text: scripts name few, often
	meta      *lua.LTable       // of cdata
	typeMeta  *lua.LTable       // of ctype
	env       *lua.LTable
}

// Open makes the module that require "ffi" returns in this state.
func Open(L *lua.LState, memory *Memory, functions map[string]Function) *lua.LTable {
	lib := &library{
		memory:    memory,
		names:     newNamespace(),
		functions: functions,
		parsed:    map[string]*ctype{},
		meta:      L.NewTable(),
		typeMeta:  L.NewTable(),
		env:       L.Env,
	}
	lib.openMeta(L)
	module := L.SetFuncs(L.NewTable(), map[string]lua.LGFunction{
		"cdef": lib.cdef, "new": lib.new, "cast": lib.cast, "typeof": lib.typeOf,
		"sizeof": lib.sizeOf, "alignof": lib.alignOf, "offsetof": lib.offsetOf,
		"istype": lib.isType, "string": lib.string, "copy": lib.copy, "fill": lib.fillBytes,
		"abi": abi, "gc": keep, "errno": noError,
		"load": lib.missing("ffi.load"), "metatype": lib.missing("ffi.metatype"),
	})
	module.RawSetString("os", lua.LString("Linux"))
	module.RawSetString("arch", lua.LString("x64"))
	module.RawSetString("C", lib.openC(L))
	return module
}

func (lib *library) openMeta(L *lua.LState) {
	for event, op := range map[string]string{"__add": "+", "__sub": "-", "__mul": "*", "__div": "/", "__mod": "%", "__pow": "^"} {
		lib.meta.RawSetString(event, L.NewFunction(lib.binary(op)))
	}
	L.SetFuncs(lib.meta, map[string]lua.LGFunction{
		"__index": lib.get, "__newindex": lib.set, "__unm": lib.negate, "__tostring": lib.toString,
		"__len": lib.noLength, "__eq": equal, "__lt": less(false), "__le": less(true),
	})
	L.SetFuncs(lib.typeMeta, map[string]lua.LGFunction{"__call": lib.new, "__tostring": lib.toString})
	lib.meta.RawSetString("__metatable", lua.LString("ffi"))
	lib.typeMeta.RawSetString("__metatable", lua.LString("ffi"))
}

// check raises err, with the line of the script that called, if there is one.
func check(L *lua.LState, err error) {
	if err != nil {
		L.RaiseError("%s", err.Error())
	}
}

// resolve reads an argument that names a type: a text, a ctype, or a value
// of the type.
func (lib *library) resolve(L *lua.LState, arg int) *ctype {
	switch v := L.CheckAny(arg).(type) {
	case lua.LString:
		if t, ok := lib.parsed[string(v)]; ok {
			return t
		}
		t, err := lib.names.parse(string(v))
		check(L, err)
		if !t.open {
			lib.parsed[string(v)] = t
		}
		return t
	case *lua.LUserData:
		switch inner := v.Value.(type) {
		case *ctype:
			return inner
		case *cdata:
			return inner.typ
		}
	}
	L.ArgError(arg, fmt.Sprintf("C type expected, got %s", L.Get(arg).Type()))
	return nil
}

func (lib *library) cdef(L *lua.LState) int {
	check(L, lib.names.declare(L.CheckString(1)))
	return 0
}

func (lib *library) new(L *lua.LState) int {
	t := lib.resolve(L, 1)
	first, count := 2, int64(0)
	if t.unsized() {
		n, ok := Number(L.CheckAny(2))
		if !ok || n < 0 || n > maxTypeSize {
			L.ArgError(2, "number of elements expected")
		}
		first, count = 3, int64(n)
	}
	var values []lua.LValue
	for i := first; i <= L.GetTop(); i++ {
		values = append(values, L.Get(i))
	}
	v, err := lib.create(t, count, values)
	check(L, err)
	L.Push(v)
	return 1
}

func (lib *library) cast(L *lua.LState) int {
	t := lib.resolve(L, 1)
	if t.aggregate() || t.kind == kindVoid || t.kind == kindFunction {
		L.RaiseError("cannot cast to %q: a cast gives a number or a pointer", t)
	}
	bits, err := lib.scalar(t, L.CheckAny(2), true)
	check(L, err)
	L.Push(lib.box(t, bits))
	return 1
}

func (lib *library) typeOf(L *lua.LState) int {
	L.Push(&lua.LUserData{Value: lib.resolve(L, 1), Env: lib.env, Metatable: lib.typeMeta})
	return 1
}

func (lib *library) sizeOf(L *lua.LState) int {
	t := lib.resolve(L, 1)
	size := t.size
	switch {
	case t.unsized():
		size *= int64(L.CheckNumber(2))
	case t.open || t.kind == kindVoid || t.kind == kindFunction:
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(size))
	return 1
}

func (lib *library) alignOf(L *lua.LState) int {
	L.Push(lua.LNumber(lib.resolve(L, 1).align))
	return 1
}

func (lib *library) offsetOf(L *lua.LState) int {
	f, ok := lib.resolve(L, 1).lookup(L.CheckString(2))
	if !ok {
		return 0
	}
	L.Push(lua.LNumber(f.off))
	return 1
}

// isType also accepts a pointer to a record for the record, as LuaJIT does.
func (lib *library) isType(L *lua.LState) int {
	t := lib.resolve(L, 1)
	c := asCData(L.Get(2))
	same := c != nil && (c.typ == t || c.typ.String() == t.String() && t.kind != kindRecord)
	pointer := c != nil && c.typ.kind == kindPointer && c.typ.elem == t && t.kind == kindRecord
	L.Push(lua.LBool(same || pointer))
	return 1
}

func (lib *library) missing(name string) lua.LGFunction {
	return func(L *lua.LState) int {
		L.RaiseError("%s is not supported by the embedded VM", name)
		return 0
	}
}

func abi(L *lua.LState) int {
	switch L.CheckString(1) {
	case "64bit", "le", "fpu", "hardfp":
		L.Push(lua.LTrue)
	default:
		L.Push(lua.LFalse)
	}
	return 1
}

// keep is ffi.gc: nothing is collected here, so no finaliser ever runs.
func keep(L *lua.LState) int {
	L.Push(L.CheckAny(1))
	return 1
}

func noError(L *lua.LState) int {
	L.Push(lua.LNumber(0))
	return 1
}
