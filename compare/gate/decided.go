package gate

import (
	"slices"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Decided reports whether more pairs of one cell would be wasted: at a look of
// the stored rule, every primary metric of every candidate is stated and settled
// (stats.Settled with the default gate, among all metrics that were planned) or
// beyond help, or the rule's last look is over. A cell with wrong answers is decided, for it has no speed. Between
// two looks nothing is: a verdict is taken only where the rule says so. Documents
// that cannot be compared, or a cell that nobody measured, are not decided.
func Decided(docs []results.Document, scenario string, connections int, o lineup.Options) bool {
	c, err := compare.New(only(docs, scenario, func(l results.Load) bool { return l.Connections == connections }), o)
	if err != nil || len(c.Scenarios) == 0 {
		return false
	}
	s := c.Scenarios[0]
	if s.State == compare.Failed || s.State == compare.Refused {
		return true
	}
	n := len(s.Pairs)
	plan := c.Plan(figure.Throughput, n) // all metrics have its looks
	if _, more := plan.Next(n); !more {
		return n > 0
	}
	return slices.ContainsFunc(plan.Looks, func(l stats.Look) bool { return l.Pairs == n }) && settled(s, planned(docs))
}

// planned is how many cells a run was to have.
func planned(docs []results.Document) int {
	most := 1
	for _, d := range docs {
		most = max(most, d.Plan.Cells, len(d.Scenarios))
	}
	return most
}

// only are documents with one cell in each. What a cell may say depends on how
// many there are, which the plan still tells.
func only(docs []results.Document, scenario string, is func(results.Load) bool) []results.Document {
	docs = slices.Clone(docs)
	for i, d := range docs {
		docs[i].Scenarios, docs[i].Plan.Cells = nil, max(d.Plan.Cells, len(d.Scenarios))
		for _, m := range d.Scenarios {
			if m.Scenario == scenario && is(m.Load) {
				docs[i].Scenarios = append(docs[i].Scenarios, m)
			}
		}
	}
	return docs
}

// settled asks every candidate's primary metrics; the gate has as many in each
// cell. One without a ratio, or with a figure that makes none, is settled: no
// number of further pairs would give a verdict (the process of one server is not
// known, or this machine cannot count instructions).
func settled(s compare.Scenario, cells int) bool {
	var open []*verdict.Verdict
	metrics := 0
	for _, m := range figure.Primaries() {
		row, _ := s.Row(m)
		for i := 1; i < len(row.Cells); i++ {
			x := row.Cells[i].Ratio
			if x == nil {
				continue
			}
			if metrics++; len(x.Verdict.Invalid) == 0 {
				open = append(open, x.Verdict)
			}
		}
	}
	return !slices.ContainsFunc(open, func(v *verdict.Verdict) bool {
		return v.Verdict == stats.Inconclusive || !stats.Settled(v.Row(), stats.DefaultGate(), metrics*cells)
	})
}
