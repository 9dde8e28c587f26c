package words

import (
	"fmt"
	"strings"

	"taskbench/compare/memory"
	"taskbench/compare/micro"
	"taskbench/compare/profiles"
	"taskbench/compare/soak"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// MemoryBrief is what a comparison of memory proves, and whether documented
// limits are kept, one sentence each.
func MemoryBrief(c *memory.Comparison) []page.Line {
	return append(page.Sentences(leakLines(c)), limitLines(c).Items...)
}

// ProfileBrief is whether documented limits are kept.
func ProfileBrief(c *profiles.Profile) []page.Line { return profileLimits(c).Items }

// SoakBrief is what drifts for the worse, or that nothing does.
func SoakBrief(c *soak.Comparison) []page.Line {
	if worse := Worse(c); len(worse) > 0 {
		return page.Sentences([]string{strings.Join(worse, "; ")})
	}
	return page.Sentences([]string{"nothing is proven to get worse"})
}

// MicroBrief is the geometric mean of all benchmarks of every candidate, or the
// only benchmark's verdict, one sentence each.
func MicroBrief(c *micro.Comparison) []page.Line {
	var list []string
	for _, g := range c.Groups {
		if g.Group == "" {
			list = append(list, fmt.Sprintf("%s against %s: %s; ratio of their times %s, the geometric mean of %d benchmarks",
				g.Target, c.Baseline, verdictCounts(g.Overall.Verdicts), figure.Interval(g.Overall.Ratio, g.Overall.CI), len(c.Rows)))
		}
	}
	if len(c.Rows) != 1 {
		return page.Sentences(list)
	}
	for i, t := range c.Targets[1:] {
		if ratio, verdict := Against(c.Rows[0].Row(), i+1); ratio.Value != nil {
			list = append(list, fmt.Sprintf("%s against %s: %s; ratio of their times %s", t.Label, c.Baseline, verdict.Text, ratio.Text))
		}
	}
	return page.Sentences(list)
}
