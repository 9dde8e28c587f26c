package scenarios

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"taskbench/internal/source"
)

// Limits that no honest scenario reaches; they keep a hostile or generated
// file from taking the loader's memory or stack.
const (
	maxFileBytes = 1 << 20
	maxDepth     = 64
	maxNodes     = 100_000 // aliases counted as often as they are used
)

type kind string

const (
	scalar   kind = "scalar"
	mapping  kind = "mapping"
	sequence kind = "list"
)

// node is one YAML value and its place. Anchors, aliases, merge keys and tags
// are resolved; everything after this file sees only these three kinds.
type node struct {
	pos   source.Position
	kind  kind
	value Value   // scalar
	text  string  // scalar: a string's content, anything else as written
	pairs []pair  // mapping, in file order, keys unique
	items []*node // sequence
	size  int     // nodes in this tree

	refused bool // already reported: stands in for a value that cannot be used
}

type pair struct {
	key   string
	pos   source.Position
	value *node
}

// get is the value of a mapping's key, or nil.
func (n *node) get(key string) *node {
	for _, p := range n.pairs {
		if p.key == key {
			return p.value
		}
	}
	return nil
}

// isNull reports a missing value: nothing, ~ or null.
func (n *node) isNull() bool { return n.kind == scalar && n.value == nil }

// parseYAML turns the reader's text into nodes. It returns nil when the text
// is no YAML, or not one document with a mapping; the reader has the errors.
func (r *reader) parseYAML() *node {
	if !r.checkText() {
		return nil
	}
	// The library miscounts lines that end in CR LF; our positions are by line
	// and column, which an end without CR does not change.
	text := bytes.ReplaceAll(r.text, []byte("\r\n"), []byte("\n"))
	file, err := parser.ParseBytes(text, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntaxError(err)
		return nil
	}
	docs := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil })
	if len(docs) == 0 {
		r.fail(r.at(1, 1), "taskbench init writes a sample to start from", "the file is empty")
		return nil
	}
	if len(docs) > 1 {
		r.fail(r.place(docs[1].Body.GetToken()), "put each scenario in a file of its own", "a second YAML document in one file")
	}
	c := converter{reader: r, anchors: map[string]*node{}}
	root := c.convert(docs[0].Body, 0)
	if root.kind != mapping {
		r.fail(root.pos, "start with \"name: my-scenario\"", "a scenario is a mapping of keys, not %s", root.describe())
		return nil
	}
	return root
}

// checkText refuses what the YAML library must not see.
func (r *reader) checkText() bool {
	if len(r.text) > maxFileBytes {
		r.fail(r.at(1, 1), "move big bodies to a file of their own and name it with body_file", "the file is larger than %d KiB", maxFileBytes>>10)
		return false
	}
	if i := invalidByte(r.text); i >= 0 {
		r.fail(r.atOffset(i), "save the file as UTF-8, lines ended by LF or CR LF", "byte 0x%02x cannot stand in a text file", r.text[i])
		return false
	}
	return true
}

// invalidByte is the offset of the first byte that YAML text cannot have, or -1.
func invalidByte(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		bad := c == utf8.RuneError && size == 1
		loneCR := c == '\r' && (i+1 == len(text) || text[i+1] != '\n')
		control := c < ' ' && c != '\t' && c != '\n' && (c != '\r' || loneCR)
		if bad || control || c == 0x7f {
			return i
		}
		i += size
	}
	return -1
}

func (r *reader) syntaxError(err error) {
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) || syntax.Token == nil {
		r.fail(r.at(1, 1), "", "not YAML: %w", err)
		return
	}
	hint := ""
	if strings.Contains(syntax.Message, "reserved character") || strings.Contains(syntax.Message, "not allowed in this context") {
		hint = "put the value in quotes"
	}
	if strings.Contains(syntax.Message, "\t") {
		hint = "indent with spaces"
	}
	r.fail(r.place(syntax.Token), hint, "not YAML: %s", strings.ReplaceAll(syntax.Message, "\t", "\\t"))
}

// place is where a token starts.
func (r *reader) place(t *token.Token) source.Position {
	if t == nil || t.Position == nil {
		return r.at(1, 1)
	}
	return r.atRune(t.Position.Line, t.Position.Column)
}
