package charts

import (
	"taskbench/compare/capacity"
	"taskbench/compare/capacity/shown"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// Capacity adds the curves over the rate to the page of a search.
func Capacity(c *capacity.Comparison, _ []results.Document) page.Page {
	var drawn []page.Block
	if len(c.Curve) > 1 {
		drawn = []page.Block{
			overRate(c, "latency", c.Metric+" by rate", func(cell capacity.PointCell) *float64 { return cell.LatencyUS }),
			overRate(c, "cpu", "CPU time per answer by rate", func(cell capacity.PointCell) *float64 { return cell.CPUPerAnswerUS }),
		}
	}
	return part("capacity", "Capacity", shown.Page(c), shown.Brief(c), drawn)
}

func overRate(c *capacity.Comparison, key, title string, of func(capacity.PointCell) *float64) page.Chart {
	ch := newChart(key, title, figure.Time, "rate", page.Log)
	ch.Points, ch.Gaps, ch.Y.Zero, ch.X.Print = true, true, true, figure.Throughput.Unit.Texts
	for i, t := range c.Targets {
		var y []*float64
		for _, p := range c.Curve {
			y = append(y, of(p.Cells[i]))
		}
		ch.Series = append(ch.Series, series(t.Label, y))
	}
	for _, p := range c.Curve {
		ch.X.Values = append(ch.X.Values, p.RatePS)
	}
	return ch
}
