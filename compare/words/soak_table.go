package words

import (
	"taskbench/compare/sentences"
	"taskbench/compare/soak"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// curveWidths are how many columns the course of a figure may take, from the
// widest; 0 is none. Up to tightCurve drift is a number with a sign, in words
// below the table only.
var curveWidths = []int{30, 24, 18, 12, 8, 6, 0}

const tightCurve = 8

// soakTable lays all targets out in one table with as much of the curves as
// fits, else each in a table of its own.
func soakTable(c *soak.Comparison) page.Table {
	all := make([]int, len(c.Targets))
	var t page.Table
	for i := range c.Targets {
		all[i] = i
		var one page.Table
		for _, columns := range curveWidths {
			one.Forms = append(one.Forms, soakForm(c, []int{i}, columns))
		}
		t.Apart = append(t.Apart, one)
	}
	for _, columns := range curveWidths[:len(curveWidths)-1] {
		t.Forms = append(t.Forms, soakForm(c, all, columns))
	}
	return t
}

func soakForm(c *soak.Comparison, targets []int, curve int) page.Form {
	f := page.Form{Columns: []page.Column{{Words: true}}}
	for _, i := range targets {
		f.Columns = append(f.Columns, page.Column{Name: plain.Clean(c.Targets[i].Label)})
		if curve > 0 {
			f.Columns = append(f.Columns, page.Column{Name: "course", Words: true})
		}
		f.Columns = append(f.Columns, page.Column{Name: "drift", Words: true})
	}
	for _, r := range c.Rows {
		medians := make([]*float64, len(r.Cells))
		for i, cell := range r.Cells {
			medians[i] = cell.Median
		}
		printed := r.Figure.Texts(medians)
		out := page.Row{Key: r.Figure.Key, Cells: []page.Cell{{Text: r.Name}}}
		for _, i := range targets {
			out.Cells = append(out.Cells, soakValue(r.Cells[i], printed[i]))
			if curve > 0 {
				out.Cells = append(out.Cells, page.Cell{Text: drawn(r.Cells[i], curve)})
			}
			out.Cells = append(out.Cells, driftCell(r, r.Cells[i].Drift, curve <= tightCurve))
		}
		f.Rows = append(f.Rows, out)
	}
	return f
}

// soakValue is a figure, or a dash with its reason.
func soakValue(c soak.Cell, printed string) page.Cell {
	cell := page.Cell{Text: printed, Value: c.Median, Of: c.Target}
	if c.Median == nil {
		cell.Notes = []string{sentences.Of(c.Missing)}
	}
	return cell
}

// drawn is the figure window by window, from 0, at most so many columns wide.
func drawn(c soak.Cell, columns int) string {
	var values []float64
	high := 0.0
	for _, v := range c.EachWindow {
		if v != nil {
			values, high = append(values, *v), max(high, *v)
		}
	}
	return page.Spark(values, high, columns)
}

func driftCell(r soak.Row, d *soak.Drift, tight bool) page.Cell {
	text := DriftText
	if tight {
		text = tightDrift
	}
	switch {
	case d == nil:
		return page.Cell{}
	case d.Harmful:
		return page.Cell{Text: text(r, d), Mood: page.Bad}
	case d.Verdict == soak.Undecided:
		return page.Cell{Text: "too short", Mood: page.Faint}
	}
	return page.Cell{Text: text(r, d)}
}
