package bench

import (
	"time"

	"taskbench/internal/slots"
	"taskbench/results"
)

// What a deadline may make of the plan of a run.
const (
	fewPairs       = 6  // that a verdict takes
	enoughPairs    = 16 // from which on looking in between pays: most runs end before
	shortWarmup    = time.Second
	shortestSlots  = 800 * time.Millisecond // of each server in a pair
	shortestWarmup = 400 * time.Millisecond
	shortestTurn   = time.Second // of a whole trial, and of its warm-up: wrk counts in whole seconds
	warmupOfLittle = 1.0 / 3
	fewStretches   = 10   // part of the time that stretches take
	withGaps       = 1.05 // slots with their gaps take so many times as long as without
	planned        = 0.9  // of the time; the rest is for what takes longer than foreseen
	// aroundPair is what a pair in slots takes besides starting servers, slots and
	// warm-up: generators begin, set up and end. aroundTrial is the same of one trial.
	aroundPair  = 800 * time.Millisecond
	aroundTrial = 400 * time.Millisecond
)

// Judged makes of a rule one that judges so many pairs once.
type Judged func(was *results.Rule, pairs int) *results.Rule

// fitDeadline plans as many pairs as there is time for, judged once, where that
// are too few to look in between: such looks cost each other certainty. Warm-ups and
// windows are shortened as far as they must, and no further than they may: then six
// pairs of the smallest are planned, of which those are measured that fit. starting
// is what bringing all servers up takes.
func (r *Runner) fitDeadline(p *Plan, survey Survey, starting time.Duration) {
	if r.Deadline.IsZero() {
		return
	}
	budget := time.Duration(planned*float64(r.Deadline.Sub(r.Now()))) / time.Duration(len(p.Cells))
	for i := range p.Cells {
		c := &p.Cells[i]
		c.needs, c.around = iterationsTake(survey.took(*c), c.Connections), starting+aroundPair
		if !p.InSlots {
			c.around = starting + time.Duration(len(p.Targets))*aroundTrial
		}
	}
	if p.PairLeast <= 0 {
		return
	}
	if r.Once == nil {
		p.bound(budget)
		return
	}
	p.most = p.Pairs
	p.shortenStretch(budget)
	budget -= p.stretches()
	if p.bound(budget); p.pairsWithin(budget) >= enoughPairs {
		return
	}
	for i := range p.Cells {
		p.shorten(&p.Cells[i], budget)
	}
	p.bound(budget)
	p.judgeOnce(r.Once, max(fewPairs, p.pairsWithin(budget)))
}

// shortenStretch makes the stretch of each server so short that all take a tenth of
// a cell's budget, if that can be. Where they and one smallest pair are more than
// there is time for, there is none: such a run states nothing of slots.
func (p *Plan) shortenStretch(budget time.Duration) {
	if p.Stretch == 0 {
		return
	}
	n := time.Duration(len(p.Targets))
	p.Stretch = min(p.Stretch, max(slots.LeastStretch, budget/fewStretches/n))
	for _, c := range p.Cells {
		c.Warmup = min(c.Warmup, shortestWarmup)
		if p.pairTakes(c, shortestSlots)+p.stretches() > budget {
			p.Stretch = 0
		}
	}
}

// stretches are what those of all servers take, in a cell's first pair.
func (p *Plan) stretches() time.Duration {
	if !p.InSlots {
		return 0
	}
	return time.Duration(len(p.Targets)) * p.Stretch
}

// judgeOnce has so many pairs, or all that were planned, be judged once.
func (p *Plan) judgeOnce(once Judged, pairs int) {
	pairs = min(pairs, p.Pairs)
	p.Pairs, p.Rule, p.PairMost = pairs, once(p.Rule, pairs), p.PairLeast
}

// bound has no window of a cell take more than its share of the time leaves a pair,
// however long its iterations are.
func (p *Plan) bound(budget time.Duration) {
	for i := range p.Cells {
		c := &p.Cells[i]
		c.longest = max(p.PairLeast, p.room(*c, budget)-c.Warmup)
	}
}

// room is what warm-up and window of each target may take in a pair of so long.
func (p *Plan) room(c Cell, pair time.Duration) time.Duration {
	return time.Duration(float64(pair-c.around) / p.stretch() / float64(len(p.Targets)))
}

// stretch is how many times as long slots take as they are.
func (p *Plan) stretch() float64 {
	if p.InSlots {
		return withGaps
	}
	return 1
}

// shorten makes the warm-up of a cell, and then its windows too, so short that a budget
// has few pairs, or as short as may be.
func (p *Plan) shorten(c *Cell, budget time.Duration) {
	room := p.room(*c, budget/fewPairs)
	c.turn = min(c.Duration, max(shortestTurn, room-min(c.Warmup, shortWarmup)))
	switch {
	case !p.InSlots:
		c.Warmup, c.Duration = min(c.Warmup, shortWarmup), c.turn
	case room >= p.PairLeast+shortWarmup:
		c.Warmup = min(c.Warmup, max(shortWarmup, p.PairLeast/2))
	default:
		c.Warmup = min(c.Warmup, max(shortestWarmup, time.Duration(warmupOfLittle*float64(room))))
	}
	p.PairLeast = min(p.PairLeast, max(shortestSlots, room-c.Warmup))
}

// pairsWithin is how many pairs each cell has within a budget that may have a verdict
// within it; few, where none may.
func (p *Plan) pairsWithin(budget time.Duration) int {
	least := 0
	for _, c := range p.Cells {
		if n := int(budget / max(1, p.pairTakes(c, p.window(c, 0)))); n >= fewPairs && (least == 0 || n < least) {
			least = n
		}
	}
	return least
}

// pairTakes is what a pair of the cell takes with windows of a length, as far as that
// is known before the first.
func (p *Plan) pairTakes(c Cell, window time.Duration) time.Duration {
	return c.around + time.Duration(p.stretch()*float64(len(p.Targets))*float64(c.Warmup+window))
}

// window is a length within the plan's bounds, but long enough for iterations of
// the servers as they were before any load, and never beyond the cell's duration or
// what there is time for.
func (p *Plan) window(c Cell, length time.Duration) time.Duration {
	if !p.InSlots || p.PairLeast <= 0 {
		return c.Duration
	}
	length = min(max(length, p.PairLeast), max(p.PairMost, p.PairLeast))
	return min(max(length, c.needs), c.most())
}

// most is how long windows of the cell may be.
func (c Cell) most() time.Duration {
	if c.longest > 0 {
		return min(c.Duration, c.longest)
	}
	return c.Duration
}
