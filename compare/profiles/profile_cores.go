package profiles

import (
	"fmt"
	"maps"
	"slices"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/results"
)

func eachSecond(t *results.Trial) []float64 {
	if t.CPU.Use == nil {
		return []float64{}
	}
	return t.CPU.Use.CoresEachSecond
}

// cores adds the use of every core, its mean and its busiest second, of all
// cores that any target ran on.
func (p *Profile) cores(trials []*results.Trial, each [][]*results.Trial) {
	numbers := map[int]bool{}
	for _, t := range trials {
		for _, c := range t.CPU.Cores {
			numbers[c.Core] = true
		}
	}
	for _, core := range slices.Sorted(maps.Keys(numbers)) {
		before := len(p.Figures)
		p.figure(figure.Core(core, "mean"), fmt.Sprintf("  core %d, mean", core), finding.NoSampleThere, each)
		p.figure(figure.Core(core, "peak"), fmt.Sprintf("  core %d, peak second", core), finding.NoSampleThere, each)
		for i := range p.Figures[before:] {
			p.Figures[before+i].Core = &core
		}
	}
	if p.ManyCores() {
		p.Notes = append(p.Notes, finding.Finding{Code: finding.CoresListed, Values: finding.Values{"cores": float64(len(numbers))}})
	}
}

// mostCores is how many cores tables have rows for: two each.
const mostCores = 8

// ManyCores tells that tables would be lost under the rows of single cores.
func (p *Profile) ManyCores() bool {
	rows := 0
	for _, f := range p.Figures {
		if f.Core != nil {
			rows++
		}
	}
	return rows > 2*mostCores
}
