package lua

import (
	"fmt"
	"strings"
)

// quote writes any bytes as one Lua string literal. Printable ASCII stays;
// everything else, the quote and the backslash become decimal escapes of three
// digits: the only kind that LuaJIT and gopher-lua read alike.
func quote(s string) string {
	mark := byte('"')
	if strings.Count(s, `"`) > strings.Count(s, `'`) {
		mark = '\''
	}
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(mark)
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < ' ' || c > '~' || c == '\\' || c == mark {
			fmt.Fprintf(&b, `\%03d`, c)
		} else {
			b.WriteByte(c)
		}
	}
	b.WriteByte(mark)
	return b.String()
}

// comment makes text fit for one Lua comment line.
func comment(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			return ' '
		}
		return r
	}, strings.TrimSpace(s))
}

// isName says whether s can stand behind a dot in Lua: an identifier that is
// no keyword.
func isName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && !keywords[s]
}

var keywords = map[string]bool{
	"and": true, "break": true, "do": true, "else": true, "elseif": true, "end": true, "false": true, "for": true,
	"function": true, "goto": true, "if": true, "in": true, "local": true, "nil": true, "not": true, "or": true,
	"repeat": true, "return": true, "then": true, "true": true, "until": true, "while": true,
}

// field writes table.name, or table["any bytes"].
func field(table, name string) string {
	if isName(name) {
		return table + "." + name
	}
	return table + "[" + quote(name) + "]"
}
