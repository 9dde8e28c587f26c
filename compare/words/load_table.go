package words

import (
	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// detail says how much a candidate's columns tell.
type detail struct {
	interval bool // the ratio with its confidence interval
	words    int  // of the verdict: 2 all, 1 without what the interval says, 0 the bare one
	columns  int  // beside the figure: 2 ratio and verdict, 1 ratio with the verdict's sign, 0 none
}

// details from the richest to the barest.
var details = []detail{{true, 2, 2}, {true, 1, 2}, {true, 0, 2}, {false, 0, 2}, {true, 0, 1}, {false, 0, 1}, {false, 0, 0}}

// layouter puts the baseline and some candidates (indexes of Targets) into a table.
type layouter func(candidates []int, d detail) page.Form

// forms lays a table out: all candidates in one with less and less beside each,
// then one table a candidate.
func forms(targets []lineup.Target, lay layouter) page.Table {
	var t page.Table
	together := candidates(targets)
	if len(together) < 2 {
		for _, d := range details {
			t.Forms = append(t.Forms, lay(together, d))
		}
		return t
	}
	for _, d := range details[:4] {
		t.Forms = append(t.Forms, lay(together, d))
	}
	for _, i := range together {
		var one page.Table
		for _, d := range details {
			one.Forms = append(one.Forms, lay([]int{i}, d))
		}
		t.Apart = append(t.Apart, one)
	}
	return t
}

func candidates(targets []lineup.Target) []int {
	list := make([]int, len(targets)-1)
	for i := range list {
		list[i] = i + 1
	}
	return list
}

// scenarioForm is the table of one scenario.
func scenarioForm(targets []lineup.Target, s compare.Scenario, candidates []int, d detail) page.Form {
	f := newForm(targets, s.Rows, candidates, &d)
	step := ""
	for _, r := range s.Rows {
		if !shows(s, r) {
			continue
		}
		label := r.Metric.Name
		if r.Step != "" {
			label = "  " + label
		}
		if r.Step != step {
			step = r.Step
			f.AddTitle(plain.OneLine(step, 40))
		}
		f.Rows = append(f.Rows, row(label, s.Sides, r, candidates, d))
	}
	return f
}

// newForm is an empty table for rows.
func newForm(targets []lineup.Target, rows []verdict.Row, candidates []int, d *detail) page.Form {
	f := page.Form{Columns: columns(targets, rows, candidates, d)}
	for _, r := range rows {
		for _, c := range r.Cells {
			if c.Ratio != nil && c.Ratio.Verdict != nil {
				f.Band = max(f.Band, c.Ratio.Verdict.Margin)
			}
		}
	}
	return f
}

// columns are those of a table, and d without what no row could fill.
func columns(targets []lineup.Target, rows []verdict.Row, candidates []int, d *detail) []page.Column {
	interval, ratio := false, false
	for _, r := range rows {
		for _, i := range candidates {
			if x := r.Cells[i].Ratio; x != nil {
				ratio, interval = true, interval || hasInterval(x)
			}
		}
	}
	d.interval = d.interval && interval
	if !ratio {
		d.columns = min(d.columns, 1) // its dash has the footnote
	}
	beside := []page.Column{{Name: "ratio", Ratios: true}, {Name: "verdict", Words: true}}
	if d.interval {
		beside[0].Name = "ratio [95 % CI]"
	}
	list := []page.Column{{Words: true}, {Name: plain.Clean(targets[0].Label)}}
	for _, i := range candidates {
		list = append(append(list, page.Column{Name: plain.Clean(targets[i].Label)}), beside[:d.columns]...)
	}
	return list
}

// shows reports whether a row is worth a line for people; JSON and CSV have
// them all. In a flow every step is run as often as the others, so their
// throughputs are the scenario's.
func shows(s compare.Scenario, r verdict.Row) bool {
	switch {
	case r.Metric.Hidden, r.Step != "" && r.Metric.Equal(figure.Throughput) && s.Mode == flowMode:
		return false
	case r.Step != "" && r.Metric.Equal(figure.Errors):
		return !spotless(r) // else the scenario's own row says it
	}
	return true
}

const flowMode = "flow"

// spotless reports a row of errors without any.
func spotless(r verdict.Row) bool {
	for _, c := range r.Cells {
		if c.Median != nil && *c.Median != 0 {
			return false
		}
	}
	return true
}

// row is the figures of the baseline and some candidates, with what stands
// beside each of these. sides tell whose figures are no speeds; nil where nobody asked.
func row(label string, sides []compare.Side, r verdict.Row, candidates []int, d detail) page.Row {
	values := make([]*float64, len(r.Cells))
	for i, c := range r.Cells {
		values[i] = c.Median
	}
	printed := r.Metric.Texts(values)
	at := func(i int) page.Cell {
		c := valueCell(r.Cells[i], printed[i])
		if sides != nil && (sides[i].State == compare.Failed || sides[i].State == compare.Refused) {
			c.Mood = page.Faint
		}
		return c
	}
	out := page.Row{Key: r.Metric.Key, Cells: []page.Cell{{Text: label}, at(0)}}
	for _, i := range candidates {
		out.Cells = append(out.Cells, at(i))
		out.Cells = append(out.Cells, compared(r, r.Cells[i], d)...)
	}
	return out
}

// valueCell is a figure, or a dash with its reason.
func valueCell(c verdict.Cell, printed string) page.Cell {
	cell := page.Cell{Text: printed, Value: c.Median, Of: c.Target}
	if c.Median == nil {
		cell.Notes = []string{sentences.Of(c.Missing)}
	}
	return cell
}

// compared fills the columns beside a candidate's figure.
func compared(r verdict.Row, c verdict.Cell, d detail) []page.Cell {
	ratio, verdict := page.Cell{Text: figure.None, Mood: page.Faint}, page.Cell{}
	switch {
	case r.Metric.Held == figure.Nothing:
		ratio = page.Cell{}
	case c.Ratio != nil && c.Ratio.Verdict == nil: // not judged: for those who look for it
		ratio = page.Cell{Value: &c.Ratio.Ratio, Of: c.Target}
	case c.Ratio != nil:
		v := c.Ratio.Verdict
		mood := moodOf(v.Verdict)
		ratio = page.Cell{Text: figure.Ratio(c.Ratio.Ratio), Mood: mood, Value: &c.Ratio.Ratio, Of: c.Target, Drawn: drawnSign(v.Verdict)}
		if hasInterval(c.Ratio) {
			ratio.Low, ratio.High = &v.CI.Low, &v.CI.High
			if d.interval {
				ratio.Text = figure.Interval(c.Ratio.Ratio, v.CI)
			}
		}
		verdict = page.Cell{Text: verdictText(r.Metric, v, d), Mood: mood, Notes: reservations(v)}
		if d.columns == 1 {
			ratio.Mark, ratio.Notes = ratio.Drawn, verdict.Notes
		}
	case c.Difference != nil:
		ratio, verdict = differenceCells(*c.Difference)
	case c.Median != nil || !c.NoRatio.Same(c.Missing):
		ratio.Notes = []string{sentences.Of(c.NoRatio)}
	}
	return []page.Cell{ratio, verdict}[:d.columns]
}

// Against is how a candidate's figure stands against the baseline's: the ratio,
// and what it shows.
func Against(r verdict.Row, target int) (ratio, verdict page.Cell) {
	cells := compared(r, r.Cells[target], details[0])
	return cells[0], cells[1]
}

// differenceCells are the distance of two fractions, and what it means.
func differenceCells(d float64) (points, verdict page.Cell) {
	switch {
	case d == 0:
		return page.Cell{Text: "="}, page.Cell{Text: "same"}
	case d > 0:
		return page.Cell{Text: figure.Points(d), Mood: page.Bad}, page.Cell{Text: "more errors", Mood: page.Bad}
	}
	return page.Cell{Text: figure.Points(d)}, page.Cell{Text: "fewer errors"}
}

// hasInterval reports whether there is one worth showing: two pairs have one
// that spans worlds.
func hasInterval(r *verdict.Ratio) bool {
	return r.Verdict != nil && r.Verdict.CI.Known() && r.Verdict.Verdict != stats.Indicative
}

func moodOf(v stats.Verdict) page.Mood {
	switch v {
	case stats.Faster:
		return page.Good
	case stats.Slower:
		return page.Bad
	}
	return page.Usual
}
