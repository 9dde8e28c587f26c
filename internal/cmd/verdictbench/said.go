package main

import (
	"math"
	"slices"
	"strings"

	"taskbench/compare/stats"
)

// said counts what a rule stated.
type said struct {
	runs          int // that it was tried on
	falseRuns     int // with a false "faster" or "slower"
	falseAny      int // with any false statement: parity, drift and order, too
	elsewhere     int // with one in a scenario that lost nothing
	wrongWay      int // with one in the wrong direction
	found, losses map[string]int
	parity, same  int // stated, and true
}

func newSaid() *said { return &said{found: map[string]int{}, losses: map[string]int{}} }

// count holds what was said of a run, and of its geometric means, against the
// truth.
func (s *said) count(all []scenario, run []stats.CellClaims, means []stats.Claim) {
	s.runs++
	var different, any, elsewhere, wrongWay bool
	for i, cell := range run {
		claims := append(slices.Clone(cell.Primary), cell.Other...)
		for k := range all[i].figures {
			c := stats.Claim{} // of rows that were not looked at, because they could not be stated
			if k < len(claims) {
				c = claims[k]
			}
			truth := all[i].truth(k)
			any = any || c.Drifts || c.Ordered && all[i].climate != slowing // there the second of two trials is slower indeed
			s.power(all[i].figures[k].name, truth, c)
			untrue := c.Stated && !isTrue(c.Verdict, truth)
			if !untrue {
				continue
			}
			any = true
			elsewhere = elsewhere || truth == 0 && !slices.Contains(lossy, i)
			different = different || c.Verdict != stats.Parity
			wrongWay = wrongWay || c.Verdict == stats.Faster
		}
	}
	for at, c := range means {
		k, truth := summed[at], 0.0
		for i := range all {
			truth += all[i].truth(k) / float64(len(all))
		}
		s.power("mean "+primaries[k].name, truth, c)
		if c.Stated && !isTrue(c.Verdict, truth) {
			any = true
			different = different || c.Verdict != stats.Parity
			wrongWay = wrongWay || c.Verdict == stats.Faster
		}
	}
	tick(&s.falseRuns, different)
	tick(&s.falseAny, any)
	tick(&s.elsewhere, elsewhere)
	tick(&s.wrongWay, wrongWay)
}

// power counts which true losses were found, and which parities.
func (s *said) power(name string, truth float64, c stats.Claim) {
	switch {
	case truth < 0:
		if strings.HasPrefix(name, "step ") {
			name = steps
		}
		s.losses[name]++
		if c.Stated && c.Verdict == stats.Slower {
			s.found[name]++
		}
	case slices.ContainsFunc(primaries, func(f metric) bool { return f.name == name }):
		s.same++
		tick(&s.parity, c.Stated && c.Verdict == stats.Parity)
	}
}

// steps are all rows of steps together.
const steps = "steps"

// isTrue says whether a verdict holds of a true log ratio.
func isTrue(v stats.Verdict, truth float64) bool {
	switch v {
	case stats.Parity:
		return math.Abs(truth) < math.Log(1.05)-1e-12
	case stats.Slower:
		return truth < 0
	case stats.Faster:
		return truth > 0
	}
	return true
}

func (s *said) add(o *said) {
	s.runs += o.runs
	s.falseRuns += o.falseRuns
	s.falseAny += o.falseAny
	s.elsewhere += o.elsewhere
	s.wrongWay += o.wrongWay
	s.parity += o.parity
	s.same += o.same
	for name, n := range o.found {
		s.found[name] += n
	}
	for name, n := range o.losses {
		s.losses[name] += n
	}
}

func tick(n *int, when bool) {
	if when {
		*n++
	}
}
