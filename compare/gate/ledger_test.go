package gate

import (
	"testing"
	"time"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// The gate on counts fails a step that costs 4 % more, warns of 2 %, passes what is the
// same, and what nobody has.
func TestOfLedger(t *testing.T) {
	t.Parallel()
	steps := []string{"four", "two", "same"}
	document := func(name string, costs ...int64) results.Document {
		m := results.Measurement{Scenario: "s", Hash: "h", Mode: "flow", Load: results.Load{Connections: 10}, Steps: steps}
		for pair := range int64(5) {
			trial := results.Trial{Pair: int(pair) + 1}
			for i, n := range costs {
				trial.Steps = append(trial.Steps, results.StepResult{Name: steps[i], Cost: &results.Cost{Answers: 10, Instructions: 10*n + pair, Allocations: 50}})
			}
			m.Trials = append(m.Trials, trial)
		}
		return results.Document{Kind: results.Ledger, Implementation: name, Session: "s1", Baseline: "rust", Created: time.Now(), Plan: results.Plan{Rule: verdict.LedgerRule(5)}, Scenarios: []results.Measurement{m}}
	}
	c, err := compare.NewLedger([]results.Document{document("rust", 10000, 10000, 10000), document("wj", 10400, 10200, 10000)}, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rule := stats.GateRule{Warn: 0.01, Fail: 0.03, Mode: stats.Standard}
	g, err := OfLedger(c, []*figure.Figure{figure.CountedInstructions, figure.CountedSystemCalls}, Options{Rule: rule})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]stats.Outcome{"four": stats.Failed, "two": stats.Warned, "same": stats.Pass}
	if len(g.Decisions) != 2*len(want) || g.Outcome != stats.Failed {
		t.Errorf("%d decisions, %s", len(g.Decisions), g.Outcome)
	}
	for _, d := range g.Decisions {
		if d.Metric.Equal(figure.CountedSystemCalls) {
			if d.Outcome != stats.Pass || d.Reason.Code != finding.NeitherHas {
				t.Errorf("nobody calls the system: %s, %+v", d.Outcome, d.Reason)
			}
			continue
		}
		if d.Outcome != want[d.Group] || d.Scenario != "s" || d.Connections != 10 {
			t.Errorf("%s: %s, want %s", d.Group, d.Outcome, want[d.Group])
		}
	}
	other := document("wj", 10000, 10000, 10000)
	other.Scenarios[0].Hash = "another"
	c, err = compare.NewLedger([]results.Document{document("rust", 10000, 10000, 10000), other}, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if g, err = OfLedger(c, []*figure.Figure{figure.CountedInstructions}, Options{Rule: rule}); err != nil || g.Outcome != stats.Undetermined {
		t.Errorf("of another scenario: %s, %v", g.Outcome, err)
	}
}

// What only the candidate has any of fails, in whatever mode; what only the baseline
// has any of passes; and what was not counted says why.
func TestOfLedgerFromNothing(t *testing.T) {
	t.Parallel()
	document := func(name string, allocations int64) results.Document {
		d := sample.Ledger(name, 10000, 10000, 10000)
		for _, trial := range d.Scenarios[0].Trials {
			for i := range trial.Steps {
				trial.Steps[i].Cost.Allocations = allocations
			}
		}
		return d
	}
	for _, c := range []struct {
		base, cand int64
		on         *figure.Figure
		want       stats.Outcome
		code       finding.Code
	}{
		{0, 20 * 11, figure.CountedAllocations, stats.Failed, finding.BaselineHasNone},
		{20 * 11, 0, figure.CountedAllocations, stats.Pass, finding.NoneAnyMore},
		{0, 0, figure.CountedAllocations, stats.Pass, finding.NeitherHas},
		{0, 0, figure.CountedApplication, stats.Undetermined, finding.NoFloor},
	} {
		for _, mode := range []stats.GateMode{stats.Standard, stats.Strict, stats.Conservative} {
			table, err := compare.NewLedger([]results.Document{document("rust", c.base), document("wj", c.cand)}, lineup.Options{})
			if err != nil {
				t.Fatal(err)
			}
			g, err := OfLedger(table, []*figure.Figure{c.on}, Options{Rule: stats.GateRule{Warn: 0.01, Fail: 0.03, Mode: mode}})
			if err != nil {
				t.Fatal(err)
			}
			if g.Outcome != c.want || g.Decisions[0].Reason.Code != c.code {
				t.Errorf("%d became %d, %s: %s, %+v", c.base, c.cand, mode, g.Outcome, g.Decisions[0].Reason)
			}
		}
	}
}
