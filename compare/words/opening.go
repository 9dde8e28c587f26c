package words

import (
	"taskbench/compare/lineup"
	"taskbench/internal/page"
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
