package luavm

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"taskbench/internal/source"
)

// translator rewrites what LuaJIT's lexer reads differently from gopher-lua's,
// line by line in the same place: a "#!" line, a byte order mark, and the
// escapes \x41, \u{20ac} and \z. It refuses what LuaJIT refuses: unknown
// escapes and \256.
type translator struct {
	name string
	src  []byte
	in   string
	pos  int
	line int
	bol  int // where the current line begins
	out  strings.Builder
	owed int // newlines swallowed by \z or put off until the string ends
}

func translate(name string, src []byte) (string, error) {
	t := &translator{name: name, src: src, in: string(src), line: 1}
	if strings.HasPrefix(t.in, "\xef\xbb\xbf") {
		t.pos = 3
	}
	if t.pos < len(t.in) && t.in[t.pos] == '#' {
		for t.pos < len(t.in) && t.in[t.pos] != '\n' {
			t.pos++
		}
	}
	for t.pos < len(t.in) {
		if err := t.step(); err != nil {
			return "", err
		}
	}
	return t.out.String(), nil
}

// step copies one comment, string or other character.
func (t *translator) step() error {
	rest := t.in[t.pos:]
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "--"):
		t.copy(2)
		if n := longBracket(t.in[t.pos:]); n > 0 {
			return t.copyLong(n)
		} else if n := strings.IndexByte(t.in[t.pos:], '\n'); n >= 0 {
			t.copy(n)
		} else {
			t.copy(len(t.in) - t.pos)
		}
	case c == '[' && longBracket(rest) > 0:
		return t.copyLong(longBracket(rest))
	case c == '"' || c == '\'':
		return t.quoted(c)
	default:
		t.copy(1)
	}
	return nil
}

// copy takes over n bytes as they are.
func (t *translator) copy(n int) {
	for range n {
		c := t.in[t.pos]
		t.out.WriteByte(c)
		t.pos++
		if c == '\n' {
			t.line++
			t.bol = t.pos
		}
	}
}

// longBracket returns the length of "[[" or "[==[", or 0.
func longBracket(s string) int {
	if s == "" || s[0] != '[' {
		return 0
	}
	n := 1
	for n < len(s) && s[n] == '=' {
		n++
	}
	if n < len(s) && s[n] == '[' {
		return n + 1
	}
	return 0
}

func (t *translator) copyLong(open int) error {
	closing := "]" + strings.Repeat("=", open-2) + "]"
	n := strings.Index(t.in[t.pos+open:], closing)
	if n < 0 {
		return t.failAt(t.here(), "close it with "+closing, "unfinished long string or comment")
	}
	t.copy(open + n + len(closing))
	return nil
}

func (t *translator) quoted(quote byte) error {
	start := t.here()
	t.copy(1)
	for t.pos < len(t.in) {
		switch c := t.in[t.pos]; {
		case c == quote:
			t.copy(1)
			t.out.WriteString(strings.Repeat("\n", t.owed))
			t.owed = 0
			return nil
		case c == '\\':
			if err := t.escape(); err != nil {
				return err
			}
		case c == '\n' || c == '\r':
			return t.unfinished(start, quote)
		default:
			t.copy(1)
		}
	}
	return t.unfinished(start, quote)
}

func (t *translator) unfinished(start source.Position, quote byte) error {
	return t.failAt(start, fmt.Sprintf("close it with %c on the same line, or use [[ … ]]", quote), "unfinished string")
}

func (t *translator) here() source.Position {
	return source.Position{File: t.name, Line: t.line, Column: t.pos - t.bol + 1}
}

func (t *translator) failAt(pos source.Position, hint, message string) error {
	return source.Errorf(pos, hint, "%s", message).In(t.src)
}

// escape translates one escape sequence; t.pos is at its backslash.
func (t *translator) escape() error {
	rest := t.in[t.pos:]
	if len(rest) < 2 {
		t.copy(1)
		return nil
	}
	switch c := rest[1]; {
	case c == 'x':
		return t.hexEscape(rest)
	case c == 'u':
		return t.unicodeEscape(rest)
	case c == 'z':
		t.skipSpace()
	case c == '\r' && strings.HasPrefix(rest[2:], "\n"):
		t.copy(3)
	case c >= '0' && c <= '9':
		n := 2
		for n < len(rest) && n < 4 && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if v, _ := strconv.Atoi(rest[1:n]); v > 255 {
			return t.badEscape(rest[:n], "a decimal escape ends at \\255")
		}
		t.copy(n)
	case strings.IndexByte("abfnrtv\\\"'\n\r", c) >= 0:
		t.copy(2)
	default:
		_, size := utf8.DecodeRuneInString(rest[1:])
		return t.badEscape(rest[:1+size], `write \\ for a backslash; Lua patterns use % instead`)
	}
	return nil
}

func (t *translator) hexEscape(rest string) error {
	if len(rest) >= 4 {
		if v, err := strconv.ParseUint(rest[2:4], 16, 8); err == nil {
			fmt.Fprintf(&t.out, "\\%03d", v)
			t.pos += 4
			return nil
		}
	}
	return t.badEscape(rest[:min(4, len(rest))], "two hexadecimal digits follow \\x")
}

func (t *translator) unicodeEscape(rest string) error {
	digits, _, ok := strings.Cut(strings.TrimPrefix(rest[2:], "{"), "}")
	v, err := strconv.ParseUint(digits, 16, 32)
	if !ok || err != nil || !strings.HasPrefix(rest[2:], "{") || v > utf8.MaxRune {
		return t.badEscape(rest[:2], "write \\u{20ac}")
	}
	for _, b := range utf8.AppendRune(nil, rune(v)) {
		fmt.Fprintf(&t.out, "\\%03d", b)
	}
	t.pos += len("\\u{}") + len(digits)
	return nil
}

// skipSpace is \z: it drops the white space behind it. Newlines come back
// after the string, to keep line numbers right.
func (t *translator) skipSpace() {
	t.pos += 2
	for t.pos < len(t.in) && strings.IndexByte(" \t\r\n\v\f", t.in[t.pos]) >= 0 {
		if t.in[t.pos] == '\n' {
			t.owed++
			t.line++
			t.bol = t.pos + 1
		}
		t.pos++
	}
}

func (t *translator) badEscape(text, hint string) error {
	return t.failAt(t.here(), hint, "invalid escape sequence "+strings.TrimSpace(text))
}
