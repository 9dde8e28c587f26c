package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"taskbench/compare/finding"
)

// sixScenarios are a run's cells, with that of its means: throughput, p95 and CPU
// time by so many pairs, of which throughput alone has changed everywhere.
func sixScenarios(r *rand.Rand, pairs int, change float64) []Cell {
	var run []Cell
	plan := Fixed(pairs, 0.05)
	byMetric := make([][]Judgement, 3)
	for range 6 {
		var c Cell
		for k := range byMetric {
			ps := make([]Pair, pairs)
			for i := range ps {
				d := 0.1 * r.NormFloat64()
				if k == 0 {
					d += change
				}
				ps[i] = Pair{1, math.Exp(d)}
			}
			j := Judge(ps, fixed(pairs))
			byMetric[k] = append(byMetric[k], j)
			c.Primary = append(c.Primary, Row{Judgement: j, Plan: plan})
		}
		run = append(run, c)
	}
	var means Cell
	for _, js := range byMetric {
		means.Primary = append(means.Primary, Summarise(js).Row(HigherIsBetter, plan))
	}
	return append(run, means)
}

// "Only more than N % would show": of so much, 80 of 100 runs state it, after all
// that the whole rule takes off.
func TestWhatShowsIsShown(t *testing.T) {
	t.Parallel()
	for _, pairs := range []int{6, 20} {
		r := rand.New(rand.NewPCG(uint64(pairs), 6))
		var shows []float64
		for range 100 {
			run := sixScenarios(r, pairs, 0)
			shows = append(shows, run[6].Primary[0].Shows(7, 3))
		}
		loss, found := -math.Log1p(Median(shows)), 0
		const runs = 1500
		for range runs {
			if c := Claims(sixScenarios(r, pairs, loss), 7)[6].Primary[0]; c.Stated && c.Verdict == Slower {
				found++
			}
		}
		if share := float64(found) / runs; share < 0.755 || share > 0.84 {
			t.Errorf("%d pairs: a loss of %.3f is stated in %.3f of runs, want 0.80", pairs, -loss, share)
		}
	}
}

// One row of a cell of its own, few pairs: the standard deviation decides.
func TestShownBySimulation(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 9))
	for _, pairs := range []int{5, 8, 20} {
		const alpha, runs, s = 0.002, 20_000, 0.1
		loss, found := math.Log1p(shown(s, float64(pairs-1), pairs, alpha)), 0
		for range runs {
			sample := make([]float64, pairs)
			for i := range sample {
				sample[i] = loss + s*r.NormFloat64()
			}
			if e := tEstimate(sorted(sample), Look{DifferenceAlpha: alpha, ParityAlpha: 0.05}); e.difference.low > 0 {
				found++
			}
		}
		if share := float64(found) / runs; math.Abs(share-power) > 0.02 {
			t.Errorf("%d pairs: found in %.3f of runs, want %.2f", pairs, share, power)
		}
	}
}

// The mean over scenarios of which one has no one ratio is no mean of ratios.
func TestMeanOfADriftingRatio(t *testing.T) {
	t.Parallel()
	steady := Judge(around(30, 0.01), fixed(10))
	drifting := Health{Unstable: finding.Finding{Code: finding.RatioDrifts}}.Temper(steady)
	plan := Fixed(10, 0.05)
	means := func(js ...Judgement) Claim {
		return Claims([]Cell{{Primary: []Row{Summarise(js).Row(HigherIsBetter, plan)}}}, 0)[0].Primary[0]
	}
	if c := means(steady, steady); !c.Stated || c.Verdict != Slower {
		t.Errorf("steady: %+v", c)
	}
	if c := means(steady, drifting); c.Stated {
		t.Errorf("one drifts: %+v", c)
	}
}
