package compare

import (
	"math"
	"slices"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
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

// series puts the figures of two sides together, pair by pair in the order
// measured. What was not measured is NaN, as package stats wants it.
func series(pairs []int, step string, m *figure.Figure, base, cand *side) []stats.OrderedPair {
	list := make([]stats.OrderedPair, len(pairs))
	for i, p := range pairs {
		b, c := base.trials[p], cand.trials[p]
		list[i].Base, list[i].Cand = readOrNaN(m.Of(&b, step)), readOrNaN(m.Of(&c, step))
		list[i].BaseFirst, list[i].Number = b.Position < c.Position, p
	}
	return list
}

func readOrNaN(v float64, ok bool) float64 {
	if !ok {
		return math.NaN()
	}
	return v
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
