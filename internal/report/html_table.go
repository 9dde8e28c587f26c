package report

import (
	"strings"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// table is a page's table with a forest plot beside its ratios: the drawing's
// text alternative is the row it stands in.
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
	Text          string
	Words, Ratios bool
}

// group is the rows under one title; "" before the first.
type group struct {
	Title string
	Rows  []row
}

type row struct {
	Key    string
	First  page.Cell
	Strong bool
	Cells  []cell
}

// cell is a printed value beside the value it was printed from.
type cell struct {
	page.Cell
	Words, Ratios bool
	Mark          *mark
}

// newTable draws the richest form of a table.
func newTable(where drawing, t page.Table) *table {
	form, notes := t.Forms[t.Usual].Marked()
	out := &table{ID: where.id(t.Anchor), Key: t.Key, Name: where.name, Title: plain.Clean(t.Title), Notes: notes, Columns: len(form.Columns)}
	if !t.Bare {
		out.Forest = newAxis(form)
	}
	for i, c := range form.Columns {
		out.Header = append(out.Header, column{plain.Clean(strings.TrimPrefix(c.Group+": "+c.Name, ": ")), c.Words && i > 0, c.Ratios})
		if c.Ratios && out.Forest != nil {
			out.Columns++
		}
	}
	out.Class = tableClass(t, form, out.Columns)
	for _, r := range form.Rows {
		if r.Title || len(out.Groups) == 0 {
			out.Groups = append(out.Groups, group{})
		}
		last := &out.Groups[len(out.Groups)-1]
		if r.Title {
			last.Title = plain.Clean(r.Cells[0].Text)
			continue
		}
		last.Rows = append(last.Rows, newRow(r, form.Columns, out.Forest))
	}
	return out
}

// tableClass is how a table looks: with plots, by the words in it, or as figures
// to look up.
func tableClass(t page.Table, f page.Form, columns int) string {
	words := true
	for _, c := range f.Columns {
		words = words && c.Words
	}
	switch {
	case t.Bare && words:
		return "facts"
	case t.Bare:
		return "values"
	case t.Title != "":
		return "glance"
	case columns > len(f.Columns)+1: // several candidates
		return "comparison several"
	}
	return "comparison"
}

func newRow(r page.Row, columns []page.Column, forest *axis) row {
	out := row{Key: r.Key, First: r.Cells[0], Strong: r.Cells[0].Mood == page.Strong}
	out.First.Text = plain.Clean(out.First.Text)
	for i, c := range r.Cells[1:] {
		one := cell{Cell: c, Words: columns[i+1].Words, Ratios: columns[i+1].Ratios}
		if one.Ratios && forest != nil && shown(c) {
			one.Mark = forest.mark(c)
		}
		out.Cells = append(out.Cells, one)
	}
	return out
}
