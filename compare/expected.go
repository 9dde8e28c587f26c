package compare

import (
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/results"
)

// checks holds every documented expectation against each target's median.
func checks(sides []*side, pairs []int) []Expectation {
	list := []Expectation{}
	for _, e := range expectations(sides) {
		c := Expectation{Expectation: e}
		for _, s := range sides {
			c.Results = append(c.Results, check(e, s, pairs))
		}
		list = append(list, c)
	}
	return list
}

func expectations(sides []*side) []results.Expectation {
	var list []results.Expectation
	for _, s := range sides {
		if s.measurement == nil {
			continue
		}
		for _, e := range s.measurement.Expected {
			if e.Metric == results.ExpectedCapacity {
				continue // a search's
			}
			if !math.IsNaN(e.Limit) && !math.IsInf(e.Limit, 0) && !slices.Contains(list, e) {
				list = append(list, e)
			}
		}
	}
	return list
}

// check compares one bound. Wrong answers have no speed that could meet one,
// only their share counts.
func check(e results.Expectation, s *side, pairs []int) ExpectationResult {
	m := figure.Expected(e.Metric)
	c := cell(s, pairs, e.Step, m)
	r := ExpectationResult{Target: s.Target, Median: c.Median, Missing: c.Missing}
	switch {
	case c.Median == nil:
	case s.State == Failed && m != figure.Errors:
		r.Missing = s.Reason
	default:
		r.Met = meets(*c.Median, e.Op, e.Limit)
		if r.Met == nil {
			r.Missing = finding.Finding{Code: finding.BoundNotReadable}
		}
	}
	return r
}

func meets(v float64, op string, limit float64) *bool {
	met, ok := map[string]bool{"<": v < limit, "<=": v <= limit, ">": v > limit, ">=": v >= limit, "=": v == limit}[op]
	if !ok {
		return nil
	}
	return &met
}
