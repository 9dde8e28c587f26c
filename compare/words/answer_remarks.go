package words

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/sentences"
)

// remarks are what a reader should know beside the figures, each once.
func remarks(c *compare.Comparison) []string {
	var list []string
	for _, line := range []string{missedLine(c), differLine(c), leftOutLine(c), uncomparedLine(c), referenceLine(c)} {
		if line != "" {
			list = append(list, line)
		}
	}
	for _, s := range c.Sweeps {
		if line := KneeLine(s); line != "" {
			list = append(list, s.Scenario+", "+line)
		}
	}
	return list
}

// referenceLine keeps anybody from taking the reference server's figures for
// those of a real implementation.
func referenceLine(c *compare.Comparison) string {
	var who []string
	for _, t := range c.Targets {
		if t.Reference != "" {
			who = append(who, t.Label+" ("+t.Reference+")")
		}
	}
	return sentences.Join(": ", strings.Join(who, ", "), map[bool]string{true: referenceNote}[len(who) > 0])
}

// missedLine is the expectations that were missed; "" where none was.
func missedLine(c *compare.Comparison) string {
	var met []string
	missed := false
	for i, e := range c.Summary.Expectations {
		text := metText(e)
		if text == "" {
			continue
		}
		var what []string
		for _, s := range c.Scenarios {
			for _, check := range s.Expected {
				if r := check.Results[i]; r.Met != nil && !*r.Met {
					what = append(what, fmt.Sprintf("%s %s %s, was %s", c.Level(s), sentences.Join(" ", check.Step, check.Metric), check.Text, reached(check)[i]))
				}
			}
		}
		missed = missed || len(what) > 0
		met = append(met, sentences.Join(": ", e.Target+" "+text, strings.Join(what, "; ")))
	}
	if !missed {
		return ""
	}
	return "expectations met: " + strings.Join(met, " · ")
}

// differLine is where the servers answered differently.
func differLine(c *compare.Comparison) string {
	var where []string
	allowed := true
	for _, s := range c.Scenarios {
		has := func(list []finding.Finding, code finding.Code) bool {
			return slices.ContainsFunc(list, func(f finding.Finding) bool { return f.Code == code })
		}
		if has(slices.Concat(c.Flags, s.Flags), finding.AnswersDiffer) {
			where = append(where, c.Level(s))
			allowed = allowed && has(s.Notes, finding.OwnScenario)
		}
	}
	if len(where) == 0 {
		return ""
	}
	text := "answers differ in " + outOf(c, len(where))
	if len(where) < len(c.Scenarios) || len(where) == 1 {
		text += " (" + strings.Join(where, ", ") + ")"
	}
	if allowed {
		return text + ", where their scenarios differ, too"
	}
	return text
}

// leftOutLine is the pairs that count for nothing, and why, each reason once.
func leftOutLine(c *compare.Comparison) string {
	var parts, told []string
	for _, s := range c.Scenarios {
		if n := leftOutPairs(s); n > 0 {
			text := fmt.Sprintf("%d of %s", n, c.Level(s))
			if why := leftOutReasons(s, &told); why != "" {
				text += " (" + why + ")"
			}
			parts = append(parts, text)
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return "pairs not counted: " + strings.Join(parts, ", ")
}

// leftOutReasons are those of a scenario that were not told yet.
func leftOutReasons(s compare.Scenario, told *[]string) string {
	const most = 3
	var list []string
	more := 0
	for _, l := range s.LeftOut {
		why := sentences.Of(l.Reason)
		switch {
		case slices.Contains(*told, why):
		case len(list) == most:
			more++
		default:
			list, *told = append(list, fmt.Sprintf("%s, pair %d: %s", l.Target, l.Pair, why)), append(*told, why)
		}
	}
	if more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, "; ")
}

// uncomparedLine is why scenarios have no ratio, where it is not their answers.
func uncomparedLine(c *compare.Comparison) string {
	var list []string
	for _, s := range c.Scenarios {
		if s.State == compare.Failed {
			continue
		}
		for _, reason := range uncompared(s) {
			list = append(list, sentences.Join(": ", c.Level(s), sentences.Of(reason)))
		}
	}
	if len(list) == 0 {
		return ""
	}
	return "not compared: " + strings.Join(list, " · ")
}

// uncompared are the reasons of a scenario's sides, one that is the same for
// several once: a pair that one server breaks is lost to all.
func uncompared(s compare.Scenario) []finding.Finding {
	var list []finding.Finding
	at := map[string]int{}
	for _, side := range s.Sides {
		f := side.Reason
		if f.IsZero() || side.State == compare.Compared || side.State == compare.Measured {
			continue
		}
		why := string(f.Code) + strings.Join(append(slices.Clone(f.Said), sentences.All(f.More)...), "; ")
		if i, met := at[why]; met && f.Target != list[i].Target {
			list[i].Target += " or " + f.Target
			continue
		}
		at[why], list = len(list), append(list, f)
	}
	return list
}
