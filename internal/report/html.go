// Package report writes a comparison as one HTML page with charts, for people
// who would rather look than read. It takes every sentence and printed figure
// from package compare and never computes or rounds one again; only
// distributions and seconds, which a comparison leaves out, come from the
// stored documents. It reads no files and asks no network, nor does its page.
//
//	c, err := compare.New(docs, compare.Options{})
//	err = report.HTML(os.Stdout, c, docs)
package report

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"

	"taskbench/compare"
	"taskbench/results"
)

// The page, and uPlot, which draws its charts.
//
//go:embed assets
var assets embed.FS

var pageTemplate = template.Must(template.ParseFS(assets, "assets/report.html"))

// page is what assets/report.html lays out. All sentences and figures of a
// comparison come from compare; the template escapes every one of them.
type page struct {
	compare.Description
	Glance     glance
	Scenarios  []scenario
	Sweeps     []sweep
	Facts      factTable
	Commands   []command
	Styles     []template.CSS
	Charts     template.JS // of all figures, as JSON
	Scripts    []template.JS
	References bool // a target is the reference server
}

// HTML writes a comparison as one page that needs nothing else: no other file,
// no network. docs are the documents that c was made of, in any order; they
// hold what the comparison leaves out: distributions, seconds, command lines.
// A histogram that cannot be read costs its chart, and the page says so.
func HTML(w io.Writer, c *compare.Comparison, docs []results.Document) error {
	p, err := newPage(c, inOrder(c, docs))
	if err != nil {
		return err
	}
	var text bytes.Buffer // an error half-way leaves no half page
	if err := pageTemplate.Execute(&text, p); err != nil {
		return fmt.Errorf("the report cannot be laid out: %w", err)
	}
	_, err = w.Write(text.Bytes())
	return err
}

func newPage(c *compare.Comparison, docs []results.Document) (page, error) {
	p := page{Description: compare.Describe(c), Facts: facts(c, docs), Commands: commands(c, docs)}
	var charts []chart
	for i := range c.Scenarios {
		s := newScenario(c, i, p.Description.Scenarios[i], docs)
		p.Scenarios, charts = append(p.Scenarios, s), append(charts, s.Charts()...)
	}
	for i := range c.Sweeps {
		s := newSweep(c, i, p.Description.Sweeps[i])
		p.Sweeps, charts = append(p.Sweeps, s), append(charts, s.Charts...)
	}
	p.Glance = newGlance(c, p.Scenarios)
	for _, t := range c.Targets {
		p.References = p.References || t.Reference != ""
	}
	return p, p.embed(charts)
}

// embed puts styles, scripts and the charts' figures into the page.
func (p *page) embed(charts []chart) error {
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
func inOrder(c *compare.Comparison, docs []results.Document) []results.Document {
	list := make([]results.Document, len(c.Targets))
	for i, t := range c.Targets {
		for _, d := range docs {
			if d.Implementation == t.Implementation && d.Session == t.Session && d.Created.Equal(t.Created) {
				list[i] = d
				break
			}
		}
	}
	return list
}
