package compare

import (
	"slices"

	"taskbench/internal/figure"
	"taskbench/results"
)

// rows are the metrics of the whole scenario and of each of its steps. A
// scenario of one step is that step: it is not told twice.
func rows(sides []*side, pairs []int, rules rules) []Row {
	list := []Row{}
	for _, m := range figure.Load {
		if r := row(sides, pairs, "", m, rules); !m.Optional || r.measured() {
			list = append(list, r)
		}
	}
	steps := stepNames(sides)
	if len(steps) < 2 {
		return list
	}
	for _, step := range steps {
		for _, m := range stepFigures() {
			list = append(list, row(sides, pairs, step, m, rules))
		}
	}
	return list
}

// stepFigures are those that steps have, too.
func stepFigures() []*figure.Figure {
	return slices.DeleteFunc(slices.Clone(figure.Load), func(f *figure.Figure) bool { return !f.EachStep })
}

// measured reports whether any target has a figure.
func (r Row) measured() bool {
	return slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Median != nil })
}

// Measured reports whether there is any figure to show: a scenario without one
// has reasons, and no table of dashes.
func (s Scenario) Measured() bool { return slices.ContainsFunc(s.Rows, Row.measured) }

// stepNames are the steps of the first target, then what only others have.
func stepNames(sides []*side) []string {
	var names []string
	for _, s := range sides {
		if s.measurement == nil {
			continue
		}
		for _, name := range s.measurement.Steps {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func row(sides []*side, pairs []int, step string, m *figure.Figure, rules rules) Row {
	r := Row{Step: step, Metric: m, Better: m.Better}
	for _, s := range sides {
		r.Cells = append(r.Cells, cell(s, pairs, step, m))
	}
	for i := range r.Cells[1:] {
		hold(&r, i+1, sides, pairs, rules)
	}
	return r
}

// cell takes one target's figures: over the counted pairs, or over all its
// own trials when it takes no part in pairs.
func cell(s *side, pairs []int, step string, m *figure.Figure) Cell {
	c := Cell{Target: s.Target, EachPair: []*float64{}}
	if !s.paired() {
		pairs = slices.Sorted(slices.Values(pairNumbers(s.trials)))
	}
	for _, p := range pairs {
		c.EachPair = append(c.EachPair, valueOf(s.trials[p], step, m))
	}
	c.Median = median(c.EachPair)
	if c.Median == nil {
		c.Missing = missing(s, pairs, step)
	}
	return c
}

func valueOf(t results.Trial, step string, m *figure.Figure) *float64 {
	v, ok := m.Of(&t, step)
	if !ok {
		return nil
	}
	return &v
}

func missing(s *side, pairs []int, step string) string {
	switch {
	case len(s.trials) == 0 && s.Reason != "":
		return s.Reason
	case len(pairs) == 0:
		return "no pair in which every target worked"
	case step != "":
		return s.Target + " has no such figure for step " + step
	}
	return s.Target + " has no such figure"
}

// hold sets the candidate in column i against the baseline in column 0.
func hold(r *Row, i int, sides []*side, pairs []int, rules rules) {
	c := &r.Cells[i]
	for _, s := range []*side{sides[0], sides[i]} {
		switch s.State {
		case Compared:
			continue
		case Unmeasured:
			c.NoRatio = s.Reason
		default:
			c.NoRatio = "not comparable: " + s.Reason
		}
		return
	}
	if r.Metric.Held == figure.Differences {
		if a, b := r.Cells[0].Median, c.Median; a != nil && b != nil {
			d := *b - *a
			c.Difference = &d
		}
		return
	}
	c.Ratio, c.NoRatio = rules.ratio(r.Metric, series(pairs, r.Step, r.Metric, sides[0], sides[i]))
}
