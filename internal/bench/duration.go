package bench

import (
	"time"

	"taskbench/scenarios"
)

// How long a measurement is whose scenario leaves that open: long enough for so
// many iterations, and for so many of each virtual user, as if the server could
// do one after the other only; within bounds, and one of few lengths, so that
// two runs seldom differ.
const (
	autoIterations = 30
	autoEach       = 3
)

var autoDurations = []time.Duration{
	10 * time.Second, 15 * time.Second, 20 * time.Second, 30 * time.Second, 45 * time.Second,
	60 * time.Second, 90 * time.Second, 120 * time.Second,
}

// lookAgain is how long an iteration may take before it is looked at again: the
// first one of a server that has just been started says little.
const lookAgain = 200 * time.Millisecond

// took is how long an iteration of a cell was at the target that took longest for it
// before any load.
func (s Survey) took(c Cell) (took time.Duration) {
	for _, v := range s.Visits[c.scenario] {
		took = max(took, v.Took)
	}
	return took
}

// busy is how long a virtual user is with an iteration of a cell, at the target
// that took longest for it before any load, and its pauses.
func (s Survey) busy(c Cell) time.Duration {
	_, pauses := c.Scenario.Iteration()
	took := s.took(c)
	if c.Scenario.Mode == scenarios.Mix { // of which a visit has all
		took /= time.Duration(len(c.Scenario.Steps))
	}
	return took + pauses
}

// fit chooses the durations and numbers of virtual users that scenarios leave open, from what an iteration
// took each target before any load. longest bounds them where there is not the time
// for more; 0: nothing does. Each of so many hosts has a virtual user at least.
func (s Survey) fit(cells []Cell, longest time.Duration, hosts int) {
	for i := range cells {
		if c := &cells[i]; c.Auto {
			c.Duration = autoDuration(s.took(*c), c.Connections, longest)
		}
		if c := &cells[i]; c.AutoUsers {
			c.Connections = min(max(c.Rate.Users(s.busy(*c)), hosts), c.Scenario.MostUsers())
		}
	}
}

// iterationsTake is how long enough iterations take one after the other.
func iterationsTake(iteration time.Duration, users int) time.Duration {
	return time.Duration(max(autoIterations, autoEach*users)) * iteration
}

// autoDuration is the shortest length that has enough iterations, or the longest
// that may be; the shortest of all where none may be.
func autoDuration(iteration time.Duration, users int, longest time.Duration) time.Duration {
	chosen := autoDurations[0]
	for _, d := range autoDurations {
		if longest > 0 && d > longest {
			break
		}
		if chosen = d; iterationsTake(iteration, users) <= d {
			break
		}
	}
	return chosen
}
