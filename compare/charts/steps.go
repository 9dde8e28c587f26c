package charts

import (
	"taskbench/compare"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// stepBars are p50 and p95 of each step and target, with their figures beside
// them; nothing for a scenario of one step.
func stepBars(s compare.Scenario, shown []int) []page.Block {
	var bars page.Bars
	for _, r := range s.Rows {
		half, ok := stepRow(s, r.Step, figure.P50)
		if r.Step == "" || !r.Metric.Equal(figure.P95) || !ok {
			continue
		}
		step := page.BarGroup{Title: r.Step}
		p50, p95 := medians(half), medians(r)
		for _, i := range shown {
			if a, b := half.Cells[i].Median, r.Cells[i].Median; a != nil && b != nil {
				target := s.Sides[i].Target
				step.Bars = append(step.Bars, page.Bar{Label: target, Of: target, Text: "p50 " + p50[i] + " · p95 " + p95[i], Values: []float64{*a, *b}})
			}
		}
		bars.Groups = append(bars.Groups, step)
	}
	if len(bars.Groups) == 0 {
		return nil
	}
	return []page.Block{page.Heading{Text: "Steps"}, remark("Bars: p50 dark, p95 light; medians over the pairs."), bars}
}

func stepRow(s compare.Scenario, step string, m *figure.Figure) (compare.Row, bool) {
	for _, r := range s.Rows {
		if r.Step == step && r.Metric.Equal(m) {
			return r, true
		}
	}
	return compare.Row{}, false
}

// medians are the printed figures of a row.
func medians(r compare.Row) []string {
	values := make([]*float64, len(r.Cells))
	for i, c := range r.Cells {
		values[i] = c.Median
	}
	return r.Metric.Texts(values)
}
