package jsonpath

import (
	"regexp"
	"strings"
)

// Filter picks elements of an array by what they hold.
type Filter struct {
	Field Path   // within the element; empty: the element itself
	Op    string // == != < <= > >=
	Value string // a string's content, or the text of any other value
	Kind  string // of the value: string, number, boolean, null
	All   bool   // all elements of which it holds, not the first
}

const filterHint = `write items.#(name=="chair").id for the first of which it holds, items.#(price<10)#.id for all`

// IsFilter reports whether a segment of a path is a filter.
func IsFilter(segment string) bool { return strings.HasPrefix(segment, "#(") }

// FilterOf reads the segment of a path that is a filter.
func FilterOf(segment string) Filter {
	f, _, _ := readFilter(segment)
	return f
}

// String is the filter in the one form in which paths hold it.
func (f Filter) String() string {
	value := f.Value
	if f.Kind == "string" {
		value = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(f.Value) + `"`
	}
	field := ""
	if len(f.Field) > 0 {
		parts := make([]string, len(f.Field))
		for i, key := range f.Field {
			parts[i] = backslashed.ReplaceAllString(key, `\$0`)
		}
		field = strings.Join(parts, ".")
	}
	text := "#(" + field + f.Op + value + ")"
	if f.All {
		text += "#"
	}
	return text
}

var (
	backslashed = regexp.MustCompile("[^A-Za-z0-9_-]")
	operator    = regexp.MustCompile(`^(==|!=|<=|>=|<|>|=)`)
	number      = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$`)
)

// readFilter reads a filter at the start of a text, and how long it is; or says
// what is wrong with it.
func readFilter(text string) (f Filter, length int, wrong string) {
	field, rest, ok := readField(text[len("#("):])
	if !ok {
		return f, 0, "an unfinished filter"
	}
	if f.Op = operator.FindString(rest); f.Op == "" {
		return f, 0, "a filter that compares nothing"
	}
	f.Field = field
	rest = strings.TrimLeft(rest[len(f.Op):], " ")
	if f.Op == "=" {
		f.Op = "=="
	}
	if rest, ok = f.readValue(rest); !ok {
		return f, 0, "an unfinished filter"
	}
	rest = rest[1:]
	if strings.HasPrefix(rest, "#") {
		f.All, rest = true, rest[1:]
	}
	return f, len(text) - len(rest), ""
}

// readField reads keys up to an operator or the end of the filter. "@" and "." as
// the first, which other languages write, are the element itself.
func readField(text string) (field Path, rest string, ok bool) {
	text = strings.TrimPrefix(strings.TrimLeft(text, " "), "@.")
	var key strings.Builder
	started := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text):
			i++
			key.WriteByte(text[i])
			started = true
		case c == '.':
			if !started {
				return nil, "", false
			}
			field = append(field, key.String())
			key.Reset()
			started = false
		case strings.IndexByte("=!<>)", c) >= 0:
			if started {
				field = append(field, key.String())
			}
			return field, text[i:], started || len(field) == 0
		case c == ' ':
		default:
			key.WriteByte(c)
			started = true
		}
	}
	return nil, "", false
}

// readValue reads what is compared with, up to the ) behind it, which is the first
// character of the rest.
func (f *Filter) readValue(text string) (rest string, ok bool) {
	if text == "" {
		return "", false
	}
	if mark := text[0]; mark == '"' || mark == '\'' {
		var b strings.Builder
		for i := 1; i < len(text); i++ {
			switch {
			case text[i] == '\\' && i+1 < len(text):
				i++
				b.WriteByte(text[i])
			case text[i] == mark:
				f.Value, f.Kind = b.String(), "string"
				rest = strings.TrimLeft(text[i+1:], " ")
				return rest, strings.HasPrefix(rest, ")")
			default:
				b.WriteByte(text[i])
			}
		}
		return "", false
	}
	end := strings.IndexByte(text, ')')
	if end < 0 {
		return "", false
	}
	f.Value = strings.TrimSpace(text[:end])
	f.Kind = kindOf(f.Value)
	return text[end:], f.Value != ""
}

// kindOf is the kind of a value without quotes: a word is a string.
func kindOf(text string) string {
	switch {
	case text == "true" || text == "false":
		return "boolean"
	case text == "null":
		return "null"
	case number.MatchString(text):
		return "number"
	}
	return "string"
}
