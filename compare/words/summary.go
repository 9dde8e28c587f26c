package words

import (
	"fmt"
	"strings"

	"taskbench/compare"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// summaryLines end the report: what became of the scenarios, how fast the
// candidates were over all of them, how many expectations were met.
func summaryLines(c *compare.Comparison) []string {
	total := 0
	var states []string
	for _, s := range []compare.State{compare.Compared, compare.Measured, compare.Failed, compare.Refused, compare.Unmeasured} {
		if n := c.Summary.Scenarios[s]; n > 0 {
			total += n
			states = append(states, fmt.Sprintf("%d %s%s", n, s, namesOf(c, s)))
		}
	}
	lines := []string{sentences.Join(": ", measurements(c, total), strings.Join(states, ", "))}
	for _, o := range c.Summary.Overall {
		if o.Metric.Equal(figure.Throughput) || o.Metric.Equal(figure.CPUPerAnswer) { // the headline has all
			lines = append(lines, overallLine(c, o))
		}
	}
	var met []string
	for _, e := range c.Summary.Expectations {
		if text := metText(e); text != "" {
			met = append(met, e.Target+" "+text)
		}
	}
	if len(met) > 0 {
		lines = append(lines, "expectations met: "+strings.Join(met, ", "))
	}
	return lines
}

// metText is "3 of 4 (1 not checked)": what nobody measured is neither met nor
// missed. "" where nothing is expected.
func metText(e compare.ExpectationSum) string {
	checked := e.Met + e.Missed
	switch {
	case checked+e.Unchecked == 0:
		return ""
	case checked == 0:
		return fmt.Sprintf("not checked (%d)", e.Unchecked)
	case e.Unchecked > 0:
		return fmt.Sprintf("%d of %d (%d not checked)", e.Met, checked, e.Unchecked)
	}
	return fmt.Sprintf("%d of %d", e.Met, checked)
}

// overallLine is "throughput of windjammer against rust: 3 at parity, 1 slower
// (tasks); 0.98 [0.96–1.00], the geometric mean of 4 scenarios".
func overallLine(c *compare.Comparison, o compare.Overall) string {
	var counts []string
	for _, v := range []stats.Verdict{stats.Faster, stats.Slower, stats.Parity, stats.Inconclusive, stats.Indicative} {
		if n := o.Verdicts[v]; n > 0 {
			counts = append(counts, countVerdict(o, v, n))
		}
	}
	if n := c.Summary.Scenarios[compare.Failed]; n > 0 && o.Metric.Equal(figure.Throughput) {
		counts = append(counts, fmt.Sprintf("%d failed", n))
	}
	line := fmt.Sprintf("%s of %s against %s: %s", o.Metric.Name, o.Target, c.Baseline, strings.Join(counts, ", "))
	ratio := figure.Ratio(o.Ratio)
	if o.Verdicts[stats.Indicative] == 0 {
		ratio = figure.Interval(o.Ratio, o.CI)
	}
	switch {
	case o.Scenarios > 1:
		line += fmt.Sprintf("; ratio %s, the geometric mean of %s", ratio, measurements(c, o.Scenarios))
	case o.Scenarios == 1:
		line += "; ratio " + ratio
	}
	return line
}

// measurements counts scenarios, or, where one of them was measured at several
// numbers of connections, what was measured.
func measurements(c *compare.Comparison, n int) string {
	for _, s := range c.Scenarios {
		if c.Level(s) != s.Name {
			return figure.Count(n, "measurement")
		}
	}
	return figure.Count(n, "scenario")
}

// countVerdict names the scenarios that want attention.
func countVerdict(o compare.Overall, v stats.Verdict, n int) string {
	switch v {
	case stats.Parity:
		return fmt.Sprintf("%d at parity", n)
	case stats.Indicative:
		return fmt.Sprintf("%d indicative", n)
	}
	return fmt.Sprintf("%d %s (%s)", n, o.Metric.Word(v), strings.Join(o.Named[v], ", "))
}

// namesOf tells which scenarios want attention: " (tasks, auth)".
func namesOf(c *compare.Comparison, state compare.State) string {
	if state == compare.Compared || state == compare.Measured {
		return ""
	}
	var names []string
	for _, s := range c.Scenarios {
		if s.State == state {
			names = append(names, c.Level(s))
		}
	}
	return " (" + strings.Join(names, ", ") + ")"
}
