package charts

import (
	"fmt"
	"slices"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

// Beside is what only the caller can get for a page of load tests.
type Beside struct {
	Trends  []*compare.Trend // over stored runs, one a metric
	Scripts []Script         // that the load generator ran
}

// Load is the page of load tests with all that can be drawn: a section for each
// scenario and sweep, and one on how they were measured.
func Load(c *compare.Comparison, docs []results.Document, beside Beside) page.Page {
	docs = inOrder(c.Targets, docs)
	said := words.Load(c)
	p := page.Page{Headline: said.Headline, Summary: said.Summary, Records: said.Records, Data: said.Data}
	p.Add(page.Lines{Items: words.Targets(c.Targets)})
	p.Add(glances(c)...)
	p.Add(words.Known(c)...)
	for i, s := range c.Scenarios {
		p.Add(scenario(scenarioKey(i), c, s, docs)...)
		p.Add(history(s, c.Targets, beside.Trends)...)
	}
	for i, s := range c.Sweeps {
		p.Add(sweep(fmt.Sprintf("w%d", i+1), c, s)...)
	}
	if blocks := words.Indicators(c); len(blocks) > 0 {
		p.Add(page.Heading{Key: "indicators", Text: "Indicators", Short: "Indicators"})
		p.Add(blocks...)
	}
	measured := "How it was measured"
	p.Add(page.Heading{Key: "measured", Text: measured, Short: measured},
		page.Lines{Items: page.Sentences([]string{"Targets are measured in pairs, one after the other in an order drawn from the seed, each with its own warm-up."})},
		facts(c.Targets, docs))
	if list := commands(c, docs, beside.Scripts); len(list) > 0 {
		p.Add(page.Heading{Text: "Command lines and scripts of the generator"},
			remark("Of the first trial: later ones differ in their seed. To run one by hand, save the script under a name of yours."))
		p.Add(list...)
	}
	return p
}

func scenarioKey(i int) string { return fmt.Sprintf("s%d", i+1) }

// scenario is the section of one scenario at one load.
func scenario(key string, c *compare.Comparison, s compare.Scenario, docs []results.Document) []page.Block {
	said := words.Scenario(c, s)
	title := page.Heading{Key: key, Short: c.Level(s), Badge: badge(s.State), Bad: s.State == compare.Failed}
	heading := said[0].(page.Heading)
	title.Text, title.Under = heading.Text, heading.Under
	blocks := append([]page.Block{title}, said[1:]...)
	shown := speeds(s)
	if len(shown) == 0 {
		return append(blocks, remark("No charts: no target has figures of its speed here."))
	}
	return slices.Concat(blocks, latencies(s, shown, docs), stepBars(s, shown), courses(s, shown, docs))
}

// badge is a state that is worth a word.
func badge(s compare.State) string {
	if s == compare.Compared {
		return ""
	}
	return string(s)
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
