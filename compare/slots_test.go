package compare

import (
	"math"
	"math/rand/v2"
	"testing"

	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/verdict"
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
		there, parted := withinPairs([]int{1, 2, 3}, "", m, base, cand)
		back, _ := withinPairs([]int{1, 2, 3}, "", m, cand, base)
		if parted != nil {
			t.Errorf("%s: a disturbance of both parts them: %v", m.Name, parted)
		}
		if there[0] == nil || math.Abs(*there[0]-want) > 1e-9 || math.Abs(*there[0]**back[0]-1) > 1e-9 {
			t.Errorf("%s: %v, back %v, want %g", m.Name, there[0], back[0], want)
		}
		if there[1] != nil || there[2] != nil {
			t.Errorf("%s: rounds of different numbers, or of one side, make a ratio", m.Name)
		}
	}
	for step, m := range map[string]*figure.Figure{"": figure.P95, "a step": figure.Throughput} {
		if ratios, _ := withinPairs([]int{1}, step, m, base, cand); ratios != nil {
			t.Error("a figure of whole trials has ratios of slots")
		}
	}
	for rounds, want := range map[int]bool{leastRounds - 1: false, leastRounds: true} {
		if _, got := newSlotPair(figure.Throughput, inSlots(rounds, 1000, 1).Slots, inSlots(rounds, 900, 1).Slots); got != want {
			t.Errorf("%d rounds make a ratio: %v", rounds, got)
		}
	}
}

// stalling are pairs of which the candidate answers nothing in one round of so many (0: never),
// in a world where each round is disturbed by noise of that size, or not at all.
func stalling(pairs, rounds int, noise float64, every int) (base, cand map[int]results.Trial) {
	random := rand.New(rand.NewPCG(1, 2))
	side := func(stalls bool) results.Trial {
		s := &results.Slots{SlotS: 0.1}
		for k := range rounds {
			rate := 10000 * math.Exp(noise*random.NormFloat64())
			if stalls && every > 0 && k%every == 0 {
				rate = 0
			}
			s.Good, s.Sent, s.SpanS = append(s.Good, uint64(rate*0.1)), append(s.Sent, uint64(rate*0.1)+5), append(s.SpanS, 0.1)
		}
		return results.Trial{Slots: s}
	}
	base, cand = map[int]results.Trial{}, map[int]results.Trial{}
	for p := 1; p <= pairs; p++ {
		base[p], cand[p] = side(false), side(true)
	}
	return base, cand
}

// TestStallsStay: what one side does to itself now and then is no noise. The
// median over rounds would hide it; the ratio is then that of the whole time.
func TestStallsStay(t *testing.T) {
	t.Parallel()
	for _, noise := range []float64{0, 0.05, 0.3} {
		base, cand := stalling(6, 20, noise, 5)
		ratios, parted := withinPairs([]int{1, 2, 3, 4, 5, 6}, "", figure.Throughput, base, cand)
		if ratios != nil || parted == nil || math.Abs(parted.Values["ratio"]-0.8) > 0.1 || math.Abs(parted.Values["typical_ratio"]-1) > 0.1 {
			t.Errorf("noise %g: %v, %+v", noise, ratios, parted)
		}
		base, cand = stalling(6, 20, noise, 0)
		if ratios, parted := withinPairs([]int{1, 2, 3, 4, 5, 6}, "", figure.Throughput, base, cand); ratios == nil || parted != nil {
			t.Errorf("noise %g, no stall: %v, %+v", noise, ratios, parted)
		}
	}
}

// TestNoiseDoesNotPart: in noise that is the same for both sides the typical round
// is taken in at least nine of ten runs.
func TestNoiseDoesNotPart(t *testing.T) {
	t.Parallel()
	parts := 0
	for run := range 200 {
		random := rand.New(rand.NewPCG(uint64(run), 3))
		var all []slotPair
		for range 6 {
			base, cand := &results.Slots{}, &results.Slots{}
			for range 20 {
				for _, s := range []*results.Slots{base, cand} {
					rate := 10000 * math.Exp(0.1*random.NormFloat64())
					if random.Float64() < 0.15 { // a neighbour
						rate *= random.Float64()
					}
					s.Good, s.Sent, s.SpanS = append(s.Good, uint64(rate*0.1)), append(s.Sent, 0), append(s.SpanS, 0.1)
				}
			}
			p, _ := newSlotPair(figure.Throughput, base, cand)
			all = append(all, p)
		}
		if _, _, part := parting(all); part {
			parts++
		}
	}
	if parts > 20 {
		t.Errorf("%d of 200 runs in noise part", parts)
	}
	t.Logf("%d of 200", parts)
}

// TestSeriesTakesTheSharperRatio: what is judged is the ratio of slots.
func TestSeriesTakesTheSharperRatio(t *testing.T) {
	t.Parallel()
	cell := verdict.Cell{EachPair: []*float64{new(50.0), new(60.0)}, WithinPair: []*float64{new(0.9), nil}}
	list := verdict.Series([]int{1, 2}, []*float64{new(100.0), new(100.0)}, cell, func(int) bool { return true })
	if list[0].Cand != 90 || list[1].Cand != 60 {
		t.Errorf("%+v", list)
	}
}

// TestFiguresAgree: what is shown of a candidate in slots is what its ratio makes of
// the baseline's figure, of whatever metric; its own is kept. In turn figures are as
// they were measured.
func TestFiguresAgree(t *testing.T) {
	t.Parallel()
	for _, slots := range []bool{true, false} {
		docs := []results.Document{sample.LoadTest("rust", 1, sample.Projects(50, 7)), sample.LoadTest("windjammer", 1.2, sample.Projects(50, 7))}
		for _, d := range docs {
			for i := range d.Scenarios[0].Trials {
				if slots {
					d.Scenarios[0].Trials[i].Slots = inSlots(30, 1000, 100).Slots
				}
			}
		}
		c, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ratios := 0
		for _, r := range c.Scenarios[0].Rows {
			base, cand := r.Cells[0], r.Cells[1]
			if cand.Ratio == nil || *base.Median == 0 {
				continue
			}
			ratios++
			agrees := math.Abs(*cand.Median-*base.Median*cand.Ratio.Ratio) < 1e-9**base.Median
			if own := cand.OwnMedian != nil; own != slots || slots && !agrees {
				t.Errorf("in slots: %v, %s %s: %g and %g are a change of %g; own %v", slots, r.Step, r.Metric.Name, *base.Median, *cand.Median, cand.Ratio.Ratio, cand.OwnMedian)
			}
		}
		if ratios < 10 {
			t.Errorf("%d ratios: nothing was tried", ratios)
		}
	}
}
