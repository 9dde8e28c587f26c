package syntax

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// numberForm is a number with LuaJIT's suffixes: i for imaginary ones, LL and
// ULL for integers of 64 bits.
var numberForm = regexp.MustCompile(`^(?:0[xX](?:[0-9a-fA-F]+(?P<dot>\.[0-9a-fA-F]*)?|(?P<dot>\.)[0-9a-fA-F]+)(?P<exp>[pP][+-]?[0-9]+)?` +
	`|0[bB][01]+|(?:[0-9]+(?P<dot>\.[0-9]*)?|(?P<dot>\.)[0-9]+)(?P<exp>[eE][+-]?[0-9]+)?)(?:[iI]|(?P<long>[uU]?[lL][lL]))?$`)

// number takes a number and gives it in decimal digits. Integers of 64 bits and
// imaginary numbers become plain ones: the embedded VM has no others.
func (l *lexer) number(t token) string {
	start, exponent := l.pos, byte('e')
	if l.peek(0) == '0' && l.peek(1)|0x20 == 'x' {
		exponent = 'p'
	}
	for last := byte(0); !l.done(); l.pos++ {
		c := l.peek(0)
		if !isIdent(c) && c != '.' && !((c == '-' || c == '+') && last|0x20 == exponent) {
			break
		}
		last = c
	}
	text := l.in[start:l.pos]
	m := numberForm.FindStringSubmatch(text)
	long, fraction := false, false
	for i, name := range numberForm.SubexpNames() {
		if m != nil && m[i] != "" {
			long = long || name == "long"
			fraction = fraction || name == "dot" || name == "exp"
		}
	}
	digits := strings.TrimRight(text, "iIuUlL")
	if m == nil || long && (fraction || beyond64(digits)) {
		l.fail(t.line, t.col, "put white space or an operator between a number and a name", "malformed number near '%s'", text)
	}
	return strconv.FormatFloat(numberValue(digits), 'g', -1, 64)
}

// beyond64 says that an integer needs more than 64 bits.
func beyond64(digits string) bool {
	if c := digits[min(1, len(digits)-1)] | 0x20; c != 'x' && c != 'b' {
		digits = "0d" + digits
	}
	_, err := strconv.ParseUint(digits[2:], map[byte]int{'x': 16, 'b': 2, 'd': 10}[digits[1]|0x20], 64)
	return err != nil
}

// numberValue evaluates what has the form of a number.
func numberValue(text string) float64 {
	lower := strings.ToLower(text)
	switch {
	case strings.HasPrefix(lower, "0b"):
		sum := 0.0
		for _, c := range lower[2:] {
			sum = 2*sum + float64(c-'0')
		}
		return sum
	case strings.HasPrefix(lower, "0x") && !strings.Contains(lower, "p"):
		text += "p0" // Go wants an exponent there
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) { // out of range reads as infinity
		return math.NaN()
	}
	return v
}

// bracket measures "[[" or "[==[" at this place, 0 if there is none.
func (l *lexer) bracket() int {
	n := 1
	for l.peek(n) == '=' {
		n++
	}
	if l.peek(n) == '[' {
		return n + 1
	}
	return 0
}

// long takes a long string, or what is behind the dashes of a long comment.
func (l *lexer) long(t token, what string) string {
	open := l.bracket()
	if open == 0 {
		l.fail(t.line, t.col, "long strings begin with [[ or [=[", "invalid long string delimiter near '%s'", strings.TrimRight(l.in[l.pos:l.pos+2], "\r\n"))
	}
	closing := "]" + strings.Repeat("=", open-2) + "]"
	n := strings.Index(l.in[l.pos+open:], closing)
	if n < 0 {
		l.fail(t.line, t.col, "close it with "+closing, "unfinished long %s near '<eof>'", what)
	}
	l.pos += open
	end := l.pos + n
	if isNewline(l.peek(0)) {
		l.newline()
	}
	var b strings.Builder
	for l.pos < end {
		if isNewline(l.peek(0)) {
			l.newline()
			b.WriteByte('\n')
			continue
		}
		b.WriteByte(l.peek(0))
		l.pos++
	}
	l.pos = end + len(closing)
	return b.String()
}

// quoted takes a string in quotes.
func (l *lexer) quoted(t token) string {
	quote := l.peek(0)
	l.pos++
	var b strings.Builder
	for {
		switch c := l.peek(0); {
		case l.done() || isNewline(c):
			l.fail(t.line, t.col, "close it with "+string(quote)+" on the same line, or use [[ … ]]", "unfinished string")
		case c == quote:
			l.pos++
			return b.String()
		case c == '\\':
			l.escape(&b)
		default:
			b.WriteByte(c)
			l.pos++
		}
	}
}

var simpleEscapes = map[byte]byte{
	'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v', '\\': '\\', '"': '"', '\'': '\'',
}

// escape takes one escape sequence, from its backslash.
func (l *lexer) escape(b *strings.Builder) {
	rest := l.in[l.pos:]
	c := l.peek(1)
	simple, ok := simpleEscapes[c]
	switch {
	case len(rest) == 1:
		l.pos++ // the string is unfinished
	case ok:
		b.WriteByte(simple)
		l.pos += 2
	case c == 'x':
		l.hexEscape(b, rest)
	case c == 'u':
		l.unicodeEscape(b, rest)
	case c == 'z':
		l.pos += 2
		for !l.done() && strings.IndexByte(" \t\r\n\v\f", l.peek(0)) >= 0 {
			if isNewline(l.peek(0)) {
				l.newline()
			} else {
				l.pos++
			}
		}
	case isNewline(c):
		l.pos++
		l.newline()
		b.WriteByte('\n')
	case isDigit(c):
		l.decimalEscape(b, rest)
	default:
		_, size := utf8.DecodeRuneInString(rest[1:])
		l.badEscape(rest[:1+size], `write \\ for a backslash; Lua patterns use % instead`)
	}
}

func (l *lexer) badEscape(text, hint string) {
	l.fail(l.line, l.pos-l.bol+1, hint, "invalid escape sequence %s", strings.TrimSpace(text))
}

func (l *lexer) decimalEscape(b *strings.Builder, rest string) {
	n := 2
	for n < len(rest) && n < 4 && isDigit(rest[n]) {
		n++
	}
	v, err := strconv.ParseUint(rest[1:n], 10, 8)
	if err != nil {
		l.badEscape(rest[:n], "a decimal escape ends at \\255")
	}
	b.WriteByte(byte(v))
	l.pos += n
}

func (l *lexer) hexEscape(b *strings.Builder, rest string) {
	end := min(4, len(rest))
	v, err := strconv.ParseUint(rest[2:end], 16, 8)
	if err != nil || end < 4 {
		l.badEscape(rest[:end], "two hexadecimal digits follow \\x")
	}
	b.WriteByte(byte(v))
	l.pos += 4
}

func (l *lexer) unicodeEscape(b *strings.Builder, rest string) {
	digits, _, ok := strings.Cut(strings.TrimPrefix(rest[2:], "{"), "}")
	v, err := strconv.ParseUint(digits, 16, 32)
	if !ok || err != nil || !strings.HasPrefix(rest[2:], "{") || v > utf8.MaxRune || !utf8.ValidRune(rune(v)) {
		l.badEscape(rest[:2], "write \\u{20ac}")
	}
	b.WriteRune(rune(v))
	l.pos += len("\\u{}") + len(digits)
}
