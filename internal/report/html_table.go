package report

import (
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// table is a page's table with a forest plot beside its ratios: the drawing's
// text alternative is the row it stands in.
type table struct {
	Name           string // for those who cannot see it
	Metric, Target string // of a history
	Header         []heading
	Groups         []group
	Notes          []string
	Forest         *axis // nil without any ratio
	Columns        int
	Several        bool // candidates
}

type heading struct {
	Text   string
	Words  bool
	Ratios bool
}

// group is the rows under one title; "" before the first.
type group struct {
	Title string
	Rows  []row
}

type row struct {
	Key, Label string
	Strong     bool
	Cells      []cell
}

// cell is a printed value beside the value it was printed from.
type cell struct {
	page.Cell
	Words, Ratios bool
	Mark          *mark
}

// newTable draws the richest form of a table.
func newTable(name string, t page.Table) *table {
	form, notes := t.Forms[0].Marked()
	out := &table{Name: plain.Clean(name), Notes: notes, Forest: newAxis(form), Columns: len(form.Columns)}
	for i, c := range form.Columns {
		out.Header = append(out.Header, heading{Text: c.Name, Words: c.Words && i > 0, Ratios: c.Ratios})
		if c.Ratios && out.Forest != nil {
			out.Columns++
		}
	}
	out.Several = out.Columns > len(form.Columns)+1
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

func newRow(r page.Row, columns []page.Column, forest *axis) row {
	out := row{Key: r.Key, Label: plain.Clean(r.Cells[0].Text), Strong: r.Cells[0].Mood == page.Strong}
	for i, c := range r.Cells[1:] {
		one := cell{Cell: c, Words: columns[i+1].Words, Ratios: columns[i+1].Ratios}
		if one.Ratios && forest != nil && shown(c) {
			one.Mark = forest.mark(c)
		}
		out.Cells = append(out.Cells, one)
	}
	return out
}
