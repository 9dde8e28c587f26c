package compare

import (
	"math"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// leastRounds is how many rounds with figures of both make a ratio of a pair.
const leastRounds = 5

// withinPairs are the candidate's ratios to the baseline within each pair, as
// far as both took turns: the median over the rounds of the ratios of two slots
// that follow each other. What disturbs the machine for a second spoils some
// rounds, and moves a median little; in sums over all slots it would stay. nil
// where no pair has one.
func withinPairs(pairs []int, step string, m *figure.Figure, base, cand map[int]results.Trial) []*float64 {
	if m.Slot == nil || step != "" {
		return nil
	}
	list, any := make([]*float64, len(pairs)), false
	for i, p := range pairs {
		list[i] = slotRatio(m, base[p].Slots, cand[p].Slots)
		any = any || list[i] != nil
	}
	if !any {
		return nil
	}
	return list
}

// slotRatio is the median over rounds; nil where there are too few.
func slotRatio(m *figure.Figure, base, cand *results.Slots) *float64 {
	if base == nil || cand == nil || base.Rounds() != cand.Rounds() {
		return nil
	}
	var logs []float64
	for k := range base.Rounds() {
		if a, b := m.Slot(base, k), m.Slot(cand, k); a != nil && b != nil {
			logs = append(logs, math.Log(*b / *a))
		}
	}
	if len(logs) < leastRounds {
		return nil
	}
	return new(math.Exp(stats.Median(logs)))
}
