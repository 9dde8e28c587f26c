package stats

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// around makes ten pairs whose mean log ratio is exactly ln(1+percent/100)
// worse, with the given standard deviation.
func around(worse, sd float64) []Pair {
	shape := []float64{-1.5, -1, -0.7, -0.3, -0.1, 0.1, 0.3, 0.7, 1, 1.5}
	unit := 0.0
	for _, x := range shape {
		unit += x * x / 9
	}
	ps := make([]Pair, len(shape))
	for i, x := range shape {
		ps[i] = Pair{1000, 1000 * math.Exp(-math.Log1p(worse/100)+sd*x/math.Sqrt(unit))}
	}
	return ps
}

func TestGate(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	cases := []struct {
		name                           string
		pairs                          []Pair
		standard, strict, conservative Outcome
		reason                         string // part of standard's
	}{
		{"no difference, quiet", around(0, 0.02), Pass, Pass, Pass, "a loss beyond 10.0 % is ruled out"},
		{"no difference, noisy", around(0, 0.25), Undetermined, Undetermined, Failed, "neither proven nor ruled out"},
		{"better", around(-20, 0.02), Pass, Pass, Pass, "25.0 % better (ratio 1.250"},
		{"3 % worse", around(3, 0.02), Pass, Pass, Pass, "3.0 % worse"},
		{"7 % worse", around(7, 0.02), Warned, Warned, Warned, "7.0 % worse (ratio 0.935, 95 % interval 0.921–0.948, 10 pairs): worse than 5.0 %, and a loss is proven"},
		{"11 % worse", around(11, 0.03), Failed, Warned, Failed, "worse than 10.0 %, and at least 5.0 % is proven"},
		{"20 % worse", around(20, 0.03), Failed, Failed, Failed, "20.0 % worse"},
		{"20 % worse, noisy", around(20, 0.2), Warned, Warned, Failed, "a loss is proven"},
		{"20 % worse, hopeless", around(20, 0.5), Undetermined, Undetermined, Failed, "neither proven"},
		{"one pair", around(50, 0)[:1], Undetermined, Undetermined, Failed, "a verdict takes at least 5"},
		{"a zero", append(around(0, 0.02), Pair{1, 0}), Undetermined, Undetermined, Failed, "zero, negative or infinite value in pair 11"},
		{"nothing", []Pair{{nan, nan}}, Undetermined, Undetermined, Failed, "no pair has usable values"},
	}
	for _, c := range cases {
		j := Judge(c.pairs, fixed(10))
		for mode, want := range map[GateMode]Outcome{Standard: c.standard, Strict: c.strict, Conservative: c.conservative} {
			d := Gate(j, GateRule{0.05, 0.10, mode})
			if d.Outcome != want {
				t.Errorf("%s, %s: %s (%s), want %s", c.name, mode, d.Outcome, d.Reason, want)
			}
			if mode == Standard && !strings.Contains(d.Reason, c.reason) {
				t.Errorf("%s: %q, want …%s…", c.name, d.Reason, c.reason)
			}
		}
	}
}

func TestGateRuleValidate(t *testing.T) {
	t.Parallel()
	if err := DefaultGate().Validate(); err != nil {
		t.Errorf("default gate: %v", err)
	}
	for _, g := range []GateRule{{0.2, 0.1, Standard}, {-0.1, 0.1, Standard}, {0, 0, Standard}, {0.05, 0.1, "lenient"},
		{math.NaN(), 0.1, Standard}, {0.05, math.NaN(), Standard}, {0.05, math.Inf(1), Standard}} {
		if g.Validate() == nil {
			t.Errorf("%+v is accepted", g)
		}
		if d := Gate(Judge(around(20, 0.03), fixed(10)), g); d.Outcome != Undetermined || d.Reason == "" {
			t.Errorf("%+v decides %s: %q", g, d.Outcome, d.Reason)
		}
	}
}

func TestSettled(t *testing.T) {
	t.Parallel()
	conservative := GateRule{0.05, 0.10, Conservative}
	cases := []struct {
		name  string
		pairs []Pair
		gate  GateRule
		want  bool
	}{
		{"parity", around(0, 0.02), DefaultGate(), true},
		{"clear loss", around(30, 0.02), DefaultGate(), true},
		{"between the limits", around(7, 0.02), DefaultGate(), false},
		{"no verdict", around(0, 0.2), DefaultGate(), false},
		{"too few", around(30, 0.02)[:3], DefaultGate(), false},
		{"not yet ruled out", around(20, 0.2), conservative, false},
	}
	for _, c := range cases {
		if got := Settled(Judge(c.pairs, fixed(10)), c.gate); got != c.want {
			t.Errorf("%s: settled is %v, want %v", c.name, got, c.want)
		}
	}
}

