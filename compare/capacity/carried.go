package capacity

import (
	"math"

	"taskbench/compare/stats"
	"taskbench/internal/search"
)

// Outcome is how a search ended.
type Outcome string

const (
	Found     Outcome = "found"
	Never     Outcome = "never"     // the objective does not hold at the lowest rate
	Always    Outcome = "always"    // it holds at the highest rate that may be tried
	Generator Outcome = "generator" // it holds at the highest rate that the generator keeps
	Unknown   Outcome = "unknown"   // no search came to its end
)

// Carried is the rate that a server carries.
type Carried struct {
	Outcome Outcome `json:"outcome"`
	Repeats int     `json:"repeats"` // searches that found bounds
	// Rate is in the middle of what the repeats found; where a bound is missing,
	// the one there is: at least so much (always, generator), or less (never). 0: not known.
	Rate float64 `json:"rate_per_s"`
	// CI holds the rate with 95 % confidence: Student's interval over the repeats,
	// wider by what the bounds of the search leave open. Of one repeat it is those alone.
	CI stats.Interval `json:"ci"`
}

// carriedBy judges what the searches on one server found, whose rates were to be from
// least to most. One that was broken off may have met nothing but too high rates.
func carriedBy(bounds []search.Bounds, least, most float64) Carried {
	c := Carried{Outcome: Unknown}
	var found []search.Bounds
	for _, b := range bounds {
		if b.Estimate() > 0 {
			found = append(found, b)
		}
	}
	if c.Repeats = len(found); len(found) > 0 {
		c.Outcome = Found
		c.Rate, c.CI = estimate(found)
		return c
	}
	for _, b := range bounds {
		switch {
		case b.Upper > 0 && b.Upper <= least*(1+1e-6):
			return Carried{Outcome: Never, Rate: b.Upper}
		case b.Lower > 0 && b.Limit > 0:
			return Carried{Outcome: Generator, Rate: b.Lower}
		case b.Lower >= most*(1-1e-6):
			return Carried{Outcome: Always, Rate: b.Lower}
		}
	}
	return c
}

// estimate is the median of the repeats, as a repeat in which the machine was taken
// by others says too little and none says too much; and Student's interval, which such
// a repeat makes wide. Each repeat says that the rate is between what was answered at
// its lower bound and its upper bound: what that leaves open is added to what the
// repeats scatter by.
func estimate(found []search.Bounds) (rate float64, ci stats.Interval) {
	pairs, each := make([]stats.Pair, len(found)), make([]float64, len(found))
	below, above := 0.0, 0.0 // logs
	for i, b := range found {
		e := b.Estimate()
		pairs[i], each[i] = stats.Pair{Base: 1, Cand: e}, e
		below += math.Log(e / b.Throughput)
		above += math.Log(b.Upper / e)
	}
	n := float64(len(found))
	j := stats.Judge(pairs, rule(len(found)))
	rate = stats.Median(each)
	ci = stats.Interval{Low: rate, High: rate}
	if j.CI.Known() {
		ci = stats.Interval{Low: min(rate, j.CI.Low), High: max(rate, j.CI.High)}
	}
	return rate, stats.Interval{Low: ci.Low * math.Exp(-below/n), High: ci.High * math.Exp(above/n)}
}

// margin is how far from 1 the ratio of two capacities may be and still be parity.
const margin = 0.05

func rule(repeats int) stats.Rule {
	return stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(repeats, margin)}
}

// ratio judges a candidate against the baseline, repeat by repeat.
func ratio(base, cand []search.Bounds) stats.Judgement {
	pairs := make([]stats.Pair, min(len(base), len(cand)))
	for i := range pairs {
		pairs[i] = stats.Pair{Base: known(base[i]), Cand: known(cand[i])}
	}
	return stats.Judge(pairs, rule(max(len(pairs), 1)))
}

// known is a repeat's estimate; not a number where it has none.
func known(b search.Bounds) float64 {
	if e := b.Estimate(); e > 0 {
		return e
	}
	return math.NaN()
}
