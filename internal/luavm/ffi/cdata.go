package ffi

import (
	"encoding/binary"
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"
)

// cdata is a C value as a Lua script holds it. The bits are the address of an
// array or record, the address a pointer points to, or the number itself:
// integers extended to 64 bits, floats as float64 bits.
type cdata struct {
	typ  *ctype
	bits uint64
}

// number reads a numeric value as a Lua number; 64-bit integers may round.
func (c *cdata) number() float64 {
	switch {
	case c.typ.kind == kindFloat:
		return math.Float64frombits(c.bits)
	case c.typ.signed:
		return float64(int64(c.bits))
	}
	return float64(c.bits)
}

// String writes a value as LuaJIT's tostring does.
func (c *cdata) String() string {
	switch {
	case c.typ.wide() && c.typ.signed:
		return fmt.Sprintf("%dLL", int64(c.bits))
	case c.typ.wide():
		return fmt.Sprintf("%dULL", c.bits)
	case c.typ.kind == kindPointer && c.bits == 0:
		return fmt.Sprintf("cdata<%s>: NULL", c.typ)
	case c.typ.kind == kindPointer || c.typ.aggregate():
		return fmt.Sprintf("cdata<%s>: 0x%x", c.typ, c.bits)
	}
	return fmt.Sprintf("cdata<%s>: %v", c.typ, c.number())
}

// target is the type behind a pointer or array; nil for other values.
func (c *cdata) target() *ctype {
	if c.typ.kind == kindPointer || c.typ.kind == kindArray {
		return c.typ.elem
	}
	return nil
}

// load reads the value of a type at an address: Lua numbers and booleans where
// they fit, cdata for 64-bit integers, pointers and aggregates.
func (lib *library) load(t *ctype, at uint64) (lua.LValue, error) {
	if t.aggregate() {
		return lib.box(t, at), nil
	}
	if t.kind == kindVoid || t.kind == kindFunction || t.open {
		return nil, fmt.Errorf("size of C type %q is unknown", t)
	}
	b, err := lib.memory.Bytes(at, t.size)
	if err != nil {
		return nil, err
	}
	return lib.value(t, decode(t, b)), nil
}

// value turns bits of a scalar type into what a script sees.
func (lib *library) value(t *ctype, bits uint64) lua.LValue {
	switch {
	case t.kind == kindBool:
		return lua.LBool(bits != 0)
	case t.kind == kindPointer || t.wide():
		return lib.box(t, bits)
	}
	return lua.LNumber((&cdata{t, bits}).number())
}

func decode(t *ctype, b []byte) uint64 {
	var raw uint64
	switch t.size {
	case 1:
		raw = uint64(b[0])
	case 2:
		raw = uint64(binary.LittleEndian.Uint16(b))
	case 4:
		raw = uint64(binary.LittleEndian.Uint32(b))
	default:
		raw = binary.LittleEndian.Uint64(b)
	}
	if t.kind == kindFloat && t.size == 4 {
		return math.Float64bits(float64(math.Float32frombits(uint32(raw))))
	}
	return extend(t, raw)
}

func encode(t *ctype, b []byte, bits uint64) {
	if t.kind == kindFloat && t.size == 4 {
		bits = uint64(math.Float32bits(float32(math.Float64frombits(bits))))
	}
	switch t.size {
	case 1:
		b[0] = byte(bits)
	case 2:
		binary.LittleEndian.PutUint16(b, uint16(bits))
	case 4:
		binary.LittleEndian.PutUint32(b, uint32(bits))
	default:
		binary.LittleEndian.PutUint64(b, bits)
	}
}

// extend cuts bits to the width of an integer type and extends its sign.
func extend(t *ctype, bits uint64) uint64 {
	if t.kind != kindInt {
		return bits
	}
	unused := 64 - 8*uint(t.size)
	if t.signed {
		return uint64(int64(bits<<unused) >> unused)
	}
	return bits << unused >> unused
}

// integerBits converts a Lua number to 64 bits as C on x86-64 does: towards
// zero; values from 2^63 on as unsigned; what does not fit as the smallest int64.
func integerBits(f float64) uint64 {
	switch {
	case f >= math.MinInt64 && f < math.MaxInt64:
		return uint64(int64(f))
	case f >= math.MaxInt64 && f < math.MaxUint64:
		return uint64(f)
	}
	return 1 << 63
}

