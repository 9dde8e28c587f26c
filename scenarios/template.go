package scenarios

import (
	"bytes"
	"strings"

	"taskbench/internal/source"
)

// String is the template as a person would write it: references as ${name}.
// It is for messages and comments; escapes are not shown.
func (t Template) String() string {
	var b strings.Builder
	for _, p := range t {
		if p.Ref == nil {
			b.WriteString(p.Literal)
			continue
		}
		b.WriteString(p.Ref.String())
	}
	return b.String()
}

// String is the reference as written: ${name}, ${feeder.column}, ${random(1,9)}.
func (r *Ref) String() string {
	switch {
	case r.Kind == RefColumn || r.Kind == RefEach && r.Column != "":
		return "${" + r.Name + "." + strings.TrimPrefix(r.Column, "\x00") + "}"
	case r.Kind == RefCall:
		return "${" + r.Name + "(" + strings.Join(append(argTexts(r.Of), r.Args...), ",") + ")}"
	case len(r.Args) > 0:
		return "${" + r.Name + "(" + strings.Join(r.Args, ",") + ")}"
	default:
		return "${" + r.Name + "}"
	}
}

// argTexts are what a function is given, as a person would write it.
func argTexts(of []Template) []string {
	var texts []string
	for _, t := range of {
		text := t.String()
		if len(t) == 1 && t[0].Ref != nil {
			text = strings.TrimSuffix(strings.TrimPrefix(text, "${"), "}")
		} else {
			text = `"` + text + `"`
		}
		texts = append(texts, text)
	}
	return texts
}

// Refs are the references of a template, those that functions are given in place
// of the functions.
func (t Template) Refs() []*Ref {
	var out []*Ref
	for _, p := range t {
		switch {
		case p.Ref == nil:
		case p.Ref.Kind != RefCall:
			out = append(out, p.Ref)
		default:
			for _, of := range p.Ref.Of {
				out = append(out, of.Refs()...)
			}
		}
	}
	return out
}

// Constant is the text of a template without references; false if it has any.
func (t Template) Constant() (string, bool) {
	switch {
	case len(t) == 0:
		return "", true
	case len(t) == 1 && t[0].Ref == nil:
		return t[0].Literal, true
	default:
		return "", false
	}
}

// add appends parts and merges neighbouring literals.
func (t Template) add(parts ...Part) Template {
	for _, p := range parts {
		last := len(t) - 1
		switch {
		case p.Ref == nil && p.Literal == "":
		case p.Ref == nil && last >= 0 && t[last].Ref == nil:
			t[last] = Part{Literal: t[last].Literal + p.Literal}
		default:
			t = append(t, p)
		}
	}
	return t
}

// piece is a stretch of template text: literal, or the inside of ${…}.
type piece struct {
	literal string
	expr    string
	isExpr  bool
	pos     source.Position // of the "${"
}

// cut splits text at its references. pos is where the text stands in the
// file; problems are reported.
func (r *reader) cut(text string, pos source.Position) []piece {
	var out []piece
	literal := func(s string) {
		if last := len(out) - 1; last >= 0 && !out[last].isExpr {
			out[last].literal += s
		} else if s != "" {
			out = append(out, piece{literal: s})
		}
	}
	for nth := 0; ; nth++ {
		before, after, found := strings.Cut(text, "${")
		if !found {
			literal(text)
			return out
		}
		if strings.HasSuffix(before, "$") {
			literal(before[:len(before)-1] + "${")
			text = after
			continue
		}
		literal(before)
		at := r.nthRef(pos, nth)
		end := exprEnd(after)
		if end < 0 {
			r.Fail(at, "close it with }, or write $${ for a literal ${", "${ without its }")
			return out
		}
		out = append(out, piece{expr: strings.TrimSpace(after[:end]), isExpr: true, pos: at})
		nth += strings.Count(after[:end], "${")
		text = after[end+1:]
	}
}

// exprEnd is the index of the } that closes an expression, quotes in
// arguments respected; -1 when there is none.
func exprEnd(s string) int {
	var quote byte
	depth := 0 // of brackets
	for i := range len(s) {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case depth > 0 && (c == '"' || c == '\''):
			quote = c
		case c == '(':
			depth++
		case c == ')':
			depth = max(depth-1, 0)
		case c == '}':
			return i
		}
	}
	return -1
}

// nthRef is the place of the nth "${" (from 0) at or after pos: a scalar's
// references are found in the file however the scalar is quoted or folded.
func (r *reader) nthRef(pos source.Position, nth int) source.Position {
	if pos.File != r.File || pos.Line < 1 {
		return pos
	}
	start := r.Offset(pos)
	for ; ; nth-- {
		i := bytes.Index(r.Text[start:], []byte("${"))
		if i < 0 {
			return pos
		}
		if nth == 0 {
			return r.AtOffset(start + i)
		}
		start += i + 2
	}
}
