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

// newStepBars takes what the table already prints; nil for a scenario of one
// step.
func newStepBars(lines []compare.Line, s compare.Scenario, shown []int) []stepBars {
	var list []stepBars
	longest := 0.0
	for _, l := range lines {
		if l.Step == "" || !l.Metric.Equal(figure.P95) {
			continue
		}
		half, ok := lineOf(lines, l.Step, figure.P50)
		if !ok {
			continue
		}
		step := stepBars{Step: l.Step}
		for _, i := range shown {
			if a, b := half.Cells[i].Median, l.Cells[i].Median; a != nil && b != nil {
				longest = math.Max(longest, *b)
				step.Bars = append(step.Bars, bar{s.Sides[i].Target, i, half.Figures[i].Text, l.Figures[i].Text, *a, *b})
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

func lineOf(lines []compare.Line, step string, m *figure.Figure) (compare.Line, bool) {
	for _, l := range lines {
		if l.Step == step && l.Metric.Equal(m) {
			return l, true
		}
	}
	return compare.Line{}, false
}
