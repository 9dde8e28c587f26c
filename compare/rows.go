package compare

import (
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// rows are the metrics of the whole scenario, of its journeys and of each of its steps. A
// scenario of one step is that step: it is not told twice.
func rows(sides []*side, pairs []int, rules verdict.Rules) []verdict.Row {
	list := []verdict.Row{}
	for _, m := range figure.Load {
		if r := row(sides, pairs, "", m, rules); !m.Optional || r.Measured() {
			list = append(list, r)
		}
	}
	for _, journey := range namesOf(sides, func(m *results.Measurement) []string { return m.Journeys }) {
		list = append(list, row(sides, pairs, journey, figure.FlowP95, rules))
	}
	list = append(list, stageRows(sides, pairs, rules)...)
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

// Measured reports whether there is any figure to show: a scenario without one
// has reasons, and no table of dashes.
func (s Scenario) Measured() bool { return slices.ContainsFunc(s.Rows, verdict.Row.Measured) }

// stepNames are the steps of the first target, then what only others have.
func stepNames(sides []*side) []string {
	return namesOf(sides, func(m *results.Measurement) []string { return m.Steps })
}

func namesOf(sides []*side, of func(*results.Measurement) []string) []string {
	var names []string
	for _, s := range sides {
		if s.measurement == nil {
			continue
		}
		for _, name := range of(s.measurement) {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func row(sides []*side, pairs []int, step string, m *figure.Figure, rules verdict.Rules) verdict.Row {
	r := verdict.Row{Step: step, Metric: m, Better: m.Better}
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
func cell(s *side, pairs []int, step string, m *figure.Figure) verdict.Cell {
	if !s.paired() {
		pairs = slices.Sorted(slices.Values(pairNumbers(s.trials)))
	}
	c := verdict.CellOf(s.Target, s.trials, pairs, step, m)
	if c.Median == nil {
		c.Missing = missing(s, pairs, step)
	}
	return c
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
func hold(r *verdict.Row, i int, sides []*side, pairs []int, rules verdict.Rules) {
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
	if why := withoutVerdict(r, pairs, sides[0], sides[i]); !why.IsZero() {
		c.NoRatio = why
		return
	}
	var parted *finding.Finding
	if c.WithinPair, parted = withinPairs(pairs, r.Step, r.Metric, sides[0].trials, sides[i].trials); parted != nil {
		parted.Target = c.Target
		sides[i].parted = append(sides[i].parted, *parted)
	}
	c.Ratio, c.NoRatio = rules.Ratio(r.Metric, verdict.Series(pairs, r.Cells[0].EachPair, *c, verdict.Before(pairs, sides[0].trials, sides[i].trials)))
	if slotSeconds([]*side{sides[0], sides[i]}) > 0 {
		agree(c, r.Cells[0])
	}
}

// agree makes the figure of a candidate that took turns with the baseline one
// that agrees with the change beside it: what the ratio makes of the baseline's. Its
// own are of the whole time, with whatever disturbed either side alone.
func agree(c *verdict.Cell, base verdict.Cell) {
	if c.Ratio != nil && base.Median != nil && *base.Median > 0 {
		c.OwnMedian, c.Median = c.Median, new(*base.Median*c.Ratio.Ratio)
	}
}

// Series is one metric of the baseline and a candidate, pair by pair in the
// order measured. What was not measured is NaN, as package stats wants it. None
// where the two have no pairs.
func (s Scenario) Series(r verdict.Row, candidate int) []stats.OrderedPair {
	base, cand := s.Sides[0].positions, s.Sides[candidate].positions
	if len(base) != len(s.Pairs) || len(cand) != len(s.Pairs) {
		return nil
	}
	return verdict.Series(s.Pairs, r.Cells[0].EachPair, r.Cells[candidate], func(i int) bool { return base[i] < cand[i] })
}
