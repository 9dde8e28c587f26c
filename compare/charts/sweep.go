package charts

import (
	"slices"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// sweep is the section of one scenario at several load levels.
func sweep(key string, c *compare.Comparison, s compare.Sweep) []page.Block {
	title, said := words.SweepDrawn(c, s, scenarioKey)
	title.Key, title.Short = key, title.Text
	return slices.Concat([]page.Block{title}, said, []page.Block{levels(c, s, figure.Throughput, "Throughput by connections"), levels(c, s, figure.P95, "p95 by connections")})
}

// levels draws one metric's medians over the levels; wrong answers have none.
func levels(c *compare.Comparison, s compare.Sweep, m *figure.Figure, title string) page.Chart {
	ch := newChart(m.Key, title, m.Unit, "connections", page.Log)
	ch.Points, ch.Y.Zero, ch.X.Each, ch.X.Values = true, true, true, numbers(s.Levels)
	for i, t := range c.Targets {
		var y []*float64
		for _, level := range s.Levels {
			y = append(y, medianAt(c, s.Scenario, level, m, i))
		}
		ch.Series = append(ch.Series, series(t.Label, y))
	}
	return ch
}

func medianAt(c *compare.Comparison, name string, level int, m *figure.Figure, target int) *float64 {
	for _, s := range c.Scenarios {
		if s.Name != name || s.Load.Connections != level {
			continue
		}
		state := s.Sides[target].State
		if r, ok := s.Row(m); ok && (state == compare.Compared || state == compare.Measured) {
			return r.Cells[target].Median
		}
	}
	return nil
}
