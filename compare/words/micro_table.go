package words

import (
	"fmt"
	"slices"

	"taskbench/compare/micro"
	"taskbench/compare/sentences"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
	"taskbench/results"
)

// A benchmark's id may take so many columns of a terminal.
const (
	leastID = 20
	mostID  = 44
)

// microForm is a line for each benchmark, a fainter one with its throughput, and
// a group's geometric mean under the group.
func microForm(c *micro.Comparison, candidates []int, d detail) page.Form {
	var rows []verdict.Row
	for _, r := range c.Rows {
		rows = append(rows, r.Row())
	}
	f := newForm(c.Targets, rows, candidates, &d)
	f.Columns[0].Least, f.Columns[0].Most = leastID, mostID
	for n, r := range c.Rows {
		one := row(r.ID, nil, rows[n], candidates, d)
		one.Key, one.Cells[0].Notes = r.ID, sentences.All(r.Notes)
		otherNames(r, one.Cells)
		f.Rows = append(f.Rows, one)
		if label, printed := speeds(r); label != "" {
			f.Rows = append(f.Rows, faintRow("  "+label, printed, candidates, d))
		}
		if last := n+1 == len(c.Rows) || c.Rows[n+1].Group != r.Group; last {
			addMeans(&f, c, r.Group, "geometric mean of "+r.Group, candidates, d)
		}
	}
	addMeans(&f, c, "", "geometric mean of all", candidates, d)
	return f
}

// otherNames tell which benchmark a figure is of, where its target calls it
// something else.
func otherNames(r micro.Row, cells []page.Cell) {
	for i := range cells {
		at := slices.IndexFunc(r.Cells, func(m micro.Cell) bool { return m.Target == cells[i].Of })
		if at >= 0 && r.Cells[at].ID != "" && cells[i].Value == r.Cells[at].Median {
			cells[i].Notes = append(cells[i].Notes, fmt.Sprintf("%s calls it %s", r.Cells[at].Target, r.Cells[at].ID))
		}
	}
}

// faintRow has figures and nothing beside them.
func faintRow(label string, printed []string, candidates []int, d detail) page.Row {
	r := page.Row{Key: "work", Cells: []page.Cell{{Text: label, Mood: page.Faint}, {Text: printed[0], Mood: page.Faint}}}
	for _, i := range candidates {
		r.Cells = append(append(r.Cells, page.Cell{Text: printed[i], Mood: page.Faint}), make([]page.Cell, d.columns)...)
	}
	return r
}

// addMeans adds the line of a group's geometric means, if there are any.
func addMeans(f *page.Form, c *micro.Comparison, group, label string, candidates []int, d detail) {
	r := page.Row{Key: "mean " + group, Cells: []page.Cell{{Text: plain.Clean(label), Mood: page.Strong}, {}}}
	found := false
	for _, i := range candidates {
		beside := make([]page.Cell, 2)
		at := slices.IndexFunc(c.Groups, func(m micro.Group) bool { return m.Group == group && m.Target == c.Targets[i].Label })
		if at >= 0 {
			found = true
			o := &c.Groups[at].Overall
			beside[0] = page.Cell{Text: figure.Ratio(o.Ratio), Value: &o.Ratio, Of: c.Targets[i].Label}
			if d.interval && o.CI.Known() {
				beside[0].Text = figure.Interval(o.Ratio, o.CI)
			}
			beside[1] = page.Cell{Text: verdictCounts(o.Verdicts), Mood: page.Faint}
		}
		r.Cells = append(append(r.Cells, page.Cell{}), beside[:d.columns]...)
	}
	if found && d.columns > 0 {
		f.Rows = append(f.Rows, r)
	}
}

// speeds are the units of work a second that a row's throughputs have, with
// the figure of every cell; only wall-clock rows have any.
func speeds(row micro.Row) (label string, printed []string) {
	if row.Unit != "ns" {
		return "", nil
	}
	var work *results.MicroThroughput
	values := make([]*float64, len(row.Cells))
	for i, c := range row.Cells {
		if len(c.Throughput) == 0 || c.Median == nil || !(*c.Median > 0) {
			continue
		}
		t := c.Throughput[0]
		if work == nil {
			work = &t
		}
		if t.Unit == work.Unit {
			const nsPerS = 1e9
			perSecond := t.Amount / *c.Median * nsPerS
			values[i] = &perSecond
		}
	}
	if work == nil {
		return "", nil
	}
	unit := map[string]string{"bytes": "B/s", "bits": "bit/s", "elements": "elem/s"}[work.Unit]
	if unit == "" {
		unit = plain.Clean(work.Unit) + "/s"
	}
	return figure.Plain(work.Amount) + " " + plain.Clean(work.Unit), figure.Of(unit).Texts(values)
}
