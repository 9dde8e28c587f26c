package page

import (
	"io"
	"math"
	"strings"

	"taskbench/internal/plain"
)

// Options says what a terminal can show.
type Options struct {
	Width int  // columns; 0 is 100, of wide pages no limit. Columns of tables are left out rather than wrapped
	Color bool // ANSI colours; they never say what the words do not
	ASCII bool // signs and bars of ASCII, for terminals that show no others
}

const defaultWidth = 100

// Text writes a page for people at a terminal.
func Text(w io.Writer, p Page, o Options) error {
	if p.Wide && o.Width <= 0 {
		o.Width = math.MaxInt32
	}
	t := newTerminal(w, o)
	if p.Headline != "" {
		t.wrapped("", t.paint.as(Strong, plain.Clean(p.Headline)))
	}
	for _, b := range p.Blocks {
		switch b := b.(type) {
		case Headline:
			t.answer(b)
		case Heading:
			t.heading(b)
		case Lines:
			t.lines(b)
		case Table:
			t.tables(b)
		case Curves:
			t.curves(b)
		case Space:
			t.line("")
		}
	}
	if len(p.Summary) > 0 {
		t.line("")
		t.lines(Lines{Flush: true, Items: p.Summary})
	}
	return t.err
}

// terminal collects lines; the first error of w stays.
type terminal struct {
	w     io.Writer
	err   error
	width int
	paint painter
	ascii bool
}

func newTerminal(w io.Writer, o Options) *terminal {
	if o.Width <= 0 {
		o.Width = defaultWidth
	}
	return &terminal{w: w, width: o.Width, paint: painter(o.Color), ascii: o.ASCII}
}

// painter adds colour, or not.
type painter bool

var ansi = map[Mood]string{Good: "32", Bad: "31", Faint: "2", Strong: "1"}

func (p painter) as(m Mood, text string) string {
	code := ansi[m]
	if !p || code == "" || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// loud is bold, in the colour of a mood.
func (p painter) loud(m Mood, text string) string {
	if code := ansi[m]; bool(p) && code != "" && m != Strong {
		return "\x1b[1;" + code + "m" + text + "\x1b[0m"
	}
	return p.as(Strong, text)
}

func (t *terminal) line(text string) {
	if t.ascii {
		text = inASCII.Replace(text)
	}
	if t.err == nil {
		_, t.err = io.WriteString(t.w, strings.TrimRight(text, " ")+"\n")
	}
}

func (t *terminal) heading(h Heading) {
	alarm := ""
	if h.Alarm != "" {
		alarm = t.paint.as(Bad, h.Alarm) + " "
	}
	t.wrapped(alarm, t.paint.as(Strong, plain.Clean(h.whole())))
}

// answer puts the word before its sentences, which stand below each other.
func (t *terminal) answer(h Headline) {
	before := margin + t.paint.loud(h.Mood, h.Word) + gap
	if len(h.Items) == 0 {
		t.line(before)
	}
	for _, item := range h.Items {
		t.wrapped(before, item.painted(t.paint))
		before = strings.Repeat(" ", plain.Width(margin+h.Word+gap))
	}
}

func (t *terminal) lines(l Lines) {
	before := margin
	if l.Flush {
		before = ""
	}
	if l.Mark != "" {
		before += t.paint.as(l.Mood, l.Mark) + " "
	}
	var n notes
	for _, item := range l.Items {
		text := item.painted(t.paint) + n.marks(item.Notes)
		if l.Quoted {
			t.line(margin + gap + gap + plain.OneLine(item.Text, t.width-6))
			continue
		}
		t.wrapped(before, text)
	}
	t.footnotes(n)
}

// painted is the line in one piece.
func (l Line) painted(p painter) string {
	if len(l.Parts) == 0 {
		return plain.Clean(l.Text)
	}
	text := ""
	for _, part := range l.Parts {
		text += p.as(part.Mood, tidy(part.Text))
	}
	return text
}

func (t *terminal) footnotes(n notes) {
	for i, reason := range n.reasons {
		t.wrapped(margin+superscript(i+1)+" ", plain.Clean(reason))
	}
}

// wrapped writes a long sentence that is clean; further lines are indented
// below the text that follows mark. Words longer than a line are broken.
func (t *terminal) wrapped(mark, text string) {
	indent := strings.Repeat(" ", plain.Width(mark))
	current, empty := mark, true
	for word := range strings.SplitSeq(Tied(text), " ") {
		if word == "" {
			continue
		}
		for _, part := range broken(strings.ReplaceAll(word, noBreak, " "), max(t.width-len(indent), 1)) {
			switch {
			case empty:
				current += part
			case plain.Width(current)+1+plain.Width(part) > t.width:
				t.line(current)
				current = indent + part
			default:
				current += " " + part
			}
			empty = false
		}
	}
	t.line(current)
}

// broken is a word in parts of at most width columns.
func broken(word string, width int) []string {
	if plain.Width(word) <= width {
		return []string{word}
	}
	var parts []string
	from, used := 0, 0
	for i, r := range word {
		w := plain.Width(string(r))
		if used += w; used > width && i > from {
			parts, from, used = append(parts, word[from:i]), i, w
		}
	}
	return append(parts, word[from:])
}
