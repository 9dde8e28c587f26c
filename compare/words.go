package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"slices"
	"strings"
)

// referenceNote keeps anybody from taking the reference server's figures for
// those of a real implementation.
const referenceNote = "figures of the reference server say nothing about Windjammer or Rust"

// scenarioTitle is "projects: Project CRUD · 50 connections · 10 s · 5 pairs".
func scenarioTitle(s Scenario) string {
	parts := []string{s.Name}
	if s.Title != "" {
		parts[0] += ": " + s.Title
	}
	parts = append(parts, figure.Count(s.Load.Connections, "connection"), figure.Plain(s.Load.DurationS)+" s", pairsText(s))
	if len(s.LeftOut) > 0 {
		parts[len(parts)-1] += fmt.Sprintf(" (%d left out)", leftOutPairs(s))
	}
	return strings.Join(parts, " · ")
}

// pairsText is "5 pairs", and says why where there are fewer than planned.
func pairsText(s Scenario) string {
	refused := func(side Side) bool { return side.Refused != "" }
	if n := len(s.Pairs); s.State == Failed && n > 0 && n < s.Planned && !slices.ContainsFunc(s.Sides, refused) {
		return fmt.Sprintf("stopped after %d of %s: wrong answers have no speed", n, figure.Count(s.Planned, "pair"))
	}
	return figure.Count(len(s.Pairs), "pair")
}

func leftOutPairs(s Scenario) int {
	pairs := make(map[int]bool)
	for _, l := range s.LeftOut {
		pairs[l.Pair] = true
	}
	return len(pairs)
}

func leftOutLines(s Scenario) []string {
	var lines []string
	for _, l := range s.LeftOut {
		lines = append(lines, fmt.Sprintf("pair %d is not counted: %s: %s", l.Pair, l.Target, l.Reason))
		if hint := hintLine(l.Hint); hint != "" {
			lines = append(lines, hint)
		}
	}
	return lines
}

// problem is why a target has no speed in a scenario.
type problem struct{ what, example string }

func problems(side Side) []problem {
	if side.Refused != "" {
		return []problem{{what: side.Target + ", " + side.Refused}}
	}
	if len(side.Failures) == 0 {
		if side.Reason == "" || side.Spared {
			return nil
		}
		text := side.Reason
		if !strings.HasPrefix(text, side.Target) && !strings.Contains(text, " of "+side.Target) {
			text = side.Target + ": " + text
		}
		return []problem{{what: text, example: hintLine(side.Hint)}}
	}
	var list []problem
	step := ""
	for _, f := range side.Failures {
		p := problem{what: side.Target + ", " + f.words()}
		if f.Step != "" && f.Step != step {
			step = f.Step
			p.what += ", statuses " + statusList(f.Statuses)
		}
		if f.Example != nil {
			p.example = fmt.Sprintf("e.g. status %d: %s", f.Example.Status, f.Example.Body)
		}
		list = append(list, p)
	}
	return list
}

// hintLine is the line below a problem that says what to do about it.
func hintLine(hint string) string {
	if hint == "" {
		return ""
	}
	return "hint: " + hint
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
	slices.Sort(codes)
	for i, code := range codes {
		codes[i] = fmt.Sprintf("%s ×%s", code, figure.Grouped(statuses[code]))
	}
	return strings.Join(codes, ", ")
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
	printed := figure.Expected(c.Metric).Texts(values)
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

// levelName is the scenario's name, with its load where there are several.
func levelName(c *Comparison, s Scenario) string {
	for _, other := range c.Scenarios {
		if other.Name == s.Name && other.Load.Connections != s.Load.Connections {
			return fmt.Sprintf("%s@%d", s.Name, s.Load.Connections)
		}
	}
	return s.Name
}

// headline names who is held against whom.
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

// reading says how the figures of a comparison of several targets are to be
// read: they are of different kinds, and need not divide into each other.
const reading = "figures are medians over pairs; ratios are geometric means of the pairs' own ratios"

// references say of each target that was a reference server what it was.
func references(targets []Target) []string {
	var list []string
	for _, t := range targets {
		if t.Reference != "" {
			list = append(list, t.Label+": "+t.Reference)
		}
	}
	return list
}

func targetLine(c *Comparison, target Target, notes *footnotes) string {
	text := target.Label
	if target.Reference != "" {
		text += fmt.Sprintf(" (%s)%s", target.Reference, notes.mark(referenceNote))
	}
	if len(c.Targets) > 1 && target.Label == c.Baseline {
		text += ", baseline"
	}
	text += ", " + target.Created.Format("2006-01-02 15:04")
	if target.GitCommit != "" {
		text += ", commit " + target.GitCommit[:min(10, len(target.GitCommit))]
	}
	return text
}
