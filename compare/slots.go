package compare

import (
	"math"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// mostOverlap is the share of answers that may come when it is another's turn
// before it is worth a flag.
const mostOverlap = 0.05

// overlapping tells of a server whose answers run into the others' turns.
func overlapping(trials []results.Trial) *finding.Finding {
	part, ok := middle(trials, func(t results.Trial) (float64, bool) {
		if t.Slots == nil || t.Slots.AllSent() == 0 {
			return 0, false
		}
		return float64(t.Slots.Overlap) / float64(t.Slots.AllSent()), true
	})
	if !ok || part <= mostOverlap {
		return nil
	}
	return &finding.Finding{Code: finding.Overlapping, Values: finding.Values{"fraction": part}}
}

// slotSeconds is how long turns were, in the middle of all trials; 0 where there
// were none.
func slotSeconds(sides []*side) float64 {
	var all []results.Trial
	for _, s := range sides {
		all = append(all, s.inOrder()...)
	}
	length, ok := middle(all, func(t results.Trial) (float64, bool) {
		if t.Slots == nil {
			return 0, false
		}
		return t.Slots.SlotS, true
	})
	if !ok {
		return 0
	}
	return length
}

// inTurn says why targets that were to take turns did not.
func inTurn(sides []*side) []finding.Finding {
	for _, s := range sides {
		if s.measurement != nil && s.measurement.InTurn != "" {
			return []finding.Finding{{Code: finding.InTurn, Said: []string{s.measurement.InTurn}}}
		}
	}
	return nil
}

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
