package compare

import (
	"slices"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Decided reports whether more pairs of one cell would be wasted: at a look of
// the stored rule, every primary metric of every candidate is settled
// (stats.Settled with the default gate) or beyond help, or the rule's last look
// is over. A cell with wrong answers is decided, for it has no speed. Between
// two looks nothing is: a verdict is taken only where the rule says so. Documents
// that cannot be compared, or a cell that nobody measured, are not decided.
func Decided(docs []results.Document, scenario string, connections int, o Options) bool {
	entrants, err := lineUp(docs, o)
	if err != nil {
		return false
	}
	sides, first := newSides(key{scenario, connections}, entrants)
	if first == nil {
		return false
	}
	if slices.ContainsFunc(sides, func(s *side) bool { return s.State == Failed || s.State == Refused }) {
		return true
	}
	pairs, _ := pair(sides)
	r := newRules(entrants, o.Margins)
	looks := planOf(r.stored, len(pairs)).Looks
	if _, more := (stats.Plan{Looks: looks}).Next(len(pairs)); !more {
		return len(pairs) > 0
	}
	if !slices.ContainsFunc(looks, func(l stats.Look) bool { return l.Pairs == len(pairs) }) {
		return false
	}
	return r.settled(sides, pairs)
}

// settled asks every candidate's primary metrics.
func (r rules) settled(sides []*side, pairs []int) bool {
	for _, cand := range sides[1:] {
		for _, m := range figure.Primaries() {
			s := series(pairs, "", m, sides[0], cand)
			if !hopeless(s) && !stats.Settled(r.judge(m, s).Judgement, stats.DefaultGate()) {
				return false
			}
		}
	}
	return true
}

// hopeless reports whether no number of further pairs would give a verdict: no
// pair has both figures (the process of one server is not known, or this machine
// cannot count instructions), or one has a figure that makes no ratio.
func hopeless(s []stats.OrderedPair) bool {
	d, _, invalid := stats.LogRatios(plainPairs(s), stats.HigherIsBetter)
	return len(d) == 0 || len(invalid) > 0
}
