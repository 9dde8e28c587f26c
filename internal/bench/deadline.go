package bench

import (
	"time"

	"taskbench/internal/slots"
	"taskbench/results"
)

// What a deadline may make of the plan of a run in slots.
const (
	fewPairs       = 6  // that a verdict takes
	enoughPairs    = 16 // from which on looking in between pays: most runs end before
	shortWarmup    = time.Second
	shortestSlots  = 800 * time.Millisecond // of each server in a pair
	shortestWarmup = 400 * time.Millisecond
	warmupOfLittle = 1.0 / 3

	stretchOfLittle = 10
	withGaps        = 1.05 // slots with their gaps take so many times as long as without
	planned         = 0.9  // of the time; the rest is for what takes longer than foreseen
	// aroundPair is what a pair takes besides starting servers, slots and warm-up:
	// generators begin, set up and end.
	aroundPair = 800 * time.Millisecond
)

// fitDeadline plans as many pairs as there is time for, judged once, where that
// are too few to look in between: such looks cost each other certainty. Warm-ups and
// slots are shortened as far as they must. starting is what bringing all servers
// up takes.
func (r *Runner) fitDeadline(p *Plan, starting time.Duration) {
	if r.Deadline.IsZero() || r.Once == nil || !p.InSlots || p.PairLeast <= 0 {
		return
	}
	budget := time.Duration(planned*float64(r.Deadline.Sub(r.Now()))) / time.Duration(len(p.Cells))
	budget -= p.shortenStretch(budget)
	if p.pairsWithin(budget, starting) >= enoughPairs {
		return
	}
	p.shorten(budget, starting)
	if pairs := p.pairsWithin(budget, starting); pairs >= fewPairs {
		pairs = min(pairs, p.Pairs)
		p.Pairs, p.Rule, p.PairMost = pairs, r.Once(p.Rule, pairs), p.PairLeast
	}
}

// shortenStretch makes the stretch of each server so short that all take a tenth of
// the budget, if that can be, and gives what they take.
func (p *Plan) shortenStretch(budget time.Duration) time.Duration {
	if p.Stretch == 0 {
		return 0
	}
	n := time.Duration(len(p.Targets))
	p.Stretch = min(p.Stretch, max(slots.LeastStretch, budget/stretchOfLittle/n))
	return n * p.Stretch
}

// shorten makes warm-ups, and then slots too, so short that a budget has few
// pairs, if that can be.
func (p *Plan) shorten(budget, starting time.Duration) {
	room := time.Duration(float64(budget/fewPairs-starting-aroundPair) / withGaps / float64(len(p.Targets)))
	for i := range p.Cells {
		warmup := &p.Cells[i].Warmup
		switch {
		case *warmup == 0:
		case room >= p.PairLeast+shortWarmup:
			*warmup = min(*warmup, max(shortWarmup, p.PairLeast/2))
		case room >= shortestSlots+shortestWarmup:
			*warmup = min(*warmup, time.Duration(warmupOfLittle*float64(room)))
		}
	}
	for _, c := range p.Cells {
		if left := room - c.Warmup; left >= shortestSlots {
			p.PairLeast = min(p.PairLeast, left)
		}
	}
}

// pairsWithin is how many pairs of the cell that takes longest a budget has.
func (p *Plan) pairsWithin(budget, starting time.Duration) int {
	longest := time.Duration(0)
	for _, c := range p.Cells {
		each := time.Duration(withGaps * float64(c.Warmup+min(p.PairLeast, c.Duration)))
		longest = max(longest, starting+aroundPair+time.Duration(len(p.Targets))*each)
	}
	return int(budget / max(1, longest))
}

// Judged makes of a rule one that judges so many pairs once.
type Judged func(was *results.Rule, pairs int) *results.Rule
