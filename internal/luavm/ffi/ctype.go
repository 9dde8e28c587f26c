package ffi

import (
	"fmt"
	"strings"
)

type kind uint8

const (
	kindVoid kind = iota
	kindBool
	kindInt
	kindFloat
	kindPointer
	kindArray
	kindRecord // struct or union
	kindFunction
)

// ctype is a C type laid out as the x86-64 and arm64 Linux ABIs lay it out.
type ctype struct {
	kind   kind
	name   string // "unsigned int", "struct point"; "" where elem tells
	size   int64  // bytes; of one element for an array of unknown length
	align  int64
	signed bool
	char   bool // char, which fills from strings; signed as on x86-64

	elem     *ctype   // of pointers and arrays; the result of functions
	count    int64    // of arrays; -1 is the ? of "T[?]"
	fields   []field  // of records, in order
	params   []*ctype // of functions
	variadic bool
	open     bool // declared, not yet defined: struct s;
	union    bool
}

type field struct {
	name string // "" for an anonymous struct or union, whose fields are found through it
	off  int64
	typ  *ctype
}

const pointerSize = 8

// maxTypeSize keeps sizes far from overflow; no scenario needs more.
const maxTypeSize = 1 << 32

func integer(name string, size int64, signed bool) *ctype {
	return &ctype{kind: kindInt, name: name, size: size, align: size, signed: signed}
}

func pointerTo(elem *ctype) *ctype {
	return &ctype{kind: kindPointer, size: pointerSize, align: pointerSize, elem: elem}
}

func arrayOf(elem *ctype, count int64) (*ctype, error) {
	if elem.open || elem.kind == kindVoid || elem.kind == kindFunction || elem.unsized() {
		return nil, fmt.Errorf("size of C type %q is unknown", elem)
	}
	t := &ctype{kind: kindArray, elem: elem, count: count, align: elem.align, size: elem.size}
	if count >= 0 {
		if elem.size > 0 && count > maxTypeSize/elem.size {
			return nil, fmt.Errorf("size of C type %q is too large", t)
		}
		t.size = elem.size * count
	}
	return t, nil
}

// unsized says that objects of the type need a count: "T[?]".
func (t *ctype) unsized() bool { return t.kind == kindArray && t.count < 0 }

// wide says that a value may not fit a Lua number, so that LuaJIT boxes it.
func (t *ctype) wide() bool { return t.kind == kindInt && t.size == 8 }

func (t *ctype) aggregate() bool { return t.kind == kindArray || t.kind == kindRecord }

func (t *ctype) number() bool {
	return t.kind == kindInt || t.kind == kindFloat || t.kind == kindBool
}

// lookup finds a field by name, also inside anonymous members.
func (t *ctype) lookup(name string) (field, bool) {
	for _, f := range t.fields {
		if f.name == name && name != "" {
			return f, true
		}
		if f.name == "" {
			if inner, ok := f.typ.lookup(name); ok {
				inner.off += f.off
				return inner, true
			}
		}
	}
	return field{}, false
}

// layout gives the fields of a record their offsets, as C does: each at the
// next multiple of its alignment, the whole padded to the largest one.
func (t *ctype) layout(fields []field) error {
	t.size, t.align = 0, 1
	for _, f := range fields {
		if f.typ.open || f.typ.kind == kindVoid || f.typ.kind == kindFunction || f.typ.unsized() {
			return fmt.Errorf("field %q of %q has an unknown size", f.name, t)
		}
		f.off = 0
		if !t.union {
			f.off = roundUp(t.size, f.typ.align)
		}
		t.fields = append(t.fields, f)
		t.size = max(t.size, f.off+f.typ.size)
		t.align = max(t.align, f.typ.align)
		if t.size > maxTypeSize {
			return fmt.Errorf("size of C type %q is too large", t)
		}
	}
	t.size = roundUp(t.size, t.align)
	t.open = false
	return nil
}

func roundUp(n, to int64) int64 { return (n + to - 1) / to * to }

// String writes the type as C does: "struct point *", "int [4]".
func (t *ctype) String() string { return t.declare("") }

func (t *ctype) declare(inner string) string {
	switch t.kind {
	case kindPointer:
		if t.elem.kind == kindArray || t.elem.kind == kindFunction {
			return t.elem.declare("(*" + inner + ")")
		}
		return t.elem.declare("*" + inner)
	case kindArray:
		if t.count < 0 {
			return t.elem.declare(inner + "[?]")
		}
		return t.elem.declare(fmt.Sprintf("%s[%d]", inner, t.count))
	case kindFunction:
		return t.elem.declare(inner + "()")
	}
	return strings.TrimRight(t.name+" "+inner, " ")
}

// compatible says that a pointer to one may be used as a pointer to the other
// without a cast: same type, or one of them void.
func compatible(a, b *ctype) bool {
	if a == b || a.kind == kindVoid || b.kind == kindVoid {
		return true
	}
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case kindInt, kindFloat:
		return a.size == b.size
	case kindPointer, kindArray:
		return compatible(a.elem, b.elem)
	}
	return false
}
