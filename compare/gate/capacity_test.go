package gate

import (
	"testing"

	"taskbench/compare/capacity"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/results"
)

// TestOfCapacity decides on two servers, of which the candidate carries so much of the
// baseline's rate.
func TestOfCapacity(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	against := func(ratio float64) *stats.Judgement {
		var pairs []stats.Pair
		for i := range 5 {
			pairs = append(pairs, stats.Pair{Base: 1000, Cand: 1000 * ratio * (1 + 0.002*float64(i-2))})
		}
		j := stats.Judge(pairs, stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(5, 0.05)})
		return &j
	}
	for _, c := range []struct {
		name     string
		base     capacity.Outcome
		outcome  capacity.Outcome
		against  *stats.Judgement
		met      [2]*bool
		expected bool
		want     stats.Outcome
	}{
		{"alike", capacity.Found, capacity.Found, against(1), [2]*bool{}, false, stats.Pass},
		{"less by 20 %", capacity.Found, capacity.Found, against(0.8), [2]*bool{}, false, stats.Failed},
		{"less by 8 %", capacity.Found, capacity.Found, against(0.93), [2]*bool{}, false, stats.Warned},
		{"more", capacity.Found, capacity.Found, against(1.2), [2]*bool{}, false, stats.Pass},
		{"never, where the other does", capacity.Found, capacity.Never, nil, [2]*bool{}, false, stats.Failed},
		{"neither ever", capacity.Never, capacity.Never, nil, [2]*bool{}, false, stats.Undetermined},
		{"both to the limit of the generator", capacity.Generator, capacity.Generator, nil, [2]*bool{}, false, stats.Undetermined},
		{"misses what is expected", capacity.Found, capacity.Found, against(1), [2]*bool{&yes, &no}, true, stats.Failed},
		{"nobody asks", capacity.Found, capacity.Found, against(1), [2]*bool{&yes, &no}, false, stats.Pass},
		{"the baseline misses it too", capacity.Found, capacity.Found, against(1), [2]*bool{&no, &no}, true, stats.Pass},
	} {
		run := &capacity.Comparison{
			Scenario: "s", Targets: []lineup.Target{{Label: "rust"}, {Label: "wj"}},
			Sides: []capacity.Side{
				{Target: "rust", Carried: capacity.Carried{Outcome: c.base, Rate: 1000}}, {Target: "wj", Carried: capacity.Carried{Outcome: c.outcome, Rate: 900}, Against: c.against},
			},
			Expected: []capacity.Expectation{{Expectation: results.Expectation{Metric: results.ExpectedCapacity, Text: "> 950/s"}, Results: []capacity.Met{{Target: "rust", Met: c.met[0]}, {Target: "wj", Met: c.met[1]}}}},
		}
		g, err := OfCapacity(run, Options{Rule: stats.DefaultGate(), Expected: c.expected})
		if err != nil || g.Outcome != c.want {
			t.Errorf("%s: %s, want %s (%v): %+v", c.name, g.Outcome, c.want, err, g.Decisions)
		}
	}
	if _, err := OfCapacity(&capacity.Comparison{Targets: []lineup.Target{{Label: "rust"}}}, Options{Rule: stats.DefaultGate()}); err == nil {
		t.Error("one server alone is gated")
	}
}
