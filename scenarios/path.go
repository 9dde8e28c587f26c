package scenarios

import (
	"strconv"
	"strings"

	"taskbench/internal/source"
)

// Characters that mean something in a gjson path, anywhere in a key or at its
// start, unless a backslash stands before them.
const (
	specialAnywhere = `\.*?|`
	specialAtStart  = `@!{[#$`
)

// String is the path as written in a file, special characters escaped.
func (p JSONPath) String() string {
	parts := make([]string, len(p))
	for i, key := range p {
		parts[i] = escapeKey(key)
	}
	return strings.Join(parts, ".")
}

func escapeKey(key string) string {
	if key == "#" {
		return key // the length: a key of that name is refused
	}
	var b strings.Builder
	for i := range len(key) {
		if strings.IndexByte(specialAnywhere, key[i]) >= 0 || i == 0 && strings.IndexByte(specialAtStart, key[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(key[i])
	}
	return b.String()
}

// jsonPath reads keys and indexes separated by dots, "#" (the length) last.
// This is the part of gjson's paths that a script can follow without a JSON
// parser of its own; the rest is refused.
func (b *builder) jsonPath(text string, pos source.Position) JSONPath {
	path, wrong, hint := parseJSONPath(text)
	if wrong != "" {
		b.Fail(pos, hint, "%s in JSON path %q", wrong, text)
	}
	return path
}

const pathHint = `write keys and indexes with dots, like items.0.id, and \. for a dot in a key`

func parseJSONPath(text string) (path JSONPath, wrong, hint string) {
	if strings.HasPrefix(text, "$") {
		return nil, "unexpected $", "did you mean " + strconv.Quote(strings.TrimLeft(text, "$.")) + "?"
	}
	var key strings.Builder
	var escaped bool
	for i := 0; i <= len(text); i++ {
		switch {
		case i < len(text) && text[i] == '\\':
			if i++; i == len(text) {
				return path, `nothing after \`, pathHint
			}
			escaped = true
			key.WriteByte(text[i])
		case i < len(text) && text[i] != '.':
			key.WriteByte(text[i])
			if !escaped && key.Len() == 1 && strings.IndexByte("@!{[", text[i]) >= 0 || strings.IndexByte("*?|", text[i]) >= 0 {
				return path, "unsupported " + strconv.Quote(text[i:i+1]), pathHint
			}
		default:
			if wrong := checkPathKey(key.String(), escaped, i == len(text)); wrong != "" {
				return path, wrong, pathHint
			}
			path = append(path, key.String())
			key.Reset()
			escaped = false
		}
	}
	return path, "", ""
}

func checkPathKey(key string, escaped, last bool) string {
	switch {
	case key == "":
		return "an empty key"
	case key == "#" && escaped:
		return `a key named "#", which stands for the length,`
	case key == "#" && last:
		return ""
	case strings.HasPrefix(key, "#") && !escaped:
		return `"#" before the end`
	default:
		return ""
	}
}
