package yamlfile

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"taskbench/internal/source"
)

// Reader collects the problems of one file and reads typed values from nodes.
// A reading function that fails reports, and gives the zero value back, so
// that one pass finds everything.
type Reader struct {
	File   string
	Text   []byte
	lines  []int // offset of each line's first byte
	Errs   source.List
	told   map[string]bool   // problems already reported, see fail
	Failed int               // problems, those that were told before counted again
	About  string            // appended to messages while a target's variant is built
	others map[string][]byte // texts of other files that nodes may be of

	runesOf int   // the line that atRune looked at last
	runes   []int // where its characters begin
}

// typographic quotes are letters to YAML.
var typographic = regexp.MustCompile(`^["']?[“”„‘’]`)

// maxErrors bounds what is told of one file: nobody reads more, and each error
// holds its line.
const maxErrors = 200

// NewReader prepares to read a text; file is what its errors call it.
func NewReader(file string, text []byte) *Reader {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	lines := []int{0}
	for i, c := range text {
		if c == '\n' {
			lines = append(lines, i+1)
		}
	}
	return &Reader{File: file, Text: text, lines: lines, told: map[string]bool{}}
}

// Fail reports a problem at a place of the file. The same problem at the same
// place is told once: the variants of several targets share most of their text.
func (r *Reader) Fail(pos source.Position, hint, format string, args ...any) {
	r.FailWith(pos, func() string { return hint }, format, args...)
}

// FailWith is Fail with a hint that takes work to find, such as a name among
// many that may be meant: it is looked for only when the problem is told.
func (r *Reader) FailWith(pos source.Position, hint func() string, format string, args ...any) {
	if r.Failed++; len(r.Errs) > maxErrors {
		return
	}
	e := source.Errorf(pos, "", format, args...)
	id := pos.String() + " " + e.Message
	if r.told[id] {
		return
	}
	if len(r.Errs) == maxErrors {
		e = source.Errorf(pos, "mend the problems above first", "there are more problems than %d", maxErrors)
	} else {
		e.Hint = hint()
	}
	if pos.File == r.File && typographic.MatchString(r.from(pos)) {
		e.Hint = "use straight quotes: \" or '"
	}
	r.told[id] = true
	e.Message += r.About
	if pos.File == r.File {
		e.In(r.Text)
	} else if text := r.others[pos.File]; text != nil {
		e.In(text)
	}
	r.Errs.Add(e)
}

// Take makes the nodes of another file part of this one: problems at their places
// are reported with the lines they stand in. What the other reader found is taken too.
func (r *Reader) Take(other *Reader) {
	if r.others == nil {
		r.others = map[string][]byte{}
	}
	r.others[other.File] = other.Text
	r.Errs = append(r.Errs, other.Errs...)
}

// from is the rest of a line from a place on.
func (r *Reader) from(pos source.Position) string {
	if line := source.Excerpt(r.Text, pos.Line); pos.Column > 0 && pos.Column <= len(line) {
		return line[pos.Column-1:]
	}
	return ""
}

// At is a place by line and byte column, moved into the file if it is outside.
func (r *Reader) At(line, column int) source.Position {
	line = min(max(line, 1), len(r.lines))
	length := len(r.line(line))
	return source.Position{File: r.File, Line: line, Column: min(max(column, 1), length+1)}
}

// line is the text of a line of the file, without its end.
func (r *Reader) line(n int) []byte {
	text := r.Text[r.lines[n-1]:]
	if n < len(r.lines) {
		text = r.Text[r.lines[n-1] : r.lines[n]-1]
	}
	return bytes.TrimSuffix(text, []byte("\r"))
}

// atRune is a place by line and column in characters, as the YAML library
// counts. Where the characters of a line are is kept for the next place, which
// is mostly in the same line: a file of one long line would take time by its
// square.
func (r *Reader) atRune(line, column int) source.Position {
	line = min(max(line, 1), len(r.lines))
	if r.runesOf != line {
		r.runesOf, r.runes = line, r.runes[:0]
		for i := range string(r.line(line)) {
			r.runes = append(r.runes, i)
		}
	}
	if column > len(r.runes) {
		return r.At(line, len(r.line(line))+1)
	}
	return r.At(line, r.runes[max(column, 1)-1]+1)
}

// AtOffset is a place by byte offset.
func (r *Reader) AtOffset(offset int) source.Position {
	line := bytes.Count(r.Text[:offset], []byte("\n")) + 1
	return r.At(line, offset-r.lines[line-1]+1)
}

// Offset is the byte Offset of a place.
func (r *Reader) Offset(pos source.Position) int {
	return min(r.lines[pos.Line-1]+pos.Column-1, len(r.Text))
}

// Field is a key a mapping may have, and who reads its value.
type Field struct {
	Key  string
	Read func(*Node)
}

// On makes a Field: read is called with the value of key; nil only allows it.
func On(key string, read func(*Node)) Field { return Field{Key: key, Read: read} }

