package compare

import (
	"bytes"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// painter adds colour, or not.
type painter bool

var ansi = map[style]string{good: "32", bad: "31", faint: "2", strong: "1"}

func (p painter) as(s style, text string) string {
	code := ansi[s]
	if !p || code == "" || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// layouter puts the baseline and some candidates into a grid.
type layouter func(candidates []int, d detail, notes *footnotes) grid

// fit lays a table out in the richest way that the width allows: all
// candidates in one with less and less beside each, then one table a
// candidate.
func (t *textWriter) fit(together []int, lay layouter, notes *footnotes) []grid {
	if len(together) < 2 {
		g, _ := t.richest(together, details, lay, notes)
		return []grid{g}
	}
	if g, fits := t.richest(together, details[:4], lay, notes); fits {
		return []grid{g}
	}
	var each []grid
	for _, i := range together {
		g, _ := t.richest([]int{i}, details, lay, notes)
		each = append(each, g)
	}
	return each
}

// richest is the first that fits, else the last.
func (t *textWriter) richest(candidates []int, from []detail, lay layouter, notes *footnotes) (g grid, fits bool) {
	for i, d := range from {
		tried := footnotes{append([]string(nil), notes.reasons...)}
		g = lay(candidates, d, &tried)
		if fits = g.width() <= t.width; fits || i == len(from)-1 {
			if fits || len(candidates) < 2 {
				*notes = tried
			}
			return g, fits
		}
	}
	return g, false
}

const (
	gap    = "  " // between columns
	margin = "  " // before the first
)

// before is the space in front of a cell of column i.
func before(i int) string {
	if i == 0 {
		return margin
	}
	return gap
}

// width is how wide the grid will be printed.
func (g grid) width() int {
	total := len(margin) - len(gap)
	for _, w := range g.columns() {
		total += w + len(gap)
	}
	return total
}

// columns are the widths of all columns.
func (g grid) columns() []int {
	widths := make([]int, len(g.header))
	for i, name := range g.header {
		widths[i] = textWidth(name)
		for _, row := range g.rows {
			widths[i] = max(widths[i], textWidth(row[i].text))
		}
	}
	return widths
}

// within cuts the widest columns, which are those of names, until the grid is
// no wider than so many columns. It is the last resort: see richest.
func (g grid) within(width int) grid {
	over := g.width() - width
	if over <= 0 {
		return g
	}
	widths := g.columns()
	limit := slices.Max(widths)
	for gained := 0; gained < over && limit > 1; {
		limit--
		for _, w := range widths {
			if w > limit {
				gained++
			}
		}
	}
	cut := grid{texts: g.texts}
	for _, name := range g.header {
		cut.header = append(cut.header, shortened(name, limit))
	}
	for _, row := range g.rows {
		boxes := slices.Clone(row)
		for i := range boxes {
			boxes[i].text = shortened(boxes[i].text, limit)
		}
		cut.rows = append(cut.rows, boxes)
	}
	return cut
}

// shortened leaves what fits as it is, indentation included.
func shortened(text string, width int) string {
	if textWidth(text) <= width {
		return text
	}
	return oneLine(text, width)
}

// table prints a grid: no frame, a line under the header, figures to the right.
func (t *textWriter) table(g grid) {
	var out bytes.Buffer
	align := make(tw.Alignment, len(g.header))
	for i := range align {
		if align[i] = tw.AlignRight; g.left(i) {
			align[i] = tw.AlignLeft
		}
	}
	cells := tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: align},
		Padding:    tw.CellPadding{Global: tw.PaddingNone},
	}
	g = g.within(t.width)
	table := tablewriter.NewTable(&out,
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
	)
	header := make([]string, len(g.header))
	for i, name := range g.header {
		header[i] = before(i) + name
	}
	table.Header(header)
	for _, row := range g.rows {
		texts := make([]string, len(row))
		for i, b := range row {
			texts[i] = before(i) + t.paint.as(b.style, b.text)
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
