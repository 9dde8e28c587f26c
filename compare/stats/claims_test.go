package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/finding"
)

// judged is a row with such a p at a ratio, of a fixed plan of 10 pairs.
func judged(p, ratio float64) Row {
	plan := Fixed(10, 0.05)
	return Row{Judgement: Judgement{Better: HigherIsBetter, Reason: finding.Finding{Code: finding.DifferenceShown}, Pairs: 10, Ratio: ratio, CI: Interval{ratio / 2, ratio * 2}, P: p, EquivalenceP: 1}, Plan: plan}
}

// By hand: two cells, so a scenario has .05·.7/2 = .0175. Its primary rows
// by Holm: .004·3 = .012, .007·2 = .014, and .02·1 = .02. Each is told
// as a share of .05: times 2/.7.
func TestClaimsByHand(t *testing.T) {
	t.Parallel()
	run := []Cell{
		{Primary: []Row{judged(.02, .9), judged(.004, .8), judged(.007, .7)}, Other: []Row{judged(.02, .9), judged(.001, 1.2), judged(.2, .9)}},
		{Primary: []Row{judged(.02, .9)}, Other: []Row{judged(1e-9, .9)}},
	}
	got := Claims(run, 0)
	for i, want := range []float64{.02, .012, .014} {
		near(t, "primary", got[0].Primary[i].P, want*2/.7, 1e-12)
		if stated := want <= .0175; got[0].Primary[i].Stated != stated || stated && got[0].Primary[i].Verdict != Slower {
			t.Errorf("row %d: %+v", i, got[0].Primary[i])
		}
	}
	// One-sided .01, .1, and 1 for what points the other way: one of three is above
	// .25, so (1+1)/.75 hypotheses seem to hold; as a share of .05: divided by .2.
	near(t, "step", got[0].Other[0].P, .01*2/.75/.2, 1e-12)
	near(t, "step in the other direction", got[0].Other[1].P, 1, 0)
	for _, c := range slices.Concat(got[0].Other, got[1].Primary, got[1].Other) {
		if c.Stated || c.Verdict != Inconclusive {
			t.Errorf("stated: %+v", c)
		}
	}
}

// A look's p counts by the level it was taken at, and what was spent on
// earlier looks is not to be had again.
func TestClaimsAtALook(t *testing.T) {
	t.Parallel()
	r := judged(.0001, .9)
	r.Plan = Sequential(0.05)
	r.Judgement.EquivalenceP = .0002
	c := Claims([]Cell{{Primary: []Row{r}}}, 0)[0].Primary[0]
	near(t, "p", c.P, .0001*.05/.00329/.7, 1e-12)
	near(t, "p of parity", c.ParityP, .0002*.05/.00335/.075, 1e-12)
	if c.Verdict != Parity || !c.Stated {
		t.Errorf("both shown: parity is the verdict, got %+v", c)
	}
}

func TestWhatMayNotBeStated(t *testing.T) {
	t.Parallel()
	few, broken, drifting := judged(1e-9, .5), judged(1e-9, .5), judged(1e-9, .5)
	few.Judgement.Verdict, few.Judgement.Pairs = Indicative, 2
	broken.Judgement.Invalid = []int{3}
	drifting.Judgement.Unstable = finding.Finding{Code: finding.RatioDrifts}
	for i, c := range Claims([]Cell{{Primary: []Row{few, broken, drifting}}}, 0)[0].Primary {
		if c.Stated || c.P != 1 || c.ParityP != 1 {
			t.Errorf("row %d: %+v", i, c)
		}
	}
}

