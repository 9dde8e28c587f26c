package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// multiples are small drawings of one size side by side, under one legend.
type multiples struct {
	Legend []legend
	List   []chart
}

type legend struct {
	Label  string
	Colour int
}

// How wide a chart is, and where it draws its lines, in units of its own: it takes
// what room there is.
const (
	chartWidth  = 300.0
	left, right = 66.0, 292.0
	top, bottom = 14.0, 122.0
)

// chart is a drawing laid out: all places are those of its own units.
type chart struct {
	ID, Title, Place string // Place is the id of the table with its figures
	Said             string // for those who do not see it
	Name             string // of X, where the title does not say it
	Rows             []at   // lines across, with the value that they are at
	Ticks, Marks     []at
	One              *float64 // where the value is that is drawn across
	Lines            []line
}

// at is a place with its text.
type at struct {
	X, Y float64
	Text string
	End  string // which end of the text is there: "start", "middle" or "end"
}

// line is one series.
type line struct {
	Colour      int
	Path, Area  string
	Dots, Steps []at
	Spans       []span
}

// span is an interval.
type span struct{ X, From, To float64 }

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

// drawCharts draws charts side by side, and folds below them the figures of those
// that have no table.
func (d *document) drawCharts(where drawing, list []page.Block) []block {
	out := &multiples{}
	var figures []block
	for _, b := range list {
		c := b.(page.Chart)
		id := where.id(c.Key)
		one := chart{ID: id, Title: plain.Clean(c.Title), Place: where.id(c.Table)}
		if !strings.Contains(strings.ToLower(one.Title), c.X.Name) {
			one.Name = plain.Clean(c.X.Name)
		}
		if one.Place == "" {
			one.Place = id + "-table"
			table := newTable(drawing{name: one.Title}, chartFigures(c), nil)
			figures = append(figures, block{Aside: &aside{one.Place, one.Title + ": the figures", true, []block{{Table: table}}}})
		}
		for _, s := range c.Series {
			known := legend{plain.Clean(s.Label), d.colours.of(s.Of) % colours}
			if !slices.Contains(out.Legend, known) {
				out.Legend = append(out.Legend, known)
			}
		}
		d.draw(&one, c)
		out.List = append(out.List, one)
	}
	return append([]block{{Charts: out}}, figures...)
}

// chartFigures are a chart's values as a table.
func chartFigures(c page.Chart) page.Table {
	f := page.Form{Columns: []page.Column{{Name: c.X.Name, Words: true}}}
	for _, s := range c.Series {
		f.Columns = append(f.Columns, page.Column{Name: s.Label})
	}
	for i, x := range c.X.Values {
		r := page.Row{Cells: []page.Cell{{Text: placeText(c.X, x)}}}
		for _, s := range c.Series {
			r.Cells = append(r.Cells, page.Cell{Text: c.Y.Print([]*float64{s.Y[i]})[0]})
		}
		f.Rows = append(f.Rows, r)
	}
	return page.Table{Forms: []page.Form{f}, Bare: true}
}

// draw lays a chart out.
func (d *document) draw(out *chart, c page.Chart) {
	x, y := xScale(c), yScale(c)
	out.Said = said(c)
	out.Rows = rows(c, y)
	out.Ticks = ticks(c, x)
	for i, m := range c.Marks {
		out.Marks = append(out.Marks, at{x.at(m.At), top + 9 + 11*float64(i%2), m.Text, "start"})
	}
	if c.Line != 0 {
		one := y.at(c.Line)
		out.One = &one
	}
	for _, s := range c.Series {
		out.Lines = append(out.Lines, lay(c, s, x, y, d.colours.of(s.Of)%colours))
	}
}

// dotted is up to how many places each value has a dot.
const dotted = 40

func lay(c page.Chart, s page.Series, x, y scale, colour int) line {
	l := line{Colour: colour}
	var path strings.Builder
	pen, first, last := "M", 0.0, 0.0
	for i, v := range s.Y {
		if v == nil || y.log && *v <= 0 {
			if !c.Gaps {
				pen = "M"
			}
			continue
		}
		px, py := x.at(c.X.Values[i]), y.at(*v)
		fmt.Fprintf(&path, "%s%v %v", pen, px, py)
		if path.Len() > 0 && pen == "M" && first == 0 {
			first = px
		}
		pen, last = "L", px
		if c.Points && len(c.X.Values) <= dotted {
			l.Dots = append(l.Dots, at{X: px, Y: py})
		}
		if i < len(s.Low) && s.Low[i] != nil && s.High[i] != nil {
			l.Spans = append(l.Spans, span{px, y.at(*s.Low[i]), y.at(*s.High[i])})
		}
		if slices.Contains(s.Steps, i) {
			l.Steps = append(l.Steps, at{X: px, Y: py})
		}
	}
	l.Path = path.String()
	if c.Fill && l.Path != "" && strings.Count(l.Path, "M") == 1 {
		l.Area = fmt.Sprintf("%sL%v %vL%v %vz", l.Path, last, bottom, first, bottom)
	}
	return l
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
	texts := c.Y.Print([]*float64{&values[0], &values[1], &values[2]})
	var list []at
	for i, v := range values {
		list = append(list, at{left - 5, y.at(v), plain.Clean(texts[i]), "end"})
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

// said is what a chart shows, in a sentence: every line's lowest and highest value.
func said(c page.Chart) string {
	var parts []string
	for _, s := range c.Series {
		var low, high *float64
		for _, v := range s.Y {
			if v != nil && (low == nil || *v < *low) {
				low = v
			}
			if v != nil && (high == nil || *v > *high) {
				high = v
			}
		}
		if low == nil {
			continue
		}
		texts := c.Y.Print([]*float64{low, high})
		text := plain.Clean(s.Label) + " " + texts[0] + " to " + texts[1]
		if len(s.Steps) > 0 {
			text += fmt.Sprintf(", %d places where there is more than noise", len(s.Steps))
		}
		parts = append(parts, text)
	}
	return plain.Clean(c.Title) + ": " + strings.Join(parts, "; ")
}
