package report

import (
	"fmt"
	"math"
	"strconv"

	"taskbench/internal/page"
)

// axis is a logarithmic axis of ratios around 1. Places on it are percentages
// of its width.
type axis struct {
	reach       float64 // ln of the ratio at the right end
	Low, Width  float64 // place of the parity band
	Ticks       []tick
	Description string
}

type tick struct {
	At   float64
	Text string
}

// mark is one ratio on an axis.
type mark struct {
	At, Low, Width float64
	Interval       bool
	Before, Beyond bool // the interval goes on beyond the left or the right end
	Decided        bool
	Mood           page.Mood
}

// The ends of an axis: near enough that parity's band is seen, far enough for
// what noisy machines show. Longer intervals are cut, and marked so.
const (
	leastReach = 1.15
	mostReach  = 4.0
)

// newAxis holds the intervals of all ratios of a table; nil when there is none.
// The band is the widest margin: where metrics have their own, verdicts say so.
func newAxis(f page.Form) *axis {
	reach, found := 0.0, false
	for _, r := range f.Rows {
		for i, c := range r.Cells {
			if !f.Columns[i].Ratios || !shown(c) {
				continue
			}
			found = true
			low, high := ends(c)
			reach = math.Max(reach, math.Max(math.Abs(math.Log(low)), math.Abs(math.Log(high))))
		}
	}
	if !found || f.Band == 0 && reach == 0 {
		return nil
	}
	a := &axis{reach: math.Min(math.Max(1.08*reach, math.Log(leastReach)), math.Log(mostReach))}
	a.Low = a.place(1 / (1 + f.Band))
	a.Width = round(a.place(1+f.Band) - a.Low)
	a.Ticks = a.ticks()
	a.Description = fmt.Sprintf("ratio to the baseline, logarithmic; band: parity within %s %%", strconv.FormatFloat(100*f.Band, 'g', 4, 64))
	return a
}

// shown tells a ratio that the table prints.
func shown(c page.Cell) bool { return c.Value != nil && c.Text != "" }

// ends of the interval, or the ratio itself where no interval is worth showing.
func ends(c page.Cell) (low, high float64) {
	if c.Low == nil || c.High == nil {
		return *c.Value, *c.Value
	}
	return *c.Low, *c.High
}

// place is where a ratio is, drawn into the axis.
func (a *axis) place(ratio float64) float64 {
	if !(ratio > 0) {
		return 0
	}
	return round(50 + 50*math.Max(-1, math.Min(1, math.Log(ratio)/a.reach)))
}

func round(percent float64) float64 { return math.Round(100*percent) / 100 }

// ticks are the round ratios that fit with room for their text.
func (a *axis) ticks() []tick {
	for _, steps := range [][]float64{{1.05, 1.1}, {1.1, 1.2}, {1.25, 1.5}, {1.5, 2}, {2, 3}} {
		if math.Log(steps[0])/a.reach < 0.3 {
			continue
		}
		var list []tick
		for _, r := range []float64{1 / steps[1], 1 / steps[0], 1, steps[0], steps[1]} {
			if math.Abs(math.Log(r)) < 0.93*a.reach {
				list = append(list, tick{a.place(r), strconv.FormatFloat(r, 'f', 2, 64)})
			}
		}
		return list
	}
	return []tick{{50, "1.00"}}
}

func (a *axis) mark(c page.Cell) *mark {
	low, high := ends(c)
	m := &mark{At: a.place(*c.Value), Low: a.place(low), Interval: c.Low != nil, Mood: c.Mood, Decided: c.Mood != page.Faint}
	m.Width = round(a.place(high) - m.Low)
	m.Before, m.Beyond = math.Log(low) < -a.reach, math.Log(high) > a.reach
	return m
}
