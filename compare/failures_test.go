package compare_test

import (
	"testing"

	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/results"
)

// Every kind of fault is named, fails its scenario and the gate.
func TestFaultsAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(*results.Trial)
		want   string
	}{
		"lost of a step": {func(t *results.Trial) {
			t.Steps[0].Unmet, t.Lost = map[string]uint64{"lost": 25}, 25
			t.Steps[0].Answers = 75
		}, "rust, step health: 25 of 100 requests lost (25.0 %): the connection broke before the answer, statuses 200 ×100"},
		"lost of no step": {func(t *results.Trial) { t.Lost = 100 }, "rust, 100 of 200 requests lost (50.0 %): the connection broke before the answer"},
		"late":            {func(t *results.Trial) { t.Steps[0].Late = 5 }, "rust, step health: 5 of 100 answers later than the timeout (5.00 %), statuses 200 ×100"},
		"unanswered":      {func(t *results.Trial) { t.Unanswered = 100 }, "rust, 100 of 200 requests never answered within the timeout (50.0 %)"},
		"surplus":         {func(t *results.Trial) { t.Surplus = 10 }, "rust, 10 answers more than the 100 requests (10.0 %): interim ones such as 100 or 103, or second ones"},
		"broken":          {func(t *results.Trial) { t.Broken = 10 }, "rust, the connection broke after a complete answer, 10 of 100 times (10.0 %)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			docs := run(1, 1, nil)
			trial := &docs[0].Scenarios[0].Trials[0]
			trial.Answers, trial.Good, trial.Steps[0].Answers = 100, 100, 100
			trial.Steps[0].Statuses = map[string]uint64{"200": 100}
			c.change(trial)
			g := gateOf(t, docs, stats.DefaultGate())
			if g.Outcome != stats.Failed || sentences.Of(g.Decisions[0].Reason) != c.want {
				t.Errorf("%s:\n%s\nwant\n%s", g.Outcome, sentences.Of(g.Decisions[0].Reason), c.want)
			}
		})
	}
}
