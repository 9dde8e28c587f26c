package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// scipy 1.17: st.t.ppf(p, df).
func TestTQuantile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ p, df, want float64 }{
		{.975, 1, 12.706204736174694}, {.975, 5, 2.5705818356363146}, {.975, 9, 2.262157162798205},
		{.95, 9, 1.833112932656237}, {.975, 19, 2.0930240544083087}, {.99983, 5, 8.656244635712559}, {.8, 5, 0.9195437802408271},
	} {
		near(t, "quantile", tQuantile(c.p, c.df), c.want, 1e-9)
		near(t, "and back", tCDF(c.want, c.df), c.p, 1e-9)
	}
}

// Critical values of Wilcoxon's signed-rank test, one-sided .05 .025 .01 .005
// (Wilcoxon and Wilcox, Some Rapid Approximate Statistical Procedures, 1964;
// R: qsignrank(α, n) − 1 where psignrank is above α).
func TestSignedRankTable(t *testing.T) {
	t.Parallel()
	levels := []float64{.05, .025, .01, .005}
	for n, want := range map[int][]int{
		5: {0, -1, -1, -1}, 6: {2, 0, -1, -1}, 8: {5, 3, 1, 0}, 10: {10, 8, 5, 3}, 12: {17, 13, 9, 7}, 20: {60, 52, 43, 37},
	} {
		var got []int
		for _, a := range levels {
			got = append(got, rankCut(n, a))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("n = %d (-want +got):\n%s", n, diff)
		}
	}
}

func TestSignedRankDistribution(t *testing.T) {
	t.Parallel()
	for n := 1; n <= exactRanks; n++ {
		cdf := signedRankCDF(n)
		last := len(cdf) - 1
		near(t, "first", cdf[0], math.Pow(2, -float64(n)), 1e-15)
		near(t, "last", cdf[last], 1, 1e-12)
		for k := range last { // symmetric about n(n+1)/4
			near(t, "mirror", cdf[k]+cdf[last-1-k], 1, 1e-12)
		}
	}
	// Where the exact table ends, the approximation takes over without a jump.
	for _, a := range []float64{.05, .025, .005} {
		mean, sigma := rankMoments(exactRanks)
		approx := int(math.Floor(mean - 0.5 - normalQuantile(1-a)*sigma))
		if exact := rankCut(exactRanks, a); max(exact, approx)-min(exact, approx) > 3 {
			t.Errorf("α %v: exact %d, approximate %d", a, exact, approx)
		}
	}
}

