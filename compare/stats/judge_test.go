package stats

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/finding"
)

// near fails unless got is want to within a relative (or, near 0, absolute) tolerance.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

// ten is ten pairs of throughputs whose candidate is about 5 % behind.
var ten = []Pair{{5012, 4710}, {4890, 4702}, {5105, 4850}, {4777, 4601}, {5230, 4980},
	{4950, 4720}, {5080, 4777}, {4999, 4800}, {4860, 4555}, {5120, 4901}}

func fixed(n int) Rule { return Rule{Better: HigherIsBetter, Plan: Fixed(n, 0.05)} }

// The reference figures are scipy 1.17's:
//
//	d = np.log(cand) - np.log(base); m = d.mean(); se = d.std(ddof=1)/n**.5
//	np.exp(m), np.exp(m + np.array([-1,1])*se*st.t.ppf(.975, n-1))  # and .95
//	st.ttest_1samp(d, 0).pvalue
//	st.ttest_1samp(d, -np.log(1.05), alternative='greater').pvalue  # .6136: TOST does not reach parity
func TestJudgeKnownValues(t *testing.T) {
	t.Parallel()
	j := Judge(ten, fixed(10))
	near(t, "ratio", j.Ratio, 0.9514823863884884, 1e-12)
	near(t, "low", j.CI.Low, 0.94467697, 1e-8)
	near(t, "high", j.CI.High, 0.95833683, 1e-8)
	near(t, "90 % low", j.EquivalenceCI.Low, 0.94596394, 1e-8)
	near(t, "90 % high", j.EquivalenceCI.High, 0.95703302, 1e-8)
	near(t, "p", j.P, 7.699137845933634e-08, 1e-6)
	near(t, "sd", j.SD, 0.010034347969556283, 1e-12)
	if j.Verdict != Slower || j.Method != PairedT || j.Pairs != 10 {
		t.Errorf("got %s by %s from %d pairs, want slower by t from 10", j.Verdict, j.Method, j.Pairs)
	}
	if j.Reason.Code != finding.DifferenceShown || j.Reason.Values["low"] != j.CI.Low || j.Reason.Values["high"] != j.CI.High {
		t.Errorf("reason %v", j.Reason)
	}
}

// scaled makes pairs with the given ratios.
func scaled(ratios ...float64) []Pair {
	ps := make([]Pair, len(ratios))
	for i, r := range ratios {
		ps[i] = Pair{Base: 1000, Cand: 1000 * r}
	}
	return ps
}

func repeat(n int, p Pair) []Pair {
	ps := make([]Pair, n)
	for i := range ps {
		ps[i] = p
	}
	return ps
}

func TestJudgeCases(t *testing.T) {
	t.Parallel()
	nan, inf := math.NaN(), math.Inf(1)
	with := func(ps []Pair, more ...Pair) []Pair { return append(append([]Pair{}, ps...), more...) }
	quiet := scaled(1.01, 0.99, 1.005, 0.995, 1.002, 0.998, 1.004, 0.996)
	cases := []struct {
		name    string
		pairs   []Pair
		rule    Rule
		verdict Verdict
		reason  finding.Code // or of what it rests on
	}{
		{"no pair", nil, fixed(10), Inconclusive, finding.NoUsablePair},
		{"one pair", ten[:1], fixed(1), Indicative, finding.TooFewPairs},
		{"four pairs", ten[:4], fixed(4), Indicative, finding.TooFewPairs},
		{"five pairs, fixed", ten[:5], fixed(5), Slower, finding.DifferenceShown},
		{"five pairs, sequential", ten[:5], Rule{Better: HigherIsBetter, Plan: Sequential(0.05)}, Indicative, finding.TooFewPairs},
		{"lower is better", ten, Rule{Better: LowerIsBetter, Plan: Fixed(10, 0.05)}, Faster, finding.DifferenceShown},
		{"parity", quiet, fixed(8), Parity, finding.ParityShown},
		{"parity, measurable", scaled(1.011, 1.009, 1.0105, 1.0095, 1.012, 1.008), fixed(6), Parity, finding.ParityShown},
		{"margin decides", scaled(1.03, 0.98, 1.04, 0.97, 1.02, 0.99), fixed(6), Parity, finding.ParityShown},
		{"narrow margin", scaled(1.03, 0.98, 1.04, 0.97, 1.02, 0.99), Rule{Better: HigherIsBetter, Plan: Fixed(6, 0.01)}, Inconclusive, finding.TooWide},
		{"wide", scaled(1.3, 0.8, 1.1, 0.9, 1.2, 0.85), fixed(6), Inconclusive, finding.TooWide},
		{"all equal", repeat(6, Pair{7, 7}), fixed(6), Parity, finding.SameRatio},
		{"constant loss", repeat(6, Pair{100, 80}), fixed(6), Slower, finding.SameRatio},
		{"constant loss of 2 %", repeat(6, Pair{100, 98}), fixed(6), Parity, finding.ParityShown},
		{"a pair not measured", with(ten, Pair{nan, 5}), fixed(10), Slower, finding.PairsMissing},
		{"a zero", with(ten, Pair{0, 5}), fixed(10), Inconclusive, finding.PairsInvalid},
		{"both zero", with(ten, Pair{0, 0}), fixed(10), Inconclusive, finding.PairsInvalid},
		{"an infinity", with(ten, Pair{5, inf}), fixed(10), Inconclusive, finding.PairsInvalid},
		{"a negative value", with(ten, Pair{5, -5}), fixed(10), Inconclusive, finding.PairsInvalid},
		{"many zeros", repeat(5, Pair{1, 0}), fixed(5), Inconclusive, finding.PairsInvalid},
		{"nothing measured", repeat(6, Pair{nan, nan}), fixed(6), Inconclusive, finding.PairsMissing},
		{"a wild pair", with(append(quiet, quiet...), Pair{1000, 500}), fixed(17), Parity, finding.WildPair},
		{"a wild pair at an early look", with(quiet[:5], Pair{1000, 500}), Rule{Better: HigherIsBetter, Plan: Sequential(0.05)}, Inconclusive, finding.TooFewForRanks},
		{"early look is strict", ten[:6], Rule{Better: HigherIsBetter, Plan: Sequential(0.05)}, Slower, finding.DifferenceShown},
		{"no direction", ten, Rule{Better: "", Plan: Fixed(10, 0.05)}, Inconclusive, finding.UnusableRule},
		{"no plan", ten, Rule{Better: HigherIsBetter, Plan: Plan{}}, Inconclusive, finding.UnusableRule},
		{"extreme values", repeat(6, Pair{1e-300, 1e300}), fixed(6), Faster, finding.DifferenceShown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			j := Judge(c.pairs, c.rule)
			if j.Verdict != c.verdict || !says(j.Reason, c.reason) {
				t.Errorf("got %s: %v\nwant %s: %s", j.Verdict, j.Reason, c.verdict, c.reason)
			}
			finite(t, j)
		})
	}
}

