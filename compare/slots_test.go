package compare

import (
	"math"
	"testing"

	"taskbench/internal/figure"
	"taskbench/results"
)

// inSlots are trials of so many rounds, of which one was disturbed.
func inSlots(rounds int, rate, cpuUS float64) results.Trial {
	s := &results.Slots{SlotS: 0.1}
	for k := range rounds {
		n := uint64(rate * 0.1)
		if k == 2 {
			n /= 10
		}
		s.Good, s.Sent = append(s.Good, n), append(s.Sent, n+5)
		s.SpanS, s.CPUS = append(s.SpanS, 0.1), append(s.CPUS, float64(n+5)*cpuUS/1e6)
	}
	return results.Trial{Slots: s}
}

// TestWithinPairs: one disturbed round spoils nothing, and swapping the sides
// turns the ratio round.
func TestWithinPairs(t *testing.T) {
	t.Parallel()
	base := map[int]results.Trial{1: inSlots(9, 10000, 50), 2: inSlots(9, 10000, 50), 3: {ThroughputPS: 1}}
	cand := map[int]results.Trial{1: inSlots(9, 9000, 55), 2: inSlots(8, 9000, 55), 3: inSlots(9, 9000, 55)}
	for m, want := range map[*figure.Figure]float64{figure.Throughput: 0.9, figure.CPUPerAnswer: 1.1} {
		there, back := withinPairs([]int{1, 2, 3}, "", m, base, cand), withinPairs([]int{1, 2, 3}, "", m, cand, base)
		if there[0] == nil || math.Abs(*there[0]-want) > 1e-9 || math.Abs(*there[0]**back[0]-1) > 1e-9 {
			t.Errorf("%s: %v, back %v, want %g", m.Name, there[0], back[0], want)
		}
		if there[1] != nil || there[2] != nil {
			t.Errorf("%s: rounds of different numbers, or of one side, make a ratio", m.Name)
		}
	}
	if withinPairs([]int{1}, "", figure.P95, base, cand) != nil || withinPairs([]int{1}, "a step", figure.Throughput, base, cand) != nil {
		t.Error("a figure of whole trials has ratios of slots")
	}
	for rounds, want := range map[int]bool{leastRounds - 1: false, leastRounds: true} {
		got := slotRatio(figure.Throughput, inSlots(rounds, 1000, 1).Slots, inSlots(rounds, 900, 1).Slots)
		if (got != nil) != want {
			t.Errorf("%d rounds make a ratio: %v", rounds, got != nil)
		}
	}
}

// TestSeriesTakesTheSharperRatio: what is judged is the ratio of slots.
func TestSeriesTakesTheSharperRatio(t *testing.T) {
	t.Parallel()
	cell := Cell{EachPair: []*float64{new(50.0), new(60.0)}, WithinPair: []*float64{new(0.9), nil}}
	list := series([]int{1, 2}, []*float64{new(100.0), new(100.0)}, cell, func(int) bool { return true })
	if list[0].Cand != 90 || list[1].Cand != 60 {
		t.Errorf("%+v", list)
	}
}
