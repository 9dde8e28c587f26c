package memory

import (
	"math"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/results"
)

// Leak is a verdict with everything it rests on. docs/memory.md states the rule.
type Leak struct {
	Verdict stats.GrowthVerdict `json:"verdict"`
	Reason  finding.Finding     `json:"reason"`
	SlopeBS float64             `json:"slope_bytes_per_s"` // Theil–Sen, over block means
	LowBS   float64             `json:"slope_low_bytes_per_s"`
	HighBS  float64             `json:"slope_high_bytes_per_s"` // 95 % interval (Sen)
	P       float64             `json:"p"`                      // Mann–Kendall, two-sided, of no trend
	Blocks  int                 `json:"blocks"`
	BlockS  float64             `json:"block_s"`
	// TeethBytes is the largest fall from a sample to a later one, less what
	// noise makes: what a collector gives back, and what may hide a leak.
	TeethBytes float64 `json:"teeth_bytes"`
	// LeastBytes is the growth over the part looked at that has to be ruled out
	// for "stable".
	LeastBytes float64 `json:"least_growth_bytes"`
}

// FindLeak judges one trial, from the opening of its window to the end of load.
func FindLeak(m *results.MemoryUse) Leak {
	var at, ys []float64
	for i, t := range m.Series.AtS {
		if t >= m.WindowFromS && t <= m.LoadToS && i < len(m.Series.ResidentBytes) {
			at, ys = append(at, t), append(ys, float64(m.Series.ResidentBytes[i]))
		}
	}
	if gone(at, m.WindowFromS, m.LoadToS) {
		return Leak{Verdict: stats.TooShort, P: 1, Reason: finding.Finding{Code: finding.SamplesMissing}}
	}
	g := stats.FindGrowth(at, ys, stats.DefaultGrowth())
	l := Leak{Verdict: g.Verdict, Reason: g.Reason, P: g.Trend.P, Blocks: g.Blocks, BlockS: g.BlockS, TeethBytes: g.Teeth, LeastBytes: g.Limit}
	if g.Blocks > 0 {
		l.SlopeBS, l.LowBS, l.HighBS = g.Trend.Slope/g.BlockS, g.Trend.Low/g.BlockS, g.Trend.High/g.BlockS
	}
	return l
}

// gone reports whether the server was not there at one end of the window: a
// judgement would be about less time than the reader thinks.
func gone(at []float64, from, to float64) bool {
	lapse := math.Max((to-from)/30, 1)
	return len(at) == 0 || at[0] > from+lapse || at[len(at)-1] < to-lapse
}
