package compare_test

import (
	"testing"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// judged are cases with enough pairs for verdicts.
func judged() map[string][]results.Document {
	auto := verdict.NewRule(0, true, false, 0)
	return map[string][]results.Document{
		"verdicts":   cases["verdicts"](),
		"sequential": run(9, 1.04, auto),
		"parity":     run(12, 1.005, nil),
	}
}

func TestSelfIsParityOrIndicative(t *testing.T) {
	t.Parallel()
	for name, docs := range judged() {
		one := docs[0]
		other := one
		other.Implementation = "same again"
		c, err := New([]results.Document{one, other}, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for k, r := range ratios(c) {
			v := r.Verdict
			if v != nil && v.Alone != stats.Parity && v.Alone != stats.Indicative || v != nil && (v.Verdict == stats.Slower || v.Verdict == stats.Faster) {
				t.Errorf("%s: %s is %s: %v", name, k, v.Verdict, v.Reason)
			}
		}
	}
}

// Swapping the targets turns every verdict round, and the intervals with it.
func TestSwapTurnsVerdicts(t *testing.T) {
	t.Parallel()
	turned := map[stats.Verdict]stats.Verdict{stats.Faster: stats.Slower, stats.Slower: stats.Faster}
	for name, docs := range judged() {
		docs[0].Implementation, docs[1].Implementation = "a", "b"
		for i := range docs { // who was first is what is swapped, too
			for s := range docs[i].Scenarios {
				for k := range docs[i].Scenarios[s].Trials {
					docs[i].Scenarios[s].Trials[k].Position = 1 + (i+k)%2
				}
			}
		}
		forth, err := New(docs, lineup.Options{Baseline: "a"})
		if err != nil {
			t.Fatal(err)
		}
		back, err := New(docs, lineup.Options{Baseline: "b"})
		if err != nil {
			t.Fatal(err)
		}
		here := ratios(back)
		for k, r := range ratios(forth) {
			inverse := here[k[:len(k)-1]+"a"]
			if r.Verdict == nil {
				continue
			}
			want := r.Verdict.Verdict
			if other, turns := turned[want]; turns {
				want = other
			}
			ci := inverse.Verdict.CI
			if inverse.Verdict.Verdict != want || r.Verdict.CI.Known() && (!near(r.Verdict.CI.Low*ci.High, 1) || !near(r.Verdict.CI.High*ci.Low, 1)) {
				t.Errorf("%s: %s is %s %v, and %s %v the other way", name, k, r.Verdict.Verdict, r.Verdict.CI, inverse.Verdict.Verdict, ci)
			}
		}
	}
}

func TestVerdictsRestOnTheStoredRule(t *testing.T) {
	t.Parallel()
	verdictOf := func(docs []results.Document, o lineup.Options, m *figure.Figure) *verdict.Verdict {
		c, err := New(docs, o)
		if err != nil {
			t.Fatal(err)
		}
		r, _ := c.Scenarios[0].Row(m)
		return r.Cells[1].Ratio.Verdict
	}
	apart := run(10, 1.3, nil)
	apart[1].Session = "another"
	senseless := verdict.NewRule(10, false, false, 0)
	senseless.Looks[0].ParityAlpha = 7
	for name, c := range map[string]struct {
		docs []results.Document
		o    lineup.Options
		want stats.Verdict
	}{
		"no rule: a fixed number of pairs":  {run(5, 1.3, nil), lineup.Options{}, stats.Slower},
		"sequential needs six":              {run(5, 1.3, verdict.NewRule(0, true, false, 0)), lineup.Options{}, stats.Indicative},
		"quick":                             {run(1, 1.3, verdict.NewRule(0, false, true, 0)), lineup.Options{}, stats.Indicative},
		"different sessions are no pairs":   {apart, lineup.Options{}, stats.Indicative},
		"a rule that makes no sense":        {run(10, 1.3, senseless), lineup.Options{}, stats.Inconclusive},
		"margin of the rule":                {run(12, 1.04, verdict.NewRule(12, false, false, 0.5)), lineup.Options{}, stats.Parity},
		"the user's own margin comes first": {run(12, 1.06, verdict.NewRule(12, false, false, 0.5)), lineup.Options{Margins: map[*figure.Figure]float64{figure.P95: 0.01}}, stats.Slower},
	} {
		t.Run(name, func(t *testing.T) {
			v := verdictOf(c.docs, c.o, figure.P95)
			if v.Verdict != c.want || v.Reason.IsZero() || v.Ratio <= 0 {
				t.Errorf("%s, ratio %v: %v", v.Verdict, v.Ratio, v.Reason)
			}
		})
	}
	if _, err := New(run(1, 1, nil), lineup.Options{Margins: map[*figure.Figure]float64{figure.P95: 5}}); err == nil {
		t.Error("a margin of 500 % is accepted")
	}
}

// A pair without a ratio is named by its own number, also where others were
// left out before it.
func TestInvalidPairsAreNamed(t *testing.T) {
	t.Parallel()
	docs := run(8, 1, nil)
	docs[0].Scenarios[0].Trials[1] = results.Trial{Pair: 2, Error: "wrk stopped"}
	docs[1].Scenarios[0].Trials[4].Latency.P50US = 0
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, _ := c.Scenarios[0].Row(figure.P50)
	if got, want := sentences.Of(r.Cells[1].Ratio.Verdict.Reason), "no ratio; zero, negative or infinite value in pair 5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
