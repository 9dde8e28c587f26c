package gate

import (
	"fmt"
	"slices"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// Against holds a run against an earlier one. The baseline of now is the
// control: what is compared is every candidate's ratio to it, now and then, by
// stats.RatioOfRatios, so that a machine that became slower is no regression.
// Wrong answers and missed expectations of now fail as in Of.
//
// Pairs of one run know nothing of what differs between runs: that enters the
// interval, as Options.Known tell it (stats.BetweenRuns over what the same
// machine measured of the same scenario under the same load, with both targets).
// Where fewer than fewestKnown runs tell, nothing fails on a loss or is warned of: such a
// decision is inconclusive, except in stats.Conservative, which claims no loss.
//
// Scenarios of another text, load or document schema (which is where the
// definition of percentiles would change) are not compared, and the decision
// says why. It is an error when either run lacks the control or was not
// measured in one session, and when they have no candidate in common.
func Against(then, now []results.Document, o lineup.Options, ask Options) (*Report, error) {
	c, err := compare.New(now, o)
	if err != nil {
		return nil, err
	}
	if err := possible(ask.Rule, c.Targets, "run"); err != nil {
		return nil, err
	}
	a, err := newAgainst(then, now, c, o)
	if err != nil {
		return nil, err
	}
	g := newBuilder(ask, c.Targets, c.Notes)
	g.of(c)
	g.BaselineRun = a.then.control().Session
	g.Notes = append(g.Notes, a.notes()...)
	a.known = newKnown(append(slices.Clone(ask.Known), then...), a.now)
	for _, s := range c.Scenarios {
		g.answers(s)
		for i := range s.Sides[1:] {
			g.expectations(s, i+1)
			if s.Sides[0].State != compare.Failed && s.Sides[i+1].State != compare.Failed {
				a.decide(g, s, c.Targets[i+1])
			}
		}
	}
	return g.against(a.known), nil
}

// against closes a report on a run that is held against an earlier one.
func (g *builder) against(k *known) *Report {
	g.Notes = append(g.Notes, k.notes()...)
	report := g.close()
	for i, d := range report.Decisions {
		if d.Ratio != nil && d.Between == nil {
			report.Decisions[i].Decision = capped(d.Decision, g.Rule.Mode)
		}
	}
	report.close()
	return report
}

// capped is a decision on what may be no more than runs differ by.
func capped(d stats.Decision, mode stats.GateMode) stats.Decision {
	if d.Outcome == stats.Warned || d.Outcome == stats.Failed && mode != stats.Conservative {
		return stats.Decision{Outcome: stats.Undetermined, Reason: finding.Finding{Code: finding.MayBeBetween}.With(d.Reason)}
	}
	return d
}

// run is what was measured at one time, with the control as baseline.
type run struct {
	*compare.Comparison
	docs    []results.Document
	options lineup.Options
}

func (r run) control() lineup.Target { return r.Targets[0] }

// of is the document of an implementation; nil when the run has none.
func (r run) of(implementation string) *results.Document {
	for i, d := range r.docs {
		if d.Implementation == implementation {
			return &r.docs[i]
		}
	}
	return nil
}

// pair is the control and one candidate alone in one scenario: pairs count in
// which these two worked, whatever became of others.
func (r run) pair(candidate, scenario string, level results.Level) (*compare.Comparison, error) {
	control := r.control().Implementation
	docs := only([]results.Document{*r.of(control), *r.of(candidate)}, scenario, func(l results.Load) bool { return l.Level() == level })
	return compare.New(docs, lineup.Options{Baseline: control, Margins: r.options.Margins})
}

// against is two runs with the same control.
type against struct {
	then, now run
	known     *known
}

func newAgainst(then, now []results.Document, c *compare.Comparison, o lineup.Options) (a against, err error) {
	a.now = run{c, now, o}
	control := c.Targets[0].Implementation
	a.then = run{docs: then, options: o}
	if a.then.Comparison, err = compare.New(then, lineup.Options{Baseline: control, Margins: o.Margins}); err != nil {
		return a, source.WithHint(fmt.Errorf("the earlier run has no control: %w", err),
			"it needs results of "+control+" measured in pairs with the candidate; see: taskbench results list")
	}
	for name, r := range map[string]run{"the earlier run": a.then, "the run": a.now} {
		if slices.ContainsFunc(r.Targets, func(t lineup.Target) bool { return t.Session != r.control().Session }) {
			return a, source.Errorf(source.Position{}, "name one session", "%s was not measured in one session: its pairs are no pairs", name)
		}
	}
	if !slices.ContainsFunc(a.now.Targets[1:], func(t lineup.Target) bool { return a.then.of(t.Implementation) != nil }) {
		return a, source.Errorf(source.Position{}, "", "the earlier run has none of the candidates of this run")
	}
	return a, nil
}

// notes are what a reader of the decisions must know of the earlier run.
func (a against) notes() []finding.Finding {
	then, now := a.then.control(), a.now.control()
	if then.Session == now.Session {
		return []finding.Finding{{Code: finding.AgainstItself}}
	}
	var list []finding.Finding
	differ := lineup.OtherMachine(a.then.of(then.Implementation).Environment, a.now.of(now.Implementation).Environment)
	if len(differ) > 0 {
		list = append(list, finding.Finding{Code: finding.OtherMachineThen, Said: differ})
	}
	if slices.ContainsFunc(a.then.Targets, func(t lineup.Target) bool { return !t.Complete }) {
		list = append(list, finding.Finding{Code: finding.BaselineUnready})
	}
	if dropped := a.dropped(); len(dropped) > 0 {
		list = append(list, finding.Finding{Code: finding.NotMeasuredNow, Said: dropped})
	}
	return list
}

// dropped are the scenarios, and candidates, that only the earlier run has: a
// gate that says nothing of them must not look as if they had passed.
func (a against) dropped() []string {
	var list []string
	for _, s := range a.then.Scenarios {
		if !slices.ContainsFunc(a.now.Scenarios, func(n compare.Scenario) bool { return n.Name == s.Name && n.Load.Level() == s.Load.Level() }) {
			list = append(list, fmt.Sprintf("%s@%d", s.Name, s.Load.Connections))
		}
	}
	for _, t := range a.then.Targets[1:] {
		if a.now.of(t.Implementation) == nil {
			list = append(list, t.Implementation)
		}
	}
	return list
}

// decide judges all primary metrics of one candidate in one scenario.
func (a against) decide(g *builder, s compare.Scenario, target lineup.Target) {
	undetermined := func(why finding.Finding) { g.add(s, target.Label, stats.Undetermined, why) }
	if a.then.of(target.Implementation) == nil {
		undetermined(finding.Finding{Code: finding.NoBaselineResults, Said: []string{target.Implementation}})
		return
	}
	then, err := a.then.pair(target.Implementation, s.Name, s.Load.Level())
	if err != nil {
		undetermined(finding.Finding{Code: finding.Noted, Said: []string{err.Error()}})
		return
	}
	now, err := a.now.pair(target.Implementation, s.Name, s.Load.Level())
	if err != nil {
		undetermined(finding.Finding{Code: finding.Noted, Said: []string{err.Error()}})
		return
	}
	if why := a.notComparable(then, now, target.Implementation); !why.IsZero() {
		undetermined(why)
		return
	}
	for _, m := range figure.Primaries() {
		if why := atRate(m, then, now); !why.IsZero() {
			if why.Code == finding.RateNotReached {
				g.judged(Decision{Scenario: s.Name, Connections: s.Load.Connections, Target: target.Label, Metric: m}, verdict.Cell{NoRatio: why})
			}
			continue
		}
		if d, row, measured := a.held(m, then, now, target.Implementation); measured {
			d.Scenario, d.Connections, d.Target, d.Metric = s.Name, s.Load.Connections, target.Label, m
			g.decideOn(d, row)
		}
	}
}

// notComparable says why two runs of a scenario cannot be held against each
// other; zero when they can.
func (a against) notComparable(then, now *compare.Comparison, candidate string) finding.Finding {
	if why := unpaired(now); !why.IsZero() {
		return why
	}
	if why := unpaired(then); !why.IsZero() {
		return finding.Finding{Code: finding.InBaselineRun}.With(why)
	}
	control := a.now.control().Implementation
	if x, y := a.then.of(control).Schema, a.now.of(control).Schema; x != y {
		return finding.Finding{Code: finding.OtherSchema, Values: finding.Values{"schema_then": float64(x), "schema_now": float64(y)}}
	}
	if why := then.Scenarios[0].Different(now.Scenarios[0]); !why.IsZero() {
		return finding.Finding{Code: finding.OtherThanBaseline}.With(why)
	}
	return finding.Finding{}
}

// unpaired says why control and candidate have no pairs; zero where they may.
func unpaired(c *compare.Comparison) finding.Finding {
	if len(c.Scenarios) == 0 {
		return finding.Finding{Code: finding.NotMeasured, Target: c.Baseline}
	}
	for _, side := range c.Scenarios[0].Sides {
		if side.State != compare.Compared && side.State != compare.Measured {
			return side.Reason
		}
	}
	return finding.Finding{}
}

// held judges one metric. It is not measured when no machine could: no trial of
// either run has the figure.
func (a against) held(m *figure.Figure, then, now *compare.Comparison, candidate string) (d Decision, row stats.Row, measured bool) {
	before, ratioThen := of(m, then)
	today, ratioNow := of(m, now)
	if ratioThen == nil && ratioNow == nil && m.Optional {
		return d, row, false
	}
	rule := stats.Rule{Better: m.Better, Plan: now.Plan(m, min(len(before), len(today))), Numbers: stats.Numbers(today), Then: stats.Numbers(before)}
	between := a.known.between(m, candidate, now.Scenarios[0], stats.Plain(today))
	if between != nil {
		rule.Between = *between
	}
	j := stats.RatioOfRatios(stats.Plain(before), stats.Plain(today), rule)
	j = stats.Examine(before, m.Better).Temper(stats.Examine(today, m.Better).Temper(j))
	d.Then, d.Now, d.Ratio, d.Between = verdictOf(ratioThen), verdictOf(ratioNow), ratioOf(j), between
	return d, stats.Row{Judgement: j, Plan: rule.Plan}, true
}

// atRate says why a metric of load at a rate has no ratio, in the first run that has
// none for it.
func atRate(m *figure.Figure, runs ...*compare.Comparison) finding.Finding {
	for _, c := range runs {
		if r, measured := c.Scenarios[0].Row(m); measured {
			if why := r.Cells[1].NoRatio; why.Code == finding.RateIsAsked || why.Code == finding.RateNotReached {
				return why
			}
		}
	}
	return finding.Finding{}
}

// of is one metric of control and candidate, pair by pair, and its ratio.
func of(m *figure.Figure, c *compare.Comparison) ([]stats.OrderedPair, *verdict.Ratio) {
	s := c.Scenarios[0]
	r, measured := s.Row(m)
	if !measured { // on this machine
		nothing := verdict.Cell{EachPair: make([]*float64, len(s.Pairs))}
		r.Cells = []verdict.Cell{nothing, nothing}
	}
	return s.Series(r, 1), r.Cells[1].Ratio
}

func verdictOf(r *verdict.Ratio) *Ratio {
	if r == nil {
		return nil
	}
	return ratioOf(r.Verdict.Judgement)
}
