package compare

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// TextOptions says what a terminal can show.
type TextOptions struct {
	Width int  // columns; 0 is 100. Columns of the table are left out rather than wrapped
	Color bool // ANSI colours; they never say what the words do not
}

const defaultWidth = 100

// referenceNote keeps anybody from taking the reference server's figures for
// those of a real implementation.
const referenceNote = "figures of the reference server say nothing about Windjammer or Rust"

// textWriter collects lines; the first error of w stays.
type textWriter struct {
	w     io.Writer
	err   error
	width int
	paint painter
}

// Text writes a comparison for people at a terminal.
func Text(w io.Writer, c *Comparison, o TextOptions) error {
	if o.Width <= 0 {
		o.Width = defaultWidth
	}
	t := &textWriter{w: w, width: o.Width, paint: painter(o.Color)}
	t.head(c)
	for _, s := range c.Scenarios {
		t.line("")
		t.scenario(c, s)
	}
	t.line("")
	for _, l := range summaryLines(c) {
		t.wrapped("", clean(l))
	}
	return t.err
}

func (t *textWriter) line(text string) {
	if t.err == nil {
		_, t.err = io.WriteString(t.w, strings.TrimRight(text, " ")+"\n")
	}
}

// clean takes from foreign text what could move the cursor.
func clean(text string) string { return oneLine(text, 0) }

// wrapped writes a long sentence that is clean; further lines are indented
// below the text that follows mark.
func (t *textWriter) wrapped(mark, text string) {
	indent := strings.Repeat(" ", textWidth(mark))
	current := mark
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			current += word
		case textWidth(current)+1+textWidth(word) > t.width:
			t.line(current)
			current = indent + word
		default:
			current += " " + word
		}
	}
	t.line(current)
}

// head says who is compared.
func (t *textWriter) head(c *Comparison) {
	t.line(t.paint.as(strong, oneLine(headline(c), t.width)))
	var notes footnotes
	for _, target := range c.Targets {
		t.wrapped("  ", clean(targetLine(c, target, &notes)))
	}
	t.footnotes(&notes)
	for _, n := range c.Notes {
		t.wrapped("! ", clean(n))
	}
}

func headline(c *Comparison) string {
	if len(c.Targets) == 1 {
		return c.Baseline
	}
	var others []string
	for _, target := range c.Targets[1:] {
		others = append(others, target.Label)
	}
	return strings.Join(others, ", ") + " against " + c.Baseline
}

func targetLine(c *Comparison, target Target, notes *footnotes) string {
	text := target.Label
	if len(c.Targets) > 1 && target.Label == c.Baseline {
		text += " (baseline)"
	}
	if target.Reference != "" {
		text += fmt.Sprintf(" (%s)%s", target.Reference, notes.mark(referenceNote))
	}
	text += ", " + target.Created.Format("2006-01-02 15:04")
	if target.GitCommit != "" {
		text += ", commit " + target.GitCommit[:min(10, len(target.GitCommit))]
	}
	return text
}

func (t *textWriter) footnotes(notes *footnotes) {
	for i, reason := range notes.reasons {
		t.wrapped("  "+superscript(i+1)+" ", clean(reason))
	}
}

func (t *textWriter) scenario(c *Comparison, s Scenario) {
	title := oneLine(scenarioTitle(s), t.width)
	if s.State == Failed {
		title = t.paint.as(bad, "FAILED") + " " + t.paint.as(strong, oneLine(scenarioTitle(s), t.width-7))
	} else {
		title = t.paint.as(strong, title)
	}
	t.line(title)
	for _, side := range s.Sides {
		for _, problem := range problems(s, side) {
			t.wrapped("  "+t.paint.as(bad, "✗")+" ", clean(problem.what))
			if problem.example != "" {
				t.line("      " + oneLine(problem.example, t.width-6))
			}
		}
	}
	var notes footnotes
	for _, g := range t.fit(c, s, &notes) {
		t.table(g)
	}
	t.footnotes(&notes)
	t.expected(s)
	for _, l := range s.LeftOut {
		t.wrapped("  ! ", clean(fmt.Sprintf("pair %d is not counted: %s: %s", l.Pair, l.Target, l.Reason)))
	}
	for _, n := range s.Notes {
		t.wrapped("  ! ", clean(n))
	}
}

// scenarioTitle is "projects: Project CRUD · 50 connections · 10 s · 5 pairs".
func scenarioTitle(s Scenario) string {
	parts := []string{s.Name}
	if s.Title != "" {
		parts[0] += ": " + s.Title
	}
	parts = append(parts, count(s.Load.Connections, "connection"), plain(s.Load.DurationS)+" s", count(len(s.Pairs), "pair"))
	if len(s.LeftOut) > 0 {
		parts[len(parts)-1] += fmt.Sprintf(" (%d left out)", leftOutPairs(s))
	}
	return strings.Join(parts, " · ")
}

