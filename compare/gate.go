package compare

import (
	"fmt"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/source"
)

// GateSchema is the version of the JSON form of GateReport.
const GateSchema = 1

// GateReport is what a gate says of a run.
type GateReport struct {
	Schema      int            `json:"taskbench_gate"`
	Rule        stats.GateRule `json:"rule"`
	Baseline    string         `json:"baseline"`
	BaselineRun string         `json:"baseline_run,omitempty"` // session of the earlier run that this one is held against
	// Outcome is fail when any decision is, else inconclusive, else warn.
	Outcome   stats.Outcome         `json:"outcome"`
	Counts    map[stats.Outcome]int `json:"counts"`
	Decisions []GateDecision        `json:"decisions"`
	Notes     []string              `json:"notes"`
}

// GateDecision is one primary metric of one candidate, or a reason beyond
// speed: wrong answers, a missed expectation, nothing to compare with.
type GateDecision struct {
	Scenario    string         `json:"scenario"`        // of a microbenchmark its id
	Group       string         `json:"group,omitempty"` // of microbenchmarks alone
	Connections int            `json:"connections"`     // 0: a microbenchmark
	Target      string         `json:"target"`
	Metric      *figure.Figure `json:"metric,omitempty"` // "": the scenario as a whole
	// Ratio is candidate over baseline; against an earlier run, Now over Then.
	Ratio *GateRatio `json:"ratio,omitempty"`
	Then  *GateRatio `json:"then,omitempty"` // candidate over control in the earlier run
	Now   *GateRatio `json:"now,omitempty"`  // and in this one
	stats.Decision
}

// GateRatio is a ratio with its 95 % interval.
type GateRatio struct {
	Ratio float64        `json:"ratio"`
	CI    stats.Interval `json:"ci"` // 0 to 0: fewer pairs than a verdict takes
	Pairs int            `json:"pairs"`
}

// gateRatio is nil when there is none.
func gateRatio(j stats.Judgement) *GateRatio {
	switch {
	case j.Ratio == 0:
		return nil
	case j.Verdict == stats.Indicative:
		return &GateRatio{Ratio: j.Ratio, Pairs: j.Pairs}
	}
	return &GateRatio{j.Ratio, j.CI, j.Pairs}
}

// Gate decides on every primary metric of every candidate, as stats.Gate
// does. Answers that were not as expected fail it, whoever gave them, and so
// does an expectation that a candidate missed. It is an error to gate a
// single target, or limits that make no sense.
func Gate(c *Comparison, rule stats.GateRule) (*GateReport, error) {
	if err := rule.Validate(); err != nil {
		return nil, source.WithHint(err, "--warn 5% --fail 10% is the default")
	}
	if len(c.Targets) < 2 {
		return nil, source.Errorf(source.Position{}, "measure two: taskbench run", "there is only %s, and nothing to hold it against", c.Baseline)
	}
	g := newGateReport(c, rule)
	for _, s := range c.Scenarios {
		g.answers(s)
		for i := range s.Sides[1:] {
			g.expectations(s, i+1)
			g.metrics(s, i+1)
		}
	}
	return g.close(), nil
}

func newGateReport(c *Comparison, rule stats.GateRule) *GateReport {
	return &GateReport{Schema: GateSchema, Rule: rule, Baseline: c.Baseline, Decisions: []GateDecision{}, Notes: append([]string{}, c.Notes...)}
}

// close counts.
func (g *GateReport) close() *GateReport {
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
func (d GateDecision) Micro() bool { return d.Metric != nil && d.Metric.Key == figure.PerIterationKey }

// Compared reports whether any metric was held against anything.
func (g *GateReport) Compared() bool {
	for _, d := range g.Decisions {
		if d.Ratio != nil {
			return true
		}
	}
	return false
}

func (g *GateReport) add(s Scenario, target string, outcome stats.Outcome, reason string) {
	g.Decisions = append(g.Decisions, GateDecision{
		Scenario: s.Name, Connections: s.Load.Connections, Target: target, Decision: stats.Decision{Outcome: outcome, Reason: reason},
	})
}

// answers fails a scenario in which any target's answers were wrong: the
// other's speed is then nothing to be held against.
func (g *GateReport) answers(s Scenario) {
	for _, side := range s.Sides {
		if side.State == Failed {
			for _, p := range side.Problems() {
				g.add(s, side.Target, stats.Failed, p.What)
			}
		}
	}
}

func (g *GateReport) expectations(s Scenario, target int) {
	if s.Sides[target].State == Failed {
		return // said already
	}
	for _, c := range s.Expected {
		r := c.Results[target]
		if r.Met != nil && !*r.Met {
			name := c.Metric
			if c.Step != "" {
				name = c.Step + " " + name
			}
			reached := figure.Expected(c.Metric).Texts([]*float64{r.Median})[0]
			g.add(s, r.Target, stats.Failed, fmt.Sprintf("expected %s %s, reached %s", name, c.Text, reached))
		}
	}
}

// metrics decides on the primary ones, where answers were right.
func (g *GateReport) metrics(s Scenario, target int) {
	if s.State == Failed && (s.Sides[0].State == Failed || s.Sides[target].State == Failed) {
		return
	}
	for _, side := range []Side{s.Sides[0], s.Sides[target]} {
		if side.State == Refused || side.State == Unmeasured {
			g.add(s, s.Sides[target].Target, stats.Undetermined, side.Reason)
			return
		}
	}
	for _, m := range figure.Primaries() {
		r, measured := s.Row(m)
		if !measured {
			continue
		}
		cell := r.Cells[target]
		d := GateDecision{
			Scenario: s.Name, Connections: s.Load.Connections, Target: cell.Target, Metric: m,
			Decision: stats.Decision{Outcome: stats.Undetermined, Reason: cell.NoRatio},
		}
		if x := cell.Ratio; x != nil && x.Verdict != nil {
			d.Ratio = gateRatio(x.Verdict.Judgement)
			d.Decision = stats.Gate(x.Verdict.Judgement, g.Rule)
		}
		g.Decisions = append(g.Decisions, d)
	}
}
