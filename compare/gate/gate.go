// Package gate turns comparisons into decisions: of a run by itself (Of), of
// a run against an earlier one (Against), of microbenchmarks (OfMicro); and says
// when more pairs would be wasted (Decided). It reads no documents: what it
// knows of them package compare has found.
package gate

import (
	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/source"
)

// Report is what a gate says of a run.
type Report struct {
	Schema      int            `json:"taskbench_gate"`
	Rule        stats.GateRule `json:"rule"`
	Baseline    string         `json:"baseline"`
	BaselineRun string         `json:"baseline_run,omitempty"` // session of the earlier run that this one is held against
	// Outcome is fail when any decision is, else inconclusive, else warn.
	Outcome   stats.Outcome         `json:"outcome"`
	Counts    map[stats.Outcome]int `json:"counts"`
	Decisions []Decision            `json:"decisions"`
	Notes     []finding.Finding     `json:"notes"`
}

// Decision is one primary metric of one candidate, or a reason beyond
// speed: wrong answers, a missed expectation, nothing to compare with.
type Decision struct {
	Scenario    string         `json:"scenario"`        // of a microbenchmark its id
	Group       string         `json:"group,omitempty"` // of microbenchmarks alone
	Connections int            `json:"connections"`     // 0: a microbenchmark
	Target      string         `json:"target"`
	Metric      *figure.Figure `json:"metric,omitempty"` // nil: the scenario as a whole
	// Ratio is candidate over baseline; against an earlier run, Now over Then.
	Ratio *Ratio `json:"ratio,omitempty"`
	Then  *Ratio `json:"then,omitempty"` // candidate over control in the earlier run
	Now   *Ratio `json:"now,omitempty"`  // and in this one
	stats.Decision
}

// Ratio is a ratio with its 95 % interval.
type Ratio struct {
	Ratio float64        `json:"ratio"`
	CI    stats.Interval `json:"ci"` // 0 to 0: fewer pairs than a verdict takes
	Pairs int            `json:"pairs"`
}

// ratioOf is nil when there is none.
func ratioOf(j stats.Judgement) *Ratio {
	switch {
	case j.Ratio == 0:
		return nil
	case j.Verdict == stats.Indicative:
		return &Ratio{Ratio: j.Ratio, Pairs: j.Pairs}
	}
	return &Ratio{j.Ratio, j.CI, j.Pairs}
}

// Of decides on every primary metric of every candidate, as stats.Gate
// does. Answers that were not as expected fail it, whoever gave them, and so
// does an expectation that a candidate missed. It is an error to gate a
// single target, or limits that make no sense.
func Of(c *compare.Comparison, rule stats.GateRule) (*Report, error) {
	if err := possible(rule, c.Targets, "run"); err != nil {
		return nil, err
	}
	g := newReport(rule, c.Baseline, c.Notes)
	for _, s := range c.Scenarios {
		g.answers(s)
		for i := range s.Sides[1:] {
			g.expectations(s, i+1)
			g.metrics(s, i+1)
		}
	}
	return g.close(), nil
}

// OfMicro holds every benchmark of every candidate against the baseline's,
// by the gate of the load tests; a decision's Scenario is the benchmark's id,
// its Group the benchmark's group, and its Metric the time of one iteration.
// A benchmark that one of the two does not have, or that is measured in another
// unit, is inconclusive with its reason. Errors are those of Of.
func OfMicro(c *compare.MicroComparison, rule stats.GateRule) (*Report, error) {
	if err := possible(rule, c.Targets, "micro run"); err != nil {
		return nil, err
	}
	g := newReport(rule, c.Baseline, c.Notes)
	for _, row := range c.Rows {
		for _, cell := range row.Cells[1:] {
			d := Decision{Scenario: row.ID, Group: row.Group, Target: cell.Target, Metric: figure.PerIteration(row.Unit)}
			g.judged(d, cell.Cell)
		}
	}
	return g.close(), nil
}

