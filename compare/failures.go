package compare

import (
	"cmp"
	"slices"

	"taskbench/results"
)

// tally counts unexpected answers by step and kind.
type tally struct {
	failures map[[2]string]*Failure // by step and expectation
	answers  map[string]uint64      // by step
	statuses map[string]map[string]uint64
}

// failures collects unexpected answers over all trials, in the order of the
// steps.
func failures(m *results.Measurement) []Failure {
	c := tally{make(map[[2]string]*Failure), make(map[string]uint64), make(map[string]map[string]uint64)}
	for _, t := range m.Trials {
		for _, s := range t.Steps {
			c.add(s)
		}
	}
	var list []Failure
	for _, f := range c.failures {
		f.Answers, f.Statuses = max(c.answers[f.Step], f.Count), c.statuses[f.Step]
		f.Fraction = float64(f.Count) / float64(f.Answers)
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b Failure) int {
		x, y := slices.Index(m.Steps, a.Step), slices.Index(m.Steps, b.Step)
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Step, b.Step), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Unmet, b.Unmet))
	})
	return list
}

// rank puts statuses first: a wrong one explains most of the rest.
func rank(f Failure) int {
	if f.Unmet == "status" {
		return 0
	}
	return 1
}

func (c *tally) add(s results.StepResult) {
	c.answers[s.Name] += s.Answers
	if c.statuses[s.Name] == nil {
		c.statuses[s.Name] = make(map[string]uint64)
	}
	for status, n := range s.Statuses {
		c.statuses[s.Name][status] += n
	}
	for unmet, n := range s.Unmet {
		if n == 0 {
			continue
		}
		k := [2]string{s.Name, unmet}
		if c.failures[k] == nil {
			c.failures[k] = &Failure{Step: s.Name, Unmet: unmet}
		}
		f := c.failures[k]
		f.Count += n
		if f.Example == nil && s.Example != nil && s.Example.Unmet == unmet {
			f.Example = s.Example
		}
	}
}
