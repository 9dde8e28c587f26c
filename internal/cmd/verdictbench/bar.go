package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"taskbench/compare/stats"
)

// bar is a rate the verdicts are held to.
type bar struct {
	what    string
	limit   float64 // in %
	atLeast bool
	applies func(*cell) bool
	rate    func(*cell) float64 // in %
}

var bars = []bar{
	{"false faster/slower at no difference", 6, false, isTruth(0), (*cell).different},
	{"false parity at a loss of exactly the margin", 6, false, isTruth(1), func(c *cell) float64 { return c.share(c.verdicts[stats.Parity]) }},
	{"gate fails at no difference", 0.1, false, isTruth(0), func(c *cell) float64 { return c.share(c.outcomes[stats.Failed]) }},
	{"parity proven at no difference", 99, true, tenQuietPairs(0), func(c *cell) float64 { return c.share(c.verdicts[stats.Parity]) }},
	{"a loss of 5 % detected", 95, true, tenQuietPairs(2), func(c *cell) float64 { return c.share(c.verdicts[stats.Slower]) }},
}

func isTruth(i int) func(*cell) bool {
	return func(c *cell) bool { return c.truth == truths[i] && c.weather == calm }
}

func tenQuietPairs(truth int) func(*cell) bool {
	return func(c *cell) bool {
		return isTruth(truth)(c) && c.cv == 0.03 && c.plan == fixed10 && !c.control
	}
}

func (b bar) met(rate float64) bool {
	if b.atLeast {
		return rate >= b.limit
	}
	return rate <= b.limit
}

// printBars prints each bar beside the rates and says whether all were met.
func printBars(w io.Writer, all []*cell) bool {
	ok := true
	for _, b := range bars {
		fmt.Fprintf(w, "\n%s (bar %s %g %%)\n", b.what, sign(b.atLeast), b.limit)
		for _, c := range all {
			if !b.applies(c) {
				continue
			}
			rate := b.rate(c)
			mark := "ok"
			if !b.met(rate) {
				mark, ok = "MISSED", false
			}
			fmt.Fprintf(w, "  %-40s %8.3f ± %.3f %%  %s\n", c.name(), rate, uncertainty(rate, c.paths), mark)
		}
	}
	return ok
}

// sign is how a bar is written.
func sign(atLeast bool) string {
	if atLeast {
		return "≥"
	}
	return "≤"
}

// uncertainty is the standard error of a simulated rate, in points.
func uncertainty(rate float64, paths int) float64 {
	p := rate / 100
	return 100 * math.Sqrt(p*(1-p)/float64(paths))
}

// printCells prints everything that was counted.
func printCells(w io.Writer, all []*cell) {
	fmt.Fprintf(w, "\n%-46s %6s | %7s %7s %7s %7s | %6s %6s %6s %6s | %6s %6s %6s\n", "", "true", "parity", "slower", "faster", "inconc.",
		"fail", "warn", "pass", "inconc", "CI≠1", "ranks", "pairs")
	fmt.Fprintln(w, strings.Repeat("-", 150))
	for _, c := range all {
		fmt.Fprintf(w, "%-46s %6.3f | %7.2f %7.2f %7.2f %7.2f | %6.2f %6.2f %6.2f %6.2f | %6.2f %6.2f %6.1f\n", c.name(), math.Exp(c.truth),
			c.share(c.verdicts[stats.Parity]), c.share(c.verdicts[stats.Slower]), c.share(c.verdicts[stats.Faster]), c.share(c.verdicts[stats.Inconclusive]),
			c.share(c.outcomes[stats.Failed]), c.share(c.outcomes[stats.Warned]), c.share(c.outcomes[stats.Pass]), c.share(c.outcomes[stats.Undetermined]),
			c.share(c.excludes), c.share(c.heavyTails), float64(c.used)/float64(c.paths))
	}
}
