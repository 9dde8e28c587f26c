package words

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

const countsReading = "figures are of one answer, medians over recordings, ± half of how far these lie apart; ratios are geometric means of the recordings' own ratios"

// Ledger is the page of what answers cost, counted.
func Ledger(c *compare.LedgerComparison) page.Page {
	p := opening(c.Targets, countsReading, notes(c.Notes, true))
	p.Summary, p.Records, p.Data = LedgerBrief(c), ledgerRecords(c), ledgerData(c)
	for i, s := range c.Scenarios {
		if i > 0 {
			p.Add(page.Space{})
		}
		p.Add(ledgerParts(c, s)...)
	}
	return p
}

func ledgerParts(c *compare.LedgerComparison, s compare.Scenario) []page.Block {
	title := fmt.Sprintf("ledger of %s: %s", s.Name, countedText(s))
	list := []page.Block{page.Heading{Text: title, Of: s.Name}, page.Lines{Mark: "!", Items: page.Sentences(scenarioWarnings(s))}}
	if len(s.Rows) > 0 {
		list = append(list, forms(c.Targets, func(candidates []int, d detail) page.Form { return ledgerForm(c.Targets, s, candidates, d) }))
	}
	return append(list, page.Lines{Items: page.Sentences(append(legend(s.Rows), timeLines(c, s.Name)...))})
}

// countedText is "slope from 10 to 30 virtual users, one request at a time · 5 recordings".
func countedText(s compare.Scenario) string {
	return fmt.Sprintf("slope from %d to %d virtual users, one request at a time · %s", s.Load.Connections, compare.LedgerTimes*s.Load.Connections, figure.Count(len(s.Pairs), "recording"))
}

func ledgerForm(targets []lineup.Target, s compare.Scenario, candidates []int, d detail) page.Form {
	f := newForm(targets, s.Rows, candidates, &d)
	titled := ""
	for _, r := range s.Rows {
		step := r.Step
		if step == "" {
			step = "mean of all steps"
		}
		if step != titled {
			titled = step
			f.AddTitle(plain.OneLine(step, 40))
		}
		line := row("  "+r.Metric.Name, s.Sides, r, candidates, d)
		spread(&line, r)
		f.Rows = append(f.Rows, line)
	}
	return f
}

// spread adds to the figures of a row how far their recordings lie apart.
func spread(line *page.Row, r verdict.Row) {
	for i := range line.Cells {
		at := slices.IndexFunc(r.Cells, func(c verdict.Cell) bool { return c.Target == line.Cells[i].Of })
		if at < 0 || line.Cells[i].Value == nil || line.Cells[i].Value != r.Cells[at].Median {
			continue
		}
		if part := spreadOf(r.Cells[at]); part > 0 {
			line.Cells[i].Text += " ±" + figure.Percent(part)
		}
	}
}

// spreadOf is half of how far a target's recordings lie apart, as a part of their median.
func spreadOf(c verdict.Cell) float64 {
	var values []float64
	for _, v := range c.EachPair {
		if v != nil {
			values = append(values, *v)
		}
	}
	if len(values) < 2 || *c.Median <= 0 {
		return 0
	}
	return (slices.Max(values) - slices.Min(values)) / 2 / *c.Median
}

func timeLines(c *compare.LedgerComparison, scenario string) []string {
	var list []string
	for _, t := range c.Time {
		if t.Scenario == scenario {
			list = append(list, fmt.Sprintf("run %s of %s: %s", t.Session, t.Created.Format("2006-01-02"), sentences.Of(t.Says)))
		}
	}
	return list
}

// LedgerBrief is what a ledger states of instructions, one sentence a candidate and scenario.
func LedgerBrief(c *compare.LedgerComparison) []page.Line {
	var list []string
	for _, s := range c.Scenarios {
		for i, t := range c.Targets[1:] {
			if parts := append(instructionsStated(s, i+1), fromNothing(s, i+1)...); len(parts) > 0 {
				list = append(list, fmt.Sprintf("%s: %s against %s: %s", s.Name, t.Label, c.Baseline, strings.Join(parts, ", ")))
			} else if sameInstructions(s, i+1) {
				list = append(list, fmt.Sprintf("%s: SAME: instructions of %s and %s are at parity in every step", s.Name, t.Label, c.Baseline))
			} else if s.State == compare.Compared {
				list = append(list, fmt.Sprintf("%s: no difference in instructions is stated between %s and %s", s.Name, t.Label, c.Baseline))
			}
		}
	}
	return page.Sentences(list)
}

// sameInstructions reports whether all steps are at parity.
func sameInstructions(s compare.Scenario, target int) bool {
	some := false
	for _, r := range s.Rows {
		if !r.Metric.Equal(figure.CountedInstructions) {
			continue
		}
		if x := r.Cells[target].Ratio; x == nil || x.Verdict == nil || x.Verdict.Verdict != stats.Parity {
			return false
		}
		some = true
	}
	return some
}

func instructionsStated(s compare.Scenario, target int) []string {
	var parts []string
	for _, r := range s.Rows {
		x := r.Cells[target].Ratio
		if !r.Metric.Equal(figure.CountedInstructions) || x == nil || x.Verdict == nil || x.Verdict.Verdict != stats.Slower && x.Verdict.Verdict != stats.Faster {
			continue
		}
		step := r.Step
		if step == "" {
			step = "all steps"
		}
		parts = append(parts, fmt.Sprintf("%s %s instructions", step, figure.Change(x.Ratio, x.Verdict.CI)))
	}
	return parts
}

// fromNothing is what only the candidate has any of.
func fromNothing(s compare.Scenario, target int) []string {
	var parts []string
	for _, r := range s.Rows {
		if cell := r.Cells[target]; r.Step != "" && verdict.FromNothing(r.Cells[0], cell) {
			parts = append(parts, fmt.Sprintf("%s %s where %s has none: %s", r.Step, r.Metric.Name, r.Cells[0].Target, r.Metric.Text(*cell.Median)))
		}
	}
	return parts
}

var ledgerColumns = []string{
	"scenario", "users", "step", "name", "at", "unit", "target", "baseline", "pairs", "median", "spread",
	"ratio", "ratio_low", "ratio_high", "difference", "verdict", "ci_low", "ci_high", "reason",
}

// ledgerRecords are one line for each figure of each target, and one for each
// recording of it, unrounded.
func ledgerRecords(c *compare.LedgerComparison) page.Records {
	t := newTable(ledgerColumns...)
	t.warn(nil, c.Notes...)
	for _, s := range c.Scenarios {
		where := fields{"scenario": s.Name, "users": fmt.Sprint(s.Load.Connections), "baseline": c.Baseline}
		t.tell(where, scenarioWarnings(s)...)
		for _, r := range s.Rows {
			what := fields{"step": r.Step, "name": r.Metric.Name, "unit": r.Metric.Unit.Name}
			for _, cell := range r.Cells {
				f := cellFields(r.Metric, cell)
				if cell.Median != nil {
					f["spread"] = figure.Plain(spreadOf(cell))
				}
				t.add(where, what, f)
				course(t, fields{"scenario": s.Name, "users": where["users"], "step": r.Step, "name": r.Metric.Name, "unit": r.Metric.Unit.Name, "target": cell.Target}, cell.EachPair)
			}
		}
	}
	for _, one := range c.Time {
		t.add(fields{"scenario": one.Scenario, "target": one.Target, "baseline": c.Baseline, "name": "cpu/answer", "ratio": figure.Plain(one.CPU.Ratio), "reason": sentences.Of(one.Says)})
	}
	return t.Records
}
