// Package page lays out what there is to say: headings, tables, curves and
// lines, for a terminal of any width, as markdown, as CSV and as JSON. It knows
// nothing of what is told: texts, moods and values come from the caller, and are
// anybody's text, so that every writer escapes them.
//
//	err := page.Text(os.Stdout, p, page.Options{Width: 100})
package page

import (
	"encoding/json"
	"io"
	"slices"
)

// Page is what all writers write.
type Page struct {
	Headline string
	Under    string // the rest of it, where it is drawn
	Blocks   []Block
	Summary  []Line  // at its end; a comment puts it first
	Records  Records // all values, for CSV
	Data     any     // all facts, for JSON
	Shown    string  // the command that prints it, where it is drawn
	Wide     bool    // where nothing limits its width, it is as wide as it has to be
}

// Block is a Headline, Heading, Lines, Table, Curves or a Space, or one of those that are
// drawn: see Chart.
type Block interface{ isBlock() }

// Heading opens a part of a page.
type Heading struct {
	Text  string
	Alarm string // stands before it, as bad news does; "": none
	Under string // the rest of it, where there is room for a line of its own
	Of    string // what Text says without the kind of page, for sections that say that
	// Key begins a section, by which links find it and menus list it as Short.
	Key, Short string
	Badge      string // one word on the state of it
	Bad        bool   // that word is bad news
	Long       bool   // its section is too long for paper
}

// whole is all of it on one line.
func (h Heading) whole() string {
	if h.Under == "" {
		return h.Text
	}
	return h.Text + " · " + h.Under
}

// Headline is what a page says first: the answer in a word, and what it rests on.
type Headline struct {
	Word  string
	Mood  Mood
	Items []Line
}

// Lines are sentences, wrapped where the terminal is narrow.
type Lines struct {
	Mark   string // before each of them: "!", "⚠", "✗"; "": none
	Mood   Mood   // of the mark
	Flush  bool   // they begin in the first column of a terminal
	Quoted bool   // what somebody else said: cut to one line, not wrapped
	Items  []Line
}

// Line is one sentence, or the parts of one.
type Line struct {
	Text  string
	Of    string   // whom it presents: his colour stands before it
	Parts []Cell   // instead of Text, where parts have a mood
	Notes []string // footnotes
}

// Curves are courses over time, all to one scale from 0, so that heights can be
// compared.
type Curves struct {
	Title  string
	Items  []Curve
	Inline bool   // one line for all, where the terminal has room for it; else none
	Scale  string // of all, behind an inline line
}

// Curve is one course.
type Curve struct {
	Label  string
	Values []float64
	Range  string // its lowest and highest value in words
}

// Space is an empty line on a terminal.
type Space struct{}

// Records is a table of unrounded values, one line for each.
type Records struct {
	Header []string
	Rows   [][]string
}

func (Headline) isBlock() {}
func (Heading) isBlock()  {}
func (Lines) isBlock()    {}
func (Table) isBlock()    {}
func (Curves) isBlock()   {}
func (Space) isBlock()    {}

// Add puts blocks at the end; those without content are left out.
func (p *Page) Add(blocks ...Block) {
	for _, b := range blocks {
		if l, ok := b.(Lines); ok && len(l.Items) == 0 {
			continue
		}
		p.Blocks = append(p.Blocks, b)
	}
}

// Sentences are lines without footnotes.
func Sentences(texts []string) []Line {
	lines := make([]Line, len(texts))
	for i, t := range texts {
		lines[i] = Line{Text: t}
	}
	return lines
}

// Joined is several pages as one: one below the other, their records under the
// columns that any of them has, their data as a list.
func Joined(pages ...Page) Page {
	if len(pages) == 1 {
		return pages[0]
	}
	var out Page
	var data []any
	for i, p := range pages {
		if i == 0 {
			out.Headline = p.Headline
		} else {
			out.Add(Space{}, Heading{Text: p.Headline})
		}
		out.Add(p.Blocks...)
		out.Summary = append(out.Summary, p.Summary...)
		out.Records = out.Records.with(p.Records)
		data = append(data, p.Data)
	}
	out.Data = map[string]any{"results": data}
	return out
}

// with has the lines of both, and the columns of either.
func (r Records) with(other Records) Records {
	out := Records{Header: slices.Clone(r.Header)}
	place := make([]int, len(other.Header))
	for i, name := range other.Header {
		if place[i] = slices.Index(out.Header, name); place[i] < 0 {
			place[i] = len(out.Header)
			out.Header = append(out.Header, name)
		}
	}
	for _, line := range r.Rows {
		out.Rows = append(out.Rows, append(slices.Clone(line), make([]string, len(out.Header)-len(line))...))
	}
	for _, line := range other.Rows {
		all := make([]string, len(out.Header))
		for i, text := range line {
			all[place[i]] = text
		}
		out.Rows = append(out.Rows, all)
	}
	return out
}

// CSV writes the page's records (RFC 4180).
func CSV(w io.Writer, p Page) error {
	return newCSV(w).WriteAll(append([][]string{p.Records.Header}, p.Records.Rows...))
}

// JSON writes the page's data for programs, and for people who look into it.
func JSON(w io.Writer, p Page) error { return Encode(w, p.Data) }

// Encode is the one form of JSON: names may hold <, > and &.
func Encode(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