// Fields reads a mapping by its table. It reports a value that is no mapping
// and keys that are not in the table.
func (r *Reader) Fields(n *Node, what string, table ...Field) {
	if !r.Want(n, Mapping, what) {
		return
	}
	for _, p := range n.Pairs {
		read, known := lookup(table, p.Key)
		if !known {
			r.FailWith(p.Pos, func() string { return source.Allowed(p.Key, keys(table)) }, "unknown key %q in %s", p.Key, what)
			continue
		}
		if read != nil {
			read(p.Value)
		}
	}
}

func lookup(table []Field, key string) (func(*Node), bool) {
	for _, f := range table {
		if f.Key == key {
			return f.Read, true
		}
	}
	return nil, false
}

func keys(table []Field) []string {
	names := make([]string, len(table))
	for i, f := range table {
		names[i] = f.Key
	}
	return names
}

// Want reports a node of another kind than the one needed.
func (r *Reader) Want(n *Node, k Kind, what string) bool {
	if n.Kind == k {
		return true
	}
	if n.refused {
		return false
	}
	r.Fail(n.Pos, n.instead(k), "%s must be a %s, not %s", what, k, n.Describe())
	return false
}

var (
	gluedColon = regexp.MustCompile(`^([\w.-]+):(\S.*)$`)
	equalsSign = regexp.MustCompile(`^([\w.-]+)\s*=\s*(.+)$`)
)

// instead is how to write a node that is to be of another kind.
func (n *Node) instead(k Kind) string {
	switch {
	case k == Sequence && n.Kind == Mapping:
		return "begin each with a dash: - key: value"
	case k == Sequence:
		return "write one \"- …\" line for each"
	case n.Kind == Sequence:
		return "write \"key: value\" pairs, without dashes and brackets"
	}
	for _, pattern := range []*regexp.Regexp{gluedColon, equalsSign} {
		if m := pattern.FindStringSubmatch(n.Text); m != nil {
			return fmt.Sprintf("write a colon and a blank: %s: %s", m[1], m[2])
		}
	}
	return "write \"key: value\" pairs, indented below"
}

// Describe names a value in messages: what the user wrote, not a Go type.
func (n *Node) Describe() string {
	switch {
	case n.Kind == Mapping:
		return "a mapping"
	case n.Kind == Sequence:
		return "a list"
	case n.Value == nil:
		return "empty"
	}
	switch n.Value.(type) {
	case string:
		return fmt.Sprintf("the text %q", n.Text)
	case bool:
		return "the boolean " + n.Text
	default:
		return "the number " + n.Text
	}
}

// Str reads a scalar as text: 8080 and true are "8080" and "true".
func (r *Reader) Str(n *Node, what string) string {
	switch {
	case n.refused:
		return ""
	case n.Kind != Scalar || n.Value == nil:
		r.Fail(n.Pos, "write it as text", "%s must be text, not %s", what, n.Describe())
		return ""
	}
	return n.Text
}

func (r *Reader) Strings(n *Node, what string) []string {
	if !r.Want(n, Sequence, what) {
		return nil
	}
	var out []string
	for _, item := range n.Items {
		out = append(out, r.Str(item, "each of "+what))
	}
	return out
}

func (r *Reader) Bool(n *Node, what string) bool {
	v, ok := n.Value.(bool)
	if !ok {
		r.Fail(n.Pos, "true or false", "%s must be true or false, not %s", what, n.Describe())
	}
	return v
}

// Integer reads a whole number within a range.
func (r *Reader) Integer(n *Node, what string, low, high int64) int {
	v, ok := n.Value.(int64)
	if !r.Clear(n) {
		return 0
	}
	if !ok || v < low || v > high {
		r.Fail(n.Pos, wholeHint(n), "%s must be a whole number from %d to %d, not %s", what, low, high, n.Describe())
		return 0
	}
	return int(v)
}

var (
	grouped = regexp.MustCompile(`^[0-9]{1,3}([,' ][0-9]{3})+$`)
	runOn   = regexp.MustCompile(`^[0-9]+ +([\w.-]+): `) // {connections: 5 duration: 3s}
)

// wholeHint is how to write a number that is text.
func wholeHint(n *Node) string {
	digits, _, glued := strings.Cut(n.Text, "#")
	_, isText := n.Value.(string)
	_, err := strconv.Atoi(digits)
	switch {
	case !isText:
		return ""
	case grouped.MatchString(n.Text):
		return "write it without marks between digits: " + strings.NewReplacer(",", "", "'", "", " ", "").Replace(n.Text)
	case runOn.MatchString(n.Text):
		return "put a comma before " + runOn.FindStringSubmatch(n.Text)[1]
	case glued && err == nil:
		return "put a blank before the # of a comment"
	case err == nil:
		return "leave the quotes out: " + digits
	}
	return ""
}

func isNumber(v any) bool {
	switch v.(type) {
	case int64, float64:
		return true
	}
	return false
}

// bigNumber is a decimal number as the nearest float64, infinite beyond them.
func bigNumber(text string) any {
	f, _ := strconv.ParseFloat(text, 64) // the text is a number; only its range can be wrong
	return f
}
