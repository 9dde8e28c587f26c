package script

import (
	"fmt"
	"strings"
	"unicode"
)

// quote writes text as one string of JavaScript. What could end it, or the script that a
// page may hold it in, is escaped, and so is all that does not show.
func quote(s string) string {
	mark := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		mark = '"'
	}
	return string(mark) + escaped(s, mark) + string(mark)
}

// inTemplate writes text as a part of a template literal.
func inTemplate(s string) string { return escaped(s, '`') }

func escaped(s string, mark rune) string {
	var b strings.Builder
	before := rune(0)
	for _, r := range s {
		switch {
		case r == mark || r == '\\' || mark == '`' && r == '$' || r == '/' && before == '<':
			b.WriteString(`\` + string(r))
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == ' ' || unicode.IsPrint(r) && r != unicode.ReplacementChar:
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		before = r
	}
	return b.String()
}

// comment makes text fit for one line of a comment.
func comment(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.TrimSpace(s))
}

// isName says whether s can stand behind a dot, or as a key without quotes.
func isName(s string) bool {
	for i, c := range s {
		letter := c == '_' || c == '$' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && s != "__proto__"
}

// field writes object.name, or object['any text'].
func field(object, name string) string {
	if isName(name) {
		return object + "." + name
	}
	return object + "[" + quote(name) + "]"
}

// key writes a name as the key of an object.
func key(name string) string {
	switch {
	case isName(name):
		return name
	case name == "__proto__":
		return "['__proto__']" // without brackets it would be the object's prototype
	}
	return quote(name)
}
