package page

import (
	"bytes"
	"io"
	"math"
	"strings"

	"taskbench/internal/plain"
)

// Listing writes a plain table for people, such as what is stored; without a
// Width there is no limit.
func Listing(w io.Writer, f Form, o Options) error {
	if o.Width <= 0 {
		o.Width = math.MaxInt32
	}
	return Text(w, Page{Blocks: []Block{Table{Forms: []Form{f}, Below: true}}}, o)
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
