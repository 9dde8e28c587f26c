package compare

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"taskbench/internal/figure"
	"taskbench/results"
)

// side is one target's part in a scenario while it is being put together.
type side struct {
	Side
	measurement *results.Measurement  // nil: not measured
	trials      map[int]results.Trial // by pair, those with figures
	errors      map[int]string        // by pair, why there are none
	hints       map[int]string        // by pair, what to do about that
}

// paired reports whether the side's trials are halves of pairs.
func (s *side) paired() bool {
	return len(s.trials) > 0 && (s.State == Compared || s.State == Failed)
}

// newScenario joins what all targets have of one scenario and load level.
func newScenario(k key, entrants []entrant, rules rules) Scenario {
	sides, first := newSides(k, entrants)
	sc := Scenario{
		Name: k.scenario, Title: first.Title, Hash: first.Hash, Mode: first.Mode, Load: finiteLoad(first.Load),
		Flags: redFlags(sides), Notes: scenarioNotes(sides),
	}
	sc.Pairs, sc.LeftOut = pair(sides)
	sc.Rows = rows(sides, sc.Pairs, rules)
	sc.Expected = checks(sides, sc.Pairs)
	sc.State = settle(sides, sc.Pairs)
	sc.Planned = planned(entrants)
	for _, s := range sides {
		s.Seconds = s.perSecond(sc.Pairs)
		sc.Sides = append(sc.Sides, s.Side)
	}
	return sc
}

// planned is how many pairs a run that went through to its end was to have at
// most; 0 where one of them did not.
func planned(entrants []entrant) int {
	most := 0
	for _, e := range entrants {
		if !e.doc.Complete {
			return 0
		}
		most = max(most, e.doc.Plan.Pairs)
	}
	return most
}

// newSides finds every target's part and the first that was measured, which
// says what the others must have been asked. It is nil when nobody was.
func newSides(k key, entrants []entrant) ([]*side, *results.Measurement) {
	sides := make([]*side, len(entrants))
	var first *results.Measurement
	for i, e := range entrants {
		sides[i] = newSide(k, e)
		if first == nil {
			first = sides[i].measurement
		}
	}
	for _, s := range sides {
		s.refuseUnless(first)
	}
	spare(sides)
	return sides, first
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
			s.Reason, s.Spared = fmt.Sprintf("%s was not loaded: answers of %s were not as expected", s.Target, strings.Join(wrong, ", ")), true
		}
	}
}

func newSide(k key, e entrant) *side {
	s := &side{Side: Side{Target: e.Label, State: Unmeasured, Reason: e.Label + " was not measured"}}
	for i, m := range e.doc.Scenarios {
		if (key{m.Scenario, m.Load.Connections}) == k {
			s.measurement = &e.doc.Scenarios[i]
			break
		}
	}
	if s.measurement == nil {
		return s
	}
	s.sortTrials()
	s.Failures = failures(s.measurement)
	switch {
	case s.measurement.Refused != "":
		s.State, s.Reason, s.Refused = Failed, "answers of "+e.Label+" were not as expected", s.measurement.Refused
	case len(s.Failures) > 0:
		s.State, s.Reason = Failed, "answers of "+e.Label+" were not as expected"
	case len(s.trials) > 0:
		s.State, s.Reason = Compared, ""
	case len(s.errors) > 0:
		pair := slices.Min(pairNumbers(s.errors))
		s.Reason, s.Hint = fmt.Sprintf("no trial of %s worked: %s", e.Label, s.errors[pair]), s.hints[pair]
	}
	return s
}

func (s *side) sortTrials() {
	s.trials, s.errors, s.hints = make(map[int]results.Trial), make(map[int]string), make(map[int]string)
	for _, t := range s.measurement.Trials {
		if !t.Counts() {
			s.errors[t.Pair], s.hints[t.Pair], _ = strings.Cut(t.Error, "\nhint: ")
		} else if _, twice := s.trials[t.Pair]; !twice {
			s.trials[t.Pair] = t
		}
	}
}

// refuseUnless the side was asked the same as the first that was measured.
func (s *side) refuseUnless(first *results.Measurement) {
	if s.measurement == nil {
		return
	}
	if why := different(first, s.measurement); why != "" {
		s.State, s.Reason = Refused, fmt.Sprintf("%s was asked something else: %s", s.Target, why)
	}
}

// different says what makes two measurements incomparable; "" for nothing.
func different(a, b *results.Measurement) string {
	x, y := a.Load, b.Load
	switch {
	case a.Hash != b.Hash:
		return fmt.Sprintf("the scenario has changed (hash %s, not %s)", short(b.Hash), short(a.Hash))
	case x.Threads != y.Threads:
		return fmt.Sprintf("%d threads, not %d", y.Threads, x.Threads)
	case x.DurationS != y.DurationS:
		return fmt.Sprintf("a duration of %s s, not %s s", figure.Plain(y.DurationS), figure.Plain(x.DurationS))
	case x.WarmupS != y.WarmupS:
		return fmt.Sprintf("a warm-up of %s s, not %s s", figure.Plain(y.WarmupS), figure.Plain(x.WarmupS))
	case x.TimeoutS != y.TimeoutS:
		return fmt.Sprintf("a timeout of %s s, not %s s", figure.Plain(y.TimeoutS), figure.Plain(x.TimeoutS))
	case x.Think != y.Think:
		return fmt.Sprintf("a think time of %q, not %q", y.Think, x.Think)
	}
	return ""
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

func short(hash string) string { return hash[:min(8, len(hash))] }

// pair finds the pairs in which every target worked, of those that worked at
// all. The others are left out, whoever failed: medians are over the same pairs.
func pair(sides []*side) ([]int, []LeftOut) {
	all := make(map[int]bool)
	for _, s := range sides {
		if s.paired() {
			for _, p := range append(pairNumbers(s.trials), pairNumbers(s.errors)...) {
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
		if _, has := s.trials[p]; has || !s.paired() {
			continue
		}
		why, failed := s.errors[p]
		if !failed {
			why = "was not measured"
		}
		missing = append(missing, LeftOut{p, s.Target, why, s.hints[p]})
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
