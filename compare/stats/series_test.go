package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/finding"
)

// S, variance and p of the ten values by Gilbert's formulas (Statistical
// Methods for Environmental Pollution Monitoring, 1987, 16.4): two ties,
// Var(S) = (10·9·25 − 2·2·1·9)/18 = 123, Z = −8/√123. The others and all slopes:
// st.kendalltau(range(n), y, method='exact'), st.theilslopes(y, range(n)).
func TestFindTrend(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		ys   []float64
		want Trend
	}{
		{"ties", []float64{23, 24, 29, 6, 29, 24, 34, 22, 15, 12},
			Trend{-9, -0.20459830184114206, 0.470702992511, -1, -3, 1.6666666666666667}},
		{"rising", []float64{1, 2, 3, 4, 5, 6}, Trend{15, 1, 0.002777777777777778, 1, 1, 1}},
		{"noisy", []float64{5.1, 4.9, 5.3, 5.6, 5.2, 5.8, 6.0, 5.7},
			Trend{18, 0.6428571428571428, 0.03115079365079365, 0.13666666666666674, 0.025, 0.225}},
		{"constant", []float64{4, 4, 4, 4}, Trend{P: 1}},
		{"two values", []float64{1, 9}, Trend{P: 1}},
		{"none", nil, Trend{P: 1}},
	}
	for _, c := range cases {
		got := FindTrend(c.ys)
		if got.S != c.want.S {
			t.Errorf("%s: S = %d, want %d", c.name, got.S, c.want.S)
		}
		near(t, c.name+": tau", got.Tau, c.want.Tau, 1e-12)
		near(t, c.name+": p", got.P, c.want.P, 1e-6)
		near(t, c.name+": slope", got.Slope, c.want.Slope, 1e-12)
		near(t, c.name+": low", got.Low, c.want.Low, 1e-12)
		near(t, c.name+": high", got.High, c.want.High, 1e-12)
	}
}

func TestTrendTurnsRoundWithTheSeries(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9))
	for n := 3; n < 40; n++ {
		ys, mirrored := make([]float64, n), make([]float64, n)
		for i := range ys {
			ys[i] = math.Round(4*r.NormFloat64()) / 4 * float64(1+n%2)
			mirrored[n-1-i] = ys[i]
		}
		a, b := FindTrend(ys), FindTrend(mirrored)
		if a.S != -b.S || a.P != b.P || a.Slope != -b.Slope {
			t.Fatalf("%v: %+v, reversed %+v", ys, a, b)
		}
	}
}

func TestAutocorrelation(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		xs   []float64
		want float64
	}{
		{"by hand", []float64{1, 2, 3, 4, 5}, 0.4}, // (2+0+0+2)/10
		{"alternating", []float64{1, -1, 1, -1}, -0.75},
		{"constant", []float64{2, 2, 2, 2}, 0},
		{"two values", []float64{1, 2}, 0},
	}
	for _, c := range cases {
		near(t, c.name, Autocorrelation(c.xs), c.want, 1e-12)
	}
}

func TestOutliers(t *testing.T) {
	t.Parallel()
	// Median 3, deviations 2 1 0 1 97, MAD 1: 0.6745·97.
	z := ModifiedZ([]float64{1, 2, 3, 4, 100})
	near(t, "modified z", z[4], 0.6745*97, 1e-12)
	near(t, "modified z of the median", z[2], 0, 0)
	// MAD 0: mean absolute deviation 10/5 = 2.
	near(t, "fallback", ModifiedZ([]float64{1, 1, 1, 1, 11})[4], 10/(1.2533*2), 1e-12)
	if z := ModifiedZ([]float64{5, 5, 5}); z[0] != 0 || z[1] != 0 || z[2] != 0 {
		t.Errorf("constant values are %v away", z)
	}
	// numpy: np.percentile([1..9], [25, 75]) = 3, 7.
	low, high := TukeyFences([]float64{9, 1, 8, 2, 7, 3, 6, 4, 5})
	near(t, "low fence", low, -3, 1e-12)
	near(t, "high fence", high, 13, 1e-12)
	near(t, "CV", CV([]float64{9, 10, 11}), 0.1, 1e-12)
	near(t, "CV of one", CV([]float64{9}), 0, 0)
	near(t, "CV about zero", CV([]float64{-1, 1}), 0, 0)
}