// says reports whether a code is in a finding or in what it rests on.
func says(f finding.Finding, code finding.Code) bool {
	return f.Code == code || slices.ContainsFunc(f.More, func(m finding.Finding) bool { return says(m, code) })
}

// finite fails when anything in v, as JSON would show it, is no number:
// encoding/json refuses NaN and infinities.
func finite(t *testing.T, v any) {
	t.Helper()
	if _, err := json.Marshal(v); err != nil {
		t.Errorf("%+v: %v", v, err)
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	seq := Sequential(0.05)
	type at struct {
		n     int
		alpha float64
		ok    bool
	}
	for _, c := range []at{{0, 0, false}, {5, 0, false}, {6, .00034, true}, {8, .00034, true}, {9, .00329, true},
		{12, .01007, true}, {15, .01007, true}, {19, .02386, true}, {20, .03889, true}, {25, .03889, true}} {
		look, ok := seq.At(c.n)
		if ok != c.ok || look.DifferenceAlpha != c.alpha {
			t.Errorf("At(%d) = %v, %v, want α %v, %v", c.n, look, ok, c.alpha, c.ok)
		}
	}
	var looks []int
	for n, more := seq.Next(0); more; n, more = seq.Next(n) {
		looks = append(looks, n)
	}
	if diff := cmp.Diff([]int{6, 9, 12, 16, 20}, looks); diff != "" {
		t.Errorf("looks (-want +got):\n%s", diff)
	}
	if look, ok := Fixed(10, 0.05).At(9); !ok || look.DifferenceAlpha != 0.05 || look.ParityAlpha != 0.05 {
		t.Errorf("a fixed plan that lost a pair judges at %v, %v", look, ok)
	}
}

func TestPlanSurvivesJSON(t *testing.T) {
	t.Parallel()
	for _, p := range []Plan{Fixed(10, 0.05), Sequential(0.1), Sequential(0.05).WithMargin(0.15)} {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back Plan
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p, back); diff != "" {
			t.Errorf("plan changed (-want +got):\n%s", diff)
		}
		if err := back.Validate(); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestPlanValidate(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		plan Plan
		want string
	}{
		{"no margin", Fixed(10, 0), "parity margin is 0"},
		{"margin NaN", Fixed(10, math.NaN()), "parity margin is NaN"},
		{"margin in percent", Fixed(10, 5), "0.05 is 5 %"},
		{"no looks", Plan{MinPairs: 5, Margin: 0.05}, "no looks"},
		{"one pair judged", Plan{MinPairs: 1, Margin: 0.05, Looks: []Look{{1, 0.05, 0.05}}}, "at least 2"},
		{"looks out of order", Plan{MinPairs: 5, Margin: 0.05, Looks: []Look{{9, 0.05, 0.05}, {6, 0.05, 0.05}}}, "rising order"},
		{"level 0", Plan{MinPairs: 5, Margin: 0.05, Looks: []Look{{9, 0, 0.05}}}, "levels 0 and 0.05"},
	}
	for _, c := range cases {
		if err := c.plan.Validate(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want …%s…", c.name, err, c.want)
		}
	}
}
