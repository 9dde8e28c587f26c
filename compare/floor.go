package compare

import (
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
)

// floor is the smallest difference from the baseline that may be stated of a
// candidate, as a fraction: 0 where both were started anew for every pair, so
// that the pairs' interval covers what starts differ by.
func (c *Comparison) floor(target int) float64 {
	if c.found[0] || c.found[target] {
		return c.startFloor
	}
	return 0
}

// startFloor is what two starts of the entrants' servers may differ by: as it was
// known when they were measured, the largest, or what is known of one server.
func startFloor(entrants []lineup.Entrant) float64 {
	floor, known := 0.0, false
	for _, e := range entrants {
		if f := e.Doc.Plan.StartFloor; f != nil {
			floor, known = max(floor, *f), true
		}
	}
	if !known {
		return stats.StartFloor
	}
	return floor
}

// sameProcesses says for which servers the run holds, where that is not any
// start of them.
func sameProcesses(entrants []lineup.Entrant) []finding.Finding {
	var names []string
	for _, e := range entrants {
		if e.Found() {
			names = append(names, e.Label)
		}
	}
	if len(entrants) < 2 || len(names) == 0 {
		return nil
	}
	return []finding.Finding{{Code: finding.SameProcesses, Said: names, Values: finding.Values{"floor_fraction": startFloor(entrants)}}}
}
