package stats

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// Trend is whether a series, evenly spaced in time, rises or falls.
type Trend struct {
	S     int     `json:"s"`     // rises less falls over all pairs of values
	Tau   float64 `json:"tau"`   // Kendall's τ-b with time, −1 … 1
	P     float64 `json:"p"`     // two-sided, of no trend
	Slope float64 `json:"slope"` // Theil–Sen: median change per step, in the series' unit
	Low   float64 `json:"slope_low"`
	High  float64 `json:"slope_high"` // 95 % interval of Slope (Sen)
}

// FindTrend is the Mann–Kendall test (Mann, Econometrica 1945; Kendall, Rank
// Correlation Methods, 1975) with the Theil–Sen slope (Theil 1950; Sen, JASA
// 1968). Neither cares about outliers or distribution. The p-value is exact up
// to 30 values without ties, else normal with correction for ties and
// continuity. Fewer than three values have no trend: P is 1.
// Values must be finite.
func FindTrend(ys []float64) Trend {
	n := len(ys)
	if n < 3 {
		return Trend{P: 1}
	}
	slopes := make([]float64, 0, n*(n-1)/2)
	t := Trend{}
	for i := range ys {
		for j := i + 1; j < n; j++ {
			t.S += cmp.Compare(ys[j], ys[i])
			slopes = append(slopes, (ys[j]-ys[i])/float64(j-i))
		}
	}
	variance, tied := kendallVariance(ys)
	t.P = kendallP(t.S, n, variance, tied > 0)
	pairs := float64(n * (n - 1) / 2)
	if untied := pairs - float64(tied); untied > 0 {
		t.Tau = float64(t.S) / math.Sqrt(pairs*untied)
	}
	slices.Sort(slopes)
	t.Slope = median(slopes)
	t.Low, t.High = senInterval(slopes, variance)
	return t
}

// kendallVariance is Var(S) under no trend, and how many pairs of values tie.
func kendallVariance(ys []float64) (variance float64, tied int) {
	s := sorted(ys)
	spread := func(t int) float64 { return float64(t*(t-1)) * float64(2*t+5) }
	variance = spread(len(s))
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] == s[i] {
			j++
		}
		variance -= spread(j - i)
		tied += (j - i) * (j - i - 1) / 2
		i = j
	}
	return variance / 18, tied
}

// kendallP is P(|S| ≥ |s|) under no trend.
func kendallP(s, n int, variance float64, ties bool) float64 {
	if s < 0 {
		s = -s
	}
	if s == 0 || variance <= 0 {
		return 1
	}
	if ties || n > exactTrend {
		return twoSidedNormal(float64(s-1) / math.Sqrt(variance))
	}
	// S = pairs − 2·inversions, so S ≥ s means at most (pairs − s)/2 inversions.
	tail := 0.0
	for _, p := range inversionTables[n]()[:(n*(n-1)/2-s)/2+1] {
		tail += p
	}
	return math.Min(1, 2*tail)
}

// exactTrend is the longest series with an exact p-value.
const exactTrend = 30

// inversionTables holds one table per n ≤ exactTrend, made when first asked for.
var inversionTables = func() (t [exactTrend + 1]func() []float64) {
	for n := range t {
		t[n] = sync.OnceValue(func() []float64 { return inversions(n) })
	}
	return t
}()

// inversions gives the probability of k inversions in a random order of n.
func inversions(n int) []float64 {
	p := make([]float64, n*(n-1)/2+1)
	p[0] = 1
	for m := 2; m <= n; m++ {
		// Inserting the m-th value adds 0 … m−1 inversions, equally likely.
		next := make([]float64, len(p))
		window := 0.0
		for k := range p {
			window += p[k]
			if k >= m {
				window -= p[k-m]
			}
			next[k] = math.Max(0, window) / float64(m)
		}
		p = next
	}
	return p
}

// senInterval is Sen's 95 % interval of the median slope: order statistics of
// the sorted slopes at (N ± z·√Var(S))/2.
func senInterval(slopes []float64, variance float64) (low, high float64) {
	n := float64(len(slopes))
	c := normalQuantile(0.975) * math.Sqrt(math.Max(0, variance))
	lower := int(math.Round((n - c) / 2))
	upper := int(math.Round((n + c) / 2))
	last := len(slopes) - 1
	return slopes[min(max(lower-1, 0), last)], slopes[min(max(upper, 0), last)]
}

// Autocorrelation is the lag-1 serial correlation r₁ = Σ(xᵢ−x̄)(xᵢ₊₁−x̄)/Σ(xᵢ−x̄)²
// (Box and Jenkins, Time Series Analysis, 1970). Without correlation it lies
// around −1/n, within about ±2/√n. 0 for fewer than three values or a
// constant series.
func Autocorrelation(xs []float64) float64 {
	if len(xs) < 3 {
		return 0
	}
	s := sorted(xs)
	if sd(s) == 0 {
		return 0
	}
	m := mean(s)
	num, den := 0.0, 0.0
	for i, x := range xs {
		den += (x - m) * (x - m)
		if i > 0 {
			num += (x - m) * (xs[i-1] - m)
		}
	}
	if den == 0 { // deviations so small that their squares vanish
		return 0
	}
	return num / den
}
