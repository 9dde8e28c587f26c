package compare

import (
	"math"
	"slices"
)

// median of the figures that exist; the mean of the middle two when they are
// even in number. Nil when there is none.
func median(figures []*float64) *float64 {
	var v []float64
	for _, f := range figures {
		if f != nil {
			v = append(v, *f)
		}
	}
	if len(v) == 0 {
		return nil
	}
	slices.Sort(v)
	low, high := v[(len(v)-1)/2], v[len(v)/2]
	m := low + (high-low)/2 // cannot overflow
	return &m
}

// ratioOf holds candidate against baseline; the reason is told when there is
// no ratio.
func ratioOf(baseline, candidate Cell, better Direction, judge Judge) (*Ratio, string) {
	if baseline.Median == nil || candidate.Median == nil {
		return nil, "one of the two has no figure"
	}
	r, ok := divide(*candidate.Median, *baseline.Median)
	if !ok {
		return nil, "nothing has a ratio to 0"
	}
	ratio := &Ratio{Ratio: r, Low: math.Inf(1), High: math.Inf(-1)}
	var b, c []float64
	for i := range min(len(baseline.EachPair), len(candidate.EachPair)) {
		one, other := baseline.EachPair[i], candidate.EachPair[i]
		if one == nil || other == nil {
			continue
		}
		if r, ok := divide(*other, *one); ok {
			ratio.Low, ratio.High = math.Min(ratio.Low, r), math.Max(ratio.High, r)
			b, c = append(b, *one), append(c, *other)
		}
	}
	if ratio.Pairs = len(b); ratio.Pairs == 0 {
		return nil, "no pair has both figures"
	}
	if judge != nil {
		ratio.Verdict = judge(better, b, c)
	}
	return ratio, ""
}

// divide gives a ratio that can also be turned around: positive and finite
// both ways.
func divide(a, b float64) (float64, bool) {
	r := a / b
	return r, r > 0 && !math.IsInf(r, 1) && !math.IsInf(1/r, 1)
}