// possible is an error where nothing can be gated; measure is the command that
// measures two.
func possible(rule stats.GateRule, targets []compare.Target, measure string) error {
	if err := rule.Validate(); err != nil {
		return source.WithHint(err, "--warn 5% --fail 10% is the default")
	}
	if len(targets) < 2 {
		return source.Errorf(source.Position{}, "measure two: taskbench "+measure, "there is only %s, and nothing to hold it against", targets[0].Label)
	}
	return nil
}

func newReport(rule stats.GateRule, baseline string, notes []finding.Finding) *Report {
	return &Report{Schema: compare.Schema, Rule: rule, Baseline: baseline, Decisions: []Decision{}, Notes: append([]finding.Finding{}, notes...)}
}

// close counts.
func (g *Report) close() *Report {
	g.Counts = map[stats.Outcome]int{}
	for _, d := range g.Decisions {
		g.Counts[d.Outcome]++
	}
	g.Outcome = stats.Pass
	for _, o := range []stats.Outcome{stats.Warned, stats.Undetermined, stats.Failed} {
		if g.Counts[o] > 0 {
			g.Outcome = o
		}
	}
	if len(g.Decisions) == 0 {
		g.Outcome = stats.Undetermined
	}
	return g
}

// Micro reports whether the decision is about a microbenchmark.
func (d Decision) Micro() bool { return d.Metric != nil && d.Metric.Key == figure.PerIterationKey }

// Compared reports whether any metric was held against anything.
func (g *Report) Compared() bool {
	for _, d := range g.Decisions {
		if d.Ratio != nil {
			return true
		}
	}
	return false
}

func (g *Report) add(s compare.Scenario, target string, outcome stats.Outcome, reason finding.Finding) {
	g.Decisions = append(g.Decisions, Decision{
		Scenario: s.Name, Connections: s.Load.Connections, Target: target, Decision: stats.Decision{Outcome: outcome, Reason: reason},
	})
}

// answers fails a scenario in which any target's answers were wrong: the
// other's speed is then nothing to be held against.
func (g *Report) answers(s compare.Scenario) {
	for _, side := range s.Sides {
		if side.State == compare.Failed {
			for _, p := range side.Problems() {
				g.add(s, side.Target, stats.Failed, p.Finding)
			}
		}
	}
}

func (g *Report) expectations(s compare.Scenario, target int) {
	if s.Sides[target].State == compare.Failed {
		return // said already
	}
	for _, c := range s.Expected {
		if r := c.Results[target]; r.Met != nil && !*r.Met {
			g.add(s, r.Target, stats.Failed, finding.Finding{
				Code: finding.ExpectationMissed, Step: c.Step, Metric: c.Metric, Said: []string{c.Text}, Values: finding.Values{"reached": *r.Median},
			})
		}
	}
}

// metrics decides on the primary ones, where answers were right.
func (g *Report) metrics(s compare.Scenario, target int) {
	if s.State == compare.Failed && (s.Sides[0].State == compare.Failed || s.Sides[target].State == compare.Failed) {
		return
	}
	for _, side := range []compare.Side{s.Sides[0], s.Sides[target]} {
		if side.State == compare.Refused || side.State == compare.Unmeasured {
			g.add(s, s.Sides[target].Target, stats.Undetermined, side.Reason)
			return
		}
	}
	for _, m := range figure.Primaries() {
		if r, measured := s.Row(m); measured {
			cell := r.Cells[target]
			g.judged(Decision{Scenario: s.Name, Connections: s.Load.Connections, Target: cell.Target, Metric: m}, cell)
		}
	}
}

// judged decides by the verdict of a cell; without one, nothing.
func (g *Report) judged(d Decision, cell compare.Cell) {
	d.Decision = stats.Decision{Outcome: stats.Undetermined, Reason: cell.NoRatio}
	if x := cell.Ratio; x != nil && x.Verdict != nil {
		d.Ratio = ratioOf(x.Verdict.Judgement)
		d.Decision = stats.Gate(x.Verdict.Judgement, g.Rule)
	}
	g.Decisions = append(g.Decisions, d)
}
