package words

import (
	"fmt"
	"strconv"
	"strings"

	"taskbench/compare/micro"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

const roundsReading = "figures are medians over rounds; ratios are geometric means of the rounds' own ratios"

// Micro is the page of microbenchmarks.
func Micro(c *micro.Comparison) page.Page {
	p := opening(c.Targets, roundsReading, notes(c.Notes, true))
	p.Records, p.Data = microRecords(c), sentences.WithTexts(c)
	p.Add(page.Heading{Text: microTitle(c), Of: microTitle(c)})
	p.Add(forms(c.Targets, func(candidates []int, d detail) page.Form { return microForm(c, candidates, d) }))
	p.Add(page.Lines{Items: page.Sentences(microFooters(c))})
	return p
}

var microColumns = []string{
	"benchmark", "group", "target", "target_id", "baseline", "name", "unit", "median", "low", "high", "rounds",
	"work_amount", "work_unit", "outliers", "samples", "ratio", "verdict", "ci_low", "ci_high", "reason",
}

// microRecords are one line for each benchmark of each target, unrounded, and
// one for each geometric mean. What does not exist is empty, and reason says why.
func microRecords(c *micro.Comparison) page.Records {
	t := newTable(microColumns...)
	t.warn(nil, c.Notes...)
	for _, r := range c.Rows {
		t.warn(fields{"benchmark": r.ID, "group": r.Group}, r.Notes...)
		for _, cell := range r.Cells {
			t.add(cellFields(nil, cell.Cell), microFields(c, r, cell))
		}
	}
	for _, g := range c.Groups {
		f := fields{"group": g.Group, "target": g.Target, "baseline": c.Baseline, "name": "geometric mean", "ratio": figure.Plain(g.Overall.Ratio)}
		if g.Overall.CI.Known() {
			f["ci_low"], f["ci_high"] = figure.Plain(g.Overall.CI.Low), figure.Plain(g.Overall.CI.High)
		}
		t.add(f)
	}
	return t.Records
}

// microFields are what benchmarks have beside their figure.
func microFields(c *micro.Comparison, r micro.Row, cell micro.Cell) fields {
	rounds := 0
	for _, v := range cell.EachPair {
		if v != nil {
			rounds++
		}
	}
	f := fields{
		"benchmark": r.ID, "group": r.Group, "target_id": cell.ID, "baseline": c.Baseline, "name": string(c.Statistic), "unit": r.Unit,
		"low": orEmpty(cell.Low), "high": orEmpty(cell.High), "rounds": strconv.Itoa(rounds),
		"outliers": strconv.Itoa(cell.Outliers), "samples": strconv.Itoa(cell.Samples),
	}
	if len(cell.Throughput) > 0 {
		f["work_amount"], f["work_unit"] = figure.Plain(cell.Throughput[0].Amount), cell.Throughput[0].Unit
	}
	return f
}

// verdictCounts is "3 faster, 1 parity".
func verdictCounts(counts map[stats.Verdict]int) string {
	var parts []string
	for _, v := range []stats.Verdict{stats.Faster, stats.Slower, stats.Parity, stats.Inconclusive, stats.Indicative} {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	return strings.Join(parts, ", ")
}

// outlierLine says how many samples lie far from the others, and where most.
func outlierLine(c *micro.Comparison) string {
	var parts []string
	for i, t := range c.Targets {
		outliers, samples, worst, where := 0, 0, 0.0, ""
		for _, r := range c.Rows {
			cell := r.Cells[i]
			outliers, samples = outliers+cell.Outliers, samples+cell.Samples
			if share := float64(cell.Outliers) / float64(max(cell.Samples, 1)); share > worst {
				worst, where = share, r.ID
			}
		}
		if samples == 0 {
			continue
		}
		part := fmt.Sprintf("%s %s of %s", t.Label, figure.Grouped(uint64(outliers)), figure.Grouped(uint64(samples)))
		if where != "" && len(c.Rows) > 1 {
			part += fmt.Sprintf(", most in %s: %s", where, figure.Percent(worst))
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ""
	}
	return "samples beyond Tukey's fences (counted, never dropped): " + strings.Join(parts, "; ")
}

// microTitle is "median of one iteration · 12 benchmarks · 6 rounds".
func microTitle(c *micro.Comparison) string {
	rounds := 0
	for _, r := range c.Rows {
		rounds = max(rounds, len(r.Cells[0].EachPair))
	}
	return fmt.Sprintf("%s of one iteration · %s · %s", c.Statistic, figure.Count(len(c.Rows), "benchmark"), figure.Count(rounds, "round"))
}

// microFooters are what stands under the table: why verdicts are only
// indicative, and the outliers.
func microFooters(c *micro.Comparison) []string {
	var rows []verdict.Row
	for _, r := range c.Rows {
		rows = append(rows, r.Row())
	}
	lines := legend(rows)
	if l := outlierLine(c); l != "" {
		lines = append(lines, l)
	}
	return lines
}
