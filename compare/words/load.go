package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// referenceNote keeps anybody from taking the reference server's figures for
// those of a real implementation.
const referenceNote = "figures of the reference server say nothing about Windjammer or Rust"

// reading says how the figures of a comparison of several targets are to be
// read: they are of different kinds, and need not divide into each other.
const reading = "figures are medians over pairs; ratios are geometric means of the pairs' own ratios"

// Load is the page of load tests.
func Load(c *compare.Comparison) page.Page {
	p := opening(c.Targets, reading, Known(c)...)
	p.Blocks = slices.Concat(first(c), p.Blocks)
	p.Summary, p.Records, p.Data = page.Sentences(summaryLines(c)), loadRecords(c), comparisonData(c)
	for i, s := range c.Scenarios {
		if i > 0 {
			p.Add(page.Space{})
		}
		p.Add(Scenario(c, s)...)
	}
	for _, s := range c.Sweeps {
		p.Add(page.Space{})
		p.Add(Sweep(c, s)...)
	}
	if blocks := Indicators(c); len(blocks) > 0 {
		p.Add(page.Space{})
		p.Add(blocks...)
	}
	return p
}

// Scenarios is the page of some scenarios with every metric, and of their steps
// where asked for. What it says of them is what the whole run may say.
func Scenarios(c *compare.Comparison, chosen []compare.Scenario, steps bool) page.Page {
	p := opening(c.Targets, reading, Known(c)...)
	p.Blocks = slices.Concat(first(c), p.Blocks)
	p.Records, p.Data = loadRecords(c), comparisonData(c)
	for i, s := range chosen {
		if !steps {
			s.Rows = slices.DeleteFunc(slices.Clone(s.Rows), func(r verdict.Row) bool { return r.Step != "" })
		}
		if i > 0 {
			p.Add(page.Space{})
		}
		p.Add(Scenario(c, s)...)
	}
	return p
}

// first is the answer, where there is a question.
func first(c *compare.Comparison) []page.Block {
	if len(c.Summary.Headline) == 0 {
		return nil
	}
	return slices.Concat([]page.Block{page.Space{}}, headlineBlocks(c), []page.Block{page.Space{}})
}

// Known is what a reader must know before all scenarios.
func Known(c *compare.Comparison) []page.Block {
	return []page.Block{flags(c.Flags, true), notes(c.Notes, true)}
}

// Scenario is the part of a page about one scenario at one load.
func Scenario(c *compare.Comparison, s compare.Scenario) []page.Block {
	title := page.Heading{Text: scenarioName(s), Under: conditions(s)}
	if s.State == compare.Failed {
		title.Alarm = "FAILED"
	}
	blocks := []page.Block{title}
	blocks = append(blocks, problems(s)...)
	if s.Measured() {
		table := forms(c.Targets, func(candidates []int, d detail) page.Form { return scenarioForm(c.Targets, s, candidates, d) })
		blocks = append(blocks, table, seconds(s), page.Lines{Items: page.Sentences(legend(s.Rows))}, expectedLines(s.Expected))
	}
	return append(blocks, page.Lines{Mark: "!", Items: page.Sentences(leftOutLines(s))}, flags(s.Flags, false), notes(s.Notes, false))
}

// below is the line under a problem: an example of an answer, or what to do about it.
func below(p compare.Problem) string {
	switch {
	case p.Example != nil:
		return fmt.Sprintf("e.g. status %d: %s", p.Example.Status, p.Example.Body)
	case p.Hint != "":
		return "hint: " + p.Hint
	}
	return ""
}

func flags(list []finding.Finding, flush bool) page.Block {
	return page.Lines{Mark: "⚠", Flush: flush, Items: page.Sentences(sentences.All(list))}
}

func notes(list []finding.Finding, flush bool) page.Block {
	return page.Lines{Mark: "!", Flush: flush, Items: page.Sentences(sentences.All(list))}
}

// seconds draws how many good answers each target gave second by second, pair
// after pair.
func seconds(s compare.Scenario) page.Block {
	const leastPoints = 5
	c := page.Curves{Title: "good/s", Inline: true}
	var high uint64
	for _, side := range s.Sides {
		if len(side.Seconds) < leastPoints {
			continue
		}
		one := page.Curve{Label: side.Target}
		for _, n := range side.Seconds {
			one.Values = append(one.Values, float64(n))
		}
		c.Items = append(c.Items, one)
		high = max(high, slices.Max(side.Seconds))
	}
	c.Scale = "0 to " + figure.Throughput.Text(float64(high))
	return c
}

// headline names who is held against whom.
func headline(targets []lineup.Target) string {
	var others []string
	for _, target := range targets[1:] {
		others = append(others, target.Label)
	}
	if len(others) == 0 {
		return targets[0].Label
	}
	return strings.Join(others, ", ") + " against " + targets[0].Label
}

// Targets say who was measured, when, and whether it was the reference server.
func Targets(targets []lineup.Target) []page.Line {
	var lines []page.Line
	for i, target := range targets {
		one := page.Line{Text: target.Label, Of: target.Label}
		rest := ", " + target.Created.Format("2006-01-02 15:04")
		if i == 0 && len(targets) > 1 {
			rest = ", baseline" + rest
		}
		if target.GitCommit != "" {
			rest += ", commit " + target.GitCommit[:min(10, len(target.GitCommit))]
		}
		if target.Reference != "" {
			one.Text += fmt.Sprintf(" (%s)", target.Reference)
			one.Notes = []string{referenceNote}
		}
		one.Text += rest
		lines = append(lines, one)
	}
	return lines
}

