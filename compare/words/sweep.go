package words

import (
	"fmt"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Sweep is the part of a page about how a scenario scales: throughput, then
// p95, a row for each level.
func Sweep(c *compare.Comparison, s compare.Sweep) []page.Block {
	levels := c.Levels(s.Scenario)
	var all []compare.Row
	for _, l := range levels {
		all = append(all, l.Rows...)
	}
	table := forms(c.Targets, func(candidates []int, d detail) page.Form {
		f := newForm(c.Targets, all, candidates, &d)
		for _, m := range []*figure.Figure{figure.Throughput, figure.P95} {
			f.AddTitle(m.Name)
			for _, l := range levels {
				if r, ok := l.Row(m); ok {
					f.Rows = append(f.Rows, row("  "+figure.Count(l.Load.Connections, "connection"), l.Sides, r, candidates, d))
				}
			}
		}
		return f
	})
	var knee []string
	if l := kneeLine(s); l != "" {
		knee = []string{l}
	}
	return []page.Block{page.Heading{Text: "Scaling of " + s.Scenario}, table, page.Lines{Items: page.Sentences(knee)}, flags(degraded(s), false)}
}

// kneeLine is "knee: rust 100 connections; windjammer 500 or more".
func kneeLine(s compare.Sweep) string {
	text := ""
	for _, side := range s.Sides {
		switch {
		case side.Knee == 0:
			continue
		case side.Growing:
			text += fmt.Sprintf("; %s %d or more: its throughput still grows", side.Target, side.Knee)
		default:
			text += fmt.Sprintf("; %s %s", side.Target, figure.Count(side.Knee, "connection"))
		}
	}
	if text == "" {
		return ""
	}
	return "knee (the fewest connections with 95 % of the highest throughput): " + text[2:]
}

// degraded are the targets that do less beyond the knee.
func degraded(s compare.Sweep) []finding.Finding {
	var list []finding.Finding
	for _, side := range s.Sides {
		if side.Degraded != nil {
			list = append(list, *side.Degraded)
		}
	}
	return list
}
