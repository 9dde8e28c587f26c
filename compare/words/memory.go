package words

import (
	"cmp"
	"fmt"

	"taskbench/compare"
	"taskbench/internal/figure"
	"taskbench/internal/page"
)

// Memory is the page of what servers held before, under and after load.
func Memory(c *compare.MemoryComparison) page.Page {
	p := opening(c.Targets, reading, notes(c.Notes, true))
	p.Records, p.Data = memoryRecords(c), c
	p.Add(page.Heading{Text: loadTitle("memory", c.Scenario, c.Load)})
	p.Add(forms(c.Targets, func(candidates []int, d detail) page.Form { return memoryForm(c, candidates, d) }))
	p.Add(page.Lines{Items: page.Sentences(legend(c.TableRows()))}, page.Space{}, memoryCurves(c))
	p.Add(page.Lines{Items: page.Sentences(leakLines(c))}, limitLines(c))
	return p
}

func memoryForm(c *compare.MemoryComparison, candidates []int, d detail) page.Form {
	rows := c.TableRows()
	f := newForm(c.Targets, rows, candidates, &d)
	for n, r := range rows {
		f.Rows = append(f.Rows, row(c.Rows[n].Name, nil, r, candidates, d))
	}
	return f
}

func memoryCurves(c *compare.MemoryComparison) page.Curves {
	curves := page.Curves{Title: "resident memory, last pair"}
	for _, s := range c.Sides {
		curves.Items = append(curves.Items, curve(s.Target, s.Curve, figure.Bytes))
	}
	return curves
}

// memoryRecords are one line for each figure of each target, and one for each
// leak verdict, unrounded.
func memoryRecords(c *compare.MemoryComparison) page.Records {
	records := page.Records{Header: []string{"scenario", "target", "name", "unit", "median", "ratio", "verdict", "ci_low", "ci_high", "reason"}}
	for _, r := range c.Rows {
		for _, cell := range r.Cells {
			line := []string{c.Scenario, cell.Target, r.Name, r.Unit, orEmpty(cell.Median), "", "", "", "", cmp.Or(cell.Missing, cell.NoRatio)}
			if x := cell.Ratio; x != nil {
				line[5] = figure.Plain(x.Ratio)
				if x.Verdict != nil {
					copy(line[6:], verdictFields(x.Verdict))
					line[6], line[9] = r.Figure.Word(x.Verdict.Verdict), x.Verdict.Reason
				}
			}
			records.Rows = append(records.Rows, line)
		}
	}
	for _, s := range c.Sides {
		if l := s.Leak; l != nil {
			records.Rows = append(records.Rows, []string{
				c.Scenario, s.Target, "leak", "bytes/s", figure.Plain(l.SlopeBS), "", string(l.Verdict), figure.Plain(l.LowBS), figure.Plain(l.HighBS), l.Reason,
			})
		}
	}
	return records
}

// leakLines are the verdicts on leaks.
func leakLines(c *compare.MemoryComparison) []string {
	var out []string
	for _, s := range c.Sides {
		if s.Leak != nil {
			out = append(out, fmt.Sprintf("leak: %s is %s: %s", s.Target, LeakText(*s.Leak), s.Leak.Reason))
		}
	}
	return out
}

// limitLines hold the peaks against the documented expectation.
func limitLines(c *compare.MemoryComparison) page.Lines {
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
func LeakText(l compare.Leak) string {
	if l.Verdict != compare.Growing {
		return string(l.Verdict)
	}
	return fmt.Sprintf("growing %s [%s to %s] (%s)", figure.PerMinute(l.SlopeBS), figure.PerMinute(l.LowBS), figure.PerMinute(l.HighBS), figure.P(l.P))
}
