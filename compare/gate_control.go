package compare

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// GateAgainst holds a run against an earlier one. The baseline of now is the
// control: what is compared is every candidate's ratio to it, now and then, by
// stats.RatioOfRatios, so that a machine that became slower is no regression.
// Wrong answers and missed expectations of now fail as in Gate.
//
// Scenarios of another text, load or document schema (which is where the
// definition of percentiles would change) are not compared, and the decision
// says why. It is an error when either run lacks the control or was not
// measured in one session, and when they have no candidate in common.
func GateAgainst(then, now []results.Document, o Options, rule stats.GateRule) (*GateReport, error) {
	c, err := New(now, o)
	if err != nil {
		return nil, err
	}
	if _, err := Gate(c, rule); err != nil {
		return nil, err
	}
	h, err := newHistory(then, now, o)
	if err != nil {
		return nil, err
	}
	g := newGateReport(c, rule)
	g.BaselineRun = h.then[0].Session
	g.Notes = append(g.Notes, h.notes()...)
	for i, s := range c.Scenarios {
		g.answers(s)
		for k := range s.Sides[1:] {
			g.expectations(s, k+1)
			if s.Sides[0].State != Failed && s.Sides[k+1].State != Failed {
				h.decide(g, c.Scenarios[i], k+1)
			}
		}
	}
	return g.close(), nil
}

// history is two runs, each with the control first.
type history struct {
	then, now           []entrant
	rulesThen, rulesNow rules
}

func newHistory(then, now []results.Document, o Options) (h history, err error) {
	if h.now, err = lineUp(now, o); err != nil {
		return h, err
	}
	control := h.now[0].Implementation
	if h.then, err = lineUp(then, Options{Baseline: control, Margins: o.Margins}); err != nil {
		return h, source.WithHint(fmt.Errorf("the baseline run has no control: %w", err),
			"it needs results of "+control+" measured in pairs with the candidate; see: taskbench results list")
	}
	for name, run := range map[string][]entrant{"the baseline run": h.then, "the run": h.now} {
		if slices.ContainsFunc(run, func(e entrant) bool { return e.Session != run[0].Session }) {
			return h, source.Errorf(source.Position{}, "name one session", "%s was not measured in one session: its pairs are no pairs", name)
		}
	}
	if !slices.ContainsFunc(h.now[1:], func(e entrant) bool { return h.before(e) != nil }) {
		return h, source.Errorf(source.Position{}, "", "the baseline run has none of the candidates of this run")
	}
	h.rulesThen, h.rulesNow = newRules(h.then, o.Margins), newRules(h.now, o.Margins)
	return h, nil
}

// before is the same implementation in the earlier run; nil when it is not there.
func (h history) before(e entrant) *entrant {
	for i := range h.then[1:] {
		if h.then[i+1].Implementation == e.Implementation {
			return &h.then[i+1]
		}
	}
	return nil
}

// notes are what a reader of the decisions must know of the earlier run.
func (h history) notes() []string {
	if h.then[0].Session == h.now[0].Session {
		return []string{"the run is held against itself"}
	}
	var list []string
	text := environmentNote([]results.Document{h.then[0].doc, h.now[0].doc}, []string{"the baseline run", "now"})
	if text != "" {
		list = append(list, text+"; the control takes out what is the same for both implementations, no more")
	}
	if slices.ContainsFunc(h.then, func(e entrant) bool { return !e.Complete }) {
		list = append(list, "the baseline run is not complete: it was interrupted or still goes on")
	}
	if dropped := h.dropped(); len(dropped) > 0 {
		list = append(list, "the baseline run measured what this run did not, and nothing is decided on it: "+strings.Join(dropped, ", "))
	}
	return list
}

// dropped are the scenarios, and candidates, that only the earlier run has: a
// gate that says nothing of them must not look as if they had passed.
func (h history) dropped() []string {
	var list []string
	measured := keys(h.now)
	for _, k := range keys(h.then) {
		if !slices.Contains(measured, k) {
			list = append(list, fmt.Sprintf("%s@%d", k.scenario, k.connections))
		}
	}
	for _, e := range h.then[1:] {
		if !slices.ContainsFunc(h.now, func(n entrant) bool { return n.Implementation == e.Implementation }) {
			list = append(list, e.Implementation)
		}
	}
	return list
}

// decide judges all primary metrics of one candidate in one scenario.
func (h history) decide(g *GateReport, s Scenario, target int) {
	e := h.now[target]
	earlier := h.before(e)
	if earlier == nil {
		g.add(s, e.Label, stats.Undetermined, "the baseline run has no results of "+e.Implementation)
		return
	}
	k := key{s.Name, s.Load.Connections}
	now, _ := newSides(k, []entrant{h.now[0], e})
	then, _ := newSides(k, []entrant{h.then[0], *earlier})
	if why := notComparable(then, now, h.then[0].doc.Schema, h.now[0].doc.Schema); why != "" {
		g.add(s, e.Label, stats.Undetermined, why)
		return
	}
	for _, m := range figure.Primaries() {
		if d, measured := h.metric(m, then, now, g.Rule); measured {
			d.Scenario, d.Connections, d.Target, d.Metric = s.Name, s.Load.Connections, e.Label, m
			g.Decisions = append(g.Decisions, d)
		}
	}
}

// notComparable says why two runs of a scenario cannot be held against each
// other; "" when they can.
func notComparable(then, now []*side, schemaThen, schemaNow int) string {
	for _, s := range now {
		if s.State != Compared {
			return s.Reason
		}
	}
	for _, s := range then {
		if s.State != Compared {
			return "in the baseline run: " + s.Reason
		}
	}
	if schemaThen != schemaNow {
		return fmt.Sprintf("the baseline run is of schema %d, not %d: its percentiles may be defined otherwise", schemaThen, schemaNow)
	}
	if why := different(then[0].measurement, now[0].measurement); why != "" {
		return "not what the baseline run measured: " + why
	}
	return ""
}

// metric is not measured when no machine could: no trial of either run has the
// figure.
func (h history) metric(m *figure.Figure, then, now []*side, gate stats.GateRule) (d GateDecision, measured bool) {
	a, b := ofRun(m, then), ofRun(m, now)
	_, _, inThen := extremes(a)
	_, _, inNow := extremes(b)
	if inThen+inNow == 0 {
		return d, !m.Optional
	}
	plan := h.rulesNow.plan(m, min(len(a), len(b)))
	rule := stats.Rule{Better: m.Better, Plan: plan, Numbers: numbers(b), Then: numbers(a)}
	j := stats.RatioOfRatios(plainPairs(a), plainPairs(b), rule)
	j = stats.Examine(a, m.Better).Temper(stats.Examine(b, m.Better).Temper(j))
	d.Then, d.Now = gateRatio(h.rulesThen.judge(m, a).Judgement), gateRatio(h.rulesNow.judge(m, b).Judgement)
	d.Ratio = gateRatio(j)
	d.Decision = stats.Gate(j, gate)
	return d, true
}

// ofRun is one metric over the pairs in which control and candidate worked.
func ofRun(m *figure.Figure, sides []*side) []stats.OrderedPair {
	pairs, _ := pair(sides)
	return series(pairs, "", m, sides[0], sides[1])
}

func plainPairs(ordered []stats.OrderedPair) []stats.Pair {
	list := make([]stats.Pair, len(ordered))
	for i, p := range ordered {
		list[i] = p.Pair
	}
	return list
}
