package report

import (
	"fmt"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// sweep is the section of one scenario at several load levels.
type sweep struct {
	ID, Title string
	Blocks    []block
	Charts    []chart
}

func newSweep(c *compare.Comparison, i int) sweep {
	s := c.Sweeps[i]
	said := words.Sweep(c, s)
	v := sweep{ID: fmt.Sprintf("w%d", i+1), Title: plain.Clean(said[0].(page.Heading).Text), Blocks: blocks(s.Scenario, said[1:])}
	v.Charts = []chart{
		v.curve(c, s, figure.Throughput, "Throughput by connections"),
		v.curve(c, s, figure.P95, "p95 by connections"),
	}
	return v
}

// curve draws one metric's medians over the levels; wrong answers have none.
func (v sweep) curve(c *compare.Comparison, s compare.Sweep, m *figure.Figure, title string) chart {
	ch := chart{ID: v.ID + "-" + m.Key, Title: title, Table: v.ID + "-table", Kind: "sweep", Unit: m.Unit.Axis, X: numbers(s.Levels)}
	for i, t := range c.Targets {
		line := series{Label: t.Label, Target: i}
		for _, level := range s.Levels {
			line.Y = append(line.Y, medianAt(c, s.Scenario, level, m, i))
		}
		ch.Series = append(ch.Series, line)
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