// int32Bits is integerBits by way of a 32-bit integer, as LuaJIT converts to
// types of at most 32 bits, except uint32_t.
func int32Bits(f float64) uint64 {
	if f > math.MinInt32-1 && f < math.MaxInt32+1 {
		return uint64(int64(f))
	}
	return 1 << 31
}

// scalar converts a Lua value to the bits of a scalar type by the rules of an
// assignment; with cast also by those of a C cast.
func (lib *library) scalar(t *ctype, v lua.LValue, cast bool) (uint64, error) {
	if t.kind == kindPointer {
		return lib.pointer(t, v, cast)
	}
	if !t.number() {
		return 0, fmt.Errorf("cannot convert %q to %q", typeName(v), t)
	}
	switch v := v.(type) {
	case lua.LNumber:
		return convert(t, typeDouble, math.Float64bits(float64(v))), nil
	case lua.LBool:
		if t.kind == kindBool || cast {
			return convert(t, typeInt, boolBits(bool(v))), nil
		}
	case *lua.LUserData:
		if c, ok := v.Value.(*cdata); ok {
			if c.typ.number() {
				return convert(t, c.typ, c.bits), nil
			}
			if cast && t.kind == kindInt && (c.typ.kind == kindPointer || c.typ.aggregate()) {
				return extend(t, c.bits), nil
			}
		}
	}
	return 0, fmt.Errorf("cannot convert %q to %q", typeName(v), t)
}

func boolBits(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// convert turns bits of one numeric type into bits of another.
func convert(to, from *ctype, bits uint64) uint64 {
	c := cdata{from, bits}
	switch {
	case to.kind == kindBool:
		return boolBits(c.number() != 0)
	case to.kind == kindFloat && to.size == 4:
		return math.Float64bits(float64(float32(c.number())))
	case to.kind == kindFloat:
		return math.Float64bits(c.number())
	case from.kind == kindFloat && (to.size < 4 || to.size == 4 && to.signed):
		return extend(to, int32Bits(c.number()))
	case from.kind == kindFloat:
		return extend(to, integerBits(c.number()))
	}
	return extend(to, bits)
}

// pointer converts a value to an address: nil, another pointer, an array or a
// record; a Lua string for const char *; with cast also a number.
func (lib *library) pointer(t *ctype, v lua.LValue, cast bool) (uint64, error) {
	switch v := v.(type) {
	case *lua.LNilType:
		return 0, nil
	case lua.LNumber:
		if cast {
			return integerBits(float64(v)), nil
		}
	case lua.LString:
		if t.elem.kind == kindVoid || t.elem.kind == kindInt && t.elem.size == 1 {
			return lib.memory.NewString(string(v))
		}
	case *lua.LUserData:
		c, ok := v.Value.(*cdata)
		if !ok {
			return 0, fmt.Errorf("cannot convert %q to %q: the embedded VM has no memory behind wrk's own objects", typeName(v), t)
		}
		if cast || c.pointsTo(t.elem) {
			return c.bits, nil
		}
	}
	return 0, fmt.Errorf("cannot convert %q to %q", typeName(v), t)
}

func (c *cdata) pointsTo(t *ctype) bool {
	if c.typ.kind == kindRecord {
		return compatible(c.typ, t)
	}
	elem := c.target()
	return elem != nil && compatible(elem, t)
}

// store assigns a Lua value to an object of a type at an address.
func (lib *library) store(t *ctype, at uint64, v lua.LValue) error {
	if t.aggregate() {
		return lib.fill(t, at, v)
	}
	if t.kind == kindVoid || t.kind == kindFunction || t.open {
		return fmt.Errorf("size of C type %q is unknown", t)
	}
	bits, err := lib.scalar(t, v, false)
	if err != nil {
		return err
	}
	b, err := lib.memory.Bytes(at, t.size)
	if err != nil {
		return err
	}
	encode(t, b, bits)
	return nil
}

// box makes a value of a type that Lua itself has none for.
func (lib *library) box(t *ctype, bits uint64) *lua.LUserData {
	return &lua.LUserData{Value: &cdata{t, bits}, Env: lib.env, Metatable: lib.meta}
}

// typeName names a value's type in messages: the C type of a cdata.
func typeName(v lua.LValue) string {
	if u, ok := v.(*lua.LUserData); ok {
		if c, ok := u.Value.(*cdata); ok {
			return c.typ.String()
		}
	}
	return v.Type().String()
}
