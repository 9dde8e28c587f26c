package compare

import (
	"math"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/results"
)

// LeakVerdict is whether a server's memory keeps growing under constant load.
type LeakVerdict string

const (
	Stable   LeakVerdict = "stable"
	Growing  LeakVerdict = "growing"
	TooShort LeakVerdict = "too short to say"
)

// Leak is a verdict with everything it rests on. docs/memory.md states the rule.
type Leak struct {
	Verdict LeakVerdict     `json:"verdict"`
	Reason  finding.Finding `json:"reason"`
	SlopeBS float64         `json:"slope_bytes_per_s"` // Theil–Sen, over block means
	LowBS   float64         `json:"slope_low_bytes_per_s"`
	HighBS  float64         `json:"slope_high_bytes_per_s"` // 95 % interval (Sen)
	P       float64         `json:"p"`                      // Mann–Kendall, two-sided, of no trend
	Blocks  int             `json:"blocks"`
	BlockS  float64         `json:"block_s"`
	// LeastBytes is the growth over the part looked at below which nothing is
	// called a leak.
	LeastBytes float64 `json:"least_growth_bytes"`
}

// What the rule is made of; docs/memory.md gives the reasons.
const (
	warmUpPart      = 0.25 // of the window: growth into load
	fewestBlocks    = 10
	mostBlocks      = 30
	shortestBlock   = 1.0 // s
	correlated      = 0.3 // lag-1 autocorrelation of what the line leaves, from which on blocks are doubled
	leakAlpha       = 0.01
	leastGrowth     = 1e6  // bytes
	leastGrowthPart = 0.05 // of the middle value
	noiseFactor     = 4    // scatter around the line
)

// FindLeak judges one trial.
func FindLeak(m *results.MemoryProfile) Leak {
	from := m.WindowFromS + warmUpPart*(m.LoadToS-m.WindowFromS)
	length := m.LoadToS - from
	if length < fewestBlocks*shortestBlock {
		return Leak{Verdict: TooShort, P: 1, Reason: finding.Finding{Code: finding.LeakWindowShort, Values: finding.Values{"s": math.Max(length, 0), "least_s": fewestBlocks * shortestBlock}}}
	}
	n := min(mostBlocks, int(length/shortestBlock))
	means, ok := blockMeans(m.Series, from, length/float64(n), n)
	if !ok {
		return Leak{Verdict: TooShort, P: 1, Reason: finding.Finding{Code: finding.SamplesMissing}}
	}
	blockS := length / float64(n)
	trend := stats.FindTrend(means)
	for len(means) >= 2*fewestBlocks && stats.Autocorrelation(residuals(means, trend.Slope)) > correlated {
		means, blockS = inPairs(means), 2*blockS
		trend = stats.FindTrend(means)
	}
	return judgeLeak(means, trend, blockS)
}

// judgeLeak applies the rule to block means of the given length.
func judgeLeak(means []float64, trend stats.Trend, blockS float64) Leak {
	steps := float64(len(means) - 1)
	scatter := madOf(residuals(means, trend.Slope))
	l := Leak{
		SlopeBS: trend.Slope / blockS, LowBS: trend.Low / blockS, HighBS: trend.High / blockS, P: trend.P,
		Blocks: len(means), BlockS: blockS,
		LeastBytes: max(leastGrowth, leastGrowthPart*stats.Median(means), noiseFactor*scatter),
	}
	growth := trend.Slope * steps
	late := stats.FindTrend(means[len(means)/2:]).Slope
	switch {
	case trend.P < leakAlpha && trend.Low > 0 && growth >= l.LeastBytes && late >= trend.Slope/2:
		l.Verdict, l.Reason = Growing, finding.Finding{Code: finding.LeakToTheEnd}
	case trend.P < leakAlpha && growth >= l.LeastBytes && late*steps >= l.LeastBytes:
		l.Verdict, l.Reason = TooShort, finding.Finding{Code: finding.LeakSlowing}
	case trend.High*steps >= 2*l.LeastBytes && growth > 0:
		l.Verdict, l.Reason = TooShort, finding.Finding{Code: finding.LeakNotExcluded, Values: finding.Values{"bytes_per_s": l.HighBS}}
	case growth >= l.LeastBytes:
		l.Verdict, l.Reason = Stable, finding.Finding{Code: finding.LeakLevelledOff}
	default:
		l.Verdict, l.Reason = Stable, finding.Finding{Code: finding.NoGrowth, Values: finding.Values{"least_bytes": l.LeastBytes, "s": steps * blockS}}
	}
	return l
}

// blockMeans averages the samples of n blocks; not ok when one has none.
func blockMeans(s results.MemorySeries, from, length float64, n int) ([]float64, bool) {
	sums, counts := make([]float64, n), make([]int, n)
	for i, at := range s.AtS {
		if k := int(math.Floor((at - from) / length)); at >= from && k < n && i < len(s.ResidentBytes) {
			sums[k] += float64(s.ResidentBytes[i])
			counts[k]++
		}
	}
	for k := range sums {
		if counts[k] == 0 {
			return nil, false
		}
		sums[k] /= float64(counts[k])
	}
	return sums, true
}

// inPairs halves the number of blocks; an odd one at the beginning is left out.
func inPairs(means []float64) []float64 {
	means = means[len(means)%2:]
	out := make([]float64, len(means)/2)
	for i := range out {
		out[i] = (means[2*i] + means[2*i+1]) / 2
	}
	return out
}

func residuals(ys []float64, slope float64) []float64 {
	out := make([]float64, len(ys))
	for i, y := range ys {
		out[i] = y - slope*float64(i)
	}
	centre := stats.Median(out)
	for i := range out {
		out[i] -= centre
	}
	return out
}

// madOf is the scaled median absolute value: of residuals, their spread.
func madOf(residuals []float64) float64 {
	abs := make([]float64, len(residuals))
	for i, r := range residuals {
		abs[i] = math.Abs(r)
	}
	return 1.4826 * stats.Median(abs)
}
