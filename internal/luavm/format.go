package luavm

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	lua "github.com/yuin/gopher-lua"
)

// directive is one %-sequence of string.format.
type directive struct {
	flags     string // of "-+ #0"
	width     int    // 0: none
	precision int    // -1: none
	verb      byte
}

// format is string.format with C's rules.
func format(L *lua.LState) int {
	rest := L.CheckString(1)
	var out strings.Builder
	for arg := 2; ; {
		text, after, ok := strings.Cut(rest, "%")
		out.WriteString(text)
		if !ok {
			break
		}
		if strings.HasPrefix(after, "%") {
			out.WriteByte('%')
			rest = after[1:]
			continue
		}
		d, n := parseDirective(after)
		if n == 0 {
			L.RaiseError("invalid option '%%%s' to 'format'", after[:min(1, len(after))])
		}
		if arg > L.GetTop() {
			L.ArgError(arg, "no value")
		}
		out.WriteString(d.apply(L, arg))
		arg++
		rest = after[n:]
	}
	L.Push(lua.LString(out.String()))
	return 1
}

// parseDirective reads what follows a "%"; n is its length, 0 if it is wrong.
func parseDirective(s string) (d directive, n int) {
	for n < len(s) && strings.IndexByte("-+ #0", s[n]) >= 0 {
		n++
	}
	d.flags, d.precision = s[:n], -1
	width := leadingDigits(s[n:])
	d.width, _ = strconv.Atoi(width)
	n += len(width)
	if n < len(s) && s[n] == '.' {
		digits := leadingDigits(s[n+1:])
		d.precision, _ = strconv.Atoi(digits)
		n += 1 + len(digits)
	}
	if n >= len(s) || strings.IndexByte("diucxXoeEfFgGaAqsp", s[n]) < 0 || d.width > 99 || d.precision > 99 {
		return d, 0
	}
	d.verb = s[n]
	return d, n + 1
}

func leadingDigits(s string) string {
	return s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
}

func (d directive) apply(L *lua.LState, arg int) string {
	switch d.verb {
	case 's':
		return d.text(toString(L, L.Get(arg)))
	case 'q':
		return quote(L.CheckString(arg))
	case 'p':
		return d.text(fmt.Sprintf("%p", L.Get(arg)))
	case 'c':
		return d.text(string([]byte{byte(checkNumber(L, arg))}))
	case 'd', 'i':
		return d.sprintf('d', int64(clamp(checkNumber(L, arg))))
	case 'u', 'x', 'X', 'o':
		verb := d.verb
		if verb == 'u' {
			verb = 'd'
		}
		v := unsigned(checkNumber(L, arg))
		if v == 0 {
			d.flags = strings.ReplaceAll(d.flags, "#", "")
		}
		return d.sprintf(verb, v)
	}
	return d.float(checkNumber(L, arg))
}

// checkNumber reads a number or a numeric string.
func checkNumber(L *lua.LState, arg int) float64 {
	v := L.Get(arg)
	if s, ok := v.(lua.LString); ok {
		if f, ok := parseNumber(string(s)); ok {
			return f
		}
	}
	n, ok := v.(lua.LNumber)
	if !ok {
		L.ArgError(arg, "number expected, got "+typeName(v))
	}
	return float64(n)
}

func clamp(f float64) float64 {
	if math.IsNaN(f) || f >= math.MaxInt64 || f < math.MinInt64 {
		return math.MinInt64
	}
	return f
}

func unsigned(f float64) uint64 {
	if f >= math.MaxInt64 && f < math.MaxUint64 {
		return uint64(f)
	}
	return uint64(int64(clamp(f)))
}

// sprintf lets Go format, which reads flags, width and precision as C does.
func (d directive) sprintf(verb byte, v any) string {
	return fmt.Sprintf(d.prefix(d.flags)+string(verb), v)
}

func (d directive) prefix(flags string) string {
	s := "%" + flags
	if d.width > 0 {
		s += strconv.Itoa(d.width)
	}
	if d.precision >= 0 {
		s += "." + strconv.Itoa(d.precision)
	}
	return s
}

func (d directive) text(s string) string {
	if d.precision >= 0 && d.precision < len(s) {
		s = s[:d.precision]
	}
	pad := strings.Repeat(" ", max(0, d.width-len(s)))
	if strings.Contains(d.flags, "-") {
		return s + pad
	}
	return pad + s
}

func (d directive) float(f float64) string {
	if s, special := nonFinite(f); special {
		if strings.Contains(d.flags, "+") && s[0] != '-' {
			s = "+" + s
		}
		if d.verb < 'a' {
			s = strings.ToUpper(s)
		}
		return directive{flags: d.flags, width: d.width, precision: -1}.text(s)
	}
	switch d.verb {
	case 'a', 'A':
		return d.hexFloat(f)
	}
	if d.precision < 0 {
		d.precision = 6 // C's default, also for %g
	}
	switch d.verb {
	case 'f', 'F':
		f = breakTie(f, 'f', d.precision)
	case 'e', 'E':
		f = breakTie(f, 'e', d.precision)
	default:
		f = breakTie(f, 'e', max(d.precision-1, 0))
	}
	return d.sprintf(d.verb, f)
}

// hexFloat writes %a: C's exponent has no leading zero.
func (d directive) hexFloat(f float64) string {
	s := strconv.FormatFloat(f, 'x', d.precision, 64)
	mantissa, exponent, _ := strings.Cut(s, "p")
	exponent = exponent[:1] + strings.TrimLeft(exponent[1:len(exponent)-1], "0") + exponent[len(exponent)-1:]
	s = mantissa + "p" + exponent
	if d.verb == 'A' {
		s = strings.ToUpper(s)
	}
	return directive{flags: d.flags, width: d.width, precision: -1}.text(s)
}

// quote is %q: a string that Lua reads back.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\' || c == '\n':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < 32 || c == 127:
			digits := "\\%d"
			if i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' {
				digits = "\\%03d"
			}
			fmt.Fprintf(&b, digits, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
