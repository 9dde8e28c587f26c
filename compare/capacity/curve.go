package capacity

import (
	"math"
	"slices"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// mostPoints is how many points a curve has at most: a table shows them all.
const mostPoints = 12

// curveMetric is the latency that a curve is of.
func curveMetric(objective []results.Expectation) string {
	for _, b := range objective {
		if figure.Expected(b.Metric).Unit.Name == figure.Time.Name {
			return b.Metric
		}
	}
	return "p95"
}

// at is one trial of one target.
type at struct {
	rate   float64
	target int
	trial  *results.Trial
}

// curve gathers trials at rates near each other: as near as the bounds of the search
// are, or farther apart where that would be too many points.
func curve(c *Comparison, docs []results.Document) []Point {
	var all []at
	width := c.Search.WidthFraction
	for i, d := range docs {
		for k := range d.Scenarios[0].Trials {
			t := &d.Scenarios[0].Trials[k]
			if s := t.Sought; s != nil && s.Void == "" && s.RatePS > 0 && t.Counts() {
				all = append(all, at{s.RatePS, i, t})
			}
		}
	}
	slices.SortFunc(all, func(a, b at) int { return int(math.Copysign(1, a.rate-b.rate)) })
	groups := grouped(all, 1+width)
	for factor := 1 + width; len(groups) > mostPoints; groups = grouped(all, factor) {
		factor *= 1 + math.Max(width, 0.01)
	}
	points := make([]Point, len(groups))
	for i, g := range groups {
		points[i] = c.point(g)
	}
	return points
}

// grouped cuts trials by rising rate where a rate is beyond the group's first by more
// than a factor.
func grouped(all []at, factor float64) [][]at {
	var groups [][]at
	for _, a := range all {
		if n := len(groups); n == 0 || a.rate > groups[n-1][0].rate*factor {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], a)
	}
	return groups
}

func (c *Comparison) point(group []at) Point {
	low, high := group[0].rate, group[len(group)-1].rate
	p := Point{RatePS: math.Sqrt(low * high), LowPS: low, HighPS: high}
	for i, t := range c.Targets {
		var own []*results.Trial
		cell := PointCell{Target: t.Label}
		for _, a := range group {
			if a.target != i {
				continue
			}
			own = append(own, a.trial)
			cell.Trials++
			if len(a.trial.Sought.Exceeded) > 0 {
				cell.Exceeded++
			}
		}
		cell.LatencyUS = medianOf(figure.Expected(c.Metric), own)
		cell.ErrorFraction = medianOf(figure.Errors, own)
		if e := cell.ErrorFraction; e == nil || *e <= mostWrong {
			cell.CPUPerAnswerUS = medianOf(figure.CPUPerAnswer, own)
		}
		cell.CarriedPS = median(own, func(t *results.Trial) (float64, bool) { return t.Sought.CarriedPS, true })
		p.Cells = append(p.Cells, cell)
	}
	return p
}

// mostWrong is the share of answers that were not as expected beyond which nothing is
// divided by the others: what refusals took would be in it.
const mostWrong = 0.01

func medianOf(f *figure.Figure, trials []*results.Trial) *float64 {
	return median(trials, func(t *results.Trial) (float64, bool) { return f.Of(t, "") })
}

func median(trials []*results.Trial, of func(*results.Trial) (float64, bool)) *float64 {
	var values []float64
	for _, t := range trials {
		if v, ok := of(t); ok {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return nil
	}
	m := stats.Median(values)
	return &m
}