// R: p.adjust(c(.01, .04, .03, .005), "hochberg") is .03 .04 .04 .02.
func TestStepUp(t *testing.T) {
	t.Parallel()
	ps := []float64{.01, .04, .03, .005}
	for i, want := range []float64{.03, .04, .04, .02} {
		near(t, "Hochberg", Hochberg(ps)[i], want, 1e-12)
	}
	if diff := cmp.Diff([]float64{1, 1}, Hochberg([]float64{math.NaN(), 2})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// By hand: of six p-values two are above .25, so 3/.75 = 4 hypotheses seem to
// hold; the largest ones are Holm's.
func TestAdaptiveHolm(t *testing.T) {
	t.Parallel()
	ps := []float64{.001, .01, .02, .5, .1, math.NaN()}
	for i, want := range []float64{.004, .04, .08, 1, .3, 1} {
		near(t, "p", AdaptiveHolm(ps)[i], want, 1e-12)
	}
	for _, ps := range [][]float64{{}, {.01}, {.01, .02, .9, .8, .7}} {
		holm := Holm(ps)
		for i, p := range AdaptiveHolm(ps) {
			if p > holm[i] || p < ps[i] {
				t.Errorf("%v became %v", ps, AdaptiveHolm(ps))
			}
		}
	}
}

// randomRun has scenarios of all kinds, judged by the real code.
func randomRun(r *rand.Rand) [][][]OrderedPair {
	run := make([][][]OrderedPair, 1+r.IntN(6))
	for i := range run {
		effect := []float64{0, 0, -0.1, 0.1, -0.4}[r.IntN(5)]
		run[i] = make([][]OrderedPair, 2+r.IntN(8))
		for k := range run[i] {
			for n := range 9 {
				p := Pair{Base: math.Exp(0.05 * r.NormFloat64()), Cand: math.Exp(effect + 0.05*r.NormFloat64())}
				run[i][k] = append(run[i][k], OrderedPair{Pair: p, BaseFirst: n%2 == 0})
			}
		}
	}
	return run
}

// cellOf judges a scenario whose first two rows are primary.
func cellOf(rows [][]OrderedPair) Cell {
	var c Cell
	for i, measured := range rows {
		ps := make([]Pair, len(measured))
		for k, p := range measured {
			ps[k] = p.Pair
		}
		better := []Direction{HigherIsBetter, LowerIsBetter}[i%2]
		if better == LowerIsBetter { // its first value is the smaller where the candidate is better
			for k := range ps {
				ps[k] = Pair{1 / ps[k].Base, 1 / ps[k].Cand}
			}
		}
		h := Examine(measured, HigherIsBetter)
		plan := Sequential(0.05)
		row := Row{Judgement: h.Temper(Judge(ps, Rule{Better: better, Plan: plan})), Plan: plan, Health: &h}
		if i < 2 {
			c.Primary = append(c.Primary, row)
		} else {
			c.Other = append(c.Other, row)
		}
	}
	return c
}

func cellsOf(run [][][]OrderedPair) []Cell {
	var cells []Cell
	for _, rows := range run {
		cells = append(cells, cellOf(rows))
	}
	return cells
}

func rowsOf(c CellClaims) []Claim { return append(slices.Clone(c.Primary), c.Other...) }

func TestClaimLaws(t *testing.T) {
	t.Parallel()
	stated := map[Verdict]int{}
	for seed := range 200 {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		run := randomRun(r)
		cells := cellsOf(run)
		claims := Claims(cells, 0)
		for _, c := range claims {
			for _, row := range rowsOf(c) {
				stated[row.Verdict]++
			}
		}
		swappedSides(t, run, claims)
		anotherOrder(t, r, cells, claims)
		oneMore(t, cells, claims)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	for _, v := range []Verdict{Faster, Slower, Inconclusive} {
		if stated[v] < 20 {
			t.Errorf("%s in %d rows only: the laws were not tried", v, stated[v])
		}
	}
}

// swappedSides: what was faster is slower, and nothing else changes.
func swappedSides(t *testing.T, run [][][]OrderedPair, claims []CellClaims) {
	t.Helper()
	swapped := make([][][]OrderedPair, len(run))
	for i, rows := range run {
		swapped[i] = make([][]OrderedPair, len(rows))
		for k, measured := range rows {
			for _, p := range measured {
				swapped[i][k] = append(swapped[i][k], OrderedPair{Pair: Pair{p.Cand, p.Base}, BaseFirst: !p.BaseFirst})
			}
		}
	}
	for i, c := range Claims(cellsOf(swapped), 0) {
		for k, now := range rowsOf(c) {
			was := rowsOf(claims[i])[k]
			if now.Verdict != turned[was.Verdict] || now.Stated != was.Stated || now.Drifts != was.Drifts || now.Ordered != was.Ordered {
				t.Errorf("cell %d, row %d: %+v became %+v", i, k, was, now)
			}
			near(t, "p", now.P, was.P, 1e-9)
		}
	}
}

// anotherOrder of scenarios, and of the rows within, changes nothing.
func anotherOrder(t *testing.T, r *rand.Rand, cells []Cell, claims []CellClaims) {
	t.Helper()
	order := r.Perm(len(cells))
	var shuffled []Cell
	for _, i := range order {
		c := Cell{slices.Clone(cells[i].Primary), slices.Clone(cells[i].Other)}
		slices.Reverse(c.Primary)
		slices.Reverse(c.Other)
		shuffled = append(shuffled, c)
	}
	for at, c := range Claims(shuffled, 0) {
		slices.Reverse(c.Primary)
		slices.Reverse(c.Other)
		if diff := cmp.Diff(claims[order[at]], c); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

// oneMore scenario without effect creates no statement elsewhere; of primary
// rows a cell judged by itself says what it says in the run, and of others no less.
func oneMore(t *testing.T, cells []Cell, claims []CellClaims) {
	t.Helper()
	more := Claims(append(slices.Clone(cells), Cell{Primary: []Row{judged(.9, 1.01)}}), 0)
	for i := range claims {
		for k, was := range rowsOf(claims[i]) {
			if now := rowsOf(more[i])[k]; now.Stated && !was.Stated || now.Drifts && !was.Drifts || now.Ordered && !was.Ordered {
				t.Errorf("cell %d, row %d: %+v became %+v", i, k, was, now)
			}
		}
		alone := Claims(cells[i:i+1], len(cells))[0]
		for k, was := range rowsOf(claims[i]) {
			now, primary := rowsOf(alone)[k], k < len(claims[i].Primary)
			if primary && now.P != was.P || now.P > was.P || was.Stated && !now.Stated {
				t.Errorf("cell %d, row %d alone: %+v became %+v", i, k, was, now)
			}
		}
	}
}

// A plain order effect is told of, and so is a ratio that plainly drifts; a
// likely one is not.
func TestNotes(t *testing.T) {
	t.Parallel()
	row := func(drift, order float64) Row {
		r := judged(1, 1)
		r.Health = &Health{Trend: Trend{P: drift}, Order: OrderEffect{P: order}}
		return r
	}
	// Six checks by Holm; .05·.0125 = .000625: /6 = .000104, then /5 = .000125.
	got := Claims([]Cell{{Primary: []Row{row(.0001, .9), row(.002, .000122)}}, {Primary: []Row{row(1, 1)}}}, 0)
	var told []string
	for i, c := range got {
		for k, claim := range c.Primary {
			told = append(told, fmt.Sprint(i, k, claim.Drifts, claim.Ordered))
		}
	}
	want := []string{"0 0 true false", "0 1 false true", "1 0 false false"}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TOST's p is below the level exactly where the interval lies within the margin.
func TestEquivalencePAgreesWithItsInterval(t *testing.T) {
	t.Parallel()
	inside := 0
	each(t, func(t *testing.T, ps []Pair, rule Rule) {
		j := Judge(ps, rule)
		at, enough := rule.Plan.At(j.Pairs)
		if !enough || !j.EquivalenceCI.Known() {
			return
		}
		m := 1 + rule.Plan.Margin
		within := j.EquivalenceCI.Low >= 1/m && j.EquivalenceCI.High <= m
		if within {
			inside++
		}
		if p := j.EquivalenceP; within != (p <= at.ParityAlpha) && math.Abs(p-at.ParityAlpha) > 1e-9 {
			t.Errorf("interval %v, p %v at %v", j.EquivalenceCI, p, at.ParityAlpha)
		}
	})
	if inside < 50 {
		t.Errorf("%d samples at parity: too few to tell", inside)
	}
}

// The mean of scenarios is judged as its interval says, either way it is turned.
func TestOverallAsARow(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(8, 8))
	seen := map[Verdict]int{}
	for i := range 200 {
		var js, swapped []Judgement
		effect := []float64{0, -0.02, -0.3}[i%3]
		for range 4 {
			ps, other := make([]Pair, 10), make([]Pair, 10)
			for k := range ps {
				ps[k] = Pair{1, math.Exp(effect + 0.04*r.NormFloat64())}
				other[k] = Pair{ps[k].Cand, 1}
			}
			js, swapped = append(js, Judge(ps, fixed(10))), append(swapped, Judge(other, fixed(10)))
		}
		plan := Fixed(10, 0.05)
		o := Summarise(js)
		row, back := o.Row(HigherIsBetter, plan), Summarise(swapped).Row(HigherIsBetter, plan)
		j := row.Judgement
		seen[j.Verdict]++
		if back.Judgement.Verdict != turned[j.Verdict] {
			t.Errorf("%s became %s", j.Verdict, back.Judgement.Verdict)
		}
		near(t, "low", j.CI.Low, o.CI.Low, 1e-9)
		near(t, "p", back.Judgement.P, j.P, 1e-9)
		if excludes := o.CI.Low > 1 || o.CI.High < 1; excludes != (j.P < 0.05) {
			t.Errorf("interval %v, p %v", o.CI, j.P)
		}
		if lower := o.Row(LowerIsBetter, plan).Judgement; lower.Verdict != turned[j.Verdict] {
			t.Errorf("%s of a throughput is %s of a latency", j.Verdict, lower.Verdict)
		}
	}
	if seen[Slower] < 40 || seen[Parity] < 40 {
		t.Errorf("not tried enough: %v", seen)
	}
	if j := Summarise(nil).Row(HigherIsBetter, Fixed(10, 0.05)).Judgement; j.Verdict != Indicative || j.P != 1 {
		t.Errorf("nothing: %+v", j)
	}
	few := Summarise([]Judgement{Judge(ratios(.1, .11, .12), fixed(10)), Judge(ratios(.1, .11, .12), fixed(10))})
	if c := Claims([]Cell{{Primary: []Row{few.Row(HigherIsBetter, Fixed(10, 0.05))}}}, 0)[0].Primary[0]; c.Stated {
		t.Errorf("three pairs state %+v", c)
	}
}
