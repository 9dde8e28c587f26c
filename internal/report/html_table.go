package report

import (
	"strings"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// table is a page's table with a plot beside its ratios: the drawing's text
// alternative is the cell it stands in.
type table struct {
	ID, Key string
	Name    string // for those who cannot see it
	Title   string // for everybody
	Class   string
	Header  []column
	Groups  []group
	Notes   []string
	Forest  *axis // nil without any ratio
	Columns int
}

type column struct {
	Text, Note     string
	Words, Plotted bool
}

// group is the rows under one title; "" before the first.
type group struct {
	Title string
	Rows  []row
}

type row struct {
	Key   string
	First page.Cell
	Sum   bool
	Cells []cell
}

// cell is a printed value beside the value it was printed from.
type cell struct {
	page.Cell
	Words, Plotted bool
	Sign           string
	Place          *mark
	Column         string // the name of its column
	Span           int    // how many columns it takes
}

// newTables draws tables that follow each other: those that lead have one axis, so
// that the eye can compare them.
func newTables(where drawing, list []page.Block) (out []block) {
	var forms []page.Form
	for _, b := range list {
		forms = append(forms, usual(b.(page.Table)))
	}
	axis := newAxis(forms...)
	for _, b := range list {
		out = append(out, block{Table: newTable(where, b.(page.Table), axis)})
	}
	return out
}

func usual(t page.Table) page.Form { return t.Forms[t.Usual] }

// newTable draws the usual form of a table.
func newTable(where drawing, t page.Table, forest *axis) *table {
	form, notes := noted(usual(t))
	out := &table{ID: where.id(t.Anchor), Key: t.Key, Name: where.name, Title: plain.Clean(t.Title), Notes: notes, Columns: len(form.Columns)}
	if newAxis(form) != nil {
		out.Forest = forest
	}
	for i, c := range form.Columns {
		out.Header = append(out.Header, column{plain.Clean(strings.TrimPrefix(c.Group+": "+c.Name, ": ")), plain.Clean(c.Note), c.Words && i > 0, plotted(c) && out.Forest != nil})
	}
	out.Class = tableClass(t, form)
	for _, r := range form.Rows {
		if r.Title || len(out.Groups) == 0 {
			out.Groups = append(out.Groups, group{})
		}
		last := &out.Groups[len(out.Groups)-1]
		if r.Title {
			last.Title = plain.Clean(r.Cells[0].Text)
			continue
		}
		last.Rows = append(last.Rows, newRow(r, out.Header, out.Forest))
	}
	return out
}

// noted is a form whose footnotes stand in its texts, and the notes; its signs
// stand apart.
func noted(f page.Form) (page.Form, []string) {
	signs := make([][]string, len(f.Rows))
	bare := f
	bare.Rows = nil
	for n, r := range f.Rows {
		one := page.Row{Key: r.Key, Title: r.Title}
		for _, c := range r.Cells {
			signs[n] = append(signs[n], c.Mark)
			c.Mark = ""
			one.Cells = append(one.Cells, c)
		}
		bare.Rows = append(bare.Rows, one)
	}
	marked, notes := bare.Marked()
	for n := range marked.Rows {
		for i := range marked.Rows[n].Cells {
			marked.Rows[n].Cells[i].Mark = signs[n][i]
		}
	}
	return marked, notes
}

// tableClass is how a table looks: the answer, with plots, by the words in it, or
// as figures to look up.
func tableClass(t page.Table, f page.Form) string {
	words := true
	for _, c := range f.Columns {
		words = words && c.Words
	}
	switch {
	case t.Bare && words:
		return "facts"
	case t.Bare:
		return "values"
	case t.Leads:
		return "leads"
	}
	return "comparison"
}

func newRow(r page.Row, columns []column, forest *axis) row {
	out := row{Key: r.Key, First: r.Cells[0], Sum: r.Cells[0].Mood == page.Strong}
	out.First.Text = plain.Clean(out.First.Text)
	for i, c := range r.Cells[1:] {
		is := columns[i+1]
		c.Text = page.Tied(c.Text)
		one := cell{Cell: c, Words: is.Words, Plotted: is.Plotted, Sign: c.Mark, Column: is.Text, Span: 1}
		if one.Plotted && shown(c) {
			one.Place = forest.mark(c, out.Sum)
		}
		if i+2 == len(r.Cells) {
			one.Span = len(columns) - i - 1
		}
		out.Cells = append(out.Cells, one)
	}
	return out
}
