package compare

import (
	"bytes"
	"io"
	"math"
	"slices"
	"strings"
)

// Listing is a plain table for people, such as what is stored.
type Listing struct {
	Columns []string
	Figures []string // the columns that stand right
	Rows    [][]string
}

// Text writes the table. Where the terminal is too narrow, the last columns go
// to lines of their own below each row, so that nothing is lost; without a
// Width there is no limit.
func (l Listing) Text(w io.Writer, o TextOptions) error {
	if o.Width <= 0 {
		o.Width = math.MaxInt32
	}
	t := newTextWriter(w, o)
	n := len(l.Columns)
	for n > 1 && l.grid(n).width() > t.width {
		n--
	}
	var drawn bytes.Buffer
	table := newTextWriter(&drawn, o)
	table.table(l.grid(n))
	if table.err != nil {
		return table.err
	}
	at := -2 // the header, and the line under it
	for text := range strings.Lines(drawn.String()) {
		if t.line(strings.TrimRight(text, "\n")); at >= 0 {
			if rest := strings.Join(l.Rows[at][n:], gap); strings.TrimSpace(rest) != "" {
				t.wrapped("      ", clean(rest))
			}
		}
		at++
	}
	return t.err
}

// grid has the first n columns.
func (l Listing) grid(n int) grid {
	g := grid{header: l.Columns[:n]}
	for _, name := range g.header {
		if !slices.Contains(l.Figures, name) {
			g.texts = append(g.texts, name)
		}
	}
	for _, row := range l.Rows {
		boxes := make([]box, n)
		for i := range boxes {
			boxes[i].text = clean(row[i])
		}
		g.rows = append(g.rows, boxes)
	}
	return g
}
