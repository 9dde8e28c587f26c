package stats

import (
	"math"
	"slices"
	"testing"

	"taskbench/compare/finding"
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
		reason                         finding.Code // standard's, or of what it rests on
	}{
		{"no difference, quiet", around(0, 0.02), Pass, Pass, Pass, finding.LossExcluded},
		{"no difference, noisy", around(0, 0.25), Undetermined, Undetermined, Failed, finding.LossOpen},
		{"better", around(-20, 0.02), Pass, Pass, Pass, finding.LossExcluded},
		{"3 % worse", around(3, 0.02), Pass, Pass, Pass, finding.LossExcluded},
		{"7 % worse", around(7, 0.02), Warned, Warned, Warned, finding.LossBeyondWarn},
		{"11 % worse", around(11, 0.03), Failed, Warned, Failed, finding.LossBeyondFail},
		{"20 % worse", around(20, 0.03), Failed, Failed, Failed, finding.LossBeyondFail},
		{"20 % worse, noisy", around(20, 0.2), Warned, Warned, Failed, finding.LossBeyondWarn},
		{"20 % worse, hopeless", around(20, 0.5), Undetermined, Undetermined, Failed, finding.LossOpen},
		{"one pair", around(50, 0)[:1], Undetermined, Undetermined, Failed, finding.TooFewPairs},
		{"a zero", append(around(0, 0.02), Pair{1, 0}), Undetermined, Undetermined, Failed, finding.PairsInvalid},
		{"nothing", []Pair{{nan, nan}}, Undetermined, Undetermined, Failed, finding.NoUsablePair},
	}
	for _, c := range cases {
		j := Judge(c.pairs, fixed(10))
		for mode, want := range map[GateMode]Outcome{Standard: c.standard, Strict: c.strict, Conservative: c.conservative} {
			d := Gate(j, GateRule{0.05, 0.10, mode})
			if d.Outcome != want {
				t.Errorf("%s, %s: %s (%s), want %s", c.name, mode, d.Outcome, d.Reason.Code, want)
			}
			if mode == Standard && !says(d.Reason, c.reason) {
				t.Errorf("%s: %v, want %s", c.name, d.Reason, c.reason)
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
		if d := Gate(Judge(around(20, 0.03), fixed(10)), g); d.Outcome != Undetermined || d.Reason.Code != finding.UnusableRule {
			t.Errorf("%+v decides %s: %v", g, d.Outcome, d.Reason)
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
		if got := Settled(Row{Judgement: Judge(c.pairs, fixed(10)), Plan: fixed(10).Plan}, c.gate, 1); got != c.want {
			t.Errorf("%s: settled is %v, want %v", c.name, got, c.want)
		}
	}
	// A failure by itself, which GateAll withholds among many.
	row := Row{Judgement: Judge(around(45, 0.2), fixed(10)), Plan: fixed(10).Plan}
	if p := row.Judgement.P; !Settled(row, DefaultGate(), 1) || Settled(row, DefaultGate(), 1+int(RunAlpha/p)) || !Settled(row, DefaultGate(), int(RunAlpha/p)) {
		t.Errorf("p = %v: one metric or %d are the same", p, 1+int(RunAlpha/p))
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
			t.Errorf("%s: %s (%v), want %s", c.name, j.Verdict, j.Reason, c.verdict)
		}
		if d := Gate(j, DefaultGate()); d.Outcome != c.outcome {
			t.Errorf("%s: gate says %s (%v), want %s", c.name, d.Outcome, d.Reason, c.outcome)
		}
		finite(t, j)
	}
	j := RatioOfRatios(then, regressed, fixed(10))
	near(t, "ratio", j.Ratio, 1/1.2, 1e-12)
	if v := j.Reason.Values; j.Reason.Code != finding.AgainstControl || v["pairs_then"] != 10 || v["pairs_now"] != 10 || !says(j.Reason, finding.DifferenceShown) {
		t.Errorf("reason %v", j.Reason)
	}
	if j := RatioOfRatios(around(0, 0.2), around(5, 0.2), fixed(10)); j.PairsNeeded != 0 {
		t.Errorf("promises that %d pairs decide: %v", j.PairsNeeded, j.Reason)
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
	if j.Verdict != Inconclusive || !says(j.Reason, finding.NoRatio) || !says(j.Reason, finding.PairsInvalid) || !says(j.Reason, finding.PairsInvalidThen) {
		t.Errorf("%s: %v", j.Verdict, j.Reason)
	}
	onlyThen := RatioOfRatios(then, around(0, 0.01), Rule{Better: HigherIsBetter, Plan: rule.Plan})
	if d := Gate(onlyThen, DefaultGate()); d.Outcome != Undetermined || !slices.Equal(onlyThen.InvalidThen, []int{3}) {
		t.Errorf("broken then, in position 3: gate says %s; %v", d.Outcome, onlyThen.InvalidThen)
	}
}
