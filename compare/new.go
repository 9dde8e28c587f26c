package compare

import (
	"slices"

	"taskbench/compare/lineup"
	"taskbench/compare/verdict"
	"taskbench/results"
)

// New compares load tests: the documents of one session or any others, say
// today's and last month's of one implementation. One document alone is shown
// without ratios. The order of docs does not matter, unless Options.First says so. It is an error to give
// none, documents of another kind, the same one twice under one name, or a
// baseline that is not among them.
func New(docs []results.Document, o lineup.Options) (*Comparison, error) {
	entrants, err := lineup.Of(results.LoadTest, docs, o)
	if err != nil {
		return nil, err
	}
	rules := verdict.NewRules(entrants, o.Margins)
	c := &Comparison{rules: rules, Schema: lineup.Schema, Baseline: entrants[0].Label, Targets: lineup.Targets(entrants), Scenarios: []Scenario{}, Notes: lineup.Notes(entrants, rules.Named)}
	for _, e := range entrants {
		c.found = append(c.found, e.Found())
		c.startFloor = startFloor(entrants)
	}
	for _, k := range keys(entrants) {
		sc := newScenario(k, entrants, rules)
		nameUnmoved(sc.Flags, entrants)
		c.Scenarios = append(c.Scenarios, sc)
	}
	c.Indicators = indicators(entrants, c.Scenarios)
	if !rules.Apart {
		c.Notes = append(c.Notes, sameProcesses(entrants)...)
	}
	c.Sweeps = sweeps(c)
	c.Flags = append(lineup.MachineFlags(entrants), hoist(c.Scenarios)...)
	c.ElapsedS, c.outOfTime = elapsed(entrants), lineup.OutOfTime(entrants)
	c.state(plannedCells(entrants))
	c.Summary = summarise(c)
	return c, nil
}

// Holds reports whether any trial of documents has what is asked for.
func Holds(docs []results.Document, has func(results.Trial) bool) bool {
	return slices.ContainsFunc(docs, func(d results.Document) bool {
		return slices.ContainsFunc(d.Scenarios, func(m results.Measurement) bool { return slices.ContainsFunc(m.Trials, has) })
	})
}

// key names a scenario at a load level.
type key struct {
	scenario string
	level    results.Level
}

func keyOf(m results.Measurement) key { return key{m.Scenario, m.Load.Level()} }

// keys are all that was measured: in the baseline's order, then what only
// others have.
func keys(entrants []lineup.Entrant) []key {
	var all []key
	seen := make(map[key]bool)
	for _, e := range entrants {
		for _, m := range e.Doc.Scenarios {
			k := keyOf(m)
			if !seen[k] {
				seen[k] = true
				all = append(all, k)
			}
		}
	}
	return all
}
