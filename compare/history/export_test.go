package history

import "taskbench/compare/stats"

// SetPairs gives a point the pairs behind it.
func (p *Point) SetPairs(pairs []stats.Pair) { p.pairs, p.Pairs = pairs, len(pairs) }

// Judge marks the steps of all series.
func (t *Trend) Judge() { t.judge() }
