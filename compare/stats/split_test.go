package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestBestSplit holds the length against a search for the least variance that
// the same time brings.
func TestBestSplit(t *testing.T) {
	t.Parallel()
	for _, s := range []Scatter{{0.02, 0.04}, {0.05, 0.01}, {0.001, 0.2}} {
		for _, c := range [][2]float64{{1.5, 2.2}, {8, 2.05}, {0.2, 3.3}} {
			best, at := math.Inf(1), 0.0
			for d := 0.001; d < 1000; d *= 1.001 {
				// The variance of the mean of all pairs that fit into a second.
				if v := s.Of(d) * s.Of(d) * (c[0] + c[1]*d); v < best {
					best, at = v, d
				}
			}
			if got := s.Best(c[0], c[1]); math.Abs(got/at-1) > 0.002 {
				t.Errorf("%+v, costs %v: %g s, a search finds %g s", s, c, got, at)
			}
		}
	}
	if got := (Scatter{Within: 0.1}).Best(1, 2); !math.IsInf(got, 1) {
		t.Errorf("nothing differs between pairs: %g s", got)
	}
	if got := (Scatter{Between: 0.1}).Best(1, 2); got != 0 {
		t.Errorf("nothing differs within pairs: %g s", got)
	}
}

// TestScatter finds what pairs were drawn with, in the mean over many runs.
func TestScatter(t *testing.T) {
	t.Parallel()
	const between, within, seconds, runs = 0.03, 0.05, 2.0, 4000
	r := rand.New(rand.NewPCG(5, 6))
	var sumBetween, sumWithin float64
	for range runs {
		var logs, variances []float64
		for range 8 {
			rounds := drawRounds(r, 20, between, within*math.Sqrt(20/seconds/(math.Pi/2)))
			logs, variances = append(logs, Median(rounds)), append(variances, medianVariance(rounds)*seconds)
		}
		s := NewScatter(logs, variances, seconds)
		sumBetween, sumWithin = sumBetween+s.Between*s.Between, sumWithin+s.Within*s.Within
	}
	if got := math.Sqrt(sumBetween / runs); math.Abs(got/between-1) > 0.1 {
		t.Errorf("between pairs %.4f, drawn with %.4f", got, between)
	}
	if got := math.Sqrt(sumWithin / runs); math.Abs(got/within-1) > 0.15 {
		t.Errorf("within a second %.4f, drawn with %.4f", got, within)
	}
}

func drawRounds(r *rand.Rand, n int, between, round float64) []float64 {
	rounds, middle := make([]float64, n), between*r.NormFloat64()
	for i := range rounds {
		rounds[i] = middle + round*r.NormFloat64()
	}
	return rounds
}

func TestMeanInterval(t *testing.T) {
	t.Parallel()
	if middle, half := MeanInterval([]float64{1, 2, 3, 4, 5}); middle != 3 || math.Abs(half-1.9633) > 1e-4 { // 2.7764 · 1.5811 / √5
		t.Errorf("%g ± %g", middle, half)
	}
	if middle, half := MeanInterval([]float64{7}); middle != 7 || !math.IsInf(half, 1) {
		t.Errorf("%g ± %g", middle, half)
	}
}

// medianVariance is that of the median of normal values.
func medianVariance(values []float64) float64 {
	middle := Median(values)
	distances := make([]float64, len(values))
	for i, x := range values {
		distances[i] = math.Abs(x - middle)
	}
	deviation := 1.4826 * Median(distances)
	return math.Pi / 2 * deviation * deviation / float64(len(values))
}

// TestChosenLengthIsFair: where the first three pairs choose how long the others
// are, the interval of all is as often right as it says, and the mean is that of
// the truth.
func TestChosenLengthIsFair(t *testing.T) {
	t.Parallel()
	const runs, pairs = 6000, 8
	r := rand.New(rand.NewPCG(8, 9))
	outside, sum := 0, 0.0
	for range runs {
		between, round, perSecond := 0.05*r.Float64(), 0.3*r.Float64(), 5
		var logs, variances []float64
		length := 2.0
		for k := range pairs {
			if k == 3 {
				length = math.Max(2, math.Min(4, NewScatter(logs, variances, 2).Best(3, 2.2)))
			}
			rounds := drawRounds(r, int(length*float64(perSecond)), between, round)
			logs, variances = append(logs, Median(rounds)), append(variances, medianVariance(rounds)*length)
		}
		s := sorted(logs)
		half := tQuantile(0.975, pairs-1) * sd(s) / math.Sqrt(pairs)
		if math.Abs(mean(s)) > half {
			outside++
		}
		sum += mean(s)
	}
	// 5 %, with four standard errors of a count of so many runs.
	if rate := float64(outside) / runs; math.Abs(rate-0.05) > 4*math.Sqrt(0.05*0.95/runs) {
		t.Errorf("%.4f of the intervals leave the truth out, want 0.05", rate)
	}
	if shift := sum / runs; math.Abs(shift) > 0.003 {
		t.Errorf("the mean is off by %.4f", shift)
	}
}
