package words

import (
	"fmt"
	"slices"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// mostProven are the scenarios of which a headline tells what is lost, or gained where
// nothing is: of both it tells one gain. The lines below it count them all.
const mostProven = 2

// speedsIn are the changes of speed that are stated of single scenarios, one for
// each: of throughput, else of p95, else of p50. Losses come first.
func speedsIn(c *compare.Comparison, h compare.Headline) []string {
	losses, gains := provenIn(c, h, figure.Throughput, figure.P95, figure.P50)
	return few(losses, gains, "slower", "faster")
}

// costsIn are those of CPU time or instructions, as far as the mean over all
// scenarios does not say it: nothing makes up for a loss.
func costsIn(c *compare.Comparison, h compare.Headline) []string {
	losses, gains := provenIn(c, h, figure.CPUPerAnswer, figure.InstructionsPer)
	for _, x := range h.Changes {
		if x.Metric.Words == nil || !differs(x) {
			continue
		}
		if gains = nil; x.Verdict == stats.Slower {
			losses = nil
		}
	}
	return few(losses, gains, "costlier", "cheaper")
}

// differs reports whether a change is stated, and not that there is none.
func differs(c compare.Change) bool {
	return c.Stated && (c.Verdict == stats.Slower || c.Verdict == stats.Faster)
}

// few names the first losses and gains, and counts the others of each.
func few(losses, gains []string, worse, better string) []string {
	most := mostProven
	list := firstOf(losses, most, worse)
	if len(losses) > 0 {
		most = 1
	}
	return append(list, firstOf(gains, most, better)...)
}

func firstOf(list []string, most int, what string) []string {
	if more := len(list) - most; more > 0 {
		return append(list[:most:most], fmt.Sprintf("%s in %d more", what, more))
	}
	return list
}

// provenIn takes the first of some metrics that is stated of a scenario.
func provenIn(c *compare.Comparison, h compare.Headline, metrics ...*figure.Figure) (losses, gains []string) {
	candidate := slices.IndexFunc(c.Targets, func(t lineup.Target) bool { return t.Label == h.Target })
	for _, s := range c.Scenarios {
		x, found := provenOf(s, candidate, metrics)
		if !found {
			continue
		}
		text := statedText(x)
		if len(c.Scenarios) > 1 {
			text += " in " + c.Level(s)
		}
		if x.Verdict == stats.Slower {
			losses = append(losses, text)
		} else {
			gains = append(gains, text)
		}
	}
	return losses, gains
}

func provenOf(s compare.Scenario, candidate int, metrics []*figure.Figure) (compare.Change, bool) {
	for _, m := range metrics {
		r, ok := s.Row(m)
		if !ok || s.Sides[candidate].State != compare.Compared || r.Cells[candidate].Ratio == nil {
			continue
		}
		v := r.Cells[candidate].Ratio.Verdict
		if v != nil && v.Claim != nil && v.Claim.Stated && (v.Verdict == stats.Slower || v.Verdict == stats.Faster) {
			return compare.Change{Metric: m, Ratio: v.Ratio, CI: v.CI, Claim: *v.Claim}, true
		}
	}
	return compare.Change{}, false
}
