package words

import (
	"fmt"

	"taskbench/compare/memory"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Memory is the page of what servers held before, under and after load.
func Memory(c *memory.Comparison) page.Page {
	p := opening(c.Targets, reading, notes(c.Notes, true))
	p.Records, p.Data = memoryRecords(c), memoryData(c)
	p.Add(loadTitle("memory", c.Scenario, c.Load))
	p.Add(forms(c.Targets, func(candidates []int, d detail) page.Form { return memoryForm(c, candidates, d) }))
	p.Add(page.Lines{Items: page.Sentences(legend(c.Rows))}, page.Space{}, memoryCurves(c))
	p.Add(page.Lines{Items: page.Sentences(leakLines(c))}, limitLines(c))
	return p
}

func memoryForm(c *memory.Comparison, candidates []int, d detail) page.Form {
	f := newForm(c.Targets, c.Rows, candidates, &d)
	for _, r := range c.Rows {
		f.Rows = append(f.Rows, row(r.Metric.Name, nil, r, candidates, d))
	}
	return f
}

func memoryCurves(c *memory.Comparison) page.Curves {
	curves := page.Curves{Title: "resident memory, last pair"}
	for _, s := range c.Sides {
		curves.Items = append(curves.Items, curve(s.Target, s.Curve, figure.Bytes))
	}
	return curves
}

// figureColumns are those of kinds whose figures have names and units of their own.
var figureColumns = []string{"scenario", "target", "name", "at", "unit", "median", "ratio", "difference", "verdict", "ci_low", "ci_high", "reason"}

// memoryRecords are one line for each figure of each target, one for each leak
// verdict, and one for each part of the courses, unrounded.
func memoryRecords(c *memory.Comparison) page.Records {
	t := newTable(figureColumns...)
	where := fields{"scenario": c.Scenario}
	t.warn(where, c.Notes...)
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			t.add(where, fields{"name": r.Metric.Name, "unit": r.Metric.Unit.Name}, cellFields(r.Metric, cell))
		}
	}
	for _, s := range c.Sides {
		if l := s.Leak; l != nil {
			t.add(where, fields{"target": s.Target, "name": "leak", "unit": "bytes/s", "median": figure.Plain(l.SlopeBS),
				"verdict": string(l.Verdict), "ci_low": figure.Plain(l.LowBS), "ci_high": figure.Plain(l.HighBS), "reason": sentences.Of(l.Reason)})
		}
	}
	for _, s := range c.Sides {
		course(t, fields{"scenario": c.Scenario, "target": s.Target, "name": "resident memory, last pair", "unit": figure.Bytes.Name}, pointers(s.Curve))
	}
	return t.Records
}

// leakLines are the verdicts on leaks.
func leakLines(c *memory.Comparison) []string {
	var out []string
	for _, s := range c.Sides {
		if s.Leak != nil {
			out = append(out, fmt.Sprintf("leak: %s is %s: %s", s.Target, LeakText(*s.Leak), sentences.Of(s.Leak.Reason)))
		}
	}
	return out
}

// limitLines hold the peaks against the documented expectation.
func limitLines(c *memory.Comparison) page.Lines {
	var out page.Lines
	for _, s := range c.Sides {
		if s.Met != nil {
			text := fmt.Sprintf("expected peak under load < %s: %s", figure.Bytes.Print(s.LimitBytes), s.Target)
			out.Items = append(out.Items, page.Line{Parts: []page.Cell{{Text: text}, mark(s.Met, "")}})
		}
	}
	return out
}

// LeakText is the verdict as a table shows it: "growing 60.1 MB/min (p < .001)".
func LeakText(l memory.Leak) string {
	if l.Verdict != stats.Growing {
		return string(l.Verdict)
	}
	return fmt.Sprintf("growing %s [%s to %s] (%s)", figure.PerMinute(l.SlopeBS), figure.PerMinute(l.LowBS), figure.PerMinute(l.HighBS), figure.P(l.P))
}
