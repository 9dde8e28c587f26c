package luavm

import (
	"math"
	"math/bits"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// openBit makes LuaJIT's module bit: 32-bit operations with signed results.
func openBit(L *lua.LState) *lua.LTable {
	fold := func(op func(a, b uint32) uint32) lua.LGFunction {
		return func(L *lua.LState) int {
			x := bitArg(L, 1)
			for i := 2; i <= L.GetTop(); i++ {
				x = op(x, bitArg(L, i))
			}
			return pushBits(L, x)
		}
	}
	shift := func(op func(x uint32, n int) uint32) lua.LGFunction {
		return func(L *lua.LState) int { return pushBits(L, op(bitArg(L, 1), int(bitArg(L, 2)&31))) }
	}
	unary := func(op func(x uint32) uint32) lua.LGFunction {
		return func(L *lua.LState) int { return pushBits(L, op(bitArg(L, 1))) }
	}
	return L.SetFuncs(L.NewTable(), map[string]lua.LGFunction{
		"tobit":   unary(func(x uint32) uint32 { return x }),
		"bnot":    unary(func(x uint32) uint32 { return ^x }),
		"bswap":   unary(bits.ReverseBytes32),
		"band":    fold(func(a, b uint32) uint32 { return a & b }),
		"bor":     fold(func(a, b uint32) uint32 { return a | b }),
		"bxor":    fold(func(a, b uint32) uint32 { return a ^ b }),
		"lshift":  shift(func(x uint32, n int) uint32 { return x << n }),
		"rshift":  shift(func(x uint32, n int) uint32 { return x >> n }),
		"arshift": shift(func(x uint32, n int) uint32 { return uint32(int32(x) >> n) }),
		"rol":     shift(bits.RotateLeft32),
		"ror":     shift(func(x uint32, n int) uint32 { return bits.RotateLeft32(x, -n) }),
		"tohex":   toHex,
	})
}

// bitArg takes the low 32 bits of a number by LuaJIT's own trick: adding
// 2^52+2^51 leaves them, rounded to even, at the end of the mantissa.
func bitArg(L *lua.LState, arg int) uint32 {
	return uint32(math.Float64bits(checkNumber(L, arg) + (1<<52 + 1<<51)))
}

func pushBits(L *lua.LState, x uint32) int {
	L.Push(lua.LNumber(int32(x)))
	return 1
}

// toHex writes n digits; a negative n asks for upper case.
func toHex(L *lua.LState) int {
	x, n := bitArg(L, 1), 8
	if L.GetTop() > 1 {
		n = int(int32(bitArg(L, 2)))
	}
	upper := n < 0
	n = min(max(n, -n), 8)
	s := strconv.FormatUint(uint64(x)|1<<32, 16)[1:]
	s = s[len(s)-max(n, 0):]
	if upper {
		s = strings.ToUpper(s)
	}
	L.Push(lua.LString(s))
	return 1
}

// openJIT makes the module jit, whose switches change nothing here.
func openJIT(L *lua.LState) *lua.LTable {
	nothing := func(*lua.LState) int { return 0 }
	module := L.SetFuncs(L.NewTable(), map[string]lua.LGFunction{
		"on": nothing, "off": nothing, "flush": nothing,
		"status": func(L *lua.LState) int { L.Push(lua.LFalse); return 1 },
	})
	module.RawSetString("opt", L.SetFuncs(L.NewTable(), map[string]lua.LGFunction{"start": nothing}))
	module.RawSetString("version", lua.LString("LuaJIT 2.1.0-beta3"))
	module.RawSetString("version_num", lua.LNumber(20100))
	module.RawSetString("os", lua.LString("Linux"))
	module.RawSetString("arch", lua.LString("x64"))
	return module
}

func newTable(L *lua.LState) int {
	L.Push(L.NewTable())
	return 1
}

func clearTable(L *lua.LState) int {
	table := L.CheckTable(1)
	var keys []lua.LValue
	table.ForEach(func(k, _ lua.LValue) { keys = append(keys, k) })
	for _, k := range keys {
		table.RawSet(k, lua.LNil)
	}
	return 0
}
