package report

import (
	"strings"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// block is a block of a page, for the template: one of its fields is set.
type block struct {
	List    *list
	Table   *table
	Heading string
	Answer  *answer
	Charts  *multiples
	Aside   *aside
	Code    *page.Code
	Links   *page.Links
}

// drawing is where blocks are drawn.
type drawing struct {
	section string // its id, which ids in it begin with
	name    string // for those who cannot see it
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

type aside struct {
	ID, Title string
	Long      bool
	Blocks    []block
}

// answer is a headline.
type answer struct {
	Word  string
	Mood  page.Mood
	First string // what the word rests on
	More  []string
}

// classes are those of sentences, by the mark that a terminal puts before them.
var classes = map[string]string{"⚠": "flags", "!": "notes", "✗": "problems", "": "checks"}

// blocks lays a page's blocks out; curves are the charts' own.
func (d *document) blocks(where drawing, list []page.Block) []block {
	var out []block
	for i := 0; i < len(list); i++ {
		switch b := list[i].(type) {
		case page.Table:
			first := i
			for b.Leads && i+1 < len(list) && leads(list[i+1]) {
				i++
			}
			out = append(out, newTables(where, list[first:i+1])...)
		case page.Lines:
			out = d.addLines(out, b)
		case page.Headline:
			out = append(out, block{Answer: newAnswer(b)})
		case page.Heading:
			where.name = plain.Clean(b.Text) // of what follows
			out = append(out, block{Heading: where.name})
		case page.Chart:
			first := i
			for i+1 < len(list) && isChart(list[i+1]) {
				i++
			}
			out = append(out, d.drawCharts(where, list[first:i+1])...)
		case page.Aside:
			inside := drawing{where.section, plain.Clean(b.Title)}
			out = append(out, block{Aside: &aside{where.id(b.Key), plain.Clean(b.Title), b.Long, d.blocks(inside, b.Blocks)}})
		case page.Code:
			out = append(out, block{Code: &b})
		case page.Links:
			out = append(out, block{Links: &b})
		}
	}
	return out
}

func leads(b page.Block) bool {
	t, ok := b.(page.Table)
	return ok && t.Leads
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
			colour %= colours
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
	return item{Text: page.Tied(plain.Clean(text)), Bad: bad}
}

func newAnswer(h page.Headline) *answer {
	a := &answer{Word: plain.Clean(h.Word), Mood: h.Mood}
	for i, line := range h.Items {
		if text := newItem(line).Text; i == 0 {
			a.First = text
		} else {
			a.More = append(a.More, text)
		}
	}
	return a
}
