package compare

import (
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// What the tests, which print and so are outside of the package, look into.
var (
	Buckets     = buckets
	ErrNoMemory = errNoMemory
	ErrNoSoak   = errNoSoak
)

const MostRows = mostRows

// SetPairs gives a point the pairs behind it.
func (p *TrendPoint) SetPairs(pairs []stats.Pair) { p.pairs, p.Pairs = pairs, len(pairs) }

// Judge marks the steps of all series.
func (t *Trend) Judge() { t.judge() }

// Of is the baseline's name of a candidate's benchmark.
func (m MicroMatch) Of(id string) (string, bool) { return m.of(id) }

// JudgeDrifts judges figures of one soak together.
func JudgeDrifts(f *figure.Figure, everyS float64, values ...[]float64) []Drift {
	var courses []course
	for _, v := range values {
		courses = append(courses, newCourse(f, v, everyS))
	}
	judgeDrifts(courses)
	list := make([]Drift, len(courses))
	for i, c := range courses {
		list[i] = *c.drift
	}
	return list
}
