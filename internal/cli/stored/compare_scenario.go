package stored

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/internal/source"
	"taskbench/results"
)

// detail is how much of a comparison is printed.
type detail struct {
	scenarios  []string // those that are named, as name or name@connections
	steps, all bool
}

// comparisonPage is the answer, or as much more as was asked for.
func comparisonPage(c *compare.Comparison, d detail) page.Page {
	switch {
	case d.all:
		return words.Load(c)
	case len(d.scenarios) > 0 || d.steps:
		return words.Scenarios(c, d.chosen(c), d.steps)
	}
	return words.Answer(c)
}

// chosen are the scenarios that are named; all where none is.
func (d detail) chosen(c *compare.Comparison) []compare.Scenario {
	if len(d.scenarios) == 0 {
		return c.Scenarios
	}
	return slices.DeleteFunc(slices.Clone(c.Scenarios), func(s compare.Scenario) bool {
		return !slices.ContainsFunc(d.scenarios, func(name string) bool { return isCalled(s.Name, s.Load.Connections, name) })
	})
}

func isCalled(scenario string, connections int, name string) bool {
	return name == scenario || name == fmt.Sprintf("%s@%d", scenario, connections)
}

// apart tells the words that name results from those that do not, which may be
// scenarios.
func apart(store *results.Store, args []string) (named, others []string) {
	quiet := &results.Store{Dir: store.Dir} // who reads the documents tells of damaged files
	for _, word := range args {
		if _, err := quiet.Resolve(word); err == nil || strings.HasSuffix(word, ".json") {
			named = append(named, word)
		} else {
			others = append(others, word)
		}
	}
	return named, others
}

// areScenarios is an error where a word names neither results nor a scenario of
// the documents.
func areScenarios(store *results.Store, docs []results.Document, names []string) error {
	var all []string
	for _, d := range docs {
		for _, m := range d.Scenarios {
			if !slices.Contains(all, m.Scenario) {
				all = append(all, m.Scenario)
			}
		}
	}
	for _, name := range names {
		has := slices.ContainsFunc(docs, func(d results.Document) bool {
			return slices.ContainsFunc(d.Scenarios, func(m results.Measurement) bool { return isCalled(m.Scenario, m.Load.Connections, name) })
		})
		if has {
			continue
		}
		_, err := store.Resolve(name)
		if wrong, ok := errors.AsType[*source.Error](err); ok {
			told := *wrong
			told.Hint = strings.TrimPrefix(told.Hint+"; scenarios are "+strings.Join(all, ", "), "; ")
			return &told
		}
		return err
	}
	return nil
}
