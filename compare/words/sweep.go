package words

import (
	"fmt"
	"strings"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Sweep is the part of a page about how a scenario scales: throughput, then
// p95, a row for each level.
func Sweep(c *compare.Comparison, s compare.Sweep) []page.Block {
	levels := c.Levels(s.Scenario)
	var all []verdict.Row
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
	if l := KneeLine(s); l != "" {
		knee = []string{l}
	}
	return []page.Block{page.Heading{Text: "Scaling of " + s.Scenario}, table, page.Lines{Items: page.Sentences(knee)}, flags(degraded(s), false)}
}

// KneeLine is "knee: rust 100 connections (50 to 500); windjammer 500 or more".
func KneeLine(s compare.Sweep) string {
	var parts []string
	named := false
	for _, side := range s.Sides {
		named = named || side.Knee.Named
		if side.Knee.At > 0 {
			parts = append(parts, side.Target+" "+kneeText(s, side))
		}
	}
	switch {
	case len(parts) == 0:
		return ""
	case !named:
		parts = []string{noKnee}
	}
	return "knee (the fewest connections with 95 % of the highest throughput): " + strings.Join(parts, "; ")
}

func kneeText(s compare.Sweep, side compare.SweepSide) string {
	k, highest := side.Knee, s.Levels[len(s.Levels)-1]
	text := figure.Count(k.At, "connection")
	switch {
	case !k.Named:
		return noKnee
	case side.Growing:
		return fmt.Sprintf("%d or more: its throughput still grows", k.At)
	case k.Low == k.High:
		return text
	case k.High == highest:
		return fmt.Sprintf("%s (%d or more)", text, k.Low)
	}
	return fmt.Sprintf("%s (%d to %d)", text, k.Low, k.High)
}

const noKnee = "not to be told (too few pairs, or they scatter too much)"

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
