// Package search finds the highest rate at which an objective holds, from trials
// that each either kept it or exceeded it. It is the method of RFC 9971 (Multiple
// Loss Ratio search) with another trial: what exceeds is not a share of packets
// lost, but whatever the caller says.
//
//	p := search.Plan{Goal: search.Usual(), Targets: 2, Repeats: 5, Start: 1000, Seed: 1}
//	for ask, more := p.Next(done); more; ask, more = p.Next(done) {
//		done = append(done, measure(ask))
//	}
//	bounds := p.Goal.Bounds(search.Of(done, target, repeat))
//
// Everything follows from the trials so far: there is no state, no clock and no
// randomness but the seed's. A search that was interrupted goes on from its trials.
package search

import (
	"math"
	"slices"
	"time"
)

// Goal is what a search is content with. The names in brackets are the RFC's.
type Goal struct {
	Width   float64       // how far apart the bounds may be, as a fraction: 0.02 is 2 % (Goal Width)
	Exceed  float64       // the share of trial time, in [0, 1), that may exceed at a rate that carries (Goal Exceed Ratio)
	Initial time.Duration // of trials that only look where to search (Goal Initial Trial Duration)
	Final   time.Duration // of trials that count in full (Goal Final Trial Duration)
	Sum     time.Duration // of full trials, after which a rate is decided at the latest (Goal Duration Sum)
	Least   float64       // the lowest rate that is tried, above 0 (Min Load)
	Most    float64       // the highest (Max Load)
}

// Usual is a goal for servers: of three trials of two seconds two decide, and the
// bounds are 2 % apart. The exceed ratio of a half is the RFC's own advice: what
// one trial suffered of the machine does not decide.
func Usual() Goal {
	return Goal{Width: 0.02, Exceed: 0.5, Initial: time.Second, Final: 2 * time.Second, Sum: 6 * time.Second, Least: 1, Most: 1_000_000}
}

// Trial is one measurement at one rate.
type Trial struct {
	Rate     float64 // that was asked for, per second
	Length   time.Duration
	Exceeded bool
	Carried  float64 // the rate that was answered (Trial Forwarding Rate)
	// Void is set where the trial says nothing of the server: the generator was late.
	Void bool
}

// Bounds are what trials show. A rate of 0 is not known.
type Bounds struct {
	Lower float64 // the highest rate below Upper that carries (Relevant Lower Bound)
	Upper float64 // the lowest that does not (Relevant Upper Bound)
	// Throughput is what was answered at Lower, by the trial in the middle (Conditional
	// Throughput): less than Lower where answers fell behind and the objective held
	// all the same.
	Throughput float64
	// Above is what was answered at Upper, within [Throughput, Upper]: of a server
	// that is full, all that it can do.
	Above float64
	// Limit is the lowest rate that the generator could not keep.
	Limit float64
}

// Found reports whether the rate lies between two bounds.
func (b Bounds) Found() bool { return b.Lower > 0 && b.Upper > 0 }

// Estimate is the rate in the middle of what the bounds leave open; 0 where one is missing.
func (b Bounds) Estimate() float64 {
	if !b.Found() {
		return 0
	}
	return math.Sqrt(b.Throughput * b.Above)
}

// Bounds are what trials of one server show under the goal.
func (g Goal) Bounds(trials []Trial) Bounds {
	rates := map[float64][]Trial{}
	for _, t := range valid(trials) {
		rates[t.Rate] = append(rates[t.Rate], t)
	}
	b := Bounds{Limit: limit(trials)}
	for rate, at := range rates {
		if g.judge(at) == exceeds && (b.Upper == 0 || rate < b.Upper) {
			b.Upper = rate
		}
	}
	for rate, at := range rates {
		if g.judge(at) == carries && rate > b.Lower && (b.Upper == 0 || rate < b.Upper) {
			b.Lower = rate
		}
	}
	b.Throughput, b.Above = g.carried(rates[b.Lower]), b.Upper
	if b.Found() {
		b.Above = math.Min(b.Upper, math.Max(b.Throughput, g.carried(rates[b.Upper])))
	}
	return b
}

// verdict is what the trials at one rate come to.
type verdict int

const (
	undecided verdict = iota
	carries
	exceeds
)

// judge classifies a rate by all its trials: it carries, or exceeds, when no
// further trials within the duration sum could change that. Short trials that
// exceed count as far as short ones that do not fail to balance them.
func (g Goal) judge(at []Trial) verdict {
	var good, bad, shortGood, shortBad float64 // s
	for _, t := range at {
		s := t.Length.Seconds()
		switch full := t.Length >= g.Final; {
		case full && t.Exceeded:
			bad += s
		case full:
			good += s
		case t.Exceeded:
			shortBad += s
		default:
			shortGood += s
		}
	}
	bad += math.Max(0, shortBad-shortGood*g.Exceed/(1-g.Exceed))
	whole := math.Max(good+bad, g.Sum.Seconds())
	allowed, open := whole*g.Exceed, whole-good-bad
	switch {
	case bad > allowed:
		return exceeds
	case bad+open <= allowed:
		return carries
	}
	return undecided
}

// carried is the answered rate that a share of at most Exceed of the time of full
// trials stayed below.
func (g Goal) carried(at []Trial) float64 {
	full := slices.DeleteFunc(slices.Clone(at), func(t Trial) bool { return t.Length < g.Final })
	if len(full) == 0 {
		return 0
	}
	slices.SortFunc(full, func(a, b Trial) int { return int(math.Copysign(1, a.Carried-b.Carried)) })
	sum := 0.0
	for _, t := range full {
		sum += t.Length.Seconds()
	}
	left := sum * g.Exceed
	for _, t := range full {
		if left -= t.Length.Seconds(); left <= 0 {
			return t.Carried
		}
	}
	return full[len(full)-1].Carried
}

// valid are the trials that say something.
func valid(trials []Trial) []Trial {
	return slices.DeleteFunc(slices.Clone(trials), func(t Trial) bool { return t.Void })
}

// mostVoid is how often a rate is tried that the generator does not keep.
const mostVoid = 3

// limit is the lowest rate at which the generator was late as often as it was tried; 0: none.
func limit(trials []Trial) float64 {
	voids := map[float64]int{}
	for _, t := range trials {
		if t.Void {
			voids[t.Rate]++
		}
	}
	lowest := 0.0
	for rate, n := range voids {
		if n >= mostVoid && (lowest == 0 || rate < lowest) {
			lowest = rate
		}
	}
	return lowest
}
