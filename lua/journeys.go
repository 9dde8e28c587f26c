package lua

import (
	"fmt"

	"taskbench/scenarios"
)

// journeysOf are those of a mix; of one without, each step is one.
func journeysOf(s *scenarios.Scenario) []scenarios.Journey {
	if len(s.Journeys) > 0 {
		return s.Journeys
	}
	var out []scenarios.Journey
	for i := range s.Steps {
		out = append(out, scenarios.Journey{Name: s.Steps[i].Name, Weight: s.Steps[i].Weight, First: i, Count: 1})
	}
	return out
}

// iterationsOf are the ways in which an iteration may go.
func iterationsOf(s *scenarios.Scenario) []scenarios.Journey {
	if s.Mode == scenarios.Flow {
		return []scenarios.Journey{{Count: len(s.Steps)}}
	}
	return journeysOf(s)
}

// journeyWeights tells the mix how often each journey comes, and which steps it has.
func (g *generator) journeyWeights() {
	g.steps.WriteByte('\n')
	before := len(g.s.Setup)
	for _, j := range journeysOf(g.s) {
		fmt.Fprintf(&g.steps, "weigh(%s, %.17g, %d, %d)\n", quote(j.Name), j.Weight, before+j.First+1, before+j.First+j.Count)
	}
}
