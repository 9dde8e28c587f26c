package compare

import (
	"maps"
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/verdict"
	"taskbench/results"
)

// side is one target's part in a scenario while it is being put together.
type side struct {
	Side
	measurement *results.Measurement  // nil: not measured
	sender      results.Sender        // what its load was sent with
	trials      map[int]results.Trial // by pair, those with figures
	failed      map[int]results.Trial // by pair, those without
	parted      []finding.Finding     // metrics whose ratios are those of the whole time, as that is another than the typical slot's
}

// paired reports whether the side's trials are halves of pairs.
func (s *side) paired() bool {
	return len(s.trials) > 0 && (s.State == Compared || s.State == Failed)
}

// newScenario joins what all targets have of one scenario and load level.
func newScenario(k key, entrants []lineup.Entrant, rules verdict.Rules) Scenario {
	sides, first := newSides(k, entrants)
	sc := Scenario{
		Name: k.scenario, Title: first.Title, Hash: first.Hash, Mode: first.Mode, Load: finiteLoad(first.Load), Sender: senderOf(sides),
		Flags: redFlags(sides), Notes: scenarioNotes(sides), SlotS: slotSeconds(sides), PairS: pairSeconds(sides),
	}
	sc.Pairs, sc.LeftOut = pair(sides)
	sc.Rows = rows(sides, sc.Pairs, rules)
	for _, s := range sides {
		sc.Notes = append(sc.Notes, s.parted...)
	}
	sc.Expected = checks(sides, sc.Pairs)
	sc.State = settle(sides, sc.Pairs)
	sc.Planned = planned(entrants)
	for _, s := range sides {
		s.Seconds = s.perSecond(sc.Pairs)
		if s.paired() || s.State == Measured {
			for _, p := range sc.Pairs {
				s.positions = append(s.positions, s.trials[p].Position)
			}
		}
		sc.Sides = append(sc.Sides, s.Side)
	}
	sc.Notes = append(sc.Notes, batches(sc)...)
	return sc
}

// planned is how many pairs a run that went through to its end was to have at
// most; 0 where one of them did not.
func planned(entrants []lineup.Entrant) int {
	most := 0
	for _, e := range entrants {
		if !e.Doc.Complete {
			return 0
		}
		most = max(most, e.Doc.Plan.Pairs)
	}
	return most
}

// newSides finds every target's part and the first that was measured, which
// says what the others must have been asked. It is nil when nobody was.
func newSides(k key, entrants []lineup.Entrant) ([]*side, *results.Measurement) {
	sides := make([]*side, len(entrants))
	var first *side
	for i, e := range entrants {
		sides[i] = newSide(k, e)
		if first == nil && sides[i].measurement != nil {
			first = sides[i]
		}
	}
	if first == nil {
		return sides, nil
	}
	for _, s := range sides {
		s.refuseUnless(first.asked())
	}
	spare(sides)
	spareFor(sides)
	return sides, first.measurement
}

// spare tells the sides that were not loaded for another's wrong answers.
func spare(sides []*side) {
	var wrong []string
	for _, s := range sides {
		if s.Refused != "" {
			wrong = append(wrong, s.Target)
		}
	}
	for _, s := range sides {
		if len(wrong) > 0 && s.State == Unmeasured && s.measurement != nil && len(s.measurement.Trials) == 0 {
			s.Reason, s.Spared = finding.Finding{Code: finding.NotLoaded, Target: s.Target, Said: wrong}, true
		}
	}
}

func newSide(k key, e lineup.Entrant) *side {
	about := func(code finding.Code) finding.Finding { return finding.Finding{Code: code, Target: e.Label} }
	s := &side{Side: Side{Target: e.Label, State: Unmeasured, Reason: about(finding.NotMeasured)}, sender: e.Doc.Sender()}
	for i, m := range e.Doc.Scenarios {
		if keyOf(m) == k {
			s.measurement = &e.Doc.Scenarios[i]
			break
		}
	}
	if s.measurement == nil {
		s.measurement = otherModel(k, e.Doc.Scenarios)
	}
	if s.measurement == nil {
		return s
	}
	s.sortTrials()
	s.Failures = failures(s.measurement)
	switch {
	case s.measurement.Refused != "":
		s.State, s.Reason, s.Refused = Failed, about(finding.WrongAnswers), s.measurement.Refused
	case len(s.Failures) > 0:
		s.State, s.Reason = Failed, about(finding.WrongAnswers)
	case len(s.trials) > 0:
		s.State, s.Reason = Compared, finding.Finding{}
	case len(s.failed) > 0:
		t := s.failed[slices.Min(pairNumbers(s.failed))]
		s.Reason, s.Hint = finding.Finding{Code: finding.NoTrialWorked, Target: e.Label, Said: []string{t.Error}}, t.Hint
	}
	return s
}

