package report

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/internal/plain"
	"taskbench/results"
)

// scenario is one section of the page.
type scenario struct {
	ID, Name            string
	State               compare.State
	Heading, Conditions string // the title's two parts
	Blocks              []block
	Latency             *latency // nil without a distribution worth showing
	Course              []chart  // pair by pair, then second by second
	Pairs               *pairTable
	Steps               []stepBars
	NoCharts            string   // why there are none
	History             *history // nil where there is one run only
}

func newScenario(c *compare.Comparison, i int, docs []results.Document) scenario {
	s := c.Scenarios[i]
	v := scenario{ID: fmt.Sprintf("s%d", i+1), Name: plain.Clean(c.Level(s)), State: s.State}
	said := words.Scenario(c, s)
	v.Heading, v.Conditions, _ = strings.Cut(plain.Clean(said[0].(page.Heading).Text), " · ")
	v.Blocks = blocks(s.Name, said[1:])
	shown := speeds(s)
	if len(shown) == 0 {
		v.NoCharts = "No charts: no target has figures of its speed here."
		return v
	}
	v.Latency = newLatency(v.ID, s, shown, docs)
	v.Course = slices.Concat(pairCharts(v.ID, s, shown), coresChart(v.ID, s, shown, docs), secondsChart(v.ID, s, shown, docs))
	v.Pairs = newPairTable(v.ID, s, shown)
	v.Steps = newStepBars(s, shown)
	return v
}

// speeds are the targets whose figures can be drawn over each other. Wrong
// answers have no speed, and other scenarios or loads are no comparison.
func speeds(s compare.Scenario) []int {
	var list []int
	for i, side := range s.Sides {
		if side.State == compare.Compared || side.State == compare.Measured {
			list = append(list, i)
		}
	}
	return list
}

// Charts are all that the section draws.
func (s scenario) Charts() []chart {
	var list []chart
	if s.Latency != nil {
		list = append(list, s.Latency.Charts...)
	}
	list = append(list, s.Course...)
	if s.History != nil {
		list = append(list, s.History.Charts...)
	}
	return list
}

// measurement is the target's part of the scenario; nil when not measured.
func measurement(d results.Document, s compare.Scenario) *results.Measurement {
	for i, m := range d.Scenarios {
		if m.Scenario == s.Name && m.Load.Connections == s.Load.Connections {
			return &d.Scenarios[i]
		}
	}
	return nil
}

// counted are the trials behind a target's figures, by pair: those of the
// counted pairs, or all that worked where there are no pairs.
func counted(d results.Document, s compare.Scenario) []results.Trial {
	m := measurement(d, s)
	if m == nil {
		return nil
	}
	wanted := make(map[int]bool)
	for _, p := range s.Pairs {
		wanted[p] = true
	}
	var list []results.Trial
	for _, t := range m.Trials {
		if t.Counts() && (wanted[t.Pair] || len(s.Pairs) == 0) {
			list = append(list, t)
		}
	}
	return list
}
