package compare

import (
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/source"
)

// MicroGate holds every benchmark of every candidate against the baseline's,
// by the gate of the load tests; a decision's Scenario is the benchmark's id,
// its Group the benchmark's group, and its Metric the time of one iteration.
// A benchmark that one of the two does not have, or that is measured in another
// unit, is inconclusive with its reason. Errors are Gate's.
func MicroGate(c *MicroComparison, rule stats.GateRule) (*GateReport, error) {
	if err := rule.Validate(); err != nil {
		return nil, source.WithHint(err, "--warn 5% --fail 10% is the default")
	}
	if len(c.Targets) < 2 {
		return nil, source.Errorf(source.Position{}, "measure two: taskbench micro run", "there is only %s, and nothing to hold it against", c.Baseline)
	}
	g := &GateReport{Schema: GateSchema, Rule: rule, Baseline: c.Baseline, Decisions: []GateDecision{}, Notes: append([]string{}, c.Notes...)}
	for _, row := range c.Rows {
		for _, cell := range row.Cells[1:] {
			d := GateDecision{
				Scenario: row.ID, Group: row.Group, Target: cell.Target, Metric: figure.PerIteration(row.Unit),
				Decision: stats.Decision{Outcome: stats.Undetermined, Reason: cell.NoRatio},
			}
			if cell.Ratio != nil && cell.Ratio.Verdict != nil {
				d.Ratio = gateRatio(cell.Ratio.Verdict.Judgement)
				d.Decision = stats.Gate(cell.Ratio.Verdict.Judgement, rule)
			}
			g.Decisions = append(g.Decisions, d)
		}
	}
	return g.close(), nil
}
