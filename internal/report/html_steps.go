package report

import (
	"math"

	"taskbench/compare"
	"taskbench/internal/figure"
)

// stepBars is one step's p50 and p95 of each target, as bars with their
// figures beside them.
type stepBars struct {
	Step string
	Bars []bar
}

type bar struct {
	Label    string
	Target   int
	P50, P95 string
	// Places as percentages of the longest p95 of all steps.
	At50, At95 float64
}

// newStepBars is nil for a scenario of one step.
func newStepBars(s compare.Scenario, shown []int) []stepBars {
	var list []stepBars
	longest := 0.0
	for _, r := range s.Rows {
		half, ok := stepRow(s, r.Step, figure.P50)
		if r.Step == "" || !r.Metric.Equal(figure.P95) || !ok {
			continue
		}
		step := stepBars{Step: r.Step}
		p50, p95 := medians(half), medians(r)
		for _, i := range shown {
			if a, b := half.Cells[i].Median, r.Cells[i].Median; a != nil && b != nil {
				longest = math.Max(longest, *b)
				step.Bars = append(step.Bars, bar{s.Sides[i].Target, i, p50[i], p95[i], *a, *b})
			}
		}
		list = append(list, step)
	}
	for i := range list {
		for k := range list[i].Bars {
			b := &list[i].Bars[k]
			b.At50, b.At95 = share(b.At50, longest), share(b.At95, longest)
		}
	}
	return list
}

func share(v, of float64) float64 {
	if of <= 0 {
		return 0
	}
	return round(100 * v / of)
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
