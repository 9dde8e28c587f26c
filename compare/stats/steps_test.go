package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/finding"
)

// alternating is noise that is none: ±1 around a level.
func alternating(levels ...float64) []float64 {
	var ys []float64
	for _, l := range levels {
		for range 10 {
			ys = append(ys, l+float64(1-2*(len(ys)%2)))
		}
	}
	return ys
}

func TestFindSteps(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		ys   []float64
		at   []int
	}{
		{"flat", alternating(0, 0), nil},
		{"constant", make([]float64, 20), nil},
		{"one", alternating(0, 5), []int{10}},
		{"up and down", alternating(0, 5, 1), []int{10, 20}},
		{"a stair", alternating(0, 5, 10, 15), []int{10, 20, 30}},
		{"one wild value", append(alternating(0, 0), 50), nil},
		{"too short to show anything", []float64{0, 0, 0, 9, 9, 9, 9}, nil},
		{"none", nil, nil},
	} {
		var at []int
		for _, s := range FindSteps(c.ys, RunAlpha) {
			at = append(at, s.At)
			if s.P <= 0 || s.P > RunAlpha || s.Low >= s.Change || s.High <= s.Change {
				t.Errorf("%s: %+v", c.name, s)
			}
		}
		if diff := cmp.Diff(c.at, at); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	// scipy: ttest_ind(after, before): change 5, t = 5/√(10/9·1/5), df 18; t(.975, 18) = 2.10092.
	s := FindSteps(alternating(0, 5), RunAlpha)[0]
	near(t, "change", s.Change, 5, 1e-12)
	near(t, "low", s.Low, 5-2.10092204024*math.Sqrt(10./9*2/10), 1e-9)
}

// Unit, zero and sign of a series do not matter.
func TestStepLaws(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	found := 0
	for range 40 {
		ys := make([]float64, 8+r.IntN(20))
		at, change := r.IntN(len(ys)), float64(r.IntN(3))*2
		for i := range ys {
			ys[i] = r.NormFloat64()
			if i >= at {
				ys[i] += change
			}
		}
		other := make([]float64, len(ys))
		for i, y := range ys {
			other[i] = 3 - 8*y
		}
		was, now := FindSteps(ys, RunAlpha), FindSteps(other, RunAlpha)
		found += len(was)
		if len(was) != len(now) {
			t.Fatalf("%v: %+v became %+v", ys, was, now)
		}
		for i := range was {
			if was[i].At != now[i].At || was[i].P != now[i].P {
				t.Errorf("%+v became %+v", was[i], now[i])
			}
			near(t, "change", now[i].Change, -8*was[i].Change, 1e-9)
		}
	}
	if found < 10 {
		t.Errorf("%d steps in all: the laws were not tried", found)
	}
}

// ratios are the pairs with these log ratios.
func ratios(logs ...float64) []Pair {
	var ps []Pair
	for _, l := range logs {
		ps = append(ps, Pair{1, math.Exp(l)})
	}
	return ps
}

// By hand: means 0 .02 .04 have variance .0004 with 2 degrees of freedom; 0 and
// .01 have .00005 with 1. Together (.0008 + .00005)/3.
func TestBetweenRuns(t *testing.T) {
	t.Parallel()
	first := [][]Pair{ratios(-.01, .01), ratios(.02), ratios(.04, .04, .04)}
	second := [][]Pair{ratios(0, 0), ratios(.01)}
	b := BetweenRuns(HigherIsBetter, first, second, [][]Pair{ratios(1)})
	near(t, "variance", b.Variance, .00085/3, 1e-12)
	near(t, "degrees of freedom", b.DF, 3, 0)
	if b := BetweenRuns(HigherIsBetter, [][]Pair{ratios(1)}, nil, [][]Pair{{{0, 1}}, ratios(2)}); b != (Between{}) {
		t.Errorf("one usable run says %+v", b)
	}
}

