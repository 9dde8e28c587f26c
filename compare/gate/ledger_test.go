package gate

import (
	"testing"
	"time"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// The gate on counts fails a step that costs 4 % more, warns of 2 %, passes what is the
// same, and says nothing of what nobody has.
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
	if len(g.Decisions) != len(want) || g.Outcome != stats.Failed {
		t.Errorf("%d decisions, %s", len(g.Decisions), g.Outcome)
	}
	for _, d := range g.Decisions {
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
