package charts

import (
	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// glances are the verdicts on all scenarios, a table for each candidate.
func glances(c *compare.Comparison) []page.Block {
	metrics := glanced(c)
	var list []page.Block
	for i, t := range c.Targets[1:] {
		f := page.Form{Columns: []page.Column{{Name: "scenario", Words: true}}}
		for _, m := range metrics {
			f.Columns = append(f.Columns, page.Column{Name: m.Name, Words: true})
		}
		for k, s := range c.Scenarios {
			first := page.Cell{Text: c.Level(s), Link: scenarioKey(k), Under: badge(s.State)}
			if s.State == compare.Failed {
				first.Mood = page.Bad
			}
			r := page.Row{Cells: []page.Cell{first}}
			for _, m := range metrics {
				r.Cells = append(r.Cells, glance(s, m, i+1))
			}
			f.Rows = append(f.Rows, r)
		}
		list = append(list, page.Table{Title: t.Label + ", scenario by scenario", Forms: []page.Form{f}})
	}
	return list
}

// glanced are the primary figures that any scenario has.
func glanced(c *compare.Comparison) []*figure.Figure {
	var list []*figure.Figure
	for _, m := range figure.Primaries() {
		for _, s := range c.Scenarios {
			if _, has := s.Row(m); has && s.Measured() {
				list = append(list, m)
				break
			}
		}
	}
	return list
}

// glance is a verdict with its ratio below; empty where the figure was not
// measured or compared.
func glance(s compare.Scenario, m *figure.Figure, target int) page.Cell {
	r, ok := s.Row(m)
	if !ok || !s.Measured() {
		return page.Cell{}
	}
	ratio, verdict := words.Against(r, target)
	return page.Cell{Text: verdict.Text, Mood: verdict.Mood, Under: ratio.Text}
}
