package search

import (
	"math"
	"slices"
	"time"
)

// From is where a search begins.
type From struct {
	Rate float64
	// Known is set where the rate is an earlier search's: it goes on in steps of the
	// goal's width, with full trials.
	Known bool
}

const (
	coarse   = 0.1 // how far apart short trials bring the bounds
	farthest = 4   // the largest step away from what is known, as a factor
)

// Next is the rate and the length of the next trial; more is false when the
// bounds are as close as the goal wants them, or there are none to be found.
//
// Short trials look where to search, by steps that double and then by halves;
// full trials begin where they point to.
func (g Goal) Next(trials []Trial, from From) (rate float64, length time.Duration, more bool) {
	step := 1 + g.Width
	if !from.Known {
		short := g
		short.Final, short.Sum, short.Width = g.Initial, 2*g.Initial, math.Max(coarse, g.Width)
		first := slices.IndexFunc(trials, func(t Trial) bool { return t.Length >= g.Final })
		if first < 0 {
			first = len(trials)
		}
		if rate, more := short.step(trials[:first], from.Rate, 2); more && first == len(trials) {
			return rate, g.Initial, true
		}
		from.Rate = short.Bounds(trials[:first]).hint(g, from.Rate)
		trials = trials[first:]
	}
	rate, more = g.step(trials, from.Rate, step)
	return rate, g.Final, more
}

// hint is the rate at which full trials begin.
func (b Bounds) hint(g Goal, start float64) float64 {
	switch {
	case b.Found():
		return math.Sqrt(b.Lower * b.Upper)
	case b.Lower > 0:
		return b.Lower
	case b.Upper > 0:
		return math.Max(g.Least, b.Upper)
	}
	return start
}

// step is the next rate of trials of one length: the last one again until it is
// decided, then away from the only bound by growing steps, then between the two.
func (g Goal) step(trials []Trial, start, factor float64) (float64, bool) {
	if len(trials) >= mostTrials {
		return 0, false
	}
	b := g.Bounds(trials)
	most := g.Most
	if b.Limit > 0 {
		most = math.Min(most, b.Limit/(1+g.Width))
	}
	if last, again := g.again(trials); again && last <= most {
		return last, true
	}
	var rate float64
	switch {
	case b.Found():
		rate = math.Sqrt(b.Lower * b.Upper)
		return rate, b.Upper/b.Lower > (1+g.Width)*(1+tiny) && (b.Limit == 0 || rate < b.Limit)
	case b.Lower > 0 && b.Limit > b.Lower:
		return math.Sqrt(b.Lower * b.Limit), b.Limit/b.Lower > (1+g.Width)*(1+tiny)
	case b.Lower > 0:
		rate = math.Min(b.Lower*growing(factor, distinct(trials)), most)
		return rate, b.Lower < most*(1-tiny) && rate > b.Lower
	case b.Upper > 0:
		from := b.Upper
		if b.Limit > 0 {
			from = math.Min(from, b.Limit)
		}
		rate = math.Max(from/growing(factor, distinct(trials)), g.Least)
		return rate, from > g.Least*(1+tiny)
	}
	if b.Limit > 0 {
		most = b.Limit / farthest
	}
	rate = math.Max(g.Least, math.Min(start, most))
	return rate, most >= g.Least && len(trials) < mostLost
}

// mostTrials is more than any search takes whose trials say anything.
const mostTrials = 200

// mostLost is how many trials in a row a search begins with that say nothing, before
// it is given up.
const mostLost = 4 * mostVoid

// tiny is more than the rounding of a geometric mean.
const tiny = 1e-9

// again is the rate of the last trial where it is not decided.
func (g Goal) again(trials []Trial) (float64, bool) {
	if len(trials) == 0 {
		return 0, false
	}
	rate := trials[len(trials)-1].Rate
	at := slices.DeleteFunc(valid(trials), func(t Trial) bool { return t.Rate != rate })
	return rate, g.judge(at) == undecided
}

// growing is the n-th step: each is the square of the one before.
func growing(factor float64, n int) float64 {
	return math.Min(math.Pow(factor, math.Pow(2, float64(n-1))), farthest)
}

// distinct is how many rates were tried.
func distinct(trials []Trial) int {
	rates := map[float64]bool{}
	for _, t := range trials {
		rates[t.Rate] = true
	}
	return len(rates)
}
