package report

import (
	"fmt"
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