// otherModel finds a scenario that was measured at another rate, or in closed
// loops where this was not: it cannot be held against it, and is told.
func otherModel(k key, list []results.Measurement) *results.Measurement {
	for i, m := range list {
		if m.Scenario == k.scenario && m.Load.Rate != k.level.Rate {
			return &list[i]
		}
	}
	return nil
}

func (s *side) sortTrials() {
	s.trials, s.failed = make(map[int]results.Trial), make(map[int]results.Trial)
	for _, t := range s.measurement.Trials {
		if !t.Counts() {
			s.failed[t.Pair] = t
		} else if _, twice := s.trials[t.Pair]; !twice {
			s.trials[t.Pair] = t
		}
	}
}

// refuseUnless the side was asked the same as the first that was measured.
func (s *side) refuseUnless(first lineup.Asked) {
	if s.measurement == nil {
		return
	}
	if why := first.Different(s.asked()); !why.IsZero() {
		s.State, s.Reason = Refused, finding.Finding{Code: finding.AskedOtherwise, Target: s.Target}.With(why)
	}
}

// senderOf is what the load of the first side that was measured was sent with.
func senderOf(sides []*side) results.Sender {
	at := slices.IndexFunc(sides, func(s *side) bool { return s.measurement != nil })
	return sides[max(at, 0)].sender
}

// asked is what the side's measurement was.
func (s *side) asked() lineup.Asked {
	return lineup.Asked{Hash: s.measurement.Hash, Load: s.measurement.Load, Sender: s.sender}
}

// Asked is what was measured.
func (s Scenario) Asked() lineup.Asked {
	return lineup.Asked{Hash: s.Hash, Load: s.Load, Sender: s.Sender}
}

// Different says what makes two scenarios incomparable: what was asked of the
// other's target; zero for nothing.
func (s Scenario) Different(other Scenario) finding.Finding {
	return s.Asked().Different(other.Asked())
}

// finiteLoad keeps a load that no JSON file can hold, but a caller may, from
// spoiling the output.
func finiteLoad(l results.Load) results.Load {
	for _, v := range []*float64{&l.DurationS, &l.WarmupS, &l.TimeoutS} {
		if math.IsNaN(*v) || math.IsInf(*v, 0) {
			*v = 0
		}
	}
	return l
}

// pair finds the pairs in which every target worked, of those that worked at
// all. The others are left out, whoever failed: medians are over the same pairs.
func pair(sides []*side) ([]int, []LeftOut) {
	all := make(map[int]bool)
	for _, s := range sides {
		if s.paired() {
			for _, p := range append(pairNumbers(s.trials), pairNumbers(s.failed)...) {
				all[p] = true
			}
		}
	}
	counted, left := []int{}, []LeftOut{}
	for _, p := range slices.Sorted(maps.Keys(all)) {
		missing := missingIn(p, sides)
		left = append(left, missing...)
		if len(missing) == 0 {
			counted = append(counted, p)
		}
	}
	return counted, left
}

func missingIn(p int, sides []*side) []LeftOut {
	var missing []LeftOut
	for _, s := range sides {
		if _, has := s.trials[p]; has || !s.paired() || s.othersFault(p, sides) {
			continue
		}
		why := finding.Finding{Code: finding.NotInPair}
		t, failed := s.failed[p]
		if failed {
			why = finding.Finding{Code: finding.TrialFailed, Said: []string{t.Error}}
		}
		missing = append(missing, LeftOut{p, s.Target, why, t.Hint})
	}
	return missing
}

func pairNumbers[T any](byPair map[int]T) []int {
	numbers := make([]int, 0, len(byPair))
	for p := range byPair {
		numbers = append(numbers, p)
	}
	return numbers
}

// perSecond are a target's good answers in each whole second of the windows of
// these pairs, one pair after the other. What is left of a window after its
// last whole second is no second.
func (s *side) perSecond(pairs []int) []uint64 {
	const nearly = 0.02 // of a second: a window is closed by the first answer after its end
	var list []uint64
	for _, p := range pairs {
		t := s.trials[p]
		list = append(list, t.GoodPerS[:min(max(int(t.WindowS+nearly), 0), len(t.GoodPerS))]...)
	}
	return list
}

// settle gives the state of the whole scenario: the worst of any target's.
// Targets that nobody is held against were only measured.
func settle(sides []*side, pairs []int) State {
	has := make(map[State]int)
	for _, s := range sides {
		has[s.State]++
	}
	comparing := sides[0].State == Compared && has[Compared] > 1 && len(pairs) > 0
	for _, s := range sides {
		if s.State == Compared && !comparing {
			s.State = Measured
		}
	}
	switch {
	case has[Failed] > 0:
		return Failed
	case has[Refused] > 0:
		return Refused
	case comparing:
		return Compared
	case has[Compared] > 0 && len(pairs) > 0:
		return Measured
	}
	return Unmeasured
}
