// Package gate turns comparisons into decisions: of a run by itself (Of), of
// a run against an earlier one (Against), of microbenchmarks (OfMicro, AgainstMicro); and says
// when more pairs would be wasted (Decided). It reads no documents: what it
// knows of them package compare has found.
package gate

import (
	"slices"
	"time"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/micro"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// Options says what is asked of a gate.
type Options struct {
	Rule stats.GateRule
	// Expected lets documented expectations fail it that a candidate misses and
	// the baseline meets.
	Expected bool
	At       time.Time // when it is asked; zero: nothing is said of the run's age
	// Known are other runs, of any sessions: they tell Against how much runs of
	// the same programs differ.
	Known []results.Document
}

// Report is what a gate says of a run.
type Report struct {
	Schema      int                `json:"taskbench_gate"`
	Rule        stats.GateRule     `json:"rule"`
	Judged      []Judged           `json:"judged"`                 // the runs decided on: one, where all was measured together
	Headline    []compare.Headline `json:"headline,omitempty"`     // of the run, one for each candidate; of load tests
	Baseline    string             `json:"baseline"`               // of microbenchmarks against an earlier run "" where there is but one implementation
	BaselineRun string             `json:"baseline_run,omitempty"` // session of the earlier run that this one is held against
	// Outcome is fail when any decision is, else inconclusive, else warn.
	Outcome   stats.Outcome         `json:"outcome"`
	Counts    map[stats.Outcome]int `json:"counts"`
	Decisions []Decision            `json:"decisions"`
	Notes     []finding.Finding     `json:"notes"`
	// Run is what the headlines are of; nil: there are none.
	Run *compare.Comparison `json:"-"`
}

// Judged is a run that a gate decides on.
type Judged struct {
	Session string    `json:"session"`
	Created time.Time `json:"created"`
	Targets []string  `json:"targets"`         // candidates, as they are labelled
	AgeS    float64   `json:"age_s,omitempty"` // when it was judged; 0: not known

	Sender results.Sender `json:"sender,omitzero"` // what sent its load; none: wrk on one machine alone
}

// Decision is one primary metric of one candidate, or a reason beyond
// speed: wrong answers, a missed expectation, nothing to compare with.
type Decision struct {
	Scenario    string         `json:"scenario"`        // of a microbenchmark its id
	Group       string         `json:"group,omitempty"` // of microbenchmarks; of ledgers the step
	Connections int            `json:"connections"`     // 0: a microbenchmark; of ledgers the users
	Target      string         `json:"target"`
	Metric      *figure.Figure `json:"metric,omitempty"` // nil: the scenario as a whole
	// Ratio is candidate over baseline; against an earlier run, Now over Then.
	Ratio *Ratio `json:"ratio,omitempty"`
	Then  *Ratio `json:"then,omitempty"` // candidate over control in the earlier run
	Now   *Ratio `json:"now,omitempty"`  // and in this one
	// Between is how much runs are known to differ, which is in Ratio's interval;
	// against an earlier run alone. nil: not known.
	Between *stats.Between `json:"between,omitempty"`
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

// Of decides on every primary metric of every candidate, as stats.GateAll
// does. Answers that were not as expected fail it, whoever gave them. It is an
// error to gate a single target, or limits that make no sense.
func Of(c *compare.Comparison, o Options) (*Report, error) {
	if err := possible(o.Rule, c.Targets, "run"); err != nil {
		return nil, err
	}
	g := newBuilder(o, c.Targets, c.Notes)
	g.of(c)
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
func OfMicro(c *micro.Comparison, o Options) (*Report, error) {
	if err := possible(o.Rule, c.Targets, "micro run"); err != nil {
		return nil, err
	}
	g := newBuilder(o, c.Targets, c.Notes)
	for _, row := range c.Rows {
		for _, cell := range row.Cells[1:] {
			d := Decision{Scenario: row.ID, Group: row.Group, Target: cell.Target, Metric: figure.PerIteration(row.Unit)}
			g.judged(d, cell.Cell)
		}
	}
	return g.close(), nil
}

// OfLedger decides on counted figures of every step of every candidate, by the gate
// of the load tests; a decision's Group is the step. What neither target has any of
// passes, and what only the candidate has any of fails: counts do not come from noise.
// What was asked for and not counted is inconclusive, with the reason. Errors are those
// of Of.
func OfLedger(c *compare.LedgerComparison, on []*figure.Figure, o Options) (*Report, error) {
	if err := possible(o.Rule, c.Targets, "ledger"); err != nil {
		return nil, err
	}
	g := newBuilder(o, c.Targets, c.Notes)
	for _, s := range c.Scenarios {
		for i := range s.Sides[1:] {
			g.answers(s)
			g.counted(s, i+1, on)
		}
	}
	return g.close(), nil
}

// counted decides on one candidate's figures of every step; the mean of the steps is
// theirs.
func (g *builder) counted(s compare.Scenario, target int, on []*figure.Figure) {
	for _, side := range []compare.Side{s.Sides[0], s.Sides[target]} {
		if side.State != compare.Compared {
			g.add(s, s.Sides[target].Target, stats.Undetermined, side.Reason)
			return
		}
	}
	for _, m := range on {
		rows := slices.DeleteFunc(slices.Clone(s.Rows), func(r verdict.Row) bool { return r.Step == "" || !r.Metric.Equal(m) })
		for _, r := range rows {
			g.count(Decision{Scenario: s.Name, Group: r.Step, Connections: s.Load.Connections, Target: r.Cells[target].Target, Metric: m}, r.Cells[0], r.Cells[target])
		}
		if len(rows) == 0 {
			g.Decisions = append(g.Decisions, Decision{Scenario: s.Name, Connections: s.Load.Connections, Target: s.Sides[target].Target, Metric: m,
				Decision: stats.Decision{Outcome: stats.Undetermined, Reason: uncounted(s, target, m)}})
		}
	}
}

// count decides on one figure of one step.
func (g *builder) count(d Decision, base, cell verdict.Cell) {
	switch {
	case cell.Difference != nil:
		d.Decision = stats.Decision{Outcome: stats.Pass, Reason: finding.Finding{Code: finding.NeitherHas}}
	case verdict.FromNothing(base, cell):
		d.Decision = stats.Decision{Outcome: stats.Failed, Reason: finding.Finding{Code: finding.BaselineHasNone, Target: cell.Target, Metric: d.Metric.Key, Said: []string{g.Baseline}, Values: finding.Values{"count": *cell.Median}}}
	case verdict.FromNothing(cell, base):
		d.Decision = stats.Decision{Outcome: stats.Pass, Reason: finding.Finding{Code: finding.NoneAnyMore, Target: cell.Target}}
	case cell.Ratio == nil && !cell.Missing.IsZero():
		d.Decision = stats.Decision{Outcome: stats.Undetermined, Reason: cell.Missing}
	case cell.Ratio == nil && !base.Missing.IsZero():
		d.Decision = stats.Decision{Outcome: stats.Undetermined, Reason: base.Missing}
	default:
		g.judged(d, cell)
		return
	}
	g.Decisions = append(g.Decisions, d)
}

// uncounted is why no step has a figure.
func uncounted(s compare.Scenario, target int, m *figure.Figure) finding.Finding {
	if m.Equal(figure.CountedApplication) {
		for _, f := range s.Notes {
			if f.Code == finding.FloorUncounted {
				return f
			}
		}
		return finding.Finding{Code: finding.NoFloor}
	}
	return finding.Finding{Code: finding.NoSuchFigure, Target: s.Sides[target].Target}
}

// possible is an error where nothing can be gated; measure is the command that
// measures two.
func possible(rule stats.GateRule, targets []lineup.Target, measure string) error {
	if err := rule.Validate(); err != nil {
		return source.WithHint(err, "--warn 5% --fail 10% is the default")
	}
	if len(targets) < 2 {
		return source.Errorf(source.Position{}, "measure two: taskbench "+measure, "there is only %s, and nothing to hold it against", targets[0].Label)
	}
	return nil
}

// close counts.
func (g *Report) close() {
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
}

// Micro reports whether the decision is about a microbenchmark.
func (d Decision) Micro() bool { return d.Metric != nil && d.Metric.Key == figure.PerIterationKey }

// Compared reports whether any metric was held against anything.
func (g *Report) Compared() bool {
	for _, d := range g.Decisions {
		if d.Ratio != nil || d.Metric != nil && d.Outcome != stats.Undetermined {
			return true
		}
	}
	return false
}
