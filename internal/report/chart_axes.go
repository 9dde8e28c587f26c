package report

import (
	"fmt"
	"math"
	"slices"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// scale is where values of an axis are.
type scale struct {
	low, high float64
	from, to  float64
	log       bool
}

func (s scale) at(v float64) float64 {
	low, high := s.low, s.high
	if s.log {
		low, high, v = math.Log(low), math.Log(high), math.Log(v)
	}
	if high <= low {
		return (s.from + s.to) / 2
	}
	return math.Round(10*(s.from+(s.to-s.from)*(v-low)/(high-low))) / 10
}

func xScale(c page.Chart) scale {
	s := scale{from: left, to: right, log: c.X.Scale == page.Log}
	if len(c.X.Values) > 0 {
		s.low, s.high = slices.Min(c.X.Values), slices.Max(c.X.Values)
	}
	if c.Points {
		s.from, s.to = left+6, right-6
	}
	return s
}

// yScale holds every figure with its interval, and what is drawn across.
func yScale(c page.Chart) scale {
	s := scale{low: math.Inf(1), high: math.Inf(-1), from: bottom, to: top, log: c.Y.Scale == page.Log}
	for _, one := range c.Series {
		for _, values := range [][]*float64{one.Y, one.Low, one.High} {
			for _, v := range values {
				if v != nil && (*v > 0 || !s.log) {
					s.low, s.high = math.Min(s.low, *v), math.Max(s.high, *v)
				}
			}
		}
	}
	if s.low > s.high {
		s.low, s.high = 0, 1
	}
	if c.Line != 0 {
		s.low, s.high = math.Min(s.low, c.Line), math.Max(s.high, c.Line)
	}
	if c.Y.Zero {
		s.low = 0
	}
	if s.high == s.low { // a flat line lies in the middle
		s.low, s.high = 0, 2*s.high
	}
	return s
}

// rows are the lowest, the middle and the highest value that a chart shows.
func rows(c page.Chart, y scale) []at {
	middle := (y.low + y.high) / 2
	if y.log {
		middle = math.Sqrt(y.low * y.high)
	}
	values := []float64{y.low, middle, y.high}
	if y.high <= y.low {
		values = values[:1] // all of them
	}
	texts := c.Y.Print(pointers(values))
	var list []at
	for i, v := range values {
		list = append(list, at{left - 5, y.at(v), plain.Clean(texts[i]), "end"})
	}
	return list
}

func pointers(values []float64) []*float64 {
	list := make([]*float64, len(values))
	for i := range values {
		list[i] = &values[i]
	}
	return list
}

// perLetter is how wide a letter is at most, on average.
const perLetter = 7.5

// ticks are places on X worth a text: as many as there is room for.
func ticks(c page.Chart, x scale) []at {
	var list []at
	var taken []span
	for _, v := range tickValues(c, x) {
		px, text, end := x.at(v), placeText(c.X, v), "middle"
		width := perLetter * float64(plain.Width(text))
		room := span{From: px - width/2, To: px + width/2}
		switch {
		case room.To > chartWidth:
			room, end = span{From: px - width, To: px}, "end"
		case room.From < left-20:
			room, end = span{From: px, To: px + width}, "start"
		}
		if !slices.ContainsFunc(taken, func(other span) bool { return room.From < other.To+6 && other.From < room.To+6 }) {
			list, taken = append(list, at{px, bottom + 15, text, end}), append(taken, room)
		}
	}
	return list
}

// tickValues are those that may have a text, the more important first.
func tickValues(c page.Chart, x scale) []float64 {
	n := len(c.X.Values)
	switch {
	case n == 0:
		return nil
	case c.X.Scale == page.Percentiles:
		return []float64{-math.Log10(0.5), 1, 2, 3, 4}
	case c.X.Scale == page.Log && !c.X.Each:
		var list []float64
		for power := math.Ceil(math.Log10(x.low)); power <= math.Log10(x.high); power++ {
			list = append(list, math.Pow(10, power))
		}
		return append(list, c.X.Values[0], c.X.Values[n-1])
	case c.X.Each:
		return c.X.Values
	case c.X.Scale == page.Linear:
		return roundValues(x.low, x.high)
	}
	return []float64{c.X.Values[0], c.X.Values[n-1], c.X.Values[n/2], c.X.Values[n/4], c.X.Values[3*n/4]}
}

// roundValues are three to six round numbers of a range.
func roundValues(low, high float64) (list []float64) {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/2)))
	for _, more := range []float64{1, 2, 5} {
		if (high-low)/(step*more) <= 5 {
			step *= more
			break
		}
	}
	for v := math.Ceil(low/step) * step; v <= high; v += step {
		list = append(list, v)
	}
	return list
}

// placeText is a place on X in words.
func placeText(x page.Axis, v float64) string {
	switch {
	case len(x.Names) > 0:
		return plain.Clean(x.Names[min(max(int(v)-1, 0), len(x.Names)-1)])
	case x.Scale == page.Percentiles:
		return fmt.Sprint(percentile(v), " %")
	case x.Print != nil:
		return x.Print([]*float64{&v})[0]
	}
	return fmt.Sprint(v)
}

// percentile is 99.9 of a place at 3.
func percentile(x float64) float64 {
	digits := math.Pow(10, math.Max(0, math.Ceil(x)-2))
	return math.Round(100*(1-math.Pow(10, -x))*digits) / digits
}
