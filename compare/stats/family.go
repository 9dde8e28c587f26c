package stats

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts p-values of a family of claims so that the chance of any false
// one stays at the level they are compared to (Holm, Scand. J. Statist. 1979).
// Only unqualified "faster" and "slower" claims need it: the gate has its
// minimum effect, and "all at parity" is an intersection–union test. The
// result is in the order given; values outside 0 … 1 count as 1.
func Holm(ps []float64) []float64 {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	p := func(i int) float64 {
		if ps[i] >= 0 && ps[i] <= 1 {
			return ps[i]
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p(a), p(b)) })
	adjusted := make([]float64, len(ps))
	highest := 0.0
	for rank, i := range order {
		highest = math.Max(highest, math.Min(1, float64(len(ps)-rank)*p(i)))
		adjusted[i] = highest
	}
	return adjusted
}

// Overall is one metric over several scenarios.
type Overall struct {
	Ratio     float64         `json:"ratio"` // geometric mean of the scenarios' ratios, as measured; 0 when there is none
	CI        Interval        `json:"ci"`    // 95 %, of these scenarios: it says nothing about others
	Scenarios int             `json:"scenarios"`
	Verdicts  map[Verdict]int `json:"verdicts"`
}

// Summarise combines the same metric's judgements over scenarios. The
// geometric mean is the only mean of ratios that does not depend on the choice
// of baseline (Fleming and Wallace, CACM 1986). Its interval treats the
// scenarios as chosen and their errors as independent: Satterthwaite's degrees
// of freedom. Scenarios without a ratio are counted in Verdicts alone;
// without two pairs in each of the others there is no interval.
func Summarise(js []Judgement) Overall {
	o := Overall{Verdicts: map[Verdict]int{}}
	var logs []float64
	variance, weight, measured := 0.0, 0.0, true
	for _, j := range js {
		o.Verdicts[j.Verdict]++
		if j.Ratio <= 0 {
			continue
		}
		logs = append(logs, math.Log(j.Ratio))
		v := j.SD * j.SD / float64(max(j.Pairs, 1))
		variance += v
		if j.Pairs < 2 || j.Method == "" {
			measured = false
			continue
		}
		weight += v * v / float64(j.Pairs-1)
	}
	if o.Scenarios = len(logs); o.Scenarios == 0 {
		return o
	}
	centre := mean(sorted(logs))
	o.Ratio = exp(centre)
	if !measured {
		return o
	}
	h := 0.0
	if weight > 0 {
		h = tQuantile(0.975, variance*variance/weight) * math.Sqrt(variance) / float64(len(logs))
	}
	o.CI = Interval{exp(centre - h), exp(centre + h)}
	return o
}

// Floor is what A/A pairs (one target against itself) say about a machine:
// how small a difference it can show.
type Floor struct {
	Pairs           int      `json:"pairs"`
	CV              float64  `json:"cv"`              // of one trial, both sides pooled, as a fraction
	SD              float64  `json:"sd_log_ratio"`    // of one pair
	Autocorrelation float64  `json:"autocorrelation"` // lag 1, of the log ratios
	Ratio           float64  `json:"ratio"`           // should be 1
	CI              Interval `json:"ci"`              // 95 %; should hold 1
	// Smallest differences, as fractions, that so many pairs show here with
	// 80 % power; 0 when unknown.
	With6  float64 `json:"smallest_with_6_pairs"`
	With10 float64 `json:"smallest_with_10_pairs"`
	With20 float64 `json:"smallest_with_20_pairs"`
}

// NoiseFloor reads a machine's noise off A/A pairs in the order measured. At
// least two usable pairs are needed for anything but the count.
func NoiseFloor(pairs []Pair) Floor {
	d, _, _ := LogRatios(pairs, HigherIsBetter)
	f := Floor{Pairs: len(d)}
	if len(d) < 2 {
		return f
	}
	var trials []float64
	for _, p := range pairs {
		if positive(p.Base) && positive(p.Cand) {
			trials = append(trials, p.Base, p.Cand)
		}
	}
	s := sorted(d)
	e := tEstimate(s, Look{DifferenceAlpha: 0.05, ParityAlpha: 0.05})
	f.SD, f.Autocorrelation = sd(s), Autocorrelation(d)
	f.CV = CV(trials)
	f.Ratio = exp(e.centre)
	f.CI = Interval{exp(e.difference.low), exp(e.difference.high)}
	f.With6, f.With10, f.With20 = SmallestDifference(f.SD, 6), SmallestDifference(f.SD, 10), SmallestDifference(f.SD, 20)
	return f
}
