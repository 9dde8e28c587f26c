package bench

import "time"

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

// fit chooses the durations that scenarios leave open, from what an iteration
// took each target before any load.
func (s Survey) fit(cells []Cell) {
	for i := range cells {
		if c := &cells[i]; c.Auto {
			var took time.Duration
			for _, v := range s.Visits[c.scenario] {
				took = max(took, v.Took)
			}
			c.Duration = autoDuration(took, c.Connections)
		}
	}
}

// iterationsTake is how long enough iterations take one after the other.
func iterationsTake(iteration time.Duration, users int) time.Duration {
	return time.Duration(max(autoIterations, autoEach*users)) * iteration
}

func autoDuration(iteration time.Duration, users int) time.Duration {
	for _, d := range autoDurations {
		if iterationsTake(iteration, users) <= d {
			return d
		}
	}
	return autoDurations[len(autoDurations)-1]
}
