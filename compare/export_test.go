package compare

import (
	"taskbench/compare/stats"
)

// What the tests, which print and so are outside of the package, look into.
var (
	JudgeDrift  = judgeDrift
	Buckets     = buckets
	ErrNoMemory = errNoMemory
	ErrNoSoak   = errNoSoak
)

const MostRows = mostRows

// SetPairs gives a point the pairs behind it.
func (p *TrendPoint) SetPairs(pairs []stats.Pair) { p.pairs, p.Pairs = pairs, len(pairs) }

// Judge compares the runs of a series.
func (t *Trend) Judge(s *TrendSeries) { t.judge(s) }

// Of is the baseline's name of a candidate's benchmark.
func (m MicroMatch) Of(id string) (string, bool) { return m.of(id) }
