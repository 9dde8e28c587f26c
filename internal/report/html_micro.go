package report

import (
	"cmp"
	"fmt"

	"taskbench/compare"
	"taskbench/results"
)

// microSection shows microbenchmarks, group by group.
func microSection(c *compare.MicroComparison, docs []results.Document) section {
	d := compare.DescribeMicro(c)
	s := section{
		ID: "micro", Name: "Microbenchmarks", Headline: d.Headline, Conditions: d.Title,
		Targets: d.Targets, Footnotes: append(d.Footnotes, d.Legend...), Notes: append(d.Notes, toolchains(docs)...),
	}
	var all []compare.Line
	for _, g := range d.Groups {
		all = append(all, g.Lines...)
	}
	t := emptyTable(c.Targets, all)
	t.Scenario = "microbenchmarks"
	for _, g := range d.Groups {
		for _, l := range g.Lines {
			t.add(cmp.Or(g.Name, "all benchmarks"), newRow(l, l.Name, t.Forest))
		}
	}
	s.Table = &t
	s.Brief = microBrief(c, all)
	return s
}

// microBrief is the geometric mean of all benchmarks of every candidate, or the
// only benchmark's verdict.
func microBrief(c *compare.MicroComparison, lines []compare.Line) []string {
	if len(lines) == 0 {
		return nil
	}
	last, of := lines[len(lines)-1], ""
	if len(c.Rows) > 1 {
		of = fmt.Sprintf(", the geometric mean of %d benchmarks", len(c.Rows))
	}
	var list []string
	for i, t := range c.Targets {
		if i > 0 && last.Ratios[i].Text != "" {
			list = append(list, fmt.Sprintf("%s against %s: %s; ratio of their times %s%s",
				t.Label, c.Baseline, last.Verdicts[i].Text, last.Ratios[i].Text, of))
		}
	}
	return list
}

// toolchains are what the benchmarks were compiled with.
func toolchains(docs []results.Document) []string {
	var list []string
	for _, d := range docs {
		if d.Micro != nil && d.Micro.Toolchain != "" {
			list = append(list, d.Implementation+": compiled by "+d.Micro.Toolchain)
		}
	}
	return list
}
