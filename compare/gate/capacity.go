package gate

import (
	"taskbench/compare/capacity"
	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// OfCapacity decides on the rate that every candidate carries, by the gate of the load
// tests; a candidate that never keeps the objective where the baseline does fails.
// Errors are those of Of.
func OfCapacity(c *capacity.Comparison, o Options) (*Report, error) {
	if err := possible(o.Rule, c.Targets, "capacity"); err != nil {
		return nil, err
	}
	g := newBuilder(o, c.Targets, c.Notes)
	for i := range c.Sides[1:] {
		g.carried(c, i+1)
		g.capacities(c, i+1)
	}
	return g.close(), nil
}

// carried decides on one candidate's rate.
func (g *builder) carried(c *capacity.Comparison, target int) {
	s := c.Sides[target]
	d := Decision{Scenario: c.Scenario, Target: s.Target, Metric: figure.Capacity}
	if s.Against != nil {
		d.Ratio = ratioOf(*s.Against)
		g.decideOn(d, s.Row())
		return
	}
	d.Decision = stats.Decision{Outcome: stats.Undetermined, Reason: finding.Finding{Code: finding.NoPairHasBoth}}
	if s.Outcome == capacity.Never && c.Sides[0].Outcome != capacity.Never && c.Sides[0].Outcome != capacity.Unknown {
		d.Decision = stats.Decision{Outcome: stats.Failed, Reason: finding.Finding{Code: finding.CapacityNever, Values: finding.Values{"least_per_s": s.Rate}}}
	}
	g.Decisions = append(g.Decisions, d)
}

// capacities hold what is documented as expectations of load tests are held.
func (g *builder) capacities(c *capacity.Comparison, target int) {
	for _, e := range c.Expected {
		r, base := e.Results[target], e.Results[0]
		switch {
		case r.Met == nil || *r.Met:
		case base.Met != nil && !*base.Met:
			note(g.bothMiss, r.Target, c.Scenario)
		case !g.options.Expected:
			note(g.missed, r.Target, c.Scenario)
		default:
			g.Decisions = append(g.Decisions, Decision{Scenario: c.Scenario, Target: r.Target, Decision: stats.Decision{Outcome: stats.Failed, Reason: finding.Finding{
				Code: finding.ExpectationMissed, Metric: results.ExpectedCapacity, Said: []string{e.Text}, Values: finding.Values{"reached": c.Sides[target].Rate},
			}}})
		}
	}
}
