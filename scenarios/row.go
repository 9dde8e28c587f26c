package scenarios

import (
	"slices"
	"strconv"
	"strings"

	"taskbench/internal/template"
	"taskbench/internal/yamlfile"
)

// ofRow is an expectation of which each row of data has its own; nil for any other.
// Alone, a column has the type that it has in JSON, where JSON is expected.
func (b *builder) ofRow(n *yamlfile.Node, what string) Template {
	if n.Kind != yamlfile.Scalar || !isText(n.Value) || !strings.Contains(n.Text, "${") {
		return nil
	}
	pieces := b.cut(n.Text, n.Pos)
	if !slices.ContainsFunc(pieces, b.isColumn) {
		return nil
	}
	before := b.Failed
	var t Template
	if strings.HasPrefix(what, "json ") && len(pieces) == 1 {
		t = b.expand(pieces[0], EscapeJSONValue)
	} else {
		t = b.template(n.Text, n.Pos, asPlain)
	}
	other := func(ref *Ref) bool { return ref.Kind != RefColumn }
	if b.Failed == before && slices.ContainsFunc(t.Refs(), other) {
		b.Fail(n.Pos, "expect columns of data, which are the same until the answer is there", "an expectation is fixed: %q changes while running", n.Text)
	}
	if len(t) == 0 {
		return Template{{Literal: ""}} // reported
	}
	return t
}

// Refs are the columns of data that an expectation compares with.
func (e Expect) Refs() []*Ref {
	var out []*Ref
	if e.StatusOf != nil {
		out = append(out, e.StatusOf)
	}
	for _, m := range e.JSON {
		out = append(out, m.Match.Of.Refs()...)
	}
	for _, m := range e.Headers {
		out = append(out, m.Match.Of.Refs()...)
	}
	for _, m := range e.Body {
		out = append(out, m.Of.Refs()...)
	}
	return out
}

// badRow is the first row, from 1, whose value in a column is bad, and the value; 0
// where none is. Every use of a column asks, so what was found is kept by what it asks for.
func (v *resolver) badRow(ref *Ref, asked string, bad func(text string) bool) (row int, text string) {
	feeder := v.feeders[ref.Name]
	column := slices.Index(feeder.Columns, ref.Column)
	key := ref.Name + "\n" + ref.Column + "\n" + asked
	row, known := v.badRows[key]
	if !known {
		row = slices.IndexFunc(feeder.Rows, func(row []string) bool { return column >= 0 && column < len(row) && bad(row[column]) }) + 1
		v.badRows[key] = row
	}
	if row > 0 {
		text = feeder.Rows[row-1][column]
	}
	return row, text
}

// isColumn tells the column of a feeder, also as ${int(p.id)}.
func (b *builder) isColumn(p piece) bool {
	if !p.isExpr {
		return false
	}
	expr := p.expr
	if _, args, isCall := template.Call(expr); isCall && len(args) > 0 {
		expr = args[0]
	}
	name, _, dotted := strings.Cut(expr, ".")
	_, ok := b.feeders[name]
	return dotted && ok
}

// statusOf is the column that holds the expected status; nil where none is named.
func (b *builder) statusOf(n *yamlfile.Node) *Ref {
	if n.Kind != yamlfile.Scalar || !isText(n.Value) {
		return nil
	}
	pieces := b.cut(n.Text, n.Pos)
	if len(pieces) != 1 || !b.isColumn(pieces[0]) {
		return nil
	}
	t := b.expand(pieces[0], EscapeNone)
	if len(t) != 1 || t[0].Ref == nil {
		return &Ref{} // reported
	}
	ref := t[0].Ref
	row, text := b.badRow(ref, "status", func(text string) bool {
		status, err := strconv.Atoi(text)
		return err != nil || status < 100 || status > 599
	})
	if row > 0 {
		b.Fail(n.Pos, "write a status from 100 to 599 in each row", "row %d of %s has %q in column %s, which is no status", row, b.feeders[ref.Name].File, text, ref.Column)
	}
	return ref
}
