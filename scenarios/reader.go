package scenarios

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"taskbench/internal/source"
)

// reader collects the problems of one file and reads typed values from nodes.
// A reading function that fails reports, and gives the zero value back, so
// that one pass finds everything.
type reader struct {
	file  string
	text  []byte
	lines []int // offset of each line's first byte
	errs  source.List
	told  map[string]bool // problems already reported, see fail
	about string          // appended to messages while a target's variant is built
}

func newReader(file string, text []byte) *reader {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	lines := []int{0}
	for i, c := range text {
		if c == '\n' {
			lines = append(lines, i+1)
		}
	}
	return &reader{file: file, text: text, lines: lines, told: map[string]bool{}}
}

// fail reports a problem at a place of the file. The same problem at the same
// place is told once: the variants of several targets share most of their text.
func (r *reader) fail(pos source.Position, hint, format string, args ...any) {
	e := source.Errorf(pos, hint, format, args...)
	id := pos.String() + " " + e.Message
	if r.told[id] {
		return
	}
	r.told[id] = true
	e.Message += r.about
	if pos.File == r.file {
		e.In(r.text)
	}
	r.errs.Add(e)
}

// at is a place by line and byte column, moved into the file if it is outside.
func (r *reader) at(line, column int) source.Position {
	line = min(max(line, 1), len(r.lines))
	length := len(source.Excerpt(r.text[r.lines[line-1]:], 1))
	return source.Position{File: r.file, Line: line, Column: min(max(column, 1), length+1)}
}

// atRune is a place by line and column in characters, as the YAML library counts.
func (r *reader) atRune(line, column int) source.Position {
	line = min(max(line, 1), len(r.lines))
	text := source.Excerpt(r.text[r.lines[line-1]:], 1)
	bytes := 0
	for ; column > 1 && bytes < len(text); column-- {
		_, size := utf8.DecodeRuneInString(text[bytes:])
		bytes += size
	}
	return r.at(line, bytes+1)
}

// atOffset is a place by byte offset.
func (r *reader) atOffset(offset int) source.Position {
	line := bytes.Count(r.text[:offset], []byte("\n")) + 1
	return r.at(line, offset-r.lines[line-1]+1)
}

// offset is the byte offset of a place.
func (r *reader) offset(pos source.Position) int {
	return min(r.lines[pos.Line-1]+pos.Column-1, len(r.text))
}

// field is a key a mapping may have, and who reads its value.
type field struct {
	key  string
	read func(*node)
}

// fields reads a mapping by its table. It reports a value that is no mapping
// and keys that are not in the table.
func (r *reader) fields(n *node, what string, table ...field) {
	if !r.want(n, mapping, what) {
		return
	}
	for _, p := range n.pairs {
		read, known := lookup(table, p.key)
		if !known {
			r.fail(p.pos, source.Allowed(p.key, keys(table)), "unknown key %q in %s", p.key, what)
			continue
		}
		if read != nil {
			read(p.value)
		}
	}
}

func lookup(table []field, key string) (func(*node), bool) {
	for _, f := range table {
		if f.key == key {
			return f.read, true
		}
	}
	return nil, false
}

func keys(table []field) []string {
	names := make([]string, len(table))
	for i, f := range table {
		names[i] = f.key
	}
	return names
}

// want reports a node of another kind than the one needed.
func (r *reader) want(n *node, k kind, what string) bool {
	if n.kind == k {
		return true
	}
	if n.refused {
		return false
	}
	hint := map[kind]string{
		mapping:  "write \"key: value\" pairs, indented below",
		sequence: "write one \"- …\" line for each",
	}[k]
	r.fail(n.pos, hint, "%s must be a %s, not %s", what, k, n.describe())
	return false
}

// describe names a value in messages: what the user wrote, not a Go type.
func (n *node) describe() string {
	switch {
	case n.kind == mapping:
		return "a mapping"
	case n.kind == sequence:
		return "a list"
	case n.value == nil:
		return "empty"
	}
	switch n.value.(type) {
	case string:
		return fmt.Sprintf("the text %q", n.text)
	case bool:
		return "the boolean " + n.text
	default:
		return "the number " + n.text
	}
}

// str reads a scalar as text: 8080 and true are "8080" and "true".
func (r *reader) str(n *node, what string) string {
	switch {
	case n.refused:
		return ""
	case n.kind != scalar || n.value == nil:
		r.fail(n.pos, "write it as text", "%s must be text, not %s", what, n.describe())
		return ""
	}
	return n.text
}

func (r *reader) strings(n *node, what string) []string {
	if !r.want(n, sequence, what) {
		return nil
	}
	var out []string
	for _, item := range n.items {
		out = append(out, r.str(item, "each of "+what))
	}
	return out
}

func (r *reader) boolean(n *node, what string) bool {
	v, ok := n.value.(bool)
	if !ok {
		r.fail(n.pos, "true or false", "%s must be true or false, not %s", what, n.describe())
	}
	return v
}

// integer reads a whole number within a range.
func (r *reader) integer(n *node, what string, low, high int64) int {
	v, ok := n.value.(int64)
	if !ok || v < low || v > high {
		r.fail(n.pos, "", "%s must be a whole number from %d to %d, not %s", what, low, high, n.describe())
		return 0
	}
	return int(v)
}

// duration reads "10s", "500ms", "1m30s" within a range.
func (r *reader) duration(n *node, what string, low, high time.Duration) time.Duration {
	d, err := time.ParseDuration(strings.ReplaceAll(n.text, " ", ""))
	switch {
	case n.kind != scalar || n.value == nil:
		r.fail(n.pos, "write it like 10s, 500ms or 1m30s", "%s must be a duration, not %s", what, n.describe())
	case err != nil && isNumber(n.value):
		r.fail(n.pos, fmt.Sprintf("did you mean %ss?", n.text), "%s needs a unit: %s", what, n.text)
	case err != nil:
		r.fail(n.pos, "write it like 10s, 500ms or 1m30s", "%s is not a duration: %q", what, n.text)
	case d < low:
		r.fail(n.pos, "", "%s must be at least %s, not %s", what, short(low), n.text)
	case d > high:
		r.fail(n.pos, "", "%s must be at most %s, not %s", what, short(high), n.text)
	default:
		return d
	}
	return 0
}

// short is a duration without the zero seconds and minutes Go prints: 2m, 24h.
func short(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

func isNumber(v Value) bool {
	switch v.(type) {
	case int64, float64:
		return true
	}
	return false
}

// bigNumber is a decimal number as the nearest float64, infinite beyond them.
func bigNumber(text string) Value {
	f, _ := strconv.ParseFloat(text, 64) // the text is a number; only its range can be wrong
	return f
}
