package compare

import (
	"math"
	"math/rand/v2"
	"testing"

	"taskbench/results"
)

// scattered is a run of two targets in slots of 100 ms, 20 rounds a pair.
func scattered(pairs int, between, round float64) []results.Document {
	r := rand.New(rand.NewPCG(3, 4))
	docs := []results.Document{{Implementation: "a", Baseline: "a"}, {Implementation: "b", Baseline: "a"}}
	for i := range docs {
		docs[i].Scenarios = make([]results.Measurement, 2) // the second is looked at
	}
	for p := range pairs {
		shift := between * r.NormFloat64()
		for i := range docs {
			s := &results.Slots{SlotS: 0.1}
			for range 20 {
				rate := 1e4 * math.Exp(float64(i)*(shift+round*r.NormFloat64()))
				s.Good, s.Sent, s.SpanS = append(s.Good, uint64(rate)), append(s.Sent, uint64(rate)), append(s.SpanS, 0.1)
			}
			m := &docs[i].Scenarios[1]
			m.Trials = append(m.Trials, results.Trial{Pair: p + 1, Slots: s})
		}
	}
	return docs
}

func TestNewSplit(t *testing.T) {
	t.Parallel()
	cost := results.Split{FixedS: 2, EachS: 2.2, PairS: 2}
	for name, c := range map[string]struct {
		pairs          int
		between, round float64
		want           float64 // s
		not            bool
	}{
		"starts differ": {pairs: 6, between: 0.1, round: 0.01, want: 2},
		"slots differ":  {pairs: 6, between: 0.0001, round: 0.2, want: 4},
		"too few":       {pairs: 2, between: 0.1, round: 0.1, not: true},
	} {
		got, ok := NewSplit(scattered(c.pairs, c.between, c.round), 1, cost, 2, 4)
		if ok == c.not || ok && (got.PairS != c.want || got.AfterPairs != c.pairs || got.Metric != "throughput_per_s" || got.FixedS != 2 || got.EachS != 2.2) {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	docs := scattered(3, 0.1, 0.01)
	docs[1].Scenarios[1].Trials[2].Error = "no"
	if _, ok := NewSplit(docs, 1, cost, 2, 4); ok {
		t.Error("a pair that does not count tells how pairs scatter")
	}
}

// TestSplitIgnoresMeans: what one server is slower by does not move the length.
func TestSplitIgnoresMeans(t *testing.T) {
	t.Parallel()
	cost := results.Split{FixedS: 3, EachS: 2.2}
	docs := scattered(5, 0.03, 0.1)
	one, _ := NewSplit(docs, 1, cost, 0.1, 40)
	for _, trial := range docs[1].Scenarios[1].Trials {
		for k := range trial.Slots.SpanS {
			trial.Slots.SpanS[k] *= 8
		}
	}
	two, ok := NewSplit(docs, 1, cost, 0.1, 40)
	if !ok || math.Abs(one.PairS/two.PairS-1) > 1e-9 || one.PairS <= 0.1 || one.PairS >= 40 {
		t.Errorf("%g s, and %g s of a slower one", one.PairS, two.PairS)
	}
}
