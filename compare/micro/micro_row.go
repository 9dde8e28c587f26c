package micro

import (
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/plain"
	"taskbench/results"
)

// judge makes rows.
type judge struct {
	statistic Statistic
	rules     verdict.Rules
	rounds    int
}

// row puts one benchmark of all sides together.
func (j judge) row(id string, sides []side) Row {
	first := sides[slices.IndexFunc(sides, func(s side) bool { return s.benchmarks[id] != nil })].benchmarks[id]
	row := Row{ID: id, Group: first.Group, Unit: first.Unit}
	base := sides[0].benchmarks[id]
	for i, s := range sides {
		cell := j.cell(id, s, row.Unit)
		if i == 0 {
			cell.series = j.alone(cell)
		}
		if b := s.benchmarks[id]; i > 0 {
			switch {
			case base == nil:
				cell.NoRatio = noBenchmark(sides[0].label, id)
			case b == nil || b.Unit != base.Unit:
				cell.NoRatio = cell.Missing
			default:
				cell.series = j.pairs(row.Cells[0], cell, sides[0], s)
				cell.Ratio, cell.NoRatio = j.rules.Ratio(figure.PerIteration(row.Unit), cell.series)
				row.Notes = append(row.Notes, differentWork(s.label, base, b)...)
			}
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// cell is one side's figure. A side that measured in another unit than the
// row's has a reason instead.
func (j judge) cell(id string, s side, unit string) Cell {
	cell := Cell{Cell: verdict.Cell{Target: s.label, EachPair: make([]*float64, j.rounds)}}
	b := s.benchmarks[id]
	if b == nil {
		cell.Missing = noBenchmark(s.label, id)
		return cell
	}
	if b.ID != id {
		cell.ID = b.ID
	}
	if b.Unit != unit {
		cell.Missing = finding.Finding{Code: finding.OtherUnit, Target: s.label, Said: []string{id, b.Unit, unit}}
		return cell
	}
	cell.Throughput = b.Throughput
	values := 0
	for _, r := range b.Runs {
		if r.Outliers != nil {
			cell.Outliers, cell.Samples = cell.Outliers+r.Outliers.Total(), cell.Samples+r.Outliers.Samples
		}
		e := j.statistic.of(r)
		if e == nil || !finite(e.Estimate) || r.Round < 1 || r.Round > j.rounds {
			continue
		}
		cell.EachPair[r.Round-1] = &e.Estimate
		values++
		cell.Low, cell.High = &e.Low, &e.High
	}
	if values != 1 {
		cell.Low, cell.High = nil, nil
	}
	if cell.Median = verdict.Median(cell.EachPair); cell.Median == nil {
		cell.Missing = finding.Finding{Code: finding.NoStatistic, Target: s.label, Said: []string{string(j.statistic), id}}
	}
	return cell
}

func noBenchmark(label, id string) finding.Finding {
	return finding.Finding{Code: finding.NoBenchmark, Target: label, Said: []string{id}}
}

// pairs are the rounds that at least one of two sides has.
func (j judge) pairs(base, cand Cell, b, c side) []stats.OrderedPair {
	rounds := make([]int, j.rounds)
	list := verdict.Series(rounds, base.EachPair, cand.Cell, func(i int) bool { return b.position(i+1) < c.position(i+1) })
	return slices.DeleteFunc(list, func(p stats.OrderedPair) bool { return math.IsNaN(p.Base) && math.IsNaN(p.Cand) })
}

// alone are one side's rounds, over 1.
func (j judge) alone(cell Cell) []stats.OrderedPair {
	one, unit := make([]*float64, j.rounds), 1.0
	for i, v := range cell.EachPair {
		if v != nil {
			one[i] = &unit
		}
	}
	list := verdict.Series(make([]int, j.rounds), one, cell.Cell, func(int) bool { return true })
	return slices.DeleteFunc(list, func(p stats.OrderedPair) bool { return math.IsNaN(p.Base) })
}

// differentWork tells of iterations that do not do the same amount of work.
func differentWork(label string, base, cand *results.Microbenchmark) []finding.Finding {
	if len(base.Throughput) == 0 || len(cand.Throughput) == 0 || slices.Equal(base.Throughput, cand.Throughput) {
		return nil
	}
	b, c := base.Throughput[0], cand.Throughput[0]
	return []finding.Finding{{Code: finding.OtherWork, Target: label, Said: []string{c.Unit, b.Unit},
		Values: finding.Values{"amount": c.Amount, "baseline_amount": b.Amount}}}
}

// Row is the benchmark in the form of the rows of load tests.
func (r Row) Row() verdict.Row {
	row := verdict.Row{Metric: figure.PerIteration(plain.Clean(r.Unit)), Better: stats.LowerIsBetter}
	for _, c := range r.Cells {
		row.Cells = append(row.Cells, c.Cell)
	}
	return row
}

// microGroups are the geometric means: a group's, where it has two ratios and
// more of a target, and those of all benchmarks.
func microGroups(c *Comparison) []Group {
	list := []Group{}
	for i := 1; i < len(c.Targets); i++ {
		var names []string
		in := map[string][]Row{}
		var all []Row
		for _, row := range c.Rows {
			if r := row.Cells[i].Ratio; r != nil && r.Verdict != nil {
				if in[row.Group] == nil {
					names = append(names, row.Group)
				}
				in[row.Group] = append(in[row.Group], row)
				all = append(all, row)
			}
		}
		for _, name := range names {
			if len(in[name]) > 1 && len(names) > 1 {
				list = append(list, Group{name, c.Targets[i].Label, overRounds(in[name], i)})
			}
		}
		if len(all) > 1 {
			list = append(list, Group{"", c.Targets[i].Label, overRounds(all, i)})
		}
	}
	return list
}

// overRounds averages benchmarks round by round: what a round did to the process,
// it did to all of them.
func overRounds(rows []Row, target int) stats.Overall {
	things := make([][]stats.Pair, len(rows))
	verdicts := map[stats.Verdict]int{}
	for i, r := range rows {
		base, cand := r.Cells[0].EachPair, r.Cells[target].EachPair
		things[i] = verdict.Joined(base, cand)
		verdicts[r.Cells[target].Ratio.Verdict.Verdict]++
	}
	o := stats.SummariseRounds(things, stats.LowerIsBetter)
	o.Verdicts = verdicts
	return o
}
