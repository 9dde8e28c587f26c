package compare

import (
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/plain"
	"taskbench/results"
)

// microJudge makes rows.
type microJudge struct {
	statistic MicroStatistic
	rules     rules
	rounds    int
}

// row puts one benchmark of all sides together.
func (j microJudge) row(id string, sides []microSide) MicroRow {
	first := sides[slices.IndexFunc(sides, func(s microSide) bool { return s.benchmarks[id] != nil })].benchmarks[id]
	row := MicroRow{ID: id, Group: first.Group, Unit: first.Unit}
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
				cell.Ratio, cell.NoRatio = j.rules.ratio(figure.PerIteration(row.Unit), cell.series)
				row.Notes = append(row.Notes, differentWork(s.label, base, b)...)
			}
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// cell is one side's figure. A side that measured in another unit than the
// row's has a reason instead.
func (j microJudge) cell(id string, s microSide, unit string) MicroCell {
	cell := MicroCell{Cell: Cell{Target: s.label, EachPair: make([]*float64, j.rounds)}}
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
	if cell.Median = median(cell.EachPair); cell.Median == nil {
		cell.Missing = finding.Finding{Code: finding.NoStatistic, Target: s.label, Said: []string{string(j.statistic), id}}
	}
	return cell
}

func noBenchmark(label, id string) finding.Finding {
	return finding.Finding{Code: finding.NoBenchmark, Target: label, Said: []string{id}}
}

// of takes the statistic out of a run; nil where it has none.
func (s MicroStatistic) of(r results.MicroRun) *results.MicroEstimate {
	switch {
	case s == MicroMean, s == MicroTypical && r.Slope == nil:
		return r.Mean
	case s == MicroSlope, s == MicroTypical:
		return r.Slope
	}
	return r.Median
}

// pairs are the rounds that at least one of two sides has.
func (j microJudge) pairs(base, cand MicroCell, b, c microSide) []stats.OrderedPair {
	rounds := make([]int, j.rounds)
	list := series(rounds, base.EachPair, cand.Cell, func(i int) bool { return b.position(i+1) < c.position(i+1) })
	return slices.DeleteFunc(list, func(p stats.OrderedPair) bool { return math.IsNaN(p.Base) && math.IsNaN(p.Cand) })
}

// alone are one side's rounds, over 1.
func (j microJudge) alone(cell MicroCell) []stats.OrderedPair {
	one, unit := make([]*float64, j.rounds), 1.0
	for i, v := range cell.EachPair {
		if v != nil {
			one[i] = &unit
		}
	}
	list := series(make([]int, j.rounds), one, cell.Cell, func(int) bool { return true })
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
func (r MicroRow) Row() Row {
	row := Row{Metric: figure.PerIteration(plain.Clean(r.Unit)), Better: stats.LowerIsBetter}
	for _, c := range r.Cells {
		row.Cells = append(row.Cells, c.Cell)
	}
	return row
}

// microGroups are the geometric means: a group's, where it has two ratios and
// more of a target, and those of all benchmarks.
func microGroups(c *MicroComparison) []MicroGroup {
	list := []MicroGroup{}
	for i := 1; i < len(c.Targets); i++ {
		var names []string
		in := map[string][]MicroRow{}
		var all []MicroRow
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
				list = append(list, MicroGroup{name, c.Targets[i].Label, overRounds(in[name], i)})
			}
		}
		if len(all) > 1 {
			list = append(list, MicroGroup{"", c.Targets[i].Label, overRounds(all, i)})
		}
	}
	return list
}

// overRounds averages benchmarks round by round: what a round did to the process,
// it did to all of them.
func overRounds(rows []MicroRow, target int) stats.Overall {
	things := make([][]stats.Pair, len(rows))
	verdicts := map[stats.Verdict]int{}
	for i, r := range rows {
		base, cand := r.Cells[0].EachPair, r.Cells[target].EachPair
		things[i] = joined(base, cand)
		verdicts[r.Cells[target].Ratio.Verdict.Verdict]++
	}
	o := stats.SummariseRounds(things, stats.LowerIsBetter)
	o.Verdicts = verdicts
	return o
}
