package page

import (
	"math"
	"slices"
	"strings"
)

const (
	leastBar = 8
	mostBar  = 60
)

// withBars draws the shares of cells, as long as the width allows.
func (f Form) withBars(width int) Form {
	longest := 0.0
	for _, r := range f.Rows {
		for _, c := range r.Cells {
			if c.Share != nil {
				longest = math.Max(longest, *c.Share)
			}
		}
	}
	if longest == 0 {
		return f
	}
	room := min(max(width-f.width(), leastBar), mostBar)
	rows := make([]Row, len(f.Rows))
	for n, r := range f.Rows {
		rows[n] = Row{Key: r.Key, Cells: slices.Clone(r.Cells), Title: r.Title}
		for i, c := range r.Cells {
			if c.Share != nil {
				rows[n].Cells[i].Text, rows[n].Cells[i].Share = bar(*c.Share/longest, room)+c.Text, nil
			}
		}
	}
	return Form{Columns: f.Columns, Rows: rows}
}

// Parts of a column, an eighth each.
var eighths = []rune(" ▏▎▍▌▋▊▉")

// bar is a share of columns; what is not nothing can be seen.
func bar(share float64, columns int) string {
	n := int(math.Round(share * float64(columns) * 8))
	if share > 0 {
		n = max(n, 1)
	}
	return strings.TrimRight(strings.Repeat("█", n/8)+string(eighths[n%8]), " ")
}
