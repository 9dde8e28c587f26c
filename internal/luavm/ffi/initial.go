package ffi

import (
	"fmt"

	lua "github.com/yuin/gopher-lua"
)

// create makes a new object of a type with the initialisers of ffi.new, by
// LuaJIT's rules: one scalar fills a whole array, several fill element by
// element, a table fills by position or name, the rest is zero.
func (lib *library) create(t *ctype, count int64, values []lua.LValue) (lua.LValue, error) {
	if !t.aggregate() {
		return lib.createScalar(t, values)
	}
	if t.open {
		return nil, fmt.Errorf("size of C type %q is unknown", t)
	}
	if t.unsized() {
		var err error
		if t, err = arrayOf(t.elem, count); err != nil {
			return nil, err
		}
	}
	at, err := lib.memory.Alloc(t.size)
	if err != nil {
		return nil, err
	}
	switch {
	case len(values) == 0:
	case len(values) == 1 && lib.wholeInitialiser(t, values[0]):
		err = lib.fill(t, at, values[0])
	case len(values) == 1 && t.kind == kindArray:
		err = lib.repeat(t, at, values[0])
	default:
		err = lib.members(t, at, values)
	}
	return lib.box(t, at), err
}

func (lib *library) createScalar(t *ctype, values []lua.LValue) (lua.LValue, error) {
	if t.kind == kindVoid || t.kind == kindFunction {
		return nil, fmt.Errorf("size of C type %q is unknown", t)
	}
	if len(values) == 0 {
		return lib.box(t, 0), nil
	}
	if len(values) > 1 {
		return nil, fmt.Errorf("too many initializers for %q", t)
	}
	bits, err := lib.scalar(t, values[0], false)
	return lib.box(t, bits), err
}

// wholeInitialiser says that a value describes the aggregate as a whole, not
// its first member.
func (lib *library) wholeInitialiser(t *ctype, v lua.LValue) bool {
	switch v := v.(type) {
	case *lua.LTable:
		return true
	case lua.LString:
		return t.kind == kindArray && t.elem.kind == kindInt && t.elem.size == 1
	case *lua.LUserData:
		c, ok := v.Value.(*cdata)
		return ok && sameLayout(c.typ, t)
	}
	return false
}

func sameLayout(a, b *ctype) bool {
	if a.kind == kindArray && b.kind == kindArray {
		return a.size == b.size && sameLayout(a.elem, b.elem)
	}
	return a == b || !a.aggregate() && compatible(a, b)
}

// fill assigns a whole aggregate: a table, a string, or a copy of its like.
func (lib *library) fill(t *ctype, at uint64, v lua.LValue) error {
	to, err := lib.memory.Bytes(at, t.size)
	if err != nil {
		return err
	}
	if !lib.wholeInitialiser(t, v) {
		return fmt.Errorf("cannot convert %q to %q", typeName(v), t)
	}
	switch v := v.(type) {
	case lua.LString:
		if n := copy(to, v); n < len(to) {
			to[n] = 0
		}
		return nil
	case *lua.LTable:
		clear(to)
		return lib.fillTable(t, at, v)
	}
	from, err := lib.memory.Bytes(v.(*lua.LUserData).Value.(*cdata).bits, t.size)
	if err == nil {
		copy(to, from)
	}
	return err
}

func (lib *library) fillTable(t *ctype, at uint64, table *lua.LTable) error {
	if first := table.RawGetInt(0); first != lua.LNil && t.kind == kindArray {
		return lib.members(t, at, append([]lua.LValue{first}, sequence(table)...))
	}
	if values := sequence(table); len(values) > 0 {
		if len(values) == 1 && t.kind == kindArray {
			return lib.repeat(t, at, values[0])
		}
		return lib.members(t, at, values)
	}
	for _, f := range t.fields {
		if v := table.RawGetString(f.name); f.name != "" && v != lua.LNil {
			if err := lib.store(f.typ, at+uint64(f.off), v); err != nil {
				return err
			}
		}
	}
	return nil
}

func sequence(table *lua.LTable) []lua.LValue {
	var out []lua.LValue
	for i := 1; ; i++ {
		v := table.RawGetInt(i)
		if v == lua.LNil {
			return out
		}
		out = append(out, v)
	}
}

// repeat sets every element of an array to one value; aggregates only the first.
func (lib *library) repeat(t *ctype, at uint64, v lua.LValue) error {
	count := t.count
	if t.elem.aggregate() {
		count = min(count, 1)
	}
	for i := range count {
		if err := lib.store(t.elem, at+uint64(i*t.elem.size), v); err != nil {
			return err
		}
	}
	return nil
}

// members sets elements or fields in order.
func (lib *library) members(t *ctype, at uint64, values []lua.LValue) error {
	fields := t.initialisable()
	if t.kind == kindArray && int64(len(values)) > t.count || t.kind == kindRecord && len(values) > len(fields) {
		return fmt.Errorf("too many initializers for %q", t)
	}
	for i, v := range values {
		member := field{typ: t.elem}
		if t.kind == kindRecord {
			member = fields[i]
		} else {
			member.off = int64(i) * t.elem.size
		}
		if err := lib.store(member.typ, at+uint64(member.off), v); err != nil {
			return err
		}
	}
	return nil
}

// initialisable lists the fields of a record that a list of values fills: of a
// union only the first, of anonymous members what they hold.
func (t *ctype) initialisable() []field {
	var out []field
	for _, f := range t.fields {
		if f.name != "" {
			out = append(out, f)
		} else {
			for _, inner := range f.typ.initialisable() {
				inner.off += f.off
				out = append(out, inner)
			}
		}
		if t.union && len(out) > 0 {
			return out[:1]
		}
	}
	return out
}
