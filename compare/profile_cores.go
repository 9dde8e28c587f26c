package compare

import (
	"fmt"
	"strings"

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
func (p *Profile) cores(trials []*results.Trial) {
	numbers := map[int]bool{}
	for _, t := range trials {
		for _, c := range t.CPU.Cores {
			numbers[c.Core] = true
		}
	}
	for _, core := range sortedKeys(numbers) {
		before := len(p.Figures)
		p.figure(figure.Core(core, "mean"), fmt.Sprintf("  core %d, mean", core), trials)
		p.figure(figure.Core(core, "peak"), fmt.Sprintf("  core %d, peak second", core), trials)
		for i := range p.Figures[before:] {
			p.Figures[before+i].Core = &core
		}
	}
	if p.manyCores() {
		p.Notes = append(p.Notes, fmt.Sprintf("the use of each of the %d cores is listed with --format json or csv", len(numbers)))
	}
}

// mostCores is how many cores tables have rows for: two each.
const mostCores = 8

// manyCores tells that tables would be lost under the rows of single cores.
func (p *Profile) manyCores() bool {
	rows := 0
	for _, f := range p.Figures {
		if f.Core != nil {
			rows++
		}
	}
	return rows > 2*mostCores
}

// seconds are the courses of all targets that were watched.
func (p *Profile) seconds() []curve {
	var all []curve
	for i, t := range p.Targets {
		if values := p.secondsOf(i); len(values) > 0 {
			all = append(all, curve{t.Label, values})
		}
	}
	return all
}

func (p *Profile) secondsOf(target int) []float64 {
	if target >= len(p.Seconds) {
		return nil
	}
	return p.Seconds[target]
}

func rangeOfCores(low, high float64) string {
	return figure.Fixed(low, 2) + " to " + figure.Fixed(high, 2)
}

// secondsText lists all values, for formats without bars.
func secondsText(values []float64) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = figure.Fixed(v, 2)
	}
	return strings.Join(texts, ", ")
}
