package report

import "taskbench/compare"

// soakCharts are a chart of every figure, window by window.
func soakCharts(c *compare.SoakComparison, colours palette) []chart {
	var list []chart
	for _, r := range c.Rows {
		ch := chart{ID: "soak-" + r.Figure.Key, Title: r.Name + ", window by window", Table: "soak-" + r.Figure.Key + "-table", Kind: "pairs", Unit: r.Figure.Unit.Axis}
		longest := 0
		for _, cell := range r.Cells {
			ch.Series = append(ch.Series, series{Label: cell.Target, Target: colours.of(cell.Target), Y: cell.EachWindow})
			longest = max(longest, len(cell.EachWindow))
		}
		for i := range ch.Series {
			ch.Series[i].Y = padded(ch.Series[i].Y, longest)
		}
		for n := range longest {
			ch.X = append(ch.X, float64(n+1))
		}
		if longest >= fewestPairs {
			list = append(list, ch)
		}
	}
	return list
}
