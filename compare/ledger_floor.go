package compare

import (
	"maps"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// floors are documents of servers that answer the same as the others with nothing
// behind it, by the session in which they were counted.
type floors map[string]lineup.Entrant

// WithoutFloors takes the floors out of documents; where there is nothing else,
// they are shown as any target is.
func WithoutFloors(docs []results.Document) ([]results.Document, floors) {
	isFloor := func(d results.Document) bool { return d.Plan.Floor == d.Implementation }
	if !slices.ContainsFunc(docs, func(d results.Document) bool { return !isFloor(d) }) {
		return docs, nil
	}
	found := floors{}
	var rest []results.Document
	for _, d := range docs {
		if isFloor(d) {
			found[d.Session] = lineup.Entrant{Target: lineup.Target{Label: d.Implementation, Implementation: d.Implementation, Session: d.Session, Created: d.Created}, Doc: d}
		} else {
			rest = append(rest, d)
		}
	}
	return rest, found
}

// of is what the floor of a target's session is in a scenario; nil where it was not
// counted, or asked otherwise.
func (f floors) of(t lineup.Target, k key, first *results.Measurement) *side {
	floor, ok := f[t.Session]
	if !ok {
		return nil
	}
	s := newSide(k, floor)
	if s.measurement != nil {
		s.refuseUnless(lineup.Asked{Hash: first.Hash, Load: first.Load, Sender: s.sender})
	}
	return s
}

// bare reports whether there are counts of the floor.
func (s *side) bare() bool { return s != nil && s.State == Compared }

// splitter makes the rows of what sides cost by what their floors cost.
type splitter struct {
	stack, application []*side
}

func newSplitter(sides, bare []*side) *splitter {
	if !slices.ContainsFunc(bare, (*side).bare) {
		return nil
	}
	s := new(splitter)
	for i, one := range sides {
		trials := map[int]results.Trial{}
		if bare[i].bare() {
			trials = bare[i].trials
		}
		s.stack = append(s.stack, one.having(trials))
		s.application = append(s.application, one.having(beyond(one.trials, trials)))
	}
	return s
}

// having is the side with other trials.
func (s *side) having(trials map[int]results.Trial) *side {
	c := *s
	c.trials = trials
	return &c
}

// beyond are the trials without the instructions that the floor took in the same
// pairs, step by step; of pairs and steps that both have.
func beyond(trials, floor map[int]results.Trial) map[int]results.Trial {
	out := map[int]results.Trial{}
	for pair, t := range trials {
		bare, counted := floor[pair]
		if !counted {
			continue
		}
		var steps []results.StepResult
		for _, s := range t.Steps {
			if f := bare.Step(s.Name); f != nil && s.Cost != nil && f.Cost != nil && f.Cost.Answers == s.Cost.Answers {
				cost := *s.Cost
				cost.Instructions -= f.Cost.Instructions
				s.Cost = &cost
				steps = append(steps, s)
			}
		}
		t.Steps = steps
		out[pair] = t
	}
	return out
}

// rows are the stack's and the application's part of a step.
func (s *splitter) rows(pairs []int, step string, rules verdict.Rules) []verdict.Row {
	if s == nil {
		return nil
	}
	stack := row(s.stack, pairs, step, figure.CountedStack, rules)
	application := row(s.application, pairs, step, figure.CountedApplication, rules)
	if !stack.Measured() {
		return nil
	}
	for i := range application.Cells {
		c := &application.Cells[i]
		if c.Median == nil && stack.Cells[i].Median != nil {
			c.Missing = finding.Finding{Code: finding.FloorDearer, Target: c.Target, Step: step}
		}
	}
	equalZeros(&application)
	return []verdict.Row{stack, application}
}

// mostOtherBytes is by what part a floor's answers may be longer or shorter before
// they are called others.
const mostOtherBytes = 0.05

// floorNotes tell of floors that are none: not counted, or with other answers.
func floorNotes(sides, bare []*side) []finding.Finding {
	told := map[string]finding.Finding{}
	for i, s := range sides {
		f := bare[i]
		switch {
		case f == nil || s.State != Compared:
			continue
		case !f.bare():
			told[""] = finding.Finding{Code: finding.FloorUncounted, Target: f.Target}.With(f.Reason)
			continue
		}
		for _, step := range s.measurement.Steps {
			if _, known := told[step]; known {
				continue
			}
			if own, bare := s.measurement.MiddleCost(step), f.measurement.MiddleCost(step); own != nil && bare != nil {
				a, b := float64(own.AnswerBytes)/float64(own.Answers), float64(bare.AnswerBytes)/float64(bare.Answers)
				if b < a*(1-mostOtherBytes) || b > a*(1+mostOtherBytes) {
					told[step] = finding.Finding{Code: finding.FloorAnswers, Target: s.Target, Step: step, Values: finding.Values{"bytes": a, "floor_bytes": b}}
				}
			}
		}
	}
	var list []finding.Finding
	for _, step := range slices.Sorted(maps.Keys(told)) {
		list = append(list, told[step])
	}
	return list
}

// Both is the floor of two targets, where it is the same one's; else nil.
func (f floors) Both(a, b lineup.Entrant, s Scenario, first *results.Measurement) *results.Measurement {
	k := key{s.Name, s.Load.Level()}
	one, other := f.of(a.Target, k, first), f.of(b.Target, k, first)
	if !one.bare() || !other.bare() || one.measurement != other.measurement {
		return nil
	}
	return one.measurement
}
