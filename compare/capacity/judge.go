package capacity

import (
	"cmp"

	"taskbench/internal/figure"
	"taskbench/internal/search"
	"taskbench/results"
)

// Judge holds a trial against the objective: what did not hold, and whether that
// says anything of the server. A server that ends, or answers less than it is asked,
// exceeds. What a late generator makes late says nothing; what holds all the same, holds.
func Judge(t *results.Trial, ask search.Ask, users int, objective []results.Expectation) results.Sought {
	s := results.Sought{RatePS: ask.Rate, LengthS: ask.Length.Seconds(), Users: users}
	switch {
	case t.Ended != nil:
		s.Exceeded = []string{"the server ended"}
		return s
	case t.Rate == nil || !t.Counts():
		s.Void = cmp.Or(t.Error, "it tells of no rate")
		return s
	}
	s.CarriedPS = carriedIn(t)
	for _, bound := range objective {
		if v, ok := figure.Expected(bound.Metric).Of(t, ""); !ok || !holds(v, bound) {
			s.Exceeded = append(s.Exceeded, bound.Metric+" "+bound.Text)
		}
	}
	if !t.Rate.Kept() {
		s.Exceeded = append(s.Exceeded, results.NotReached)
	}
	if len(s.Exceeded) > 0 {
		s.Void = late(t, users, objective)
	}
	return s
}

// carriedIn is the rate that a trial answered: of what was asked in its window, what
// began in it.
func carriedIn(t *results.Trial) float64 {
	if t.WindowS <= 0 {
		return 0
	}
	return min(t.Rate.AskedPS, float64(t.Rate.Begun)/t.WindowS)
}

// holds reports whether a value keeps a bound. All bounds of an objective are upper ones.
func holds(v float64, bound results.Expectation) bool {
	if bound.Op == "<" {
		return v < bound.Limit
	}
	return v <= bound.Limit
}

// idle is the share of the virtual users' time in which no request was on its way; 0
// where they pause between requests.
func idle(t *results.Trial, users int) float64 {
	if t.Rate.Service == nil || t.WindowS <= 0 || users == 0 {
		return 0
	}
	return 1 - float64(t.Answers)/t.WindowS*t.Rate.Service.MeanUS/1e6/float64(users)
}

// idleShare is the idle time beyond which what was not sent is the generator's doing.
const idleShare = 0.5

// lateShare is how much of a bound the generator may be late by itself, in the mean,
// before what exceeds it by no more than that may be its own doing; busy is the share
// of its cores from which on it is.
const (
	lateShare = 0.1
	busy      = 0.95
)

// late says how the generator, and not the server, may have exceeded; "" when it did not.
func late(t *results.Trial, users int, objective []results.Expectation) string {
	for _, bound := range objective {
		f, lag := figure.Expected(bound.Metric), t.Rate.LagMeanUS
		if v, ok := f.Of(t, ""); ok && f.Unit.Name == figure.Time.Name && !holds(v, bound) && lag > lateShare*bound.Limit && holds(v-lag, bound) {
			return "the generator began requests " + figure.Time.Print(t.Rate.LagMeanUS) + " late in the mean"
		}
	}
	if !t.Rate.Kept() && idle(t, users) > idleShare {
		return "its virtual users waited for no answer half of the time, and did not send all the same"
	}
	r := t.Resources
	if r != nil && r.GeneratorCores != nil && r.GeneratorCoresAllowed > 0 && *r.GeneratorCores > busy*float64(r.GeneratorCoresAllowed) {
		return "the generator used all its cores"
	}
	return ""
}
