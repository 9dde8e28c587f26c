// Package template is text with references, ${name}, as scenarios have it: cut into
// literals and references, and escaped for its place. What a name means only the
// scenario knows.
package template

import (
	"strings"

	"taskbench/internal/jsonpath"
	"taskbench/internal/source"
)

// Template is text with references, cut at load time: nothing is searched
// while running. Adjacent literals are merged; an empty Template is "".
type Template []Part

// Part is a literal (Ref == nil) or a reference.
type Part struct {
	Literal string
	Ref     *Ref
}

// RefKind says where a reference's value comes from.
type RefKind string

const (
	RefCapture RefKind = "capture" // Name: the capture
	RefColumn  RefKind = "column"  // Name: the feeder, Column: its column
	RefEach    RefKind = "each"    // of the element at hand, Column: a JSON path within it, or ""
	RefBuiltin RefKind = "builtin" // Name: vu iteration run uuid now random pick env seq; Args as written
	RefCall    RefKind = "call"    // Name: a function, Of: what it is given; of item, Args: which element
)

// Ref is one ${...}. References to vars are gone after loading: their values
// stand in the literals.
type Ref struct {
	Kind   RefKind
	Name   string
	Column string
	Path   jsonpath.Path // RefEach only: Column, cut
	Args   []string
	Of     []Template // RefCall only: unescaped
	Escape Escape
	Pos    source.Position
}

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

// Add appends parts and merges neighbouring literals.
func (t Template) Add(parts ...Part) Template {
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
