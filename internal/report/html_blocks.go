package report

import (
	"math"
	"strings"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// block is a block of a page, for the template: one of its fields is set.
type block struct {
	List    *list
	Table   *table
	Heading *heading
	Charts  []chart
	Bars    []barGroup
	Aside   *aside
	Code    *page.Code
	Links   *page.Links
}

// drawing is where blocks are drawn.
type drawing struct {
	section string // its id, which ids in it begin with
	name    string // for those who cannot see it
	folded  bool
}

func (w drawing) id(key string) string {
	if key == "" {
		return ""
	}
	return w.section + "-" + key
}

// list is sentences; Class says what they are.
type list struct {
	Class string
	Items []item
}

// item is a sentence. Quote is what somebody else said.
type item struct {
	Text   string
	Quote  string
	Bad    bool
	Swatch *int // the colour of whom it presents
}

type heading struct {
	Text  string
	Lower bool // within something folded
}

type aside struct {
	ID, Title string
	Long      bool
	Blocks    []block
}

type barGroup struct {
	Title string
	Bars  []bar
}

// bar has the widths of its rectangles in percent, the widest first: all but the
// last lie behind.
type bar struct {
	Label, Text string
	Colour      int
	Behind      []float64
	Front       float64
}

// classes are those of sentences, by the mark that a terminal puts before them.
var classes = map[string]string{"⚠": "flags", "!": "notes", "✗": "problems", "": "checks"}

// blocks lays a page's blocks out; curves are the charts' own.
func (d *document) blocks(where drawing, list []page.Block) []block {
	var out []block
	for i := 0; i < len(list); i++ {
		switch b := list[i].(type) {
		case page.Table:
			out = append(out, block{Table: newTable(where, b)})
		case page.Lines:
			out = d.addLines(out, b)
		case page.Headline:
			out = d.addLines(out, b.Lines())
		case page.Heading:
			where.name = plain.Clean(b.Text) // of what follows
			out = append(out, block{Heading: &heading{where.name, where.folded}})
		case page.Chart:
			first := i
			for i+1 < len(list) && isChart(list[i+1]) {
				i++
			}
			out = append(out, d.drawCharts(where, list[first:i+1])...)
		case page.Bars:
			out = append(out, block{Bars: d.bars(b)})
		case page.Aside:
			inside := drawing{where.section, plain.Clean(b.Title), true}
			out = append(out, block{Aside: &aside{where.id(b.Key), plain.Clean(b.Title), b.Long, d.blocks(inside, b.Blocks)}})
		case page.Code:
			out = append(out, block{Code: &b})
		case page.Links:
			out = append(out, block{Links: &b})
		}
	}
	return out
}

func isChart(b page.Block) bool {
	_, ok := b.(page.Chart)
	return ok
}

// presents reports whether lines say who is who.
func presents(l page.Lines) bool { return len(l.Items) > 0 && l.Items[0].Of != "" }

// class is what lines are.
func class(l page.Lines, item page.Line) string {
	switch {
	case item.Of != "":
		return "targets"
	case l.Mood == page.Faint, presents(l):
		return "footnote"
	}
	return classes[l.Mark]
}

// addLines joins lines of one kind, and puts a quotation under its sentence.
func (d *document) addLines(out []block, l page.Lines) []block {
	last := len(out) - 1
	if l.Quoted && last >= 0 && out[last].List != nil {
		items := out[last].List.Items
		items[len(items)-1].Quote = plain.OneLine(l.Items[0].Text, 400)
		return out
	}
	items := d.items(l)
	for i, line := range l.Items {
		class := class(l, line)
		if last < 0 || out[last].List == nil || out[last].List.Class != class {
			out = append(out, block{List: &list{Class: class}})
			last++
		}
		out[last].List.Items = append(out[last].List.Items, items[i])
	}
	return out
}

// items are sentences; what those who present somebody have as footnotes, nobody
// may overlook.
func (d *document) items(l page.Lines) []item {
	var list []item
	for _, line := range l.Items {
		one := newItem(line)
		if line.Of != "" {
			colour := d.colours.of(line.Of)
			one.Swatch = &colour
			for _, note := range line.Notes {
				d.warn(plain.Clean(note))
			}
		}
		list = append(list, one)
	}
	return list
}

func (d *document) warn(text string) {
	for _, known := range d.Banners {
		if known == text {
			return
		}
	}
	d.Banners = append(d.Banners, text)
}

func newItem(l page.Line) item {
	text, bad := l.Text, false
	if len(l.Parts) > 0 {
		var b strings.Builder
		for _, part := range l.Parts {
			b.WriteString(part.Text)
			bad = bad || part.Mood == page.Bad
		}
		text = b.String()
	}
	return item{Text: plain.Clean(text), Bad: bad}
}

// bars are drawn to the longest of all groups.
func (d *document) bars(b page.Bars) []barGroup {
	longest := 0.0
	for _, g := range b.Groups {
		for _, one := range g.Bars {
			for _, v := range one.Values {
				longest = math.Max(longest, v)
			}
		}
	}
	var list []barGroup
	for _, g := range b.Groups {
		group := barGroup{Title: plain.Clean(g.Title)}
		for _, one := range g.Bars {
			drawn := bar{Label: plain.Clean(one.Label), Text: plain.Clean(one.Text), Colour: d.colours.of(one.Of)}
			for i := len(one.Values) - 1; i > 0; i-- {
				drawn.Behind = append(drawn.Behind, share(one.Values[i], longest))
			}
			drawn.Front = share(one.Values[0], longest)
			group.Bars = append(group.Bars, drawn)
		}
		list = append(list, group)
	}
	return list
}

func share(v, of float64) float64 {
	if of <= 0 {
		return 0
	}
	return round(100 * v / of)
}