func leftOutPairs(s Scenario) int {
	pairs := make(map[int]bool)
	for _, l := range s.LeftOut {
		pairs[l.Pair] = true
	}
	return len(pairs)
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// problem is why a target has no speed in a scenario.
type problem struct{ what, example string }

func problems(s Scenario, side Side) []problem {
	if len(side.Failures) == 0 {
		if side.Reason == "" {
			return nil
		}
		text := side.Reason
		if !strings.HasPrefix(text, side.Target) && !strings.Contains(text, " of "+side.Target) {
			text = side.Target + ": " + text
		}
		return []problem{{what: text}}
	}
	var list []problem
	for _, f := range side.Failures {
		p := problem{what: fmt.Sprintf("%s, step %s: %s not as expected in %s of %s answers (%s), statuses %s",
			side.Target, f.Step, f.Unmet, grouped(f.Count), grouped(f.Answers), percent(f.Fraction), statusList(f.Statuses))}
		if f.Example != nil {
			p.example = fmt.Sprintf("e.g. status %d: %s", f.Example.Status, f.Example.Body)
		}
		list = append(list, p)
	}
	return list
}

// statusList is "500 ×12, 201 ×3,988", in the order of the codes.
func statusList(statuses map[string]uint64) string {
	var codes []string
	for code := range statuses {
		codes = append(codes, code)
	}
	if len(codes) == 0 {
		return "unknown"
	}
	slices.SortFunc(codes, cmp.Compare[string])
	for i, code := range codes {
		codes[i] = fmt.Sprintf("%s ×%s", code, grouped(statuses[code]))
	}
	return strings.Join(codes, ", ")
}

// grouped writes 12345 as 12,345.
func grouped(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// expected writes one line an expectation: every target's figure, ✓ or ✗.
func (t *textWriter) expected(s Scenario) {
	for _, c := range s.Expected {
		t.wrapped("  ", expectedLine(c, t.paint))
	}
}

func expectedLine(c Check, paint painter) string {
	name := c.Metric
	if c.Step != "" {
		name = c.Step + " " + name
	}
	values := make([]*float64, len(c.Results))
	for i, r := range c.Results {
		values[i] = r.Median
	}
	printed := figures(metricOf(c.Metric), values)
	var reached []string
	for i, r := range c.Results {
		reached = append(reached, fmt.Sprintf("%s %s %s", r.Target, printed[i], verdictMark(r, paint)))
	}
	return fmt.Sprintf("expected %s %s: %s", clean(name), clean(c.Text), strings.Join(reached, " · "))
}

func verdictMark(r CheckResult, paint painter) string {
	switch {
	case r.Met == nil:
		return "(not checked: " + clean(r.Missing) + ")"
	case *r.Met:
		return paint.as(good, "✓")
	}
	return paint.as(bad, "✗ missed")
}

// summaryLines end the report: what became of the scenarios, how fast the
// candidates were, how many expectations were met.
func summaryLines(c *Comparison) []string {
	total := 0
	var states []string
	for _, s := range []State{Compared, Measured, Failed, Refused, Unmeasured} {
		if n := c.Summary.Scenarios[s]; n > 0 {
			total += n
			states = append(states, fmt.Sprintf("%d %s", n, s))
		}
	}
	lines := []string{strings.TrimSuffix(count(total, "scenario")+": "+strings.Join(states, ", "), ": ")}
	for i := 1; i < len(c.Targets); i++ {
		if ratios := throughputs(c, i); len(ratios) > 0 {
			lines = append(lines, fmt.Sprintf("throughput of %s against %s: %s", c.Targets[i].Label, c.Baseline, strings.Join(ratios, ", ")))
		}
	}
	var met []string
	for _, e := range c.Summary.Expectations {
		if all := e.Met + e.Missed + e.Unchecked; all > 0 {
			met = append(met, fmt.Sprintf("%s %d of %d", e.Target, e.Met, all))
		}
	}
	if len(met) > 0 {
		lines = append(lines, "expectations met: "+strings.Join(met, ", "))
	}
	return lines
}

func throughputs(c *Comparison, target int) []string {
	var ratios []string
	for _, s := range c.Scenarios {
		for _, r := range s.Rows {
			if ratio := r.Cells[target].Ratio; r.Step == "" && r.Metric == Throughput && ratio != nil {
				ratios = append(ratios, fmt.Sprintf("%s %s", levelName(c, s), ratioText(ratio.Ratio)))
			}
		}
	}
	return ratios
}

// levelName is the scenario's name, with its load where there are several.
func levelName(c *Comparison, s Scenario) string {
	for _, other := range c.Scenarios {
		if other.Name == s.Name && other.Load.Connections != s.Load.Connections {
			return fmt.Sprintf("%s@%d", s.Name, s.Load.Connections)
		}
	}
	return s.Name
}
