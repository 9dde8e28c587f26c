package stats

import "math"

// Scatter is what the log ratio of one pair scatters by, in its two parts.
type Scatter struct {
	// Between is the standard deviation of what differs from pair to pair, as fresh
	// starts do: more seconds of one pair do not take it away.
	Between float64
	// Within is the standard deviation that one second of slots leaves; d seconds
	// leave Within/√d.
	Within float64
}

// NewScatter takes the scatter of pairs apart. logs are the log ratios of at
// least two pairs, each the median of many rounds, and within how those scatter
// around it: the variance of each such median for slots of one second. seconds
// is how long the slots of each server were. What pairs scatter by beyond their
// rounds is Between; 0 where the rounds explain it all (the usual estimate of a
// variance component by moments, cut off at 0).
func NewScatter(logs, within []float64, seconds float64) Scatter {
	v := mean(sorted(within))
	s := sd(sorted(logs))
	return Scatter{Between: math.Sqrt(math.Max(0, s*s-v/seconds)), Within: math.Sqrt(v)}
}

// Of is the standard deviation of a pair whose servers have slots of so many
// seconds each.
func (s Scatter) Of(seconds float64) float64 {
	return math.Sqrt(s.Between*s.Between + s.Within*s.Within/seconds)
}

// Best is for how many seconds each server of a pair is best measured: what
// brings the interval of all pairs down fastest, where a pair takes fixed
// seconds for all else (starting, setup, warm-up) and each seconds for a second
// of slots of every server. In sampling of two stages with costs c₁ for a first
// unit and c₂ for one within it, that is √(c₁/c₂ · s²within/s²between) of them
// (Cochran, Sampling Techniques, 1977, section 10.6; Kalibera and Jones, Rigorous
// Benchmarking in Reasonable Time, 2013, for benchmarks). +Inf where nothing
// differs between pairs.
//
// A length that is chosen by variances alone leaves the mean where it is: with
// normal errors means and variances are independent.
func (s Scatter) Best(fixed, each float64) float64 {
	return math.Sqrt(fixed/each) * s.Within / s.Between
}

// MeanP is the two-sided p-value of values whose mean is 0, by Student's t; 1 where
// there are too few to tell.
func MeanP(values []float64) float64 {
	s, n := sorted(values), float64(len(values))
	middle, se := mean(s), 0.0
	if len(s) > 1 {
		se = sd(s) / math.Sqrt(n)
	}
	switch {
	case len(s) < 2 || middle == 0:
		return 1
	case se == 0:
		return 0
	}
	return 2 * (1 - tCDF(math.Abs(middle)/se, n-1))
}

// MeanInterval is the mean of values and half of its 95 % interval by Student's
// t; +Inf for a single one.
func MeanInterval(values []float64) (middle, half float64) {
	s, n := sorted(values), float64(len(values))
	if len(s) < 2 {
		return mean(s), math.Inf(1)
	}
	return mean(s), tQuantile(0.975, n-1) * sd(s) / math.Sqrt(n)
}
