// Package jsonpath reads the paths by which scenarios name values in answers:
// keys and indexes, counted from either end, the members of an array of which
// something holds, and its length.
package jsonpath

import (
	"regexp"
	"strconv"
	"strings"
)

// Path leads to a value from the top of an answer. A segment is a key of an object,
// the index of an array, counted from its end when it is negative, "#", or a filter
// in the form that Filter.String gives. "#" as the last one is the length; before
// that it stands for all elements. A key's dots are escaped in a file (a\.b) and
// plain here.
type Path []string

// Simple reports whether a path has keys and indexes only, or a length behind them.
func (p Path) Simple() bool {
	for i, segment := range p {
		if _, fromEnd := FromEnd(segment); fromEnd || IsFilter(segment) || segment == "#" && i < len(p)-1 {
			return false
		}
	}
	return true
}

// FromEnd is how far from the end of an array a segment counts: 1 is the last.
func FromEnd(segment string) (n int, ok bool) {
	if !negativeIndex.MatchString(segment) {
		return 0, false
	}
	n, err := strconv.Atoi(segment[1:])
	return n, err == nil
}

// Characters that mean something in a JSON path, anywhere in a key or at its
// start, unless a backslash stands before them.
const (
	specialAnywhere = `\.*?|[]()`
	specialAtStart  = `@!{#$/`
)

var negativeIndex = regexp.MustCompile(`^-[1-9][0-9]{0,8}$`)

// String is the path as written in a file, special characters escaped; "$" for
// the whole answer.
func (p Path) String() string {
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
	if key == "#" || IsFilter(key) {
		return key // keys of such names are refused
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

const form = `write keys and indexes with dots, like items.0.id, and \. for a dot in a key`

// reader cuts a JSON path: keys and indexes after dots or in brackets,
// from the top, which may be written "$".
type reader struct {
	text    string
	at      int
	path    Path
	key     strings.Builder
	escaped bool // the key's first character has a backslash before it
}

// Parse gives the path, or what is wrong with it and what to write instead.
func Parse(text string) (path Path, wrong, hint string) {
	if pointer, isPointer := strings.CutPrefix(strings.TrimPrefix(text, "#"), "/"); isPointer {
		return nil, "a JSON pointer", "did you mean " + strconv.Quote(fromPointer(pointer)) + "?"
	}
	if text == "$" {
		return Path{}, "", ""
	}
	r := reader{text: text, path: Path{}}
	if rest, rooted := strings.CutPrefix(text, "$."); rooted {
		r.text = rest
	} else if strings.HasPrefix(text, "$[") {
		r.text = text[1:]
	}
	wrong, hint = r.read()
	if wrong != "" {
		return nil, wrong, hint
	}
	return r.path, "", ""
}

func (r *reader) read() (wrong, hint string) {
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
				return "an empty key", form
			}
		}
	}
}

// dotted reads a key, or a filter, up to the next dot or bracket.
func (r *reader) dotted() (wrong, hint string) {
	if strings.HasPrefix(r.text[r.at:], "#(") {
		return r.filter()
	}
	r.key.Reset()
	r.escaped = false
	for ; r.at < len(r.text) && strings.IndexByte(".[", r.text[r.at]) < 0; r.at++ {
		c := r.text[r.at]
		switch {
		case c == '\\':
			if r.at++; r.at == len(r.text) {
				return `nothing after \`, form
			}
			r.escaped = r.escaped || r.key.Len() == 0
			c = r.text[r.at]
		case strings.IndexByte(specialAnywhere, c) >= 0,
			r.key.Len() == 0 && c != '#' && strings.IndexByte(specialAtStart, c) >= 0:
			return "unsupported " + strconv.Quote(string(c)), specialHint(c)
		}
		r.key.WriteByte(c)
	}
	return r.add(r.key.String())
}

// filter reads "#(field==value)" and what may stand behind it.
func (r *reader) filter() (wrong, hint string) {
	f, length, wrong := readFilter(r.text[r.at:])
	if wrong == "" {
		r.path = append(r.path, f.String())
		r.at += length
		if r.at < len(r.text) && r.text[r.at] != '.' && r.text[r.at] != '[' {
			wrong = "text after )"
		}
	}
	return wrong, filterHint
}

// specialHint is what to write instead of what another path language has.
func specialHint(c byte) string {
	switch c {
	case '(', ')':
		return `items.# is the length of an array; write \( for a ( in a key`
	case '*':
		return "items.#.id is the id of every item"
	}
	return form
}

// add appends a key that stood between dots.
func (r *reader) add(key string) (wrong, hint string) {
	switch {
	case key == "":
		return "an empty key", form
	case r.escaped && (key == "#" || IsFilter(key)):
		return "a key named " + strconv.Quote(key) + ", which stands for something else,", form
	case strings.HasPrefix(key, "#") && !r.escaped && key != "#":
		return `unsupported "#"`, filterHint
	}
	r.path = append(r.path, key)
	return "", ""
}

var (
	bracketIndex = regexp.MustCompile(`^\[\s*(0|-?[1-9][0-9]{0,8})\s*\]`)
	bracketAll   = regexp.MustCompile(`^\[\s*\*\s*\]`)
)

// bracket reads [0], [-1], [*], ['key'] or ["key"].
func (r *reader) bracket() (wrong, hint string) {
	rest := r.text[r.at:]
	key, length := "", 0
	if m := bracketIndex.FindStringSubmatch(rest); m != nil {
		key, length = m[1], len(m[0])
	} else if all := bracketAll.FindString(rest); all != "" {
		return r.all(len(all))
	} else if key, length = quotedKey(rest); length == 0 {
		if strings.HasPrefix(rest, "[?") {
			return `unsupported "[?"`, filterHint
		}
		return `unsupported "["`, `one index or one key in quotes stands in brackets, like items[0]['a key']; write \[ for a [ in a key`
	} else if key == "" || key == "#" || IsFilter(key) {
		return "a key named " + strconv.Quote(key), form
	}
	r.path = append(r.path, key)
	return r.behindBracket(length)
}

// all reads [*]: all elements. Behind it nothing need be done: the array has them.
func (r *reader) all(length int) (wrong, hint string) {
	if r.at+length < len(r.text) {
		r.path = append(r.path, "#")
	}
	return r.behindBracket(length)
}

func (r *reader) behindBracket(length int) (wrong, hint string) {
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
	var path Path
	for key := range strings.SplitSeq(pointer, "/") {
		path = append(path, strings.NewReplacer("~1", "/", "~0", "~").Replace(key))
	}
	return path.String()
}
