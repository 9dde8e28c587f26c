package page

import (
	"bytes"
	"strings"

	"taskbench/internal/plain"
)

// Listing is a plain table for people, such as what is stored, and as records;
// data is what JSON has. On a terminal as many columns stand beside each other as
// fit.
func Listing(f Form, data any) Page {
	p := Page{Blocks: []Block{Table{Forms: []Form{f}, Below: true}}, Data: data, Wide: true}
	for _, c := range f.Columns {
		p.Records.Header = append(p.Records.Header, c.Name)
	}
	for _, r := range f.Rows {
		var line []string
		for _, c := range r.Cells {
			line = append(line, plain.Clean(c.Text))
		}
		p.Records.Rows = append(p.Records.Rows, line)
	}
	return p
}

// listing prints as many columns as fit, and the others below each row.
func (t *terminal) listing(f Form) {
	n := len(f.Columns)
	for n > 1 && f.first(n).width() > t.width {
		n--
	}
	var drawn bytes.Buffer
	table := &terminal{w: &drawn, width: t.width, paint: t.paint}
	table.table(f.first(n))
	at := -2 // the header, and the line under it
	for text := range strings.Lines(drawn.String()) {
		if t.line(strings.TrimRight(text, "\n")); at >= 0 {
			t.below(f.Rows[at].Cells[n:])
		}
		at++
	}
}

// below writes the cells that had no room.
func (t *terminal) below(cells []Cell) {
	var texts []string
	for _, c := range cells {
		texts = append(texts, c.Text)
	}
	if rest := strings.Join(texts, gap); strings.TrimSpace(rest) != "" {
		t.wrapped("      ", plain.Clean(rest))
	}
}

// first has the first n columns.
func (f Form) first(n int) Form {
	out := Form{Columns: f.Columns[:n]}
	for _, r := range f.Rows {
		out.Rows = append(out.Rows, Row{Cells: r.Cells[:n]})
	}
	return out
}
