package scenarios

import (
	"regexp"
	"strconv"
	"strings"

	"taskbench/internal/source"
)

// Characters that mean something in a JSON path, anywhere in a key or at its
// start, unless a backslash stands before them.
const (
	specialAnywhere = `\.*?|[]()`
	specialAtStart  = `@!{#$/`
)

var negativeIndex = regexp.MustCompile(`^-[0-9]+$`)

// String is the path as written in a file, special characters escaped; "$" for
// the whole answer.
func (p JSONPath) String() string {
	if len(p) == 0 {
		return "$"
	}
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
		atStart := strings.IndexByte(specialAtStart, key[i]) >= 0 || negativeIndex.MatchString(key)
		if strings.IndexByte(specialAnywhere, key[i]) >= 0 || i == 0 && atStart {
			b.WriteByte('\\')
		}
		b.WriteByte(key[i])
	}
	return b.String()
}

// jsonPath reads keys and indexes, "#" (the length) last, see pathReader. Vars
// are put in; what other path languages have beyond that is refused, and never
// taken for a key of that name.
func (b *builder) jsonPath(text string, pos source.Position) JSONPath {
	text, ok := b.fixed(text, pos, "a path", "JSON paths may hold vars only")
	if !ok {
		return nil
	}
	path, wrong, hint := parseJSONPath(text)
	if wrong != "" {
		b.Fail(pos, hint, "%s in JSON path %q", wrong, text)
	}
	return path
}

// fixed is a text with its vars put in; one that changes while running is
// reported.
func (b *builder) fixed(text string, pos source.Position, what, hint string) (string, bool) {
	before := len(b.Errs)
	constant, ok := b.template(text, pos, asPlain).Constant()
	if !ok {
		b.Fail(pos, hint, "%s is fixed: %q changes while running", what, text)
	}
	return constant, ok && len(b.Errs) == before
}

const pathHint = `write keys and indexes with dots, like items.0.id, and \. for a dot in a key`

// pathReader cuts a JSON path: keys and indexes after dots or in brackets,
// from the top, which may be written "$".
type pathReader struct {
	text    string
	at      int
	path    JSONPath
	key     strings.Builder
	escaped bool // the key's first character has a backslash before it
}

// parseJSONPath gives the path, or what is wrong with it and what to write.
func parseJSONPath(text string) (path JSONPath, wrong, hint string) {
	if pointer, isPointer := strings.CutPrefix(strings.TrimPrefix(text, "#"), "/"); isPointer {
		return nil, "a JSON pointer", "did you mean " + strconv.Quote(fromPointer(pointer)) + "?"
	}
	if text == "$" {
		return JSONPath{}, "", ""
	}
	r := pathReader{text: text}
	if rest, rooted := strings.CutPrefix(text, "$."); rooted {
		r.text = rest
	} else if strings.HasPrefix(text, "$[") {
		r.text = text[1:]
	}
	wrong, hint = r.read()
	return r.path, wrong, hint
}

func (r *pathReader) read() (wrong, hint string) {
	for {
		if r.at < len(r.text) && r.text[r.at] == '[' {
			wrong, hint = r.bracket()
		} else {
			wrong, hint = r.dotted()
		}
		if wrong != "" || r.at == len(r.text) {
			return wrong, hint
		}
		if r.text[r.at] == '.' {
			if r.at++; r.at == len(r.text) || r.text[r.at] == '[' {
				return "an empty key", pathHint
			}
		}
	}
}

// dotted reads a key up to the next dot or bracket.
func (r *pathReader) dotted() (wrong, hint string) {
	r.key.Reset()
	r.escaped = false
	for ; r.at < len(r.text) && strings.IndexByte(".[", r.text[r.at]) < 0; r.at++ {
		c := r.text[r.at]
		switch {
		case c == '\\':
			if r.at++; r.at == len(r.text) {
				return `nothing after \`, pathHint
			}
			r.escaped = r.escaped || r.key.Len() == 0
			c = r.text[r.at]
		case strings.IndexByte(specialAnywhere, c) >= 0,
			r.key.Len() == 0 && c != '#' && strings.IndexByte(specialAtStart, c) >= 0:
			if r.key.String() == "#" {
				return `"#" before the end`, pathHint
			}
			return "unsupported " + strconv.Quote(string(c)), specialHint(c)
		}
		r.key.WriteByte(c)
	}
	return r.add(r.key.String())
}

// specialHint is what to write instead of what another path language has.
func specialHint(c byte) string {
	if c == '(' || c == ')' {
		return `items.# is the length of an array; write \( for a ( in a key`
	}
	return pathHint
}

// add appends a key that stood between dots.
func (r *pathReader) add(key string) (wrong, hint string) {
	last := r.at == len(r.text)
	switch {
	case key == "":
		return "an empty key", pathHint
	case key == "#" && r.escaped:
		return `a key named "#", which stands for the length,`, pathHint
	case strings.HasPrefix(key, "#") && !r.escaped && !(key == "#" && last):
		return `"#" before the end`, pathHint
	case negativeIndex.MatchString(key) && !r.escaped:
		return "an index from the end", `count from the start: the first is 0; write \` + key + " for a key of that name"
	}
	r.path = append(r.path, key)
	return "", ""
}

var bracketIndex = regexp.MustCompile(`^\[\s*(0|[1-9][0-9]*)\s*\]`)

// bracket reads [0], ['key'] or ["key"].
func (r *pathReader) bracket() (wrong, hint string) {
	rest := r.text[r.at:]
	key, length := "", 0
	if m := bracketIndex.FindStringSubmatch(rest); m != nil {
		key, length = m[1], len(m[0])
	} else if key, length = quotedKey(rest); length == 0 {
		inside, _, _ := strings.Cut(rest, "]")
		if negativeIndex.MatchString(strings.TrimSpace(inside[1:])) {
			return "an index from the end", "count from the start: the first is 0"
		}
		return `unsupported "["`, `one index or one key in quotes stands in brackets, like items[0]['a key']; write \[ for a [ in a key`
	}
	if key == "#" || key == "" {
		return "a key named " + strconv.Quote(key), pathHint
	}
	r.path = append(r.path, key)
	r.at += length
	if r.at < len(r.text) && r.text[r.at] != '.' && r.text[r.at] != '[' {
		return "text after ]", "write a dot after it, like items[0].id"
	}
	return "", ""
}

// quotedKey is the key in ['key'] or ["key"] and the length of it all; 0 when
// that is not what stands there.
func quotedKey(text string) (key string, length int) {
	if len(text) < 2 || text[1] != '\'' && text[1] != '"' {
		return "", 0
	}
	var out strings.Builder
	for i := 2; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			out.WriteByte(text[i])
		case text[i] == text[1]:
			if i+1 < len(text) && text[i+1] == ']' {
				return out.String(), i + 2
			}
			return "", 0
		default:
			out.WriteByte(text[i])
		}
	}
	return "", 0
}

// fromPointer is the path a JSON pointer (RFC 6901) means, its first slash gone.
func fromPointer(pointer string) string {
	var path JSONPath
	for key := range strings.SplitSeq(pointer, "/") {
		path = append(path, strings.NewReplacer("~1", "/", "~0", "~").Replace(key))
	}
	return path.String()
}
