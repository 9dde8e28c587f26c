package report

import (
	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// glance is the verdicts on all scenarios in one table.
type glance struct {
	Metrics    []string
	Candidates []glanceTarget
}

// glanceTarget is one candidate's rows.
type glanceTarget struct {
	Label string
	Rows  []glanceRow
}

type glanceRow struct {
	ID, Name string
	State    compare.State
	Cells    []glanceCell // one a metric
}

// glanceCell is empty where the metric was not measured or compared.
type glanceCell struct{ Ratio, Verdict page.Cell }

func newGlance(c *compare.Comparison, scenarios []scenario) glance {
	var g glance
	var metrics []*figure.Figure
	for _, m := range figure.Primaries() {
		for _, s := range c.Scenarios {
			if _, measured := s.Row(m); measured && s.Measured() {
				metrics, g.Metrics = append(metrics, m), append(g.Metrics, m.Name)
				break
			}
		}
	}
	for i, t := range c.Targets[1:] {
		target := glanceTarget{Label: t.Label}
		for k, s := range c.Scenarios {
			r := glanceRow{ID: scenarios[k].ID, Name: scenarios[k].Name, State: s.State}
			for _, m := range metrics {
				one := glanceCell{}
				if found, ok := s.Row(m); ok && s.Measured() {
					one.Ratio, one.Verdict = words.Against(found, i+1)
				}
				r.Cells = append(r.Cells, one)
			}
			target.Rows = append(target.Rows, r)
		}
		g.Candidates = append(g.Candidates, target)
	}
	return g
}
