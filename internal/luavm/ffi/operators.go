package ffi

import (
	"fmt"
	"math"

	lua "github.com/yuin/gopher-lua"
)

// index finds the member that value[key] names: its type and address.
func (lib *library) index(c *cdata, key lua.LValue) (*ctype, uint64, error) {
	if name, ok := key.(lua.LString); ok {
		record := c.typ
		if record.kind == kindPointer {
			record = record.elem
		}
		if record.kind == kindRecord {
			if f, ok := record.lookup(string(name)); ok {
				return f.typ, c.bits + uint64(f.off), nil
			}
		}
		return nil, 0, fmt.Errorf("%q has no member named %q", record, string(name))
	}
	elem := c.target()
	n, ok := Number(key)
	switch {
	case elem == nil:
		return nil, 0, fmt.Errorf("%q cannot be indexed", c.typ)
	case !ok:
		return nil, 0, fmt.Errorf("%q cannot be indexed with %q", c.typ, typeName(key))
	case elem.kind == kindVoid || elem.kind == kindFunction || elem.open:
		return nil, 0, fmt.Errorf("size of C type %q is unknown", elem)
	}
	i := int64(integerBits(n))
	// A count of 0 or 1 is C's way to write "as many as were allocated".
	if c.typ.kind == kindArray && c.typ.count > 1 && (i < 0 || i >= c.typ.count) {
		return nil, 0, fmt.Errorf("index %d is outside of %q: LuaJIT would read or overwrite what lies there", i, c.typ)
	}
	return elem, c.bits + uint64(i*elem.size), nil
}

// arithmetic is LuaJIT's on cdata: pointers move by elements, everything else
// is done in 64-bit integers, unsigned if either side is.
func (lib *library) arithmetic(op string, a, b lua.LValue) (lua.LValue, error) {
	if v, ok, err := lib.pointerArithmetic(op, a, b); ok || err != nil {
		return v, err
	}
	t := wider(a, b)
	x, errX := lib.scalar(t, a, false)
	y, errY := lib.scalar(t, b, false)
	if errX != nil || errY != nil {
		return nil, fmt.Errorf("attempt to perform arithmetic on %q and %q", typeName(a), typeName(b))
	}
	return lib.box(t, operate(op, x, y, t.signed)), nil
}

func wider(a, b lua.LValue) *ctype {
	for _, v := range []lua.LValue{a, b} {
		if c := asCData(v); c != nil && c.typ.wide() && !c.typ.signed {
			return typeUint64
		}
	}
	return typeInt64
}

func operate(op string, x, y uint64, signed bool) uint64 {
	switch op {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	case "^":
		return power(x, y)
	}
	if y == 0 { // what the x86-64 division of LuaJIT yields instead of a trap
		return 1 << 63
	}
	switch {
	case op == "/" && signed:
		return uint64(divide(int64(x), int64(y)))
	case op == "/":
		return x / y
	case signed:
		return x - uint64(divide(int64(x), int64(y)))*y
	}
	return x % y
}

func divide(x, y int64) int64 {
	if y == -1 {
		return -x // MinInt64 / -1 wraps
	}
	return x / y
}

func power(base, exponent uint64) uint64 {
	result := uint64(1)
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result *= base
		}
		base *= base
	}
	return result
}

// pointerArithmetic does pointer ± number and pointer − pointer; ok is false
// when no pointer takes part.
func (lib *library) pointerArithmetic(op string, a, b lua.LValue) (v lua.LValue, ok bool, err error) {
	x, y := asCData(a), asCData(b)
	if x == nil || x.target() == nil {
		if op == "+" && y != nil && y.target() != nil {
			return lib.pointerArithmetic(op, b, a)
		}
		return nil, false, nil
	}
	size := x.target().size
	if y != nil && y.target() != nil && op == "-" && size > 0 {
		return lua.LNumber(int64(x.bits-y.bits) / size), true, nil
	}
	n, isNumber := Number(b)
	if !isNumber || op != "+" && op != "-" {
		return nil, false, fmt.Errorf("attempt to perform arithmetic on %q and %q", typeName(a), typeName(b))
	}
	offset := integerBits(n) * uint64(size)
	if op == "-" {
		offset = -offset
	}
	return lib.box(pointerTo(x.target()), x.bits+offset), true, nil
}

// Equal is LuaJIT's == where a cdata takes part: pointers by address, with nil
// equal to NULL, numbers by value. ok is false when neither side is a cdata.
func Equal(a, b lua.LValue) (equal, ok bool) {
	x, y := asCData(a), asCData(b)
	switch {
	case x == nil && y == nil:
		return false, false
	case x == nil:
		return Equal(b, a)
	}
	if !x.typ.number() {
		switch {
		case b == lua.LNil:
			return x.bits == 0, true
		case y != nil && !y.typ.number():
			return x.bits == y.bits, true
		}
		return false, true
	}
	order, comparable := compare(a, b)
	return comparable && order == 0, true
}

// Less is LuaJIT's < (or <=) where a cdata takes part.
func Less(a, b lua.LValue, orEqual bool) (less, ok bool, err error) {
	x, y := asCData(a), asCData(b)
	if x == nil && y == nil {
		return false, false, nil
	}
	order, comparable := compare(a, b)
	if x != nil && y != nil && x.target() != nil && y.target() != nil {
		order, comparable = orderOf(x.bits, y.bits), true
	}
	if !comparable {
		return false, true, fmt.Errorf("attempt to compare %q with %q", typeName(a), typeName(b))
	}
	return order < 0 || orEqual && order == 0, true, nil
}

// compare orders two numbers, in 64-bit integers unless a boxed float is met.
func compare(a, b lua.LValue) (order int, ok bool) {
	x, okX := Number(a)
	y, okY := Number(b)
	if !okX || !okY {
		return 0, false
	}
	if isFloat(a) || isFloat(b) {
		return orderOf(x, y), true
	}
	t := wider(a, b)
	var lib *library // scalars of numbers need no memory
	p, _ := lib.scalar(t, a, false)
	q, _ := lib.scalar(t, b, false)
	if t.signed {
		return orderOf(int64(p), int64(q)), true
	}
	return orderOf(p, q), true
}

func isFloat(v lua.LValue) bool {
	c := asCData(v)
	return c != nil && c.typ.kind == kindFloat
}

func orderOf[T int64 | uint64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	}
	return 2 // not a number
}

// Number reads a Lua number or a numeric cdata.
func Number(v lua.LValue) (float64, bool) {
	if n, ok := v.(lua.LNumber); ok {
		return float64(n), true
	}
	if c := asCData(v); c != nil && c.typ.number() {
		return c.number(), true
	}
	return math.NaN(), false
}

// IsCData says that type(v) is "cdata".
func IsCData(v lua.LValue) bool {
	u, ok := v.(*lua.LUserData)
	if !ok {
		return false
	}
	switch u.Value.(type) {
	case *cdata, *ctype:
		return true
	}
	return false
}

func asCData(v lua.LValue) *cdata {
	if u, ok := v.(*lua.LUserData); ok {
		c, _ := u.Value.(*cdata)
		return c
	}
	return nil
}
