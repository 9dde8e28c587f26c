package charts

import (
	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// sweepTable has the figures of the charts of a scenario at several loads.
const sweepTable = "table"

// sweep is the section of one scenario at several load levels.
func sweep(key string, c *compare.Comparison, s compare.Sweep) []page.Block {
	said := words.Sweep(c, s)
	title := said[0].(page.Heading).Text
	blocks := []page.Block{page.Heading{Key: key, Text: title, Short: title},
		levels(c, s, figure.Throughput, "Throughput by connections"), levels(c, s, figure.P95, "p95 by connections")}
	for _, b := range said[1:] {
		if table, ok := b.(page.Table); ok {
			table.Anchor = sweepTable
			b = table
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// levels draws one metric's medians over the levels; wrong answers have none.
func levels(c *compare.Comparison, s compare.Sweep, m *figure.Figure, title string) page.Chart {
	ch := newChart(m.Key, title, m.Unit, "connections", page.Log)
	ch.Table, ch.Points, ch.Y.Zero, ch.X.Each, ch.X.Values = sweepTable, true, true, true, numbers(s.Levels)
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
