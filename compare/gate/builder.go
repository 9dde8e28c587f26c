package gate

import (
	"maps"
	"slices"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
)

// builder is a report that is being made. Metrics are decided on together, when
// all are there: how many they are says how much proof each takes.
type builder struct {
	Report
	options Options
	rows    []stats.Row
	at      []int // the decision that each row is of

	missed, bothMiss map[string][]string // scenarios with expectations that fail nothing, by candidate
}

// old is the age from which on a gate warns of the run it decides on: a build
// that is gated was measured today.
const old = 24 * 3600 // s

func newBuilder(o Options, targets []lineup.Target, notes []finding.Finding) *builder {
	g := &builder{options: o, missed: map[string][]string{}, bothMiss: map[string][]string{}}
	g.Report = Report{Schema: lineup.Schema, Rule: o.Rule, Baseline: targets[0].Label, Judged: []Judged{}, Decisions: []Decision{}}
	for _, t := range targets[1:] {
		g.judge(t)
	}
	for _, j := range g.Judged {
		if j.AgeS > old {
			g.Notes = append(g.Notes, finding.Finding{Code: finding.OldRun, Said: []string{j.Session}, Values: finding.Values{"age_s": j.AgeS}})
		}
	}
	g.Notes = append(g.Notes, notes...)
	return g
}

// of notes what the run says of all.
func (g *builder) of(c *compare.Comparison) { g.Run, g.Headline = c, c.Summary.Headline }

// judge notes which run a candidate was measured in.
func (g *builder) judge(t lineup.Target) {
	for i := range g.Judged {
		if g.Judged[i].Session == t.Session {
			g.Judged[i].Targets = append(g.Judged[i].Targets, t.Label)
			return
		}
	}
	j := Judged{Session: t.Session, Created: t.Created, Targets: []string{t.Label}, Sender: t.Sender}
	if !g.options.At.IsZero() {
		j.AgeS = max(0, g.options.At.Sub(t.Created).Seconds())
	}
	g.Judged = append(g.Judged, j)
}

// close decides on all metrics, and counts.
func (g *builder) close() *Report {
	for i, d := range stats.GateAll(g.rows, g.Rule) {
		g.Decisions[g.at[i]].Decision = d
	}
	for _, t := range slices.Sorted(maps.Keys(g.missed)) {
		g.Notes = append(g.Notes, finding.Finding{Code: finding.ExpectationsOpen, Target: t, Said: g.missed[t]})
	}
	for _, t := range slices.Sorted(maps.Keys(g.bothMiss)) {
		g.Notes = append(g.Notes, finding.Finding{Code: finding.ExpectationsBoth, Target: t, Said: append([]string{g.Baseline}, g.bothMiss[t]...)})
	}
	g.Report.close()
	if g.Notes == nil {
		g.Notes = []finding.Finding{}
	}
	return &g.Report
}

func (g *builder) add(s compare.Scenario, target string, outcome stats.Outcome, reason finding.Finding) {
	g.Decisions = append(g.Decisions, Decision{
		Scenario: s.Name, Connections: s.Load.Connections, Target: target, Decision: stats.Decision{Outcome: outcome, Reason: reason},
	})
}

// answers fails a scenario in which any target's answers were wrong: the
// other's speed is then nothing to be held against.
func (g *builder) answers(s compare.Scenario) {
	for _, side := range s.Sides {
		if side.State == compare.Failed {
			for _, p := range side.Problems() {
				g.add(s, side.Target, stats.Failed, p.Finding)
			}
		}
	}
}

// expectations are a question of their own: a limit that the baseline misses
// too says nothing of the candidate, and the others fail only where that is
// asked for.
func (g *builder) expectations(s compare.Scenario, target int) {
	if s.Sides[target].State == compare.Failed {
		return // said already
	}
	for _, c := range s.Expected {
		r, base := c.Results[target], c.Results[0]
		switch {
		case r.Met == nil || *r.Met:
		case base.Met != nil && !*base.Met:
			note(g.bothMiss, r.Target, s.Name)
		case !g.options.Expected:
			note(g.missed, r.Target, s.Name)
		default:
			g.add(s, r.Target, stats.Failed, finding.Finding{
				Code: finding.ExpectationMissed, Step: c.Step, Metric: c.Metric, Said: []string{c.Text}, Values: finding.Values{"reached": *r.Median},
			})
		}
	}
}

func note(of map[string][]string, target, scenario string) {
	if !slices.Contains(of[target], scenario) {
		of[target] = append(of[target], scenario)
	}
}

// metrics decides on the primary ones, where answers were right.
func (g *builder) metrics(s compare.Scenario, target int) {
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
			if cell.NoRatio.Code == finding.RateIsAsked {
				continue // what was asked for is nothing to decide on
			}
			g.judged(Decision{Scenario: s.Name, Connections: s.Load.Connections, Target: cell.Target, Metric: m}, cell)
		}
	}
}

// judged decides by the verdict of a cell; without one, nothing.
func (g *builder) judged(d Decision, cell verdict.Cell) {
	x := cell.Ratio
	if x == nil || x.Verdict == nil {
		d.Decision = stats.Decision{Outcome: stats.Undetermined, Reason: cell.NoRatio}
		g.Decisions = append(g.Decisions, d)
		return
	}
	d.Ratio = ratioOf(x.Verdict.Judgement)
	g.decideOn(d, x.Verdict.Row())
}

// decideOn leaves a decision to the end.
func (g *builder) decideOn(d Decision, row stats.Row) {
	g.rows, g.at = append(g.rows, row), append(g.at, len(g.Decisions))
	g.Decisions = append(g.Decisions, d)
}
