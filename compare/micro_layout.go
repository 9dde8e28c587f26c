package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"slices"
	"strings"

	"taskbench/compare/stats"
)

// idWidth is how many columns a benchmark's id may take in a terminal.
const idWidth = 44

// microLayout puts benchmarks into a grid: a line for each, a fainter one with
// its throughput, and a group's geometric mean under the group.
func microLayout(c *MicroComparison, candidates []int, d detail, idWidth int, notes *footnotes) grid {
	var rows []Row
	var ids []string
	for _, r := range c.Rows {
		rows, ids = append(rows, r.row()), append(ids, r.ID)
	}
	ids = cutNames(ids, idWidth)
	g := grid{header: header(&Comparison{Targets: c.Targets}, rows, candidates, &d)}
	for n, r := range c.Rows {
		g.rows = append(g.rows, microLine(r, rows[n], ids[n], candidates, d, notes))
		if label, printed := speeds(r); label != "" {
			g.rows = append(g.rows, plainLine("  "+label, printed, candidates, d))
		}
		if last := n+1 == len(c.Rows) || c.Rows[n+1].Group != r.Group; last {
			g.means(c, r.Group, "geometric mean of "+oneLine(r.Group, idWidth-18), candidates, d)
		}
	}
	g.means(c, "", "geometric mean of all", candidates, d)
	return g
}

// row is the form that tables of load tests are made of.
func (r MicroRow) row() Row {
	row := Row{Metric: figure.PerIteration(r.Unit), Better: stats.LowerIsBetter}
	for _, c := range r.Cells {
		row.Cells = append(row.Cells, Cell{
			Target: c.Target, Median: c.Value, EachPair: c.EachRound, Missing: c.Missing, Ratio: c.Ratio, NoRatio: c.NoRatio,
		})
	}
	return row
}

func microLine(r MicroRow, row Row, label string, candidates []int, d detail, notes *footnotes) []box {
	values := make([]*float64, len(r.Cells))
	for i, c := range r.Cells {
		values[i] = c.Value
	}
	printed := figure.Of(clean(r.Unit)).Texts(values)
	for _, n := range r.Notes {
		label += notes.mark(n)
	}
	boxes := []box{{label, usual}, microBox(r.Cells[0], row.Cells[0], printed[0], notes)}
	for _, i := range candidates {
		boxes = append(boxes, microBox(r.Cells[i], row.Cells[i], printed[i], notes))
		boxes = append(boxes, compared(row, row.Cells[i], d, notes)...)
	}
	return boxes
}

// microBox is a figure, with the name it was measured under where another.
func microBox(m MicroCell, c Cell, printed string, notes *footnotes) box {
	b := figureBox(Side{}, c, printed, notes)
	if m.ID != "" {
		b.text += notes.mark(fmt.Sprintf("%s calls it %s", m.Target, m.ID))
	}
	return b
}

// plainLine has figures and nothing beside them.
func plainLine(label string, printed []string, candidates []int, d detail) []box {
	boxes := []box{{label, faint}, {printed[0], faint}}
	for _, i := range candidates {
		boxes = append(append(boxes, box{printed[i], faint}), make([]box, d.columns)...)
	}
	return boxes
}

// means adds the line of a group's geometric means, if there are any.
func (g *grid) means(c *MicroComparison, group, label string, candidates []int, d detail) {
	boxes := []box{{label, strong}, {}}
	found := false
	for _, i := range candidates {
		beside := make([]box, 2)
		at := slices.IndexFunc(c.Groups, func(m MicroGroup) bool { return m.Group == group && m.Target == c.Targets[i].Label })
		if at >= 0 {
			found = true
			o := c.Groups[at].Overall
			beside[0] = box{ratioText(o.Ratio), usual}
			if d.interval && o.CI.Known() {
				beside[0].text = intervalText(o.Ratio, o.CI)
			}
			beside[1] = box{verdictCounts(o.Verdicts), faint}
		}
		boxes = append(append(boxes, box{}), beside[:d.columns]...)
	}
	if found && d.columns > 0 {
		g.rows = append(g.rows, boxes)
	}
}

// verdictCounts is "3 faster, 1 parity".
func verdictCounts(counts map[stats.Verdict]int) string {
	var parts []string
	for _, v := range []stats.Verdict{stats.Faster, stats.Slower, stats.Parity, stats.Inconclusive, stats.Indicative} {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	return strings.Join(parts, ", ")
}

// outlierLine says how many samples lie far from the others, and where most.
func outlierLine(c *MicroComparison) string {
	var parts []string
	for i, t := range c.Targets {
		outliers, samples, worst, where := 0, 0, 0.0, ""
		for _, r := range c.Rows {
			cell := r.Cells[i]
			outliers, samples = outliers+cell.Outliers, samples+cell.Samples
			if share := float64(cell.Outliers) / float64(max(cell.Samples, 1)); share > worst {
				worst, where = share, r.ID
			}
		}
		if samples == 0 {
			continue
		}
		part := fmt.Sprintf("%s %s of %s", t.Label, figure.Grouped(uint64(outliers)), figure.Grouped(uint64(samples)))
		if where != "" && len(c.Rows) > 1 {
			part += fmt.Sprintf(", most in %s: %s", where, figure.Percent(worst))
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ""
	}
	return "samples beyond Tukey's fences (counted, never dropped): " + strings.Join(parts, "; ")
}

// microTitle is "median of one iteration · 12 benchmarks · 6 rounds".
func microTitle(c *MicroComparison) string {
	rounds := 0
	for _, r := range c.Rows {
		rounds = max(rounds, len(r.Cells[0].EachRound))
	}
	return fmt.Sprintf("%s of one iteration · %s · %s", c.Statistic, figure.Count(len(c.Rows), "benchmark"), figure.Count(rounds, "round"))
}

// microFooters are what stands under the table: why verdicts are only
// indicative, and the outliers.
func microFooters(c *MicroComparison) []string {
	var rows []Row
	var ids []string
	for _, r := range c.Rows {
		rows, ids = append(rows, r.row()), append(ids, r.ID)
	}
	ids = cutNames(ids, idWidth)
	lines := legend(rows)
	if l := outlierLine(c); l != "" {
		lines = append(lines, l)
	}
	return lines
}
