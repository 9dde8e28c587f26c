package export

import (
	"strings"

	"taskbench/compare/gate"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// headline is what pages of the run begin with, of one candidate, for formats that
// have no page.
type headline struct {
	page.Headline
	target string
	text   string // without the word, a line for each sentence
}

// headlines are those of the run that a gate decides on; none of microbenchmarks.
func headlines(g *gate.Report) []headline {
	if g.Run == nil {
		return nil
	}
	var list []headline
	for i, h := range words.Headlines(g.Run) {
		var lines []string
		for _, item := range h.Items {
			lines = append(lines, plain.Clean(item.Text))
		}
		list = append(list, headline{h, plain.Clean(g.Headline[i].Target), strings.Join(lines, "\n")})
	}
	return list
}