// Runs that differ more than their pairs make the interval wider, and those that
// differ less leave it as it is.
func TestBetweenWidens(t *testing.T) {
	t.Parallel()
	then, now := ratios(.001, -.001, .002, -.002, 0, 0), ratios(.051, .049, .052, .048, .05, .05)
	rule := fixed(6)
	narrow := RatioOfRatios(then, now, rule)
	rule.Between = Between{Variance: .02 * .02, DF: 5}
	wide := RatioOfRatios(then, now, rule)
	// ln(high) = .05 + t(.975, 5)·.02·√2.
	near(t, "high", math.Log(wide.CI.High), .05+2.5705818356363146*.02*math.Sqrt2, 1e-9)
	if narrow.Verdict != Faster || wide.Verdict != Inconclusive {
		t.Errorf("%s became %s", narrow.Verdict, wide.Verdict)
	}
	rule.Between = Between{Variance: 1e-12, DF: 50}
	if diff := cmp.Diff(narrow.CI, RatioOfRatios(then, now, rule).CI); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// One metric of many may lose by chance; the same loss alone is a failure.
func TestGateAll(t *testing.T) {
	t.Parallel()
	lost := judged(.0015, .8)
	lost.Judgement.CI = Interval{.7, .9}
	lost.Judgement.Verdict = Slower
	fine := judged(.9, 1)
	fine.Judgement.CI = Interval{.98, 1.02}
	if d := GateAll([]Row{lost, fine}, DefaultGate()); d[0].Outcome != Failed || d[1].Outcome != Pass {
		t.Errorf("%+v", d)
	}
	many := []Row{lost}
	for range 40 {
		many = append(many, fine)
	}
	d := GateAll(many, DefaultGate())[0]
	if v := d.Reason.Values; d.Outcome != Undetermined || d.Reason.Code != finding.LossByChance || v["metrics"] != 41 || math.Abs(v["p_adjusted"]-0.0615) > 0.001 {
		t.Errorf("%+v", d)
	}
	if d := GateAll(many, GateRule{0.05, 0.10, Conservative})[0]; d.Outcome != Failed {
		t.Errorf("conservative: %+v", d)
	}
}

// By hand: rounds average to .1 and .3; the third lacks a benchmark.
func TestSummariseRounds(t *testing.T) {
	t.Parallel()
	broken := Pair{1, math.NaN()}
	o := SummariseRounds([][]Pair{
		append(ratios(0, .2), broken),
		ratios(.2, .4, .9),
		{broken, broken, broken},
	}, LowerIsBetter)
	near(t, "ratio", math.Log(o.Ratio), .2, 1e-12)
	near(t, "high", math.Log(o.CI.High), .2+12.706204736174694*.1, 1e-9)
	if o.Scenarios != 2 {
		t.Errorf("%d benchmarks", o.Scenarios)
	}
	if o := SummariseRounds([][]Pair{ratios(.1)}, HigherIsBetter); o.CI.Known() || o.Ratio == 0 {
		t.Errorf("one round: %+v", o)
	}
	if o := SummariseRounds(nil, HigherIsBetter); o.Ratio != 0 || o.CI.Known() {
		t.Errorf("nothing: %+v", o)
	}
}

// Of runs that measured the same, at most one history of a hundred has its last ones
// cut off for being on another level, with the run that is judged; a true change is
// cut where it is, however few runs are behind it.
func TestNewLevel(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	const histories = 4000
	for n := 4; n <= 12; n += 4 {
		cut := 0
		for range histories {
			means := make([]float64, n)
			for i := range means {
				means[i] = r.NormFloat64()
			}
			if newLevel(means, r.NormFloat64()) > 0 {
				cut++
			}
		}
		expected := histories * newLevelAlpha
		if float64(cut) > expected+4*math.Sqrt(expected) {
			t.Errorf("%d runs: %d of %d histories are cut", n, cut, histories)
		}
		for again := 1; again <= 3; again++ {
			means := make([]float64, n+again)
			for i := range means {
				if means[i] = r.NormFloat64(); i >= n {
					means[i] += 20
				}
			}
			if at := newLevel(means, 20+r.NormFloat64()); at != n {
				t.Errorf("%d runs, and %d of another level: cut at %d", n, again, at)
			}
		}
	}
	if at := newLevel([]float64{1, 1, 1, 1, 2}, 2); at != 4 {
		t.Errorf("without any scatter: cut at %d", at)
	}
}
