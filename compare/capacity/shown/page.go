// Package shown makes the page of searches for capacity.
package shown

import (
	"fmt"
	"strings"

	"taskbench/compare/capacity"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Page says what each server carries, and how they compare.
func Page(c *capacity.Comparison) page.Page {
	p := page.Page{Headline: names(c.Targets), Records: records(c), Data: sentences.WithTexts(c)}
	p.Add(page.Lines{Items: words.Targets(c.Targets)})
	p.Add(page.Lines{Mark: "!", Items: page.Sentences(sentences.All(c.Notes))}, page.Space{})
	of := fmt.Sprintf("%s · %s · %s", c.Scenario, c.Objective, figure.Count(c.Repeats, "repeat"))
	p.Add(page.Heading{Text: "capacity: " + of, Of: of})
	p.Add(page.Lines{Items: page.Sentences(answers(c))}, page.Space{}, carriedTable(c), page.Space{})
	if len(c.Curve) > 0 {
		p.Add(curveTable(c), page.Lines{Items: page.Sentences([]string{curveLegend(c)})})
		if len(c.Curve) > 1 {
			p.Add(curves(c))
		}
		p.Add(page.Space{})
	}
	p.Add(expectedLines(c))
	return p
}

// names is "windjammer against rust".
func names(targets []lineup.Target) string {
	var others []string
	for _, t := range targets[1:] {
		others = append(others, t.Label)
	}
	if len(others) == 0 {
		return targets[0].Label
	}
	return strings.Join(others, ", ") + " against " + targets[0].Label
}

// Brief is the answer alone, and whether documented capacities are reached.
func Brief(c *capacity.Comparison) []page.Line {
	return append(page.Sentences(answers(c)), expectedLines(c).Items...)
}

// answers are a sentence for each candidate, or for the only server.
func answers(c *capacity.Comparison) []string {
	if len(c.Sides) == 1 {
		return []string{fmt.Sprintf("at %s, %s", c.Objective, carries(c.Sides[0]))}
	}
	var out []string
	for _, s := range c.Sides[1:] {
		out = append(out, answer(c, s))
	}
	return out
}

// answer is "at p95 < 20ms, rust carries 1.08 [1.04 to 1.12] times the load of windjammer".
func answer(c *capacity.Comparison, s capacity.Side) string {
	j := s.Against
	if j == nil || j.Ratio == 0 {
		return fmt.Sprintf("at %s, %s, and %s", c.Objective, carries(s), carries(c.Sides[0]))
	}
	times := fmt.Sprintf("at %s, %s carries %s times the load of %s", c.Objective, s.Target, figure.Interval(j.Ratio, j.CI), c.Baseline)
	switch j.Verdict {
	case stats.Faster:
		return times + ": more"
	case stats.Slower:
		return times + ": less"
	case stats.Parity:
		return times + ": the same within 5 %"
	case stats.Indicative:
		return times + ": a hint, too few repeats for a verdict"
	}
	return times + ": undecided"
}

// carries says a server's rate as far as it is known: "rust carries 1.99 k/s [1.97 to 2.02 k/s]".
func carries(s capacity.Side) string {
	rate := figure.Rate.Print(s.Rate)
	switch s.Outcome {
	case capacity.Found:
		return s.Target + " carries " + rate + " " + interval(s)
	case capacity.Never:
		return s.Target + " carries less than " + rate
	case capacity.Always, capacity.Generator:
		return s.Target + " carries at least " + rate
	}
	return "the search of " + s.Target + " did not come to its end"
}

// interval is that of a rate, in the unit of the rate: "[1.97 to 2.02 k/s]".
func interval(s capacity.Side) string {
	if !s.CI.Known() {
		return ""
	}
	low := strings.Fields(figure.Rate.Text(s.CI.Low, s.Rate))
	return "[" + low[0] + " to " + figure.Rate.Text(s.CI.High, s.Rate) + "]"
}

// mark is the sign of an expectation that was checked.
func mark(met *bool) page.Cell {
	switch {
	case met == nil:
		return page.Cell{Text: " not known", Mood: page.Faint}
	case *met:
		return page.Cell{Text: " ✓", Mood: page.Good}
	}
	return page.Cell{Text: " ✗", Mood: page.Bad}
}

// expectedLines hold what is documented against what was found.
func expectedLines(c *capacity.Comparison) page.Lines {
	var out page.Lines
	for _, e := range c.Expected {
		line := page.Line{Parts: []page.Cell{{Text: "expected capacity " + e.Text + ":"}}}
		for i, r := range e.Results {
			before := " "
			if i > 0 {
				before = " · "
			}
			line.Parts = append(line.Parts, page.Cell{Text: before + r.Target, Of: r.Target}, mark(r.Met))
		}
		out.Items = append(out.Items, line)
	}
	return out
}

// Missed says which servers miss a documented capacity, one sentence each.
func Missed(c *capacity.Comparison) []string {
	var out []string
	for _, e := range c.Expected {
		for i, r := range e.Results {
			if r.Met != nil && !*r.Met {
				out = append(out, fmt.Sprintf("%s, expected is %s", carries(c.Sides[i]), e.Text))
			}
		}
	}
	return out
}
