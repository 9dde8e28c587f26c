package verdict

import (
	"math"

	"taskbench/compare/stats"
)

// Median of the figures that exist; nil when there is none.
func Median(figures []*float64) *float64 {
	var v []float64
	for _, f := range figures {
		if f != nil {
			v = append(v, *f)
		}
	}
	if len(v) == 0 {
		return nil
	}
	m := stats.Median(v)
	return &m
}

// Series joins the figures of two sides. Where a pair has a sharper ratio than
// that of its figures, the candidate's is what that ratio makes of the baseline's.
func Series(numbers []int, base []*float64, cand Cell, baseFirst func(i int) bool) []stats.OrderedPair {
	list := make([]stats.OrderedPair, len(numbers))
	for i, n := range numbers {
		list[i] = stats.OrderedPair{Pair: stats.Pair{Base: orNaN(base[i]), Cand: orNaN(cand.EachPair[i])}, BaseFirst: baseFirst(i), Number: n}
		if len(cand.WithinPair) > 0 && cand.WithinPair[i] != nil {
			list[i].Cand = list[i].Base * *cand.WithinPair[i]
		}
	}
	return list
}

func orNaN(v *float64) float64 {
	if v == nil {
		return math.NaN()
	}
	return *v
}

// extremes are the smallest and largest ratio within a pair, and how many
// pairs have one that can also be turned around.
func extremes(pairs []stats.OrderedPair) (low, high float64, n int) {
	low, high = math.Inf(1), 0
	for _, p := range pairs {
		r := p.Cand / p.Base
		if r > 0 && !math.IsInf(r, 1) && !math.IsInf(1/r, 1) && !math.IsInf(p.Base, 1) {
			low, high, n = math.Min(low, r), math.Max(high, r), n+1
		}
	}
	return low, high, n
}

// Joined makes pairs of two columns; of one column its values over 1.
func Joined(control, own []*float64) []stats.Pair {
	var pairs []stats.Pair
	for i, v := range own {
		p := stats.Pair{Base: 1, Cand: orNaN(v)}
		if control != nil {
			p.Base = math.NaN()
			if i < len(control) {
				p.Base = orNaN(control[i])
			}
		}
		pairs = append(pairs, p)
	}
	return pairs
}
