package search

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Plan is a search on several servers, repeated: each repeat is a search of its
// own on each of them, whose trials take turns.
type Plan struct {
	Goal    Goal
	Targets int
	Repeats int
	Start   float64 // the first rate that is tried
	Seed    uint64  // of orders and of where repeats begin
	// Alone has each server searched to its end before the next one's first trial,
	// for those that cannot be up together.
	Alone bool
}

// Measured is a trial and what it is of.
type Measured struct {
	Target, Repeat int // from 0
	Trial
}

// Ask is the next trial.
type Ask struct {
	Target, Repeat int
	Rate           float64
	Length         time.Duration
}

// Of are the trials of one target in one repeat.
func Of(done []Measured, target, repeat int) []Trial {
	var out []Trial
	for _, m := range done {
		if m.Target == target && m.Repeat == repeat {
			out = append(out, m.Trial)
		}
	}
	return out
}

// Next is the next trial of all; more is false when every repeat of every target
// has its bounds. A target without bounds in its first repeat has no others.
func (p Plan) Next(done []Measured) (ask Ask, more bool) {
	for repeat := range p.Repeats {
		for _, target := range p.order(done, repeat) {
			if repeat > 0 && !p.Goal.Bounds(Of(done, target, 0)).Found() {
				continue
			}
			rate, length, more := p.Goal.Next(Of(done, target, repeat), p.from(done, target, repeat))
			if more {
				return Ask{Target: target, Repeat: repeat, Rate: rate, Length: length}, true
			}
		}
	}
	return Ask{}, false
}

// order is in which the targets come that are not done: who had fewest trials in
// this repeat first, and by lot among them. Alone, one after the other.
func (p Plan) order(done []Measured, repeat int) []int {
	trials := make([]int, p.Targets)
	for t := range trials {
		trials[t] = len(Of(done, t, repeat))
	}
	if p.Alone {
		return p.draws(repeat, 0).Perm(p.Targets)
	}
	order := p.draws(repeat, slices.Min(trials)).Perm(p.Targets)
	slices.SortStableFunc(order, func(a, b int) int { return trials[a] - trials[b] })
	return order
}

// from is where a repeat begins: between the bounds of the earlier ones, moved down
// by a part of the width that is drawn anew, so that no two repeats try the same rates and
// the width scatters their results instead of shifting them.
func (p Plan) from(done []Measured, target, repeat int) From {
	sum, n := 0.0, 0.0
	for r := range repeat {
		if b := p.Goal.Bounds(Of(done, target, r)); b.Found() {
			sum, n = sum+math.Log(b.Lower*b.Upper)/2, n+1
		}
	}
	if n == 0 {
		return From{Rate: p.Start}
	}
	below := p.draws(repeat, -1-target).Float64() * math.Log1p(p.Goal.Width)
	return From{Rate: math.Exp(sum/n - below), Known: true}
}

func (p Plan) draws(repeat, round int) *rand.Rand {
	return rand.New(rand.NewPCG(p.Seed, uint64(repeat)<<32^uint64(uint32(round))))
}
