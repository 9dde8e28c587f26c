package luavm

import (
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// formatNumber writes a number as LuaJIT's tostring does: C's "%.14g".
func formatNumber(f float64) string {
	if s, special := nonFinite(f); special {
		return s
	}
	if f == math.Trunc(f) && math.Abs(f) < 1e14 && (f != 0 || !math.Signbit(f)) {
		return strconv.FormatInt(int64(f), 10)
	}
	return strconv.FormatFloat(breakTie(f, 'e', 13), 'g', 14, 64)
}

// breakTie moves a number that lies exactly between two decimals of a
// precision to the next float away from zero: LuaJIT rounds such ties away
// from zero, Go to even. Verb 'e' counts digits behind the first one, 'f'
// behind the point.
func breakTie(f float64, verb byte, precision int) float64 {
	const enough = 30 // digits behind the tie, which are 0 if it is one
	mantissa, _, _ := strings.Cut(strconv.FormatFloat(f, verb, precision+enough, 64), "e")
	if strings.HasSuffix(mantissa, "5"+strings.Repeat("0", enough-1)) {
		return math.Nextafter(f, math.Copysign(math.Inf(1), f))
	}
	return f
}

func nonFinite(f float64) (string, bool) {
	switch {
	case math.IsNaN(f):
		return "nan", true
	case math.IsInf(f, 1):
		return "inf", true
	case math.IsInf(f, -1):
		return "-inf", true
	}
	return "", false
}

// parseNumber reads a number as Lua does: decimal or hexadecimal, with
// fraction and exponent, white space around it.
func parseNumber(s string) (float64, bool) {
	s = strings.Trim(s, " \t\r\n\v\f")
	digits := strings.ToLower(strings.TrimLeft(s, "+-"))
	if s == "" || strings.Contains(s, "_") || len(s)-len(digits) > 1 {
		return 0, false
	}
	if strings.HasPrefix(digits, "0x") && !strings.Contains(digits, "p") {
		s += "p0" // Go wants an exponent there
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) { // out of range reads as infinity
		return 0, false
	}
	return f, true
}

// parseInBase reads an integer of base 2 to 36.
func parseInBase(s string, base int) (float64, bool) {
	s = strings.ToLower(strings.Trim(s, " \t\r\n\v\f"))
	if base == 16 {
		s = strings.TrimPrefix(s, "0x")
	}
	digits := strings.TrimPrefix(s, "-")
	v, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return 0, false
	}
	if digits != s {
		return -float64(v), true
	}
	return float64(v), true
}

// toNumber is the global tonumber.
func toNumber(L *lua.LState) int {
	v := L.CheckAny(1)
	base := L.OptInt(2, 10)
	n, ok := v.(lua.LNumber)
	f := float64(n)
	if s, isString := v.(lua.LString); isString {
		if base == 10 {
			f, ok = parseNumber(string(s))
		} else if base >= 2 && base <= 36 {
			f, ok = parseInBase(string(s), base)
		} else {
			L.ArgError(2, "base out of range")
		}
	}
	if !ok {
		L.Push(lua.LNil)
		return 1
	}
	L.Push(lua.LNumber(f))
	return 1
}

// toString gives any value's text, as tostring does.
func toString(L *lua.LState, v lua.LValue) string {
	if n, ok := v.(lua.LNumber); ok {
		return formatNumber(float64(n))
	}
	return lua.LVAsString(L.ToStringMeta(v))
}