// R: p.adjust(c(.01, .04, .03, .005), "holm") is .03 .06 .06 .02.
func TestHolm(t *testing.T) {
	t.Parallel()
	want := []float64{.03, .06, .06, .02}
	for i, p := range Holm([]float64{.01, .04, .03, .005}) {
		near(t, "adjusted", p, want[i], 1e-12)
	}
	got := Holm([]float64{.5, math.NaN(), .9})
	if diff := cmp.Diff([]float64{1, 1, 1}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(Holm(nil)) != 0 {
		t.Error("no p-values are adjusted to some")
	}
}

func TestSummarise(t *testing.T) {
	t.Parallel()
	js := []Judgement{
		Judge(ten, fixed(10)), // 0.951
		Judge(scaled(1.1, 1.1, 1.1, 1.1, 1.1, 1.1), fixed(6)),     // 1.1 exactly
		Judge(scaled(1.3, 0.8, 1.1, 0.9, 1.2, 0.85), fixed(6)),    // wide
		Judge([]Pair{{0, 1}, {0, 1}, {0, 1}}, fixed(3)),           // no ratio
		Judge(scaled(1.002, 0.998, 1.001, 0.999, 1, 1), fixed(6)), // parity
	}
	o := Summarise(js)
	near(t, "ratio", o.Ratio, math.Pow(js[0].Ratio*js[1].Ratio*js[2].Ratio*js[4].Ratio, 0.25), 1e-12)
	want := map[Verdict]int{Slower: 1, Faster: 1, Inconclusive: 2, Parity: 1}
	if diff := cmp.Diff(want, o.Verdicts); diff != "" || o.Scenarios != 4 {
		t.Errorf("%d scenarios (-want +got):\n%s", o.Scenarios, diff)
	}
	if !(o.CI.Low < o.Ratio && o.Ratio < o.CI.High) {
		t.Errorf("interval %v does not hold %v", o.CI, o.Ratio)
	}
	one := Summarise(js[:1])
	near(t, "one scenario's own interval", one.CI.Low, js[0].CI.Low, 1e-12)
	if o := Summarise([]Judgement{js[0], Judge(ten[:1], fixed(1))}); o.CI.Known() || o.Scenarios != 2 {
		t.Errorf("an interval %v from a single pair", o.CI)
	}
}

func TestNoiseFloor(t *testing.T) {
	t.Parallel()
	f := NoiseFloor(ten)
	near(t, "sd", f.SD, 0.010034347969556283, 1e-12)
	near(t, "ratio", f.Ratio, 0.9514823863884884, 1e-12)
	near(t, "with 10", f.With10, SmallestDifference(f.SD, 10), 0)
	if f := NoiseFloor(ten[:1]); f.Pairs != 1 || f.CI.Known() {
		t.Errorf("a floor from one pair: %+v", f)
	}
}

func TestExamine(t *testing.T) {
	t.Parallel()
	run := func(ratio func(i int) float64) []OrderedPair {
		ps := make([]OrderedPair, 12)
		for i := range ps {
			wobble := []float64{0, 0.004, -0.003, 0.002}[i%4]
			ps[i] = OrderedPair{Pair: Pair{100, 100 * ratio(i) * (1 + wobble)}, BaseFirst: i%3 == 0}
		}
		return ps
	}
	steady := Examine(run(func(int) float64 { return 1 }), HigherIsBetter)
	if len(steady.Notes) > 0 || !steady.Unstable.IsZero() {
		t.Errorf("a steady run is criticised: %v", steady.Notes)
	}
	falling := Examine(run(func(i int) float64 { return 1 - 0.01*float64(i) }), HigherIsBetter)
	if f := falling.Unstable; f.Code != finding.RatioDrifts || math.Abs(f.Values["change_ratio"]-1/1.011) > 0.001 {
		t.Errorf("a falling ratio: %v", falling.Unstable)
	}
	leak := Examine(run(func(i int) float64 { return 1 + 0.01*float64(i) }), LowerIsBetter)
	if f := leak.Unstable; f.Code != finding.RatioDrifts || f.Values["change_ratio"] >= 1 {
		t.Errorf("a growing latency: %v", leak.Unstable)
	}
	order := Examine(run(func(i int) float64 { return 1 + 0.05*float64(i%3/2+(i%3)%2) }), HigherIsBetter)
	near(t, "order effect", order.Order.Effect, 1/1.05, 0.003)
	if len(order.Notes) == 0 || order.Notes[0].Code != finding.OrderMatters {
		t.Errorf("an order effect: %v", order.Notes)
	}
	wild := run(func(int) float64 { return 1 })
	wild[7].Cand = 40
	wild[2].Cand = math.NaN()
	if h := Examine(wild, HigherIsBetter); !cmp.Equal(h.Wild, []int{8}) {
		t.Errorf("pair 8 is wild, got %v", h.Wild)
	}
}

func TestTemper(t *testing.T) {
	t.Parallel()
	j := Judge(ten, fixed(10))
	if got := (Health{}).Temper(j); got.Verdict != Slower {
		t.Errorf("a healthy run became %s", got.Verdict)
	}
	drifts := finding.Finding{Code: finding.RatioDrifts}
	got := Health{Unstable: drifts}.Temper(j)
	if got.Verdict != Inconclusive || !got.Reason.Same(drifts) || got.Ratio != j.Ratio {
		t.Errorf("an unstable run is %s: %v", got.Verdict, got.Reason)
	}
	if d := Gate(got, DefaultGate()); d.Outcome != Undetermined {
		t.Errorf("the gate says %s of an unstable run", d.Outcome)
	}
}
