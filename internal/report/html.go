// Package report writes pages as one HTML document with charts, for people who
// would rather look than read. It draws what package page has, and knows nothing of
// what the pages are about: a new kind of page needs nothing here. It reads no
// files and asks no network, nor does its document, which runs no script either.
//
//	err := report.HTML(os.Stdout, pages)
package report

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"slices"

	"taskbench/internal/page"
	"taskbench/internal/plain"
)

//go:embed assets
var assets embed.FS

var pageTemplate = template.Must(template.ParseFS(assets, "assets/*.html"))

// ErrEmpty is that there is nothing to show.
var ErrEmpty = errors.New("there is nothing to report")

// document is what assets/report.html lays out; the template escapes every text.
type document struct {
	Headline, Under string
	Word            string // the first answer, for the title of a window
	Targets         []item
	Banners         []string // what nobody may overlook
	Summary         []item
	First           []block  // before all sections
	Beside          []beside // what the other pages say in short
	Sections        []*section
	Shown           []string // the commands that print the same
	Style           template.CSS

	colours palette
}

// section is what a menu leads to.
type section struct {
	ID, Short, Title, Under, Badge string
	Bad, Open, Long                bool
	Blocks                         []block
}

// beside is a page's summary beside the first page's own.
type beside struct {
	ID, Short string
	Items     []item
}

// HTML writes one document that needs nothing else: no other file, no network. The
// first page gives its headline; what it has before its first section, and the
// summaries of all, are what a reader sees first. It is an error to give no page.
func HTML(w io.Writer, pages []page.Page) error {
	if len(pages) == 0 {
		return ErrEmpty
	}
	style, err := assets.ReadFile("assets/report.css")
	if err != nil {
		return err
	}
	d := &document{Headline: plain.Clean(pages[0].Headline), Under: plain.Clean(pages[0].Under), Style: template.CSS(style), colours: palette{}}
	for i, p := range pages {
		d.add(p, i == 0)
	}
	d.open()
	var text bytes.Buffer // an error half-way leaves no half document
	if err := pageTemplate.ExecuteTemplate(&text, "report.html", d); err != nil {
		return fmt.Errorf("the report cannot be laid out: %w", err)
	}
	_, err = w.Write(text.Bytes())
	return err
}

// open unfolds the first section where nothing before the sections says more than
// a sentence.
func (d *document) open() {
	if len(d.First) == 0 && len(d.Sections) > 0 {
		d.Sections[0].Open = true
	}
}

// add draws a page. That of the first one which stands before its sections is
// what the document begins with.
func (d *document) add(p page.Page, first bool) {
	opening, sections := apart(p.Blocks)
	lead := first && len(opening) > 0
	if lead {
		if l, ok := opening[0].(page.Lines); ok && presents(l) {
			d.Targets, opening = d.items(l), opening[1:]
		}
		d.Summary = d.items(page.Lines{Items: p.Summary})
	}
	for _, b := range opening {
		if h, ok := b.(page.Headline); ok && d.Word == "" {
			d.Word = plain.Clean(h.Word)
		}
	}
	d.First = append(d.First, d.blocks(drawing{name: "Summary"}, opening)...)
	for _, s := range sections {
		d.section(s)
	}
	if !lead && len(sections) > 0 && len(p.Summary) > 0 {
		last := d.Sections[len(d.Sections)-len(sections)]
		d.Beside = append(d.Beside, beside{last.ID, last.Short, d.items(page.Lines{Items: p.Summary})})
	}
	if p.Shown != "" && !slices.Contains(d.Shown, p.Shown) {
		d.Shown = append(d.Shown, p.Shown)
	}
}

// apart cuts blocks at the headings that begin sections.
func apart(blocks []page.Block) (opening []page.Block, sections [][]page.Block) {
	for _, b := range blocks {
		h, ok := b.(page.Heading)
		switch {
		case ok && h.Key != "":
			sections = append(sections, []page.Block{b})
		case len(sections) == 0:
			opening = append(opening, b)
		default:
			last := len(sections) - 1
			sections[last] = append(sections[last], b)
		}
	}
	return opening, sections
}

func (d *document) section(blocks []page.Block) {
	h := blocks[0].(page.Heading)
	s := &section{ID: h.Key, Short: plain.Clean(h.Short), Title: plain.Clean(h.Text), Under: plain.Clean(h.Under), Badge: h.Badge, Bad: h.Bad, Long: h.Long}
	s.Blocks = d.blocks(drawing{section: h.Key, name: s.Short}, blocks[1:])
	d.Sections = append(d.Sections, s)
}

// colours are as many as the style has.
const colours = 6

// palette gives everybody a colour, the same wherever it is drawn.
type palette map[string]int

func (p palette) of(label string) int {
	if _, known := p[label]; !known {
		p[label] = len(p)
	}
	return p[label]
}
