package export

import (
	"fmt"
	"io"
	"slices"
	"strconv"

	"taskbench/compare"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// actionEntry is one point of github-action-benchmark's custom tools.
type actionEntry struct {
	Name  string  `json:"name"`
	Unit  string  `json:"unit"`
	Value float64 `json:"value"`
	Range string  `json:"range"` // starts with ±: only then it is rescaled with the unit
	Extra string  `json:"extra,omitempty"`
}

// GitHubActionBenchmark writes the figures of one direction for
// benchmark-action/github-action-benchmark: Higher for its tool
// customBiggerIsBetter, Lower for customSmallerIsBetter. It finds the figure
// to compare with by name, the first of a name, so names are unique: a second
// one of the same name is left out. The range is half the distance between the
// smallest and the largest pair. The action fails on an empty list: a caller
// writes none where HasDirection says no.
func GitHubActionBenchmark(w io.Writer, c *compare.Comparison, better stats.Direction) error {
	list := []actionEntry{}
	seen := map[string]bool{}
	for _, e := range entries(c) {
		name := plain.Clean(e.path()) + " " + e.metric.Name
		if e.better != better || seen[name] {
			continue
		}
		seen[name] = true
		unit, scale := e.metric.Action()
		low, high := e.span()
		list = append(list, actionEntry{
			Name: name, Unit: unit, Value: scale * e.median,
			Range: actionRange(scale * (high - low) / 2), Extra: actionExtra(c, e),
		})
	}
	return page.Encode(w, list)
}

// actionRange is "± 12.5". The action finds a figure of two characters and more.
func actionRange(v float64) string {
	text := strconv.FormatFloat(v, 'g', 4, 64)
	if len(text) == 1 {
		text += ".0"
	}
	return "± " + text
}

// HasDirection reports whether c has any figure that improves this way.
func HasDirection(c *compare.Comparison, better stats.Direction) bool {
	return slices.ContainsFunc(entries(c), func(e entry) bool { return e.better == better })
}

// actionExtra is what the chart shows beside the point.
func actionExtra(c *compare.Comparison, e entry) string {
	if e.ratio == nil {
		return figure.Count(len(e.eachPair), "pair")
	}
	text := fmt.Sprintf("%.3f of %s, %s", e.ratio.Ratio, plain.Clean(c.Baseline), figure.Count(e.ratio.Pairs, "pair"))
	if v := e.ratio.Verdict; v != nil {
		text += ": " + words.Verdict(e.metric, v)
	}
	return text
}
