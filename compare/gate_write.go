package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"io"
	"strings"

	"taskbench/compare/stats"
)

// GateText writes a gate's decisions for people at a terminal: a table, the
// reasons of all that did not pass, and one line to sum up.
func GateText(w io.Writer, g *GateReport, o TextOptions) error {
	t := newTextWriter(w, o)
	t.line(t.paint.as(strong, oneLine(g.headline(), t.width)))
	t.notes(g.Notes)
	t.line("")
	table := g.grid(false)
	if table.width() > t.width {
		table = g.grid(true)
	}
	t.table(table)
	for _, r := range g.reasons() {
		t.wrapped("  "+t.paint.as(outcomeStyle[r.outcome], outcomeWord(r.outcome))+" ", clean(r.text))
	}
	t.line("")
	t.wrapped("", clean(g.summary()))
	return t.err
}

// GateMarkdown writes them for a pull request's comment.
func GateMarkdown(w io.Writer, g *GateReport) error {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n", escaped(g.headline()))
	if len(g.Notes) > 0 {
		b.WriteString("\n")
	}
	bullets(&b, g.Notes)
	markdownTable(&b, g.grid(false))
	b.WriteString("\n")
	for _, r := range g.reasons() {
		fmt.Fprintf(&b, "- %s %s\n", outcomeWord(r.outcome), escaped(r.text))
	}
	fmt.Fprintf(&b, "\n%s\n", escaped(g.summary()))
	_, err := io.WriteString(w, b.String())
	return err
}

// GateJSON writes the whole report.
func GateJSON(w io.Writer, g *GateReport) error { return writeJSON(w, g) }

type gateReason struct {
	outcome stats.Outcome
	text    string
}

// reasons are those of all that did not pass; what has the same reason shares
// a sentence.
func (g *GateReport) reasons() []gateReason {
	var order []stats.Decision
	subjects := make(map[stats.Decision][]string)
	for _, d := range g.Decisions {
		if d.Outcome == stats.Pass {
			continue
		}
		if subjects[d.Decision] == nil {
			order = append(order, d.Decision)
		}
		subjects[d.Decision] = append(subjects[d.Decision], d.subject(g))
	}
	var list []gateReason
	for _, d := range order {
		list = append(list, gateReason{d.Outcome, strings.Join(subjects[d], ", ") + ": " + d.Reason})
	}
	return list
}

func (g *GateReport) headline() string {
	if g.BaselineRun != "" {
		return fmt.Sprintf("gate: now against run %s, with %s as control", g.BaselineRun, g.Baseline)
	}
	return "gate: against " + g.Baseline
}

// several reports whether decisions are about more than one target.
func (g *GateReport) several() bool {
	for _, d := range g.Decisions {
		if d.Target != g.Decisions[0].Target {
			return true
		}
	}
	return false
}

// subject is "projects throughput", with the candidate where there are several.
func (d GateDecision) subject(g *GateReport) string {
	text := g.level(d)
	if d.Metric != nil {
		text += " " + d.Metric.Name
	}
	if g.several() {
		text = d.Target + ", " + text
	}
	return text
}

// level is the scenario, with its connections where there are several.
func (g *GateReport) level(d GateDecision) string {
	for _, other := range g.Decisions {
		if other.Scenario == d.Scenario && other.Connections != d.Connections {
			return fmt.Sprintf("%s@%d", d.Scenario, d.Connections)
		}
	}
	return d.Scenario
}

// levelWidth is how many columns a scenario's or benchmark's name may take.
const levelWidth = 40

// grid is the table; narrow leaves the two runs' own ratios to JSON.
func (g *GateReport) grid(narrow bool) grid {
	table := grid{header: []string{"", "metric"}, texts: []string{"metric", "candidate", "outcome"}}
	if g.several() {
		table.header = append(table.header, "candidate")
	}
	both := g.BaselineRun != "" && !narrow
	if both {
		table.header = append(table.header, "ratio then", "ratio now")
	}
	table.header = append(table.header, map[bool]string{true: "now/then", false: "ratio"}[g.BaselineRun != ""]+" [95 % CI]", "outcome")
	var levels []string
	for _, d := range g.Decisions {
		levels = append(levels, g.level(d))
	}
	levels = cutNames(levels, levelWidth)
	last := ""
	for i, d := range g.Decisions {
		name, metric := levels[i], "–"
		if d.Metric != nil {
			metric = d.Metric.Name
		}
		if name == last {
			name = ""
		} else {
			last = name
		}
		row := []box{{name, usual}, {metric, usual}}
		if g.several() {
			row = append(row, box{d.Target, usual})
		}
		if both {
			row = append(row, box{d.Then.text(), usual}, box{d.Now.text(), usual})
		}
		table.rows = append(table.rows, append(row, box{d.Ratio.text(), usual}, box{outcomeWord(d.Outcome), outcomeStyle[d.Outcome]}))
	}
	return table
}

func (r *GateRatio) text() string {
	if r == nil {
		return figure.None
	}
	return intervalText(r.Ratio, r.CI)
}

var outcomeStyle = map[stats.Outcome]style{stats.Failed: bad, stats.Warned: strong, stats.Undetermined: faint, stats.Pass: good}

func outcomeWord(o stats.Outcome) string {
	if o == stats.Failed {
		return "FAIL"
	}
	return string(o)
}

// summary is "gate failed: 1 fail, 2 pass (warn above 5 %, fail above 10 %)".
func (g *GateReport) summary() string {
	var parts []string
	for _, o := range []stats.Outcome{stats.Failed, stats.Warned, stats.Undetermined, stats.Pass} {
		if n := g.Counts[o]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	word := map[stats.Outcome]string{
		stats.Failed: "failed", stats.Warned: "passed with warnings", stats.Undetermined: "inconclusive", stats.Pass: "passed",
	}[g.Outcome]
	if len(parts) == 0 {
		parts = []string{"nothing was measured"}
	}
	return fmt.Sprintf("gate %s: %s (%s, warns above %s, fails above %s)", word, strings.Join(parts, ", "), g.Rule.Mode, figure.Percent(g.Rule.Warn), figure.Percent(g.Rule.Fail))
}
