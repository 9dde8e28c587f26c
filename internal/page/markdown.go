package page

import (
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"taskbench/internal/plain"
)

// Markdown writes a page as GitHub-flavoured markdown, tables with all columns.
// Blocks of different kinds are an empty line apart.
func Markdown(w io.Writer, p Page) error {
	var b markdown
	if p.Headline != "" {
		fmt.Fprintf(&b.text, "## %s\n", Escaped(p.Headline))
	}
	for _, block := range p.Blocks {
		b.block(block)
	}
	if len(p.Summary) > 0 {
		b.apart()
		b.text.WriteString("---\n")
		b.lines(Lines{Items: p.Summary})
	}
	if b.err != nil {
		return b.err
	}
	_, err := io.WriteString(w, b.text.String())
	return err
}

type markdown struct {
	text strings.Builder
	list bool // the last line is of a list
	err  error
}

// apart ends a list, or anything else that stands above.
func (b *markdown) apart() {
	if b.text.Len() > 0 {
		b.text.WriteString("\n")
	}
	b.list = false
}

func (b *markdown) block(block Block) {
	switch block := block.(type) {
	case Headline:
		b.answer(block)
	case Heading:
		b.heading(block)
	case Lines:
		b.lines(block)
	case Table:
		b.table(block.Forms[block.Usual])
	case Curves:
		b.curves(block)
	}
}

func (b *markdown) heading(h Heading) {
	b.apart()
	text := Escaped(h.whole())
	if h.Alarm != "" {
		text = h.Alarm + " " + text
	}
	fmt.Fprintf(&b.text, "### %s\n", text)
}

// answer is a paragraph, its sentences on lines of their own.
func (b *markdown) answer(h Headline) {
	b.apart()
	fmt.Fprintf(&b.text, "**%s**", Escaped(h.Word))
	for i, item := range h.Items {
		if i > 0 {
			b.text.WriteString("\\\n")
		} else {
			b.text.WriteString(" ")
		}
		b.text.WriteString(Escaped(item.painted(false)))
	}
	b.text.WriteString("\n")
}

func (b *markdown) lines(l Lines) {
	var n notes
	for _, item := range l.Items {
		text := Escaped(item.painted(false)) + n.marks(item.Notes)
		switch {
		case l.Quoted:
			fmt.Fprintf(&b.text, "  - %s\n", code(plain.OneLine(item.Text, 200)))
		default:
			b.item(l.Mark, text)
		}
	}
	b.footnotes(n)
}

func (b *markdown) item(mark, text string) {
	if !b.list {
		b.apart()
		b.list = true
	}
	if mark != "" && mark != "!" {
		text = mark + " " + text
	}
	fmt.Fprintf(&b.text, "- %s\n", text)
}

func (b *markdown) footnotes(n notes) {
	for i, reason := range n.reasons {
		b.apart()
		fmt.Fprintf(&b.text, "%s %s\n", superscript(i+1), Escaped(reason))
	}
}

func (b *markdown) curves(c Curves) {
	for _, one := range c.Items {
		if len(one.Values) > 0 {
			title := strings.TrimSuffix(c.Title, ":")
			if title != "" {
				title += " of "
			}
			high := 0.0
			for _, v := range one.Values {
				high = max(high, v)
			}
			scale := one.Range
			if scale == "" {
				scale = c.Scale
			}
			b.item("", Escaped(title+one.Label)+": "+Spark(one.Values, high, curvePoints)+" "+Escaped(scale))
		}
	}
}

// table writes a form so that its source can be read too.
func (b *markdown) table(f Form) {
	var n notes
	b.apart()
	f = f.withBars(defaultWidth)
	table := tablewriter.NewTable(&b.text,
		tablewriter.WithRenderer(renderer.NewMarkdown()),
		tablewriter.WithConfig(tablewriter.Config{Header: cellsOf(f), Row: cellsOf(f)}),
		tablewriter.WithEastAsian(tw.Off),
	)
	header := make([]string, len(f.Columns))
	for i, c := range f.Columns {
		header[i] = Escaped(strings.TrimPrefix(c.Group+": "+c.Name, ": "))
	}
	table.Header(header)
	for _, r := range f.marked(&n).signed().Rows {
		texts := make([]string, len(r.Cells))
		for i, c := range r.Cells {
			if texts[i] = Escaped(c.Text); c.Mood == Strong && c.Text != "" {
				texts[i] = "**" + texts[i] + "**"
			}
		}
		if err := table.Append(texts); err != nil && b.err == nil {
			b.err = err
		}
	}
	if err := table.Render(); err != nil && b.err == nil {
		b.err = err
	}
	b.footnotes(n)
}

func cellsOf(f Form) tw.CellConfig {
	return tw.CellConfig{
		Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
		Alignment:  tw.CellAlignment{PerColumn: f.alignment()},
	}
}

var markdownEscapes = strings.NewReplacer(markdownPairs()...)

// markdownPairs escape what starts markup or an entity. A tilde before a figure
// ("~11 pairs") can only open a deletion that no other tilde is left to close.
func markdownPairs() []string {
	var pairs []string
	for digit := range 10 {
		pairs = append(pairs, fmt.Sprintf("~%d", digit), fmt.Sprintf("~%d", digit))
	}
	for _, mark := range []string{`\`, "`", "*", "_", "[", "]", "<", "|", "~", "&"} {
		pairs = append(pairs, mark, `\`+mark)
	}
	return pairs
}

// Escaped makes any text plain text of markdown, on one line.
func Escaped(text string) string { return markdownEscapes.Replace(plain.Clean(text)) }

// code makes any text a code span: with more backticks around than within.
func code(text string) string {
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + " " + text + " " + fence
}
