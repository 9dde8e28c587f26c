package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"io"
	"strconv"
	"strings"
)

// head is the part of a comparison that its opening lines are made of.
func (c *MicroComparison) head() *Comparison {
	return &Comparison{Baseline: c.Baseline, Targets: c.Targets, Notes: c.Notes}
}

func (c *MicroComparison) candidates() []int {
	var list []int
	for i := 1; i < len(c.Targets); i++ {
		list = append(list, i)
	}
	return list
}

// MicroText writes a comparison for people at a terminal.
func MicroText(w io.Writer, c *MicroComparison, o TextOptions) error {
	t := newTextWriter(w, o)
	t.head(c.head())
	t.line("")
	t.line(t.paint.as(strong, oneLine(microTitle(c), t.width)))
	var notes footnotes
	lay := func(candidates []int, d detail, n *footnotes) grid {
		return microLayout(c, candidates, d, min(idWidth, max(t.width/3, 20)), n)
	}
	for _, g := range t.fit(c.candidates(), lay, &notes) {
		t.table(g)
	}
	t.footnotes(&notes)
	for _, l := range microFooters(c) {
		t.wrapped("  ", clean(l))
	}
	return t.err
}

// MicroMarkdown writes a comparison as GitHub-flavoured markdown, with all
// columns.
func MicroMarkdown(w io.Writer, c *MicroComparison) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", escaped(headline(c.head())))
	var notes footnotes
	for _, target := range c.Targets {
		fmt.Fprintf(&b, "- %s\n", escaped(targetLine(c.head(), target, &notes)))
	}
	bullets(&b, c.Notes)
	fmt.Fprintf(&b, "\n### %s\n", escaped(microTitle(c)))
	const unlimited = 400
	markdownTable(&b, microLayout(c, c.candidates(), details[0], unlimited, &notes))
	writeFootnotes(&b, &notes)
	if footers := microFooters(c); len(footers) > 0 {
		b.WriteString("\n")
		bullets(&b, footers)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// MicroJSON writes the whole comparison, as docs/micro.md describes it.
func MicroJSON(w io.Writer, c *MicroComparison) error { return writeJSON(w, c) }

var microHeader = []string{
	"benchmark", "group", "target", "target_id", "baseline", "statistic", "unit", "value", "low", "high", "rounds",
	"work_amount", "work_unit", "outliers", "samples", "ratio", "ci_low", "ci_high", "verdict", "reason",
}

// MicroCSV writes one line for each benchmark of each target, unrounded (RFC
// 4180). What does not exist is empty, and reason says why.
func MicroCSV(w io.Writer, c *MicroComparison) error {
	out := newCSV(w)
	if err := out.Write(microHeader); err != nil {
		return err
	}
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			if err := out.Write(microCSVLine(c, r, cell)); err != nil {
				return err
			}
		}
	}
	out.Flush()
	return out.Error()
}

func microCSVLine(c *MicroComparison, r MicroRow, cell MicroCell) []string {
	rounds := 0
	for _, v := range cell.EachRound {
		if v != nil {
			rounds++
		}
	}
	work := []string{"", ""}
	if len(cell.Throughput) > 0 {
		work = []string{figure.Plain(cell.Throughput[0].Amount), clean(cell.Throughput[0].Unit)}
	}
	line := []string{
		clean(r.ID), clean(r.Group), cell.Target, clean(cell.ID), c.Baseline, string(c.Statistic), clean(r.Unit),
		orEmpty(cell.Value), orEmpty(cell.Low), orEmpty(cell.High), strconv.Itoa(rounds),
	}
	line = append(append(line, work...), strconv.Itoa(cell.Outliers), strconv.Itoa(cell.Samples))
	return append(line, microRatioFields(cell)...)
}

func microRatioFields(cell MicroCell) []string {
	reason := cell.Missing
	if reason == "" {
		reason = cell.NoRatio
	}
	fields := []string{"", "", "", "", clean(reason)}
	if x := cell.Ratio; x != nil {
		fields[0] = figure.Plain(x.Ratio)
		if v := x.Verdict; v != nil {
			fields[3] = string(v.Verdict)
			if v.CI.Known() {
				fields[1], fields[2] = figure.Plain(v.CI.Low), figure.Plain(v.CI.High)
			}
		}
	}
	return fields
}
