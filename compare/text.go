package compare

import (
	"io"
	"strings"
)

// TextOptions says what a terminal can show.
type TextOptions struct {
	Width int  // columns; 0 is 100. Columns of the table are left out rather than wrapped
	Color bool // ANSI colours; they never say what the words do not
	ASCII bool // signs and bars of ASCII, for terminals that show no others
}

const defaultWidth = 100

// textWriter collects lines; the first error of w stays.
type textWriter struct {
	w     io.Writer
	err   error
	width int
	paint painter
	ascii bool
}

func newTextWriter(w io.Writer, o TextOptions) *textWriter {
	if o.Width <= 0 {
		o.Width = defaultWidth
	}
	return &textWriter{w: w, width: o.Width, paint: painter(o.Color), ascii: o.ASCII}
}

// Text writes a comparison for people at a terminal.
func Text(w io.Writer, c *Comparison, o TextOptions) error {
	t := newTextWriter(w, o)
	t.head(c)
	for _, s := range c.Scenarios {
		t.line("")
		t.scenario(c, s)
	}
	for _, s := range c.Sweeps {
		t.line("")
		t.sweep(c, s)
	}
	t.line("")
	for _, l := range summaryLines(c) {
		t.wrapped("", clean(l))
	}
	return t.err
}

func (t *textWriter) line(text string) {
	if t.ascii {
		text = inASCII.Replace(text)
	}
	if t.err == nil {
		_, t.err = io.WriteString(t.w, strings.TrimRight(text, " ")+"\n")
	}
}

// clean takes from foreign text what could move the cursor.
func clean(text string) string { return oneLine(text, 0) }

// wrapped writes a long sentence that is clean; further lines are indented
// below the text that follows mark. Words longer than a line are broken.
func (t *textWriter) wrapped(mark, text string) {
	indent := strings.Repeat(" ", textWidth(mark))
	current, empty := mark, true
	for word := range strings.FieldsSeq(text) {
		for _, part := range broken(word, max(t.width-len(indent), 1)) {
			switch {
			case empty:
				current += part
			case textWidth(current)+1+textWidth(part) > t.width:
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
	if textWidth(word) <= width {
		return []string{word}
	}
	var parts []string
	from, used := 0, 0
	for i, r := range word {
		w := textWidth(string(r))
		if used += w; used > width && i > from {
			parts, from, used = append(parts, word[from:i]), i, w
		}
	}
	return append(parts, word[from:])
}

// head says who is compared.
func (t *textWriter) head(c *Comparison) {
	t.line(t.paint.as(strong, oneLine(headline(c), t.width)))
	var notes footnotes
	for _, target := range c.Targets {
		t.wrapped("  ", clean(targetLine(c, target, &notes)))
	}
	if len(c.Targets) > 1 {
		t.wrapped("  ", reading)
	}
	t.footnotes(&notes)
	t.flags("", c.Flags)
	t.notes(c.Notes)
}

// opening is the title of a table of its own (memory, a profile, a soak), and which
// of its targets were reference servers.
func (t *textWriter) opening(title string, targets []Target) {
	t.line(t.paint.as(strong, oneLine(title, t.width)))
	for _, l := range references(targets) {
		t.wrapped("  ", clean(l))
	}
	t.line("")
}

func (t *textWriter) notes(notes []string) {
	for _, n := range notes {
		t.wrapped("! ", clean(n))
	}
}

func (t *textWriter) flags(indent string, flags []string) {
	for _, f := range flags {
		t.wrapped(indent+"⚠ ", clean(f))
	}
}

func (t *textWriter) footnotes(notes *footnotes) {
	for i, reason := range notes.reasons {
		t.wrapped("  "+superscript(i+1)+" ", clean(reason))
	}
}

func (t *textWriter) scenario(c *Comparison, s Scenario) {
	title := oneLine(scenarioTitle(s), t.width)
	if s.State == Failed {
		title = t.paint.as(bad, "FAILED") + " " + t.paint.as(strong, oneLine(scenarioTitle(s), t.width-7))
	} else {
		title = t.paint.as(strong, title)
	}
	t.line(title)
	for _, side := range s.Sides {
		for _, problem := range problems(side) {
			t.wrapped("  "+t.paint.as(bad, "✗")+" ", clean(problem.what))
			if problem.example != "" {
				t.line("      " + oneLine(problem.example, t.width-6))
			}
		}
	}
	if s.measured() {
		t.figures(c, s)
	}
	for _, l := range leftOutLines(s) {
		t.wrapped("  ! ", clean(l))
	}
	t.flags("  ", s.Flags)
	for _, n := range s.Notes {
		t.wrapped("  ! ", clean(n))
	}
}

// figures are a scenario's table and what belongs to it.
func (t *textWriter) figures(c *Comparison, s Scenario) {
	var notes footnotes
	for _, g := range t.fit(candidates(c), func(candidates []int, d detail, notes *footnotes) grid {
		return layout(c, s, candidates, d, notes)
	}, &notes) {
		t.table(g)
	}
	if l := t.secondsLine(s); l != "" {
		t.line(margin + t.paint.as(faint, l))
	}
	t.footnotes(&notes)
	for _, l := range legend(s.Rows) {
		t.wrapped("  ", clean(l))
	}
	t.expected(s)
}

// sweep writes how a scenario scales.
func (t *textWriter) sweep(c *Comparison, s Sweep) {
	t.line(t.paint.as(strong, oneLine("scaling of "+s.Scenario, t.width)))
	var notes footnotes
	for _, g := range t.fit(candidates(c), func(candidates []int, d detail, notes *footnotes) grid {
		return layoutSweep(c, s, candidates, d, notes)
	}, &notes) {
		t.table(g)
	}
	t.footnotes(&notes)
	if l := kneeLine(s); l != "" {
		t.wrapped("  ", clean(l))
	}
	t.flags("  ", s.flags())
}

// expected writes one line an expectation: every target's figure, ✓ or ✗.
func (t *textWriter) expected(s Scenario) {
	for _, c := range s.Expected {
		t.wrapped("  ", expectedLine(c, t.paint))
	}
}
