package compare

import (
	"slices"

	"taskbench/compare/finding"
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
	if !s.paired() {
		pairs = slices.Sorted(slices.Values(pairNumbers(s.trials)))
	}
	c := figures(s.Target, s.trials, pairs, step, m)
	if c.Median == nil {
		c.Missing = missing(s, pairs, step)
	}
	return c
}

// figures are a target's in these pairs, and their median.
func figures(target string, trials map[int]results.Trial, pairs []int, step string, m *figure.Figure) Cell {
	c := Cell{Target: target, EachPair: make([]*float64, len(pairs))}
	for i, p := range pairs {
		if t, measured := trials[p]; measured {
			c.EachPair[i] = valueOf(t, step, m)
		}
	}
	c.Median = median(c.EachPair)
	return c
}

func valueOf(t results.Trial, step string, m *figure.Figure) *float64 {
	v, ok := m.Of(&t, step)
	if !ok {
		return nil
	}
	return &v
}

func missing(s *side, pairs []int, step string) finding.Finding {
	switch {
	case len(s.trials) == 0 && !s.Reason.IsZero():
		return s.Reason
	case len(pairs) == 0:
		return finding.Finding{Code: finding.NoCommonPair}
	}
	return finding.Finding{Code: finding.NoSuchFigure, Target: s.Target, Step: step}
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
			c.NoRatio = finding.Finding{Code: finding.NotComparable}.With(s.Reason)
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
	var parted *finding.Finding
	if c.WithinPair, parted = withinPairs(pairs, r.Step, r.Metric, sides[0].trials, sides[i].trials); parted != nil {
		parted.Target = c.Target
		sides[i].parted = append(sides[i].parted, *parted)
	}
	c.Ratio, c.NoRatio = rules.ratio(r.Metric, series(pairs, r.Cells[0].EachPair, *c, before(pairs, sides[0].trials, sides[i].trials)))
	c.agree(r.Cells[0])
}

// agree makes the figure of a candidate that took turns with the baseline one
// that agrees with the change beside it: what the ratio makes of the baseline's. Its
// own are of the whole time, with whatever disturbed either side alone.
func (c *Cell) agree(base Cell) {
	sharper := slices.ContainsFunc(c.WithinPair, func(ratio *float64) bool { return ratio != nil })
	if sharper && c.Ratio != nil && base.Median != nil && *base.Median > 0 {
		c.OwnMedian, c.Median = c.Median, new(*base.Median*c.Ratio.Ratio)
	}
}

// before tells in which pairs one side was measured before the other.
func before(pairs []int, one, other map[int]results.Trial) func(i int) bool {
	return func(i int) bool { return one[pairs[i]].Position < other[pairs[i]].Position }
}
