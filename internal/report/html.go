// Package report writes results as one HTML page with charts, for people who
// would rather look than read. It takes every sentence and printed figure from
// the pages of package words and never computes or rounds one again; only distributions
// and courses over time, which comparisons leave out, come from the stored
// documents. It reads no files and asks no network, nor does its page.
//
//	c, err := compare.New(docs, compare.Options{})
//	err = report.HTML(os.Stdout, report.Material{Load: report.Part[compare.Comparison]{c, docs}})
package report

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/plain"
	"taskbench/results"
)

// The page, and uPlot, which draws its charts.
//
//go:embed assets
var assets embed.FS

var pageTemplate = template.Must(template.ParseFS(assets, "assets/*.html"))

// Material is what a page is made of. Any part may be missing, but not all of
// them.
type Material struct {
	Load    Part[compare.Comparison]
	Trends  []*compare.Trend // over stored runs, one a metric
	Scripts []Script         // that the load generator ran
	Micro   Part[compare.MicroComparison]
	Memory  Part[compare.MemoryComparison]
	CPU     Part[compare.Profile]
	Heap    Part[compare.Profile]
	Soak    Part[compare.SoakComparison]
	// CPUPages and HeapPages are flame graphs that lie elsewhere.
	CPUPages, HeapPages []Link
}

// Part is a comparison with the documents that it was made of, in any order.
// They hold what it leaves out: distributions, courses, command lines.
type Part[C any] struct {
	Comparison *C // nil: there is none
	Documents  []results.Document
}

// Link is another file. Address is relative to the page.
type Link struct{ Label, Address string }

// ErrEmpty is that there is nothing to show.
var ErrEmpty = errors.New("there is nothing to report")

// document is what assets/report.html lays out. All sentences and figures come
// from package words; the template escapes every one of them.
type document struct {
	Headline   string
	Targets    []string
	Swatches   []int // the colours of Targets
	Summary    []string
	Known      []block // before all scenarios
	Glance     glance
	Scenarios  []scenario
	Sweeps     []sweep
	Sections   []section // of other kinds than load tests
	Facts      factTable
	Commands   []commands
	Styles     []template.CSS
	Charts     template.JS // of all figures, as JSON
	Scripts    []template.JS
	References bool // a target is the reference server
}

// HTML writes one page that needs nothing else: no other file, no network.
// Flame graphs are linked, and a page without them is as whole. A histogram
// that cannot be read costs its chart, and the page says so.
func HTML(w io.Writer, m Material) error {
	p, err := newPage(m)
	if err != nil {
		return err
	}
	var text bytes.Buffer // an error half-way leaves no half page
	if err := pageTemplate.ExecuteTemplate(&text, "report.html", p); err != nil {
		return fmt.Errorf("the report cannot be laid out: %w", err)
	}
	_, err = w.Write(text.Bytes())
	return err
}

func newPage(m Material) (document, error) {
	var p document
	colours := palette{}
	var charts []chart
	if m.Load.Comparison != nil {
		charts = p.addLoad(m, colours)
	}
	p.Sections = newSections(m, colours)
	if p.Headline == "" && len(p.Sections) == 0 {
		return p, ErrEmpty
	}
	for _, s := range p.Sections {
		if p.Headline == "" {
			p.Headline = s.Headline
		}
		charts = append(charts, s.Charts...)
		p.References = p.References || s.References
	}
	return p, p.embed(charts)
}

// addLoad fills in what comes from load tests, and gives their charts.
func (p *document) addLoad(m Material, colours palette) []chart {
	c := m.Load.Comparison
	docs := inOrder(c.Targets, m.Load.Documents)
	said := words.Load(c)
	p.Headline, p.Targets, p.Summary = plain.Clean(said.Headline), texts(words.Targets(c.Targets)), texts(said.Summary)
	p.Known = blocks("", words.Known(c))
	p.Facts = facts(c.Targets, docs)
	p.Commands = newCommands(c, docs, m.Scripts)
	p.References = references(c.Targets)
	for _, t := range c.Targets {
		p.Swatches = append(p.Swatches, colours.of(t.Label))
	}
	var charts []chart
	for i := range c.Scenarios {
		s := newScenario(c, i, docs)
		s.History = newHistory(s.ID, c.Scenarios[i], c.Targets, m.Trends, colours)
		p.Scenarios, charts = append(p.Scenarios, s), append(charts, s.Charts()...)
	}
	for i := range c.Sweeps {
		s := newSweep(c, i)
		p.Sweeps, charts = append(p.Sweeps, s), append(charts, s.Charts...)
	}
	p.Glance = newGlance(c, p.Scenarios)
	return charts
}

func references(targets []compare.Target) bool {
	for _, t := range targets {
		if t.Reference != "" {
			return true
		}
	}
	return false
}

// palette gives every target its colour, the same wherever it is drawn.
type palette map[string]int

func (p palette) of(label string) int {
	if _, known := p[label]; !known {
		p[label] = len(p)
	}
	return p[label]
}

// embed puts styles, scripts and the charts' figures into the page.
func (p *document) embed(charts []chart) error {
	for _, name := range []string{"uPlot.min.css", "report.css"} {
		text, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return err
		}
		p.Styles = append(p.Styles, template.CSS(text))
	}
	for _, name := range []string{"uPlot.iife.min.js", "report.js"} {
		text, err := assets.ReadFile("assets/" + name)
		if err != nil {
			return err
		}
		p.Scripts = append(p.Scripts, template.JS(text))
	}
	if charts == nil {
		charts = []chart{}
	}
	data, err := json.Marshal(charts) // escapes <, > and &: nothing in it can end the script
	if err != nil {
		return fmt.Errorf("the charts' figures cannot be written: %w", err)
	}
	p.Charts = template.JS(data)
	return nil
}

// inOrder gives the document of each target, in the targets' order; an empty
// one where there is none.
func inOrder(targets []compare.Target, docs []results.Document) []results.Document {
	list := make([]results.Document, len(targets))
	for i, t := range targets {
		for _, d := range docs {
			if d.Implementation == t.Implementation && d.Session == t.Session {
				list[i] = d
				break
			}
		}
	}
	return list
}
