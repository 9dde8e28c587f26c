package words

import (
	"fmt"
	"slices"

	"taskbench/compare/lineup"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// opening begins the page of any kind: who is held against whom, who was
// measured, how figures are to be read, and what a reader must know before them.
func opening(targets []lineup.Target, reading string, known ...page.Block) page.Page {
	p := page.Page{Headline: headline(targets)}
	who := Targets(targets)
	if len(targets) > 1 && reading != "" {
		who = append(who, page.Line{Text: reading})
	}
	p.Add(page.Lines{Items: who})
	p.Add(known...)
	p.Add(page.Space{})
	return p
}

// curve is one target's course, with its lowest and highest value in words.
func curve(label string, values []float64, unit figure.Unit) page.Curve {
	c := page.Curve{Label: label, Values: values}
	if len(values) > 0 {
		low, high := slices.Min(values), slices.Max(values)
		ends := unit.Texts([]*float64{&low, &high})
		c.Range = ends[0] + " to " + ends[1]
	}
	return c
}

// loadTitle is "memory: projects, closed, 50 users, 10s".
func loadTitle(what, scenario string, load results.Load) page.Heading {
	return titled(what, fmt.Sprintf("%s, %s, %gs", scenario, load.Model(), load.DurationS))
}

// titled is a heading of a kind of page.
func titled(what, of string) page.Heading { return page.Heading{Text: what + ": " + of, Of: of} }
