package lua

import (
	"time"

	"taskbench/scenarios"
)

// spread is the time over which virtual users who pause begin, one after the other: as
// long as an iteration pauses in the mean. Had all begun at once, all would ask at once
// again behind each pause, and a window would have one iteration more or less of each of
// them: 8 or 12 answers of 10.
func (g *generator) spread() time.Duration {
	if g.embedded {
		return 0 // nobody pauses there
	}
	var pauses, weights float64
	for _, j := range iterationsOf(g.s) {
		weight := j.Weight
		if g.s.Mode == scenarios.Flow {
			weight = 1
		}
		weights += weight
		for i := range g.s.Steps[j.First : j.First+j.Count] {
			pauses += weight * float64(pausesOf(g.s, &g.s.Steps[j.First+i]))
		}
	}
	if weights == 0 {
		return 0
	}
	return time.Duration(pauses / weights)
}

// pausesOf is for how long virtual users pause in and behind a step, in the mean: where
// it is not known how often a step is sent, it is sent twice.
func pausesOf(s *scenarios.Scenario, step *scenarios.Step) time.Duration {
	sum, c := s.ThinkAfter(step).Mean, step.Control
	if c.Each != nil {
		sum += c.Each.Wait
	}
	if c.Repeat != nil {
		sum += c.Repeat.Wait * time.Duration(max(1, c.Repeat.Times-1))
	}
	return sum
}
