package page

import (
	"bytes"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"taskbench/internal/plain"
)

const (
	gap    = "  " // between columns
	margin = "  " // before the first
)

// before is the space in front of a cell of column i.
func (f Form) before(i int) string {
	switch {
	case i == 0:
		return margin
	case f.Columns[i].Group != f.Columns[i-1].Group:
		return gap + gap
	}
	return gap
}

// tables prints a table in the richest form that fits, else those that stand
// for it; their footnotes are numbered together.
func (t *terminal) tables(table Table) {
	var n notes
	if table.Below {
		t.listing(table.Forms[0].marked(&n))
		t.footnotes(n)
		return
	}
	for i, f := range table.fitting(t.width) {
		if i > 0 {
			t.line("")
		}
		t.table(f.marked(&n).drawn(t.width))
	}
	t.footnotes(n)
}

// fitting are the forms to print.
func (t Table) fitting(width int) []Form {
	for _, f := range t.Forms {
		if f.marked(&notes{}).drawn(width).width() <= width {
			return []Form{f}
		}
	}
	if len(t.Apart) == 0 {
		return t.Forms[len(t.Forms)-1:]
	}
	var all []Form
	for _, apart := range t.Apart {
		all = append(all, apart.fitting(width)...)
	}
	return all
}

// width is how wide the form will be printed.
func (f Form) width() int {
	total := 0
	for i, w := range f.widths() {
		total += len(f.before(i)) + w
	}
	return total
}

// widths are those of all columns.
func (f Form) widths() []int {
	widths := make([]int, len(f.Columns))
	for i, c := range f.Columns {
		widths[i] = plain.Width(c.Name)
		for _, r := range f.Rows {
			widths[i] = max(widths[i], plain.Width(r.Cells[i].Text))
		}
	}
	for _, g := range f.groups() {
		if room := f.room(widths, g); plain.Width(g.name) > room {
			widths[g.last] += plain.Width(g.name) - room
		}
	}
	return widths
}

// drawn has bars where cells are shares, signs in its texts, and its flexible
// columns cut to the room that there is. The marks of its footnotes stand already.
func (f Form) drawn(width int) Form {
	f = f.withBars(width).named().aligned()
	for i, c := range f.Columns {
		if c.Least == 0 {
			continue
		}
		room := max(f.widths()[i]-max(f.width()-width, 0), c.Least)
		if c.Most > 0 {
			room = min(room, c.Most)
		}
		f = f.withNames(i, room)
	}
	return f
}

// withNames cuts the names in a column; those that differ stay different.
func (f Form) withNames(column, width int) Form {
	names := make([]string, len(f.Rows))
	for i, r := range f.Rows {
		names[i] = r.Cells[column].Text
	}
	out := Form{Columns: f.Columns, Rows: make([]Row, len(f.Rows)), Band: f.Band}
	for i, name := range cutNames(names, width) {
		out.Rows[i] = f.Rows[i]
		if plain.Width(names[i]) > width {
			out.Rows[i].Cells = slices.Clone(f.Rows[i].Cells)
			out.Rows[i].Cells[column].Text = name
		}
	}
	return out
}

// cutTo cuts all columns to a width.
func (f Form) cutTo(limit int) Form {
	out := Form{Columns: slices.Clone(f.Columns), Rows: make([]Row, len(f.Rows))}
	for i, c := range out.Columns {
		out.Columns[i].Name = plain.Fit(c.Name, limit)
	}
	for n, r := range f.Rows {
		out.Rows[n] = Row{Key: r.Key, Cells: slices.Clone(r.Cells), Title: r.Title}
		for i, c := range r.Cells {
			out.Rows[n].Cells[i].Text = plain.Fit(c.Text, limit)
		}
	}
	return out
}

// within cuts the widest columns, which are those of names, until the form is
// no wider than so many columns. It is the last resort: see Table.
func (f Form) within(width int) Form {
	over := f.width() - width
	if over <= 0 {
		return f
	}
	widths := f.widths()
	limit := slices.Max(widths)
	for gained := 0; gained < over && limit > 1; {
		limit--
		for _, w := range widths {
			if w > limit {
				gained++
			}
		}
	}
	return f.cutTo(limit)
}

// style is how all tables on a terminal look: no frame, a line under the header.
func style(align tw.Alignment) []tablewriter.Option {
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: align},
		Padding:    tw.CellPadding{Global: tw.PaddingNone},
	}
	return []tablewriter.Option{
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbolCustom("lines").WithRow("─").WithCenter("─").WithColumn(""),
			Settings: tw.Settings{
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
				Separators: tw.Separators{ShowHeader: tw.On, ShowFooter: tw.Off, BetweenRows: tw.Off, BetweenColumns: tw.Off},
			},
		})),
		tablewriter.WithConfig(tablewriter.Config{Header: cells, Row: cells, Behavior: tw.Behavior{TrimSpace: tw.Off}}),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithEastAsian(tw.Off),
	}
}

// alignment is figures to the right, words to the left.
func (f Form) alignment() tw.Alignment {
	align := make(tw.Alignment, len(f.Columns))
	for i, c := range f.Columns {
		if align[i] = tw.AlignRight; c.Words {
			align[i] = tw.AlignLeft
		}
	}
	return align
}

// table prints a form.
func (t *terminal) table(f Form) {
	var out bytes.Buffer
	f = f.within(t.width)
	table := tablewriter.NewTable(&out, style(f.alignment())...)
	header, widths := make([]string, len(f.Columns)), f.widths()
	for i, c := range f.Columns {
		header[i] = f.before(i) + beside(c.Name, widths[i], c.Words)
	}
	table.Header(header)
	if line := f.groupLine(widths); line != "" {
		t.line(line)
	}
	for _, r := range f.Rows {
		texts := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			texts[i] = f.before(i) + t.paint.as(c.Mood, c.Text)
		}
		if err := table.Append(texts); err != nil && t.err == nil {
			t.err = err
		}
	}
	if err := table.Render(); err != nil && t.err == nil {
		t.err = err
	}
	for l := range strings.Lines(out.String()) {
		t.line(strings.TrimRight(l, "\n"))
	}
}