// A machine that became slower is no regression; a candidate that did is.
func TestRatioOfRatios(t *testing.T) {
	t.Parallel()
	then := around(5, 0.02)
	slowMachine := make([]Pair, len(then))
	regressed := make([]Pair, len(then))
	for i, p := range then {
		slowMachine[i] = Pair{p.Base / 2, p.Cand / 2 * (1 + 0.002*float64(i%3-1))}
		regressed[i] = Pair{p.Base / 2, p.Cand / 2 / 1.2}
	}
	cases := []struct {
		name    string
		now     []Pair
		better  Direction
		verdict Verdict
		outcome Outcome
	}{
		{"slower machine", slowMachine, HigherIsBetter, Parity, Pass},
		{"regression", regressed, HigherIsBetter, Slower, Failed},
		{"the same for a latency", regressed, LowerIsBetter, Faster, Pass},
		{"too few now", regressed[:3], HigherIsBetter, Indicative, Undetermined},
		{"one now", regressed[:1], HigherIsBetter, Indicative, Undetermined},
		{"none now", nil, HigherIsBetter, Inconclusive, Undetermined},
		{"broken now", []Pair{{0, 1}, {0, 1}}, HigherIsBetter, Inconclusive, Undetermined},
	}
	for _, c := range cases {
		j := RatioOfRatios(then, c.now, Rule{Better: c.better, Plan: Fixed(10, 0.05)})
		if j.Verdict != c.verdict {
			t.Errorf("%s: %s (%s), want %s", c.name, j.Verdict, j.Reason, c.verdict)
		}
		if d := Gate(j, DefaultGate()); d.Outcome != c.outcome {
			t.Errorf("%s: gate says %s (%s), want %s", c.name, d.Outcome, d.Reason, c.outcome)
		}
		finite(t, j)
	}
	j := RatioOfRatios(then, regressed, fixed(10))
	near(t, "ratio", j.Ratio, 1/1.2, 1e-12)
	if want := "ratio to the control, now (10 pairs) over then (10 pairs): the 95 % interval 0.818–0.849 excludes 1"; j.Reason != want {
		t.Errorf("reason %q, want %q", j.Reason, want)
	}
	if j := RatioOfRatios(around(0, 0.2), around(5, 0.2), fixed(10)); j.PairsNeeded != 0 || strings.Contains(j.Reason, "would decide") {
		t.Errorf("promises that %d pairs decide: %s", j.PairsNeeded, j.Reason)
	}
	// Then and now swapped is the inverse.
	back := RatioOfRatios(regressed, then, fixed(10))
	near(t, "inverse", back.Ratio, 1.2, 1e-12)
	if back.Verdict != Faster {
		t.Errorf("going back is %s", back.Verdict)
	}
}

// TestInvalidPairsByNumber names broken pairs as the runs number them, for some
// pairs of a run may have been left out before.
func TestInvalidPairsByNumber(t *testing.T) {
	t.Parallel()
	then, now := around(0, 0.01), around(0, 0.01)
	then[2].Cand, now[0].Base, now[9].Cand = 0, math.Inf(1), -1
	rule := fixed(10)
	rule.Then = []int{1, 2, 4, 5, 6, 7, 8, 9, 10, 11}
	rule.Numbers = []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	j := RatioOfRatios(then, now, rule)
	if !slices.Equal(j.InvalidThen, []int{4}) || !slices.Equal(j.Invalid, []int{3, 12}) {
		t.Errorf("then %v, now %v; want [4] and [3 12]", j.InvalidThen, j.Invalid)
	}
	const want = "ratio to the control, now (8 pairs) over then (9 pairs): no ratio; zero, negative or infinite value in pair 3, 12, and then in pair 4"
	if j.Verdict != Inconclusive || j.Reason != want {
		t.Errorf("%s: %s\nwant %s", j.Verdict, j.Reason, want)
	}
	onlyThen := RatioOfRatios(then, around(0, 0.01), Rule{Better: HigherIsBetter, Plan: rule.Plan})
	if d := Gate(onlyThen, DefaultGate()); d.Outcome != Undetermined || !slices.Equal(onlyThen.InvalidThen, []int{3}) {
		t.Errorf("broken then, in position 3: gate says %s; %v", d.Outcome, onlyThen.InvalidThen)
	}
}
