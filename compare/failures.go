package compare

import (
	"cmp"
	"slices"

	"taskbench/compare/finding"
	"taskbench/results"
)

// What can be wrong with a request beside its answer, as Failure.Unmet names it.
const (
	faultLost       = "lost"
	faultLate       = "late"
	faultUnanswered = "unanswered"
	faultSurplus    = "surplus"
	faultBroken     = "broken"
)

// faults are their codes; all others are expectations of an answer.
var faults = map[string]finding.Code{
	faultLost: finding.Lost, faultLate: finding.Late, faultUnanswered: finding.Unanswered, faultSurplus: finding.Surplus, faultBroken: finding.Broken,
}

// tally counts what was not as expected by step and kind.
type tally struct {
	failures map[[2]string]*Failure // by step and expectation
	answers  map[string]uint64      // by step; "": of all
	statuses map[string]map[string]uint64
}

// failures collects what was not as expected over all trials, in the order of
// the steps; what belongs to none comes last.
func failures(m *results.Measurement) []Failure {
	c := tally{make(map[[2]string]*Failure), make(map[string]uint64), make(map[string]map[string]uint64)}
	for _, t := range m.Trials {
		if t.Ended == nil { // else it is no measurement, whatever got lost with the server
			c.addTrial(t)
		}
	}
	var list []Failure
	for _, f := range c.failures {
		f.Answers, f.Statuses = c.answers[f.Step], c.statuses[f.Step]
		if f.Unmet == faultLost || f.Unmet == faultUnanswered {
			f.Answers += f.Count // these are none
		}
		f.Answers = max(f.Answers, f.Count)
		f.Fraction = float64(f.Count) / float64(f.Answers)
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b Failure) int {
		x, y := stepRank(m, a), stepRank(m, b)
		return cmp.Or(cmp.Compare(x, y), cmp.Compare(a.Step, b.Step), cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Unmet, b.Unmet))
	})
	return list
}

func stepRank(m *results.Measurement, f Failure) int {
	if f.Step == "" {
		return len(m.Steps)
	}
	return slices.Index(m.Steps, f.Step)
}

// rank puts statuses first: a wrong one explains most of the rest.
func rank(f Failure) int {
	if f.Unmet == "status" {
		return 0
	}
	return 1
}

// addTrial counts a trial. Of a trial with an error only the answers that were
// wrong are told: its counts are no measurement.
func (c *tally) addTrial(t results.Trial) {
	var stepsLost uint64
	for _, s := range t.Steps {
		c.add(s)
		stepsLost += s.Unmet[faultLost]
		c.answers[""] += s.Answers + s.LeftOut
	}
	if t.Error != "" {
		return
	}
	c.count("", faultLost, t.Lost-min(t.Lost, stepsLost))
	c.count("", faultUnanswered, t.Unanswered)
	c.count("", faultSurplus, t.Surplus)
	c.count("", faultBroken, t.Broken)
}

func (c *tally) add(s results.StepResult) {
	c.answers[s.Name] += s.Answers + s.LeftOut
	if c.statuses[s.Name] == nil {
		c.statuses[s.Name] = make(map[string]uint64)
	}
	for status, n := range s.Statuses {
		c.statuses[s.Name][status] += n
	}
	c.count(s.Name, faultLate, s.Late)
	for unmet, n := range s.Unmet {
		f := c.count(s.Name, unmet, n)
		if f != nil && f.Example == nil && s.Example != nil && s.Example.Unmet == unmet {
			f.Example = s.Example
		}
	}
}

// count adds to a kind of failure; nil where there is nothing to add.
func (c *tally) count(step, unmet string, n uint64) *Failure {
	if n == 0 {
		return nil
	}
	k := [2]string{step, unmet}
	if c.failures[k] == nil {
		c.failures[k] = &Failure{Step: step, Unmet: unmet}
	}
	c.failures[k].Count += n
	return c.failures[k]
}

// finding is the failure as a fact about a target.
func (f Failure) finding(target string) finding.Finding {
	out := finding.Finding{Code: faults[f.Unmet], Target: target, Step: f.Step, Values: finding.Values{
		"count": float64(f.Count), "of": float64(f.Answers), "fraction": f.Fraction,
	}}
	if out.Code == "" {
		out.Code, out.Said = finding.NotAsExpected, []string{f.Unmet}
	}
	return out
}
