// Package verdict holds one metric of a candidate against the baseline's, pair by pair: rows of
// cells, their ratios, and what may be said of them.
package verdict

import (
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Row is one metric of the whole scenario (Step "") or of one step.
type Row struct {
	Step   string          `json:"step,omitempty"`
	Metric *figure.Figure  `json:"metric"`
	Better stats.Direction `json:"better"`
	Cells  []Cell          `json:"values"` // one a target, in their order
}

// Measured reports whether any target has a figure.
func (r Row) Measured() bool {
	return slices.ContainsFunc(r.Cells, func(c Cell) bool { return c.Median != nil })
}

// Cell is one target's figure. Its unit is part of the metric's name.
type Cell struct {
	Target   string     `json:"target"`
	Median   *float64   `json:"median"`    // over Pairs, nil: see Missing; of a candidate with WithinPair the baseline's times Ratio
	EachPair []*float64 `json:"each_pair"` // in the order of Pairs; nil where a trial has none
	// WithinPair are the ratios to the baseline within each pair where the two took
	// turns of a fraction of a second: sharper than those of the figures beside it.
	// nil: a pair's ratio is that of its two figures.
	WithinPair []*float64      `json:"ratio_each_pair,omitempty"`
	OwnMedian  *float64        `json:"own_median,omitempty"` // over EachPair, where Median is not
	Missing    finding.Finding `json:"missing,omitzero"`     // why there is no median
	Ratio      *Ratio          `json:"ratio,omitempty"`      // candidates only
	NoRatio    finding.Finding `json:"no_ratio,omitzero"`    // why a candidate has none
	// Difference is candidate minus baseline, for fractions: they are often 0,
	// and have no ratio.
	Difference *float64 `json:"difference,omitempty"`
}

// Ratio holds a candidate against the baseline.
type Ratio struct {
	Ratio   float64  `json:"ratio"`      // geometric mean of candidate / baseline over the pairs, or Judgement's estimate
	Low     float64  `json:"ratio_low"`  // smallest and
	High    float64  `json:"ratio_high"` // largest ratio within a pair
	Pairs   int      `json:"pairs"`      // that have a ratio
	Verdict *Verdict `json:"judgement,omitempty"`
}

// Verdict is what the pairs show of one metric, and everything it rests on. Of
// load tests, it is what the run may say of it beside all else that it says.
type Verdict struct {
	stats.Judgement
	Margin float64           `json:"margin"`          // of parity, as a fraction
	Notes  []finding.Finding `json:"notes,omitempty"` // what the series of pairs says against itself
	// Claim is what the run states of the metric. Alone is the verdict that the
	// metric would have had by itself, wrong in 5 of 100 such metrics. Both are of
	// load tests only.
	Claim *stats.Claim  `json:"claim,omitempty"`
	Alone stats.Verdict `json:"verdict_alone,omitempty"`

	row stats.Row // as it was judged
}

// Row is the verdict as it was judged, with its plan and what its pairs say of
// themselves, for who judges several of them together.
func (v *Verdict) Row() stats.Row { return v.row }

// CellOf are a target's in these pairs, and their median.
func CellOf(target string, trials map[int]results.Trial, pairs []int, step string, m *figure.Figure) Cell {
	c := Cell{Target: target, EachPair: make([]*float64, len(pairs))}
	for i, p := range pairs {
		if t, measured := trials[p]; measured {
			c.EachPair[i] = ValueOf(t, step, m)
		}
	}
	c.Median = Median(c.EachPair)
	return c
}

func ValueOf(t results.Trial, step string, m *figure.Figure) *float64 {
	v, ok := m.Of(&t, step)
	if !ok {
		return nil
	}
	return &v
}

// Before tells in which pairs one side was measured before the other.
func Before(pairs []int, one, other map[int]results.Trial) func(i int) bool {
	return func(i int) bool { return one[pairs[i]].Position < other[pairs[i]].Position }
}

// Tells reports whether a figure is worth a row.
func Tells(f *figure.Figure, v *float64) bool { return v != nil && !(f.Quiet && *v == 0) }

// FromNothing reports whether a candidate has in every pair what the baseline has in
// none: no ratio says how much more that is.
func FromNothing(base, cand Cell) bool {
	return always(base.EachPair, func(v float64) bool { return v == 0 }) && always(cand.EachPair, func(v float64) bool { return v > 0 })
}

func always(each []*float64, is func(float64) bool) bool {
	return len(each) > 0 && !slices.ContainsFunc(each, func(v *float64) bool { return v == nil || !is(*v) })
}