// scenarioName is "projects: Project CRUD".
func scenarioName(s compare.Scenario) string {
	if s.Title == "" {
		return s.Name
	}
	return s.Name + ": " + s.Title
}

// conditions are "50 connections · 10 s · 5 pairs".
func conditions(s compare.Scenario) string {
	parts := []string{"closed, " + figure.Count(s.Load.Connections, "connection")}
	if s.Load.Open() {
		parts = []string{modelText(s), figure.Count(s.Load.Connections, "connection")}
	}
	if by, one := sentBy(s); one && by.Known() != "" {
		parts = append(parts, sentWith("", by))
	}
	parts = append(parts, figure.Plain(cmp.Or(s.PairS, s.Load.DurationS))+" s"+slotsText(s), pairsText(s))
	if len(s.LeftOut) > 0 {
		parts[len(parts)-1] += fmt.Sprintf(" (%d left out)", leftOutPairs(s))
	}
	return strings.Join(parts, " · ")
}

// sentBy is what sent the load of a scenario, and whether all sides had it so: of those
// that had not, the reason says what each had.
func sentBy(s compare.Scenario) (results.Sender, bool) {
	other := func(side compare.Side) bool {
		return slices.ContainsFunc(side.Reason.More, func(f finding.Finding) bool { return f.Code == finding.OtherSender })
	}
	return s.Sender, !slices.ContainsFunc(s.Sides, other)
}

// sentWith is ", sent by k6 on 2 hosts", behind what stands before it; empty for wrk on
// one machine alone.
func sentWith(before string, by results.Sender) string {
	if by.Known() == "" {
		return ""
	}
	return before + "sent by " + by.String()
}

// modelText is "open, 2000/s, constant", and "open, 200 iterations/s, poisson" where
// those have several requests.
func modelText(s compare.Scenario) string {
	text := s.Load.Model()
	if s.Load.Open() && s.Mode == flowMode {
		text = strings.ReplaceAll(text, "/s", " iterations/s")
	}
	return text
}

// slotsText says how servers that were measured together shared the time.
func slotsText(s compare.Scenario) string {
	switch {
	case s.SlotS > 0:
		return fmt.Sprintf(" in slots of %.0f ms", s.SlotS*1000)
	case len(s.Sides) > 1 && len(s.Pairs) > 0:
		return " in turn"
	}
	return ""
}

// pairsText is "5 pairs", and says why where there are fewer than planned.
func pairsText(s compare.Scenario) string {
	refused := func(side compare.Side) bool { return side.Refused != "" }
	if n := len(s.Pairs); s.State == compare.Failed && n > 0 && n < s.Planned && !slices.ContainsFunc(s.Sides, refused) {
		return fmt.Sprintf("stopped after %d of %s: wrong answers have no speed", n, figure.Count(s.Planned, "pair"))
	}
	return figure.Count(len(s.Pairs), "pair")
}

func leftOutPairs(s compare.Scenario) int {
	pairs := make(map[int]bool)
	for _, l := range s.LeftOut {
		pairs[l.Pair] = true
	}
	return len(pairs)
}

func leftOutLines(s compare.Scenario) []string {
	var lines []string
	for _, l := range s.LeftOut {
		lines = append(lines, fmt.Sprintf("pair %d is not counted: %s: %s", l.Pair, l.Target, strings.TrimPrefix(sentences.Of(l.Reason), l.Target+": ")))
		if l.Hint != "" {
			lines = append(lines, "hint: "+l.Hint)
		}
	}
	return lines
}

// expectedLines are one line an expectation: every target's figure, ✓ or ✗.
func expectedLines(list []compare.Expectation) page.Block {
	var lines page.Lines
	for _, c := range list {
		lines.Items = append(lines.Items, expectedLine(c))
	}
	return lines
}

func expectedLine(c compare.Expectation) page.Line {
	name := c.Metric
	if c.Step != "" {
		name = c.Step + " " + name
	}
	printed := reached(c)
	line := page.Line{Parts: []page.Cell{{Text: fmt.Sprintf("expected %s %s:", name, c.Text)}}}
	for i, r := range c.Results {
		text := fmt.Sprintf(" %s %s", r.Target, printed[i])
		if i > 0 {
			text = " ·" + text
		}
		line.Parts = append(line.Parts, page.Cell{Text: text}, mark(r.Met, sentences.Of(r.Missing)))
	}
	return line
}

// reached are the targets' figures of an expectation, as tables print them.
func reached(c compare.Expectation) []string {
	values := make([]*float64, len(c.Results))
	for i, r := range c.Results {
		values[i] = r.Median
	}
	return figure.Expected(c.Metric).Texts(values)
}

// mark is whether an expectation was met.
func mark(met *bool, missing string) page.Cell {
	switch {
	case met == nil:
		return page.Cell{Text: " (not checked: " + missing + ")"}
	case *met:
		return page.Cell{Text: " ✓", Mood: page.Good}
	}
	return page.Cell{Text: " ✗ missed", Mood: page.Bad}
}

// legend says once under a table why verdicts are only indicative.
func legend(rows []verdict.Row) []string {
	var lines []string
	for _, r := range rows {
		for _, c := range r.Cells {
			if c.Ratio == nil || c.Ratio.Verdict == nil || c.Ratio.Verdict.Verdict != stats.Indicative {
				continue
			}
			if l := "indicative: " + sentences.Of(c.Ratio.Verdict.Reason); !slices.Contains(lines, l) {
				lines = append(lines, l)
			}
		}
	}
	return lines
}
