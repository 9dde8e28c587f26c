// Package yamlfile reads YAML files that people write: it turns text into a
// tree whose every node knows its place, and reads typed values from it, so that
// all problems of a file are reported at once, each where it is.
//
// It knows nothing of what the files mean; scenarios and the configuration are
// read with it.
package yamlfile

import (
	"bytes"
	"slices"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"taskbench/internal/source"
)

// MaxFileBytes bounds a file. Like the limits below it is one that no honest
// file reaches; they keep a hostile or generated one from taking the reader's
// memory or stack.
const MaxFileBytes = 1 << 20

const (
	maxDepth = 64
	maxNodes = 100_000 // aliases counted as often as they are used
	// The library's parser takes time by the square of the keys of one mapping, 45 s
	// for 95,000, and moves all tokens for each value that is left empty.
	maxSiblings = 10_000
	maxEmpty    = 10_000
)

// Parse turns the reader's text into nodes. It returns nil when the text
// is no YAML, or not one document with a mapping; the reader has the errors.
func (r *Reader) Parse() *Node {
	if !r.checkText() {
		return nil
	}
	// The library miscounts lines that end in CR LF; our positions are by line
	// and column, which an end without CR does not change.
	text := bytes.ReplaceAll(r.Text, []byte("\r\n"), []byte("\n"))
	tokens := lexer.Tokenize(string(text))
	if !r.checkDepth(tokens) || !r.checkEntries(tokens) {
		return nil
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntaxError(err)
		return nil
	}
	docs := slices.DeleteFunc(file.Docs, func(d *ast.DocumentNode) bool { return d.Body == nil })
	if len(docs) == 0 {
		r.Fail(r.At(1, 1), "taskbench init writes a sample to start from", "the file is empty")
		return nil
	}
	c := converter{Reader: r, anchors: map[string]*Node{}}
	if len(docs) > 1 {
		r.Fail(c.start(docs[1].Body), "put each document in a file of its own", "a second YAML document in one file")
	}
	root := c.convert(docs[0].Body, 0)
	if root.Kind != Mapping {
		r.Fail(root.Pos, "write \"key: value\" lines", "the file must be a mapping of keys, not %s", root.Describe())
		return nil
	}
	return root
}

// checkText refuses what the YAML library must not see.
func (r *Reader) checkText() bool {
	if len(r.Text) > MaxFileBytes {
		r.Fail(r.At(1, 1), "move big bodies to a file of their own and name it with body_file", "the file is larger than %d KiB", MaxFileBytes>>10)
		return false
	}
	if i := invalidByte(r.Text); i >= 0 {
		r.Fail(r.AtOffset(i), "save the file as UTF-8, lines ended by LF or CR LF", "byte 0x%02x cannot stand in a text file", r.Text[i])
		return false
	}
	return true
}

// checkDepth refuses what opens more than maxDepth values within one another:
// the library's parser takes memory by the square of the depth. Values nested by
// indentation are bounded by the size of the file.
func (r *Reader) checkDepth(tokens token.Tokens) bool {
	flow, inLine, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, inLine = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.TagType, token.AnchorType:
			if flow == 0 {
				inLine++ // "- - - x" is three lists
			}
		}
		if flow > maxDepth || inLine > maxDepth {
			r.Fail(r.place(t), "", "nested too deeply")
			return false
		}
	}
	return true
}

// checkEntries refuses more than the library's parser can take in good time.
func (r *Reader) checkEntries(tokens token.Tokens) bool {
	const hint = "move big bodies to a file of their own and name it with body_file"
	empty, flow := 0, 0
	var open siblings
	for _, t := range tokens {
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType:
			open.close(t.Position.Column)
		case token.MappingValueType:
			if key := t.Prev; flow == 0 && key != nil && open.key(key.Position.Column) > maxSiblings {
				r.Fail(r.place(key), hint, "more than %d keys in one mapping", maxSiblings)
				return false
			}
		}
		if isEmpty(t, flow > 0) {
			empty++
		}
		if empty > maxEmpty {
			r.Fail(r.place(t), hint, "more than %d values are empty", maxEmpty)
			return false
		}
	}
	return true
}

// isEmpty reports whether nothing stands behind a token that a value belongs to.
func isEmpty(t *token.Token, inFlow bool) bool {
	begins := t // the entry that has the value
	switch t.Type {
	case token.MappingValueType:
		if t.Prev != nil {
			begins = t.Prev
		}
	case token.SequenceEntryType, token.MappingKeyType:
	default:
		return false
	}
	next := t.Next
	switch {
	case next == nil:
		return true
	case inFlow:
		return next.Type == token.CollectEntryType || next.Type == token.MappingEndType || next.Type == token.SequenceEndType
	case next.Position.Line == t.Position.Line:
		return false
	}
	list := next.Type == token.SequenceEntryType && t.Type == token.MappingValueType // may stand below its key
	return next.Position.Column < begins.Position.Column || next.Position.Column == begins.Position.Column && !list
}

// siblings counts the keys of the block mappings that are open, the outermost
// first: each stands in a column of its own.
type siblings []struct{ column, keys int }

// close ends the mappings that are further in than a column.
func (s *siblings) close(column int) {
	for len(*s) > 0 && (*s)[len(*s)-1].column > column {
		*s = (*s)[:len(*s)-1]
	}
}

// key counts a key in a column, and returns how many its mapping has.
func (s *siblings) key(column int) int {
	s.close(column)
	if len(*s) == 0 || (*s)[len(*s)-1].column < column {
		*s = append(*s, struct{ column, keys int }{column, 0})
	}
	last := &(*s)[len(*s)-1]
	last.keys++
	return last.keys
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

// place is where a token starts.
func (r *Reader) place(t *token.Token) source.Position {
	if t == nil || t.Position == nil {
		return r.At(1, 1)
	}
	return r.atRune(t.Position.Line, t.Position.Column)
}
