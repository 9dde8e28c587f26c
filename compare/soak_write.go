package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"io"
	"strings"
)

// SoakText writes a soak for people at a terminal.
func SoakText(w io.Writer, c *SoakComparison, o TextOptions) error {
	t := newTextWriter(w, o)
	t.opening(c.title(), c.Targets)
	if len(c.Rows) > 0 {
		for _, g := range c.grids(t.width) {
			t.table(g)
		}
		t.line("")
	}
	for _, l := range c.lines() {
		t.wrapped("  ", clean(l))
	}
	t.notes(c.Notes)
	return t.err
}

// SoakMarkdown writes a soak as Markdown.
func SoakMarkdown(w io.Writer, c *SoakComparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n", escaped(c.title()))
	if len(c.Rows) > 0 {
		markdownTable(&b, c.grid(c.all(), curveWidths[0]))
	}
	b.WriteString("\n")
	bullets(&b, c.lines())
	bullets(&b, c.Notes)
	bullets(&b, references(c.Targets))
	_, err := io.WriteString(w, b.String())
	return err
}

// SoakJSON writes the whole soak for programs.
func SoakJSON(w io.Writer, c *SoakComparison) error { return writeJSON(w, c) }

// SoakCSV writes one line for each figure of each target, unrounded.
func SoakCSV(w io.Writer, c *SoakComparison) error {
	out := newCSV(w)
	lines := [][]string{{"scenario", "target", "name", "unit", "median", "verdict", "slope_per_h", "slope_low_per_h", "slope_high_per_h", "p", "windows"}}
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			line := []string{c.Scenario, cell.Target, r.Name, r.Unit, orEmpty(cell.Median), "", "", "", "", "", ""}
			if d := cell.Drift; d != nil {
				copy(line[5:], []string{string(d.Verdict), figure.Plain(d.SlopePH), figure.Plain(d.LowPH), figure.Plain(d.HighPH), figure.Plain(d.P), fmt.Sprint(d.Windows)})
			}
			lines = append(lines, line)
		}
	}
	return out.WriteAll(lines)
}

func (c *SoakComparison) all() []int {
	list := make([]int, len(c.Targets))
	for i := range list {
		list[i] = i
	}
	return list
}

// curveWidths are how many columns the course of a figure may take, from the
// widest; 0 is none. Up to tightCurve drift is a number with a sign, in words
// below the table only.
var curveWidths = []int{30, 24, 18, 12, 8, 6, 0}

const tightCurve = 8

// grids lays all targets out in one table with as much of the curves as fits,
// else each in a table of its own.
func (c *SoakComparison) grids(width int) []grid {
	if g, fits := c.widest(c.all(), width, curveWidths[:len(curveWidths)-1]); fits {
		return []grid{g}
	}
	var each []grid
	for _, i := range c.all() {
		g, _ := c.widest([]int{i}, width, curveWidths)
		each = append(each, g)
	}
	return each
}

// widest is the table with the longest curves that fit, else with the last.
func (c *SoakComparison) widest(targets []int, width int, curves []int) (g grid, fits bool) {
	for _, columns := range curves {
		if g = c.grid(targets, columns); g.width() <= width {
			return g, true
		}
	}
	return g, false
}

// The names of the columns beside a figure.
const (
	courseColumn = "course"
	driftColumn  = "drift"
)

func (c *SoakComparison) grid(targets []int, curve int) grid {
	g := grid{header: []string{""}, texts: []string{courseColumn, driftColumn}}
	for _, i := range targets {
		g.header = append(g.header, c.Targets[i].Label)
		if curve > 0 {
			g.header = append(g.header, courseColumn)
		}
		g.header = append(g.header, driftColumn)
	}
	for _, r := range c.Rows {
		medians := make([]*float64, len(r.Cells))
		for i, cell := range r.Cells {
			medians[i] = cell.Median
		}
		printed := r.Figure.Texts(medians)
		row := []box{{text: r.Name}}
		for _, i := range targets {
			row = append(row, box{text: printed[i]})
			if curve > 0 {
				row = append(row, box{text: r.Cells[i].course(curve)})
			}
			row = append(row, r.verdict(i, curve <= tightCurve))
		}
		g.rows = append(g.rows, row)
	}
	return g
}

// course draws the figure window by window, from 0, at most so many columns wide.
func (c SoakCell) course(columns int) string {
	var values []float64
	high := 0.0
	for _, v := range c.EachWindow {
		if v != nil {
			values, high = append(values, *v), max(high, *v)
		}
	}
	return spark(values, high, columns)
}

func (r *SoakRow) verdict(target int, tight bool) box {
	text := r.text
	if tight {
		text = r.tightText
	}
	switch d := r.Cells[target].Drift; {
	case d == nil:
		return box{}
	case d.Harmful:
		return box{text(d), bad}
	case d.Verdict == Undecided:
		return box{"too short", faint}
	default:
		return box{text: text(d)}
	}
}
