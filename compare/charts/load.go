package charts

import (
	"fmt"
	"slices"

	"taskbench/compare"
	"taskbench/compare/history"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

// Beside is what only the caller can get for a page of load tests.
type Beside struct {
	Trends  []*history.Trend // over stored runs, one a metric
	Scripts []Script         // that the load generator ran
}

// Load is the page of load tests with all that can be drawn: the answer, then a
// section for each scenario and sweep, and one with what the generator ran.
func Load(c *compare.Comparison, docs []results.Document, beside Beside) page.Page {
	docs = inOrder(c.Targets, docs)
	said := words.Load(c)
	p := page.Page{Headline: said.Headline, Under: words.Extent(c), Records: said.Records, Data: said.Data}
	p.Add(page.Lines{Items: words.Targets(c.Targets)})
	p.Add(words.Drawn(c, scenarioKey)...)
	for i, s := range c.Scenarios {
		p.Add(scenario(scenarioKey(i), c, s, docs, beside.Trends)...)
	}
	for i, s := range c.Sweeps {
		p.Add(sweep(fmt.Sprintf("w%d", i+1), c, s)...)
	}
	if blocks := words.Indicators(c); len(blocks) > 0 {
		p.Add(page.Heading{Key: "indicators", Text: "Indicators", Short: "Indicators"})
		p.Add(blocks...)
	}
	if list := commands(c, docs, beside.Scripts); len(list) > 0 {
		title := "Command lines and scripts"
		p.Add(page.Heading{Key: "commands", Text: title, Short: title, Long: true},
			remark("What the generator ran in the first trial: later ones differ in their seed. To run one by hand, save the script under a name of yours."))
		p.Add(list...)
	}
	return p
}

func scenarioKey(i int) string { return fmt.Sprintf("s%d", i+1) }

// scenario is the section of one scenario at one load.
func scenario(key string, c *compare.Comparison, s compare.Scenario, docs []results.Document, trends []*history.Trend) []page.Block {
	title, blocks := words.ScenarioDrawn(c, s)
	title.Key, title.Short, title.Badge, title.Bad = key, c.Level(s), badge(c, s), s.State == compare.Failed
	blocks = append([]page.Block{title}, blocks...)
	ran, runs := overRuns(s, c.Targets, trends)
	shown := speeds(s)
	if len(shown) == 0 {
		return slices.Concat(blocks, []page.Block{remark("No charts: no target has figures of its speed here.")}, ran, runs)
	}
	spread, percentiles := latencies(s, shown, docs)
	over, pairs := courses(s, shown, docs)
	return slices.Concat(blocks, spread, over, ran, percentiles, pairs, runs)
}

// badge is a state that is worth a word.
func badge(c *compare.Comparison, s compare.Scenario) string {
	if s.State == compare.Compared || s.State == compare.Measured && len(c.Targets) == 1 {
		return ""
	}
	return string(s.State)
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
