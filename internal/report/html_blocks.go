package report

import (
	"strings"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// block is a block of a page, for the template: one of its fields is set.
type block struct {
	List  *list
	Table *table
}

// list is sentences; Class says what they are.
type list struct {
	Class string
	Items []item
}

// item is a sentence. Quote is what somebody else said.
type item struct {
	Text  string
	Quote string
	Bad   bool
}

// classes are those of sentences, by the mark that a terminal puts before them.
var classes = map[string]string{"⚠": "flags", "!": "notes", "✗": "problems", "": "checks"}

// blocks lays a page's blocks out; headings and curves are the caller's own:
// sections have their titles, and charts say more.
func blocks(name string, list []page.Block) []block {
	var out []block
	for _, b := range list {
		switch b := b.(type) {
		case page.Table:
			out = append(out, block{Table: newTable(name, b)})
		case page.Lines:
			out = addLines(out, b)
		}
	}
	return out
}

// addLines joins lines of one kind, and puts a quotation under its sentence.
func addLines(out []block, l page.Lines) []block {
	if len(l.Items) == 0 {
		return out
	}
	class := classes[l.Mark]
	last := len(out) - 1
	if l.Quoted && last >= 0 && out[last].List != nil {
		items := out[last].List.Items
		items[len(items)-1].Quote = plain.OneLine(l.Items[0].Text, 400)
		return out
	}
	if last < 0 || out[last].List == nil || out[last].List.Class != class {
		out = append(out, block{List: &list{Class: class}})
		last++
	}
	for _, line := range l.Items {
		out[last].List.Items = append(out[last].List.Items, newItem(line))
	}
	return out
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

// texts are sentences without their footnotes.
func texts(lines []page.Line) []string {
	var list []string
	for _, l := range lines {
		list = append(list, newItem(l).Text)
	}
	return list
}
