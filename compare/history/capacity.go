package history

import (
	"taskbench/compare"
	"taskbench/compare/capacity"
	"taskbench/compare/lineup"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// ofCapacity is a search as a comparison whose only row are the rates that servers
// carry; what a series is of is the scenario with the objective.
func ofCapacity(run []results.Document, o lineup.Options) (*compare.Comparison, error) {
	found, err := capacity.New(run, o)
	if err != nil {
		return nil, err
	}
	s := compare.Scenario{Name: found.Scenario, Title: found.Title, Hash: run[0].Scenarios[0].Hash + " " + found.Objective, Sender: run[0].Sender()}
	row := verdict.Row{Metric: figure.Capacity}
	for _, side := range found.Sides {
		cell := verdict.Cell{Target: side.Target}
		for _, each := range side.Each {
			var v *float64
			if each.EstimatePS > 0 {
				v = &each.EstimatePS
			}
			cell.EachPair = append(cell.EachPair, v)
		}
		if side.Outcome == capacity.Found {
			cell.Median = &side.Rate
		}
		if j := side.Against; j != nil && j.Ratio > 0 {
			cell.Ratio = &verdict.Ratio{Ratio: j.Ratio, Low: j.Ratio, High: j.Ratio, Pairs: j.Pairs, Verdict: &verdict.Verdict{Judgement: *j}}
		}
		row.Cells = append(row.Cells, cell)
		s.Sides = append(s.Sides, compare.Side{Target: side.Target, State: compare.Measured})
	}
	s.Rows = []verdict.Row{row}
	return &compare.Comparison{Targets: found.Targets, Scenarios: []compare.Scenario{s}}, nil
}
