package report

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"taskbench/internal/page"
)

// axis is a logarithmic axis of ratios around 1. Places on it are percentages
// of its width.
type axis struct {
	low, high   float64 // ln of the ratios at its ends
	One         float64 // place of 1
	Band, Width float64 // place of the band in which ratios mean nothing
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
	Before, Beyond bool   // the interval goes on beyond the left or the right end
	Shape          string // the lines of a polygon around its place; "": a circle
	Hollow         bool   // undecided
	Mood           page.Mood
	Axis           *axis
}

// shapes are those of signs, so that colour is never alone.
var shapes = map[string]string{"▲": "M0-6.5 6 4.5-6 4.5z", "▼": "M0 6.5 6-4.5-6-4.5z", "=": "M-4.5-4.5 4.5-4.5 4.5 4.5-4.5 4.5z"}

// diamond is the shape of a row that sums up the others.
const diamond = "M0-6.5 8 0 0 6.5-8 0z"

const (
	widest    = 12.0 // a ratio further off is at the end of its axis
	further   = 1.5  // how far beyond the furthest ratio intervals are drawn
	leastBand = 0.03 // what is always seen to either side of 1
)

// newAxis holds all ratios of some tables, and their intervals as far as they are no
// wider than what there is to see; nil when there is none.
func newAxis(forms ...page.Form) *axis {
	var e extent
	for _, f := range forms {
		e.hold(f)
	}
	if !e.found || e.band == 0 && e.from == 0 && e.to == 0 {
		return nil
	}
	band := math.Log(1 + math.Max(e.band, leastBand))
	a := &axis{
		low:  math.Min(math.Max(e.from, e.low-math.Log(further)), -band),
		high: math.Max(math.Min(e.to, e.high+math.Log(further)), band),
	}
	room := 0.06 * (a.high - a.low)
	a.low, a.high = a.low-room, a.high+room
	a.One, a.Band = a.place(1), a.place(1/(1+e.band))
	a.Width = round(a.place(1+e.band) - a.Band)
	a.Ticks = a.ticks(e.percent)
	a.Description = fmt.Sprintf("logarithmic; band: within %s %%", strconv.FormatFloat(100*e.band, 'g', 4, 64))
	return a
}

// extent is how far ratios go to either side of 1, and their intervals, as
// logarithms.
type extent struct {
	low, high, from, to float64
	band                float64
	found, percent      bool
}

func (e *extent) hold(f page.Form) {
	e.band = math.Max(e.band, f.Band)
	for _, r := range f.Rows {
		for i, c := range r.Cells {
			if !plotted(f.Columns[i]) || !shown(c) {
				continue
			}
			e.found, e.percent = true, e.percent || f.Columns[i].Changes
			at, from, to := logOf(*c.Value), logOf(*c.Value), logOf(*c.Value)
			if c.Low != nil && c.High != nil {
				from, to = logOf(*c.Low), logOf(*c.High)
			}
			e.low, e.high = math.Min(e.low, at), math.Max(e.high, at)
			e.from, e.to = math.Min(e.from, from), math.Max(e.to, to)
		}
	}
}

func plotted(c page.Column) bool { return c.Ratios || c.Changes }

// logOf is the logarithm of a ratio, as far as an axis may reach.
func logOf(ratio float64) float64 {
	if !(ratio > 1/widest) {
		return -math.Log(widest)
	}
	return math.Min(math.Log(ratio), math.Log(widest))
}

// shown tells a ratio that the table prints.
func shown(c page.Cell) bool { return c.Value != nil && c.Text != "" }

// place is where a ratio is, drawn into the axis.
func (a *axis) place(ratio float64) float64 {
	at := logOf(ratio)
	return round(100 * (math.Max(a.low, math.Min(a.high, at)) - a.low) / (a.high - a.low))
}

func round(percent float64) float64 { return math.Round(100*percent) / 100 }

// Round ratios, those first that say most, and how near ticks may be to each
// other and to the ends, in percent of the axis.
var roundRatios = []float64{0.9, 1.1, 0.8, 1.2, 0.5, 2, 0.95, 1.05, 0.7, 1.5, 0.2, 3, 0.1, 5, 10, 0.98, 1.02}

const nearest, toEnd = 25.0, 12.0

func (a *axis) ticks(percent bool) []tick {
	list := []tick{a.tick(1, percent)}
	for _, r := range roundRatios {
		t := a.tick(r, percent)
		if math.Log(r) < a.low || math.Log(r) > a.high || t.At < toEnd || t.At > 100-toEnd {
			continue
		}
		if !slices.ContainsFunc(list, func(other tick) bool { return math.Abs(other.At-t.At) < nearest }) {
			list = append(list, t)
		}
	}
	slices.SortFunc(list, func(x, y tick) int { return int(math.Copysign(1, x.At-y.At)) })
	return list
}

// tick is "+10 %" of a change, from a factor of 2 on "×2", and "1.1" of a ratio.
func (a *axis) tick(ratio float64, percent bool) tick {
	p := int(math.Round(100 * (ratio - 1)))
	text := strconv.FormatFloat(ratio, 'g', -1, 64)
	switch {
	case !percent:
	case p == 0:
		text = "0"
	case ratio >= 2:
		text = "×" + text
	default:
		text = strings.Replace(fmt.Sprintf("%+d %%", p), "-", "−", 1)
	}
	return tick{a.place(ratio), text}
}

func (a *axis) mark(c page.Cell, sum bool) *mark {
	low, high := *c.Value, *c.Value
	m := &mark{At: a.place(*c.Value), Interval: c.Low != nil && c.High != nil, Mood: c.Mood, Axis: a}
	if m.Interval {
		low, high = *c.Low, *c.High
	}
	sign := c.Mark
	if sign == "" {
		sign = c.Drawn
	}
	m.Shape, m.Hollow = shapes[sign], sign == "~" || sign == "?"
	switch {
	case sum:
		m.Shape = diamond
	case sign == "":
		m.Shape = shapes["="]
	}
	m.Low = a.place(low)
	m.Width = round(a.place(high) - m.Low)
	m.Before, m.Beyond = math.Log(low) < a.low, math.Log(high) > a.high
	return m
}