// The depression scale of nine patients before and after a tranquilizer
// (Hollander and Wolfe, table 3.1): T⁺ = 5, two-sided p = .039, estimate
// −.460, 96.1 % interval −.786 … −.010.
func TestHodgesLehmannTextbook(t *testing.T) {
	t.Parallel()
	before := []float64{1.83, .50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	after := []float64{.878, .647, .598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	d := make([]float64, len(before))
	for i := range d {
		d[i] = after[i] - before[i]
	}
	e := rankEstimate(walsh(d), len(d), 0, Look{DifferenceAlpha: 0.05, ParityAlpha: 0.05})
	near(t, "estimate", e.centre, -.460, 1e-12)
	near(t, "low", e.difference.low, -.786, 1e-12)
	near(t, "high", e.difference.high, -.010, 1e-12)
	near(t, "p", e.p, .0390625, 1e-12)
}

// The interval must cover what it says it covers, for few and for ties.
func TestSignedRankWithManyValues(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	d := make([]float64, 100)
	for i := range d {
		d[i] = 0.1 + r.NormFloat64()
	}
	rank := rankEstimate(walsh(d), len(d), 0, Look{DifferenceAlpha: 0.05, ParityAlpha: 0.05})
	student := tEstimate(sorted(d), Look{DifferenceAlpha: 0.05, ParityAlpha: 0.05})
	near(t, "low", rank.difference.low, student.difference.low, 0.05)
	near(t, "high", rank.difference.high, student.difference.high, 0.05)

}

// scipy 1.17: st.ttest_ind(a, b, equal_var=False) and its confidence_interval().
func TestWelch(t *testing.T) {
	t.Parallel()
	a := []float64{.02, .01, -.03, .05, .04, .00}
	b := []float64{-.10, -.08, -.07, -.15, -.02}
	diff, se, df := welch(a, b)
	e := studentEstimate(WelchT, diff, se, df, Look{DifferenceAlpha: 0.05, ParityAlpha: 0.05})
	near(t, "t", diff/se, 4.095480513798685, 1e-12)
	near(t, "df", df, 6.3754579818508486, 1e-12)
	near(t, "p", e.p, 0.005614577586797278, 1e-9)
	near(t, "low", e.difference.low, 0.04068503276486768, 1e-9)
	near(t, "high", e.difference.high, 0.15731496723513233, 1e-9)
}

// Pairs to prove parity within ±5 %: the figures published for TOST on
// log ratios, power 80 % (Julious 2004, by iteration over Student's t).
func TestPairsForParity(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sd, gap float64
		want    int
		slack   int
	}{
		{.02, 0, 4, 0}, {.02, .02, 5, 0}, {.04, 0, 8, 0}, {.04, .02, 14, 0}, {.06, 0, 15, 0}, {.06, .02, 29, 1},
		{.08, 0, 25, 0}, {.08, .02, 50, 1}, {.12, 0, 54, 1}, {.12, .02, 120, 12}, {.20, 0, 150, 5}, {.20, .02, 310, 15},
	} {
		got := PairsForParity(c.sd, c.gap, 0.05)
		if got < c.want-c.slack || got > c.want+c.slack {
			t.Errorf("sd %v, gap %v: %d pairs, want %d ± %d", c.sd, c.gap, got, c.want, c.slack)
		}
	}
	for _, c := range []struct{ sd, gap float64 }{{.02, .05}, {.02, -.1}, {math.NaN(), 0}, {.02, math.NaN()}, {100, 0}} {
		if got := PairsForParity(c.sd, c.gap, 0.05); got != 0 {
			t.Errorf("sd %v, gap %v: %d pairs, want 0 for never", c.sd, c.gap, got)
		}
	}
}

// The pairs promised are the pairs it takes: simulated runs of that length
// decide about 80 % of the time (90 % and more only where both parity and a
// difference were within reach).
func TestPairsNeededAreNeeded(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	for _, c := range []struct{ sd, delta float64 }{{.08, 0}, {.08, .06}, {.15, -.1}, {.10, -.03}} {
		n := pairsNeeded(c.sd, c.delta, math.Log1p(0.05), Fixed(1, 0.05).final(), FixedMin)
		decided, runs := 0, 1500
		for range runs {
			ps := make([]Pair, n)
			for i := range ps {
				ps[i] = Pair{1, math.Exp(c.delta + c.sd*r.NormFloat64())}
			}
			if Judge(ps, fixed(n)).Verdict != Inconclusive {
				decided++
			}
		}
		if share := float64(decided) / float64(runs); share < 0.76 || share > 0.90 {
			t.Errorf("sd %v, true %v: %d pairs decide in %.0f %% of runs, want about 80", c.sd, c.delta, n, 100*share)
		}
	}
}

func TestSmallestDifference(t *testing.T) {
	t.Parallel()
	// exp((2.262157 + 0.883404)·0.05/√10) − 1, quantiles as above.
	near(t, "10 pairs", SmallestDifference(0.05, 10), math.Exp((2.262157162798205+0.8834038596)*0.05/math.Sqrt(10))-1, 1e-8)
	if six, twenty := SmallestDifference(0.05, 6), SmallestDifference(0.05, 20); !(six > twenty && twenty > 0) {
		t.Errorf("6 pairs show %v, 20 show %v", six, twenty)
	}
	for _, got := range []float64{SmallestDifference(0, 10), SmallestDifference(1, 1), SmallestDifference(math.NaN(), 10)} {
		if got != 0 {
			t.Errorf("got %v, want 0", got)
		}
	}
}
