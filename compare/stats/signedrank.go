package stats

import (
	"math"
	"slices"
	"sync"
)

// SignedRankMin is the least number of pairs for Hodges–Lehmann: with five no
// signed-rank test reaches p < .05 (2/2⁵ = .0625).
const SignedRankMin = 6

// walsh returns the sorted averages (d_i + d_j)/2 of all i ≤ j.
func walsh(d []float64) []float64 {
	w := make([]float64, 0, len(d)*(len(d)+1)/2)
	for i := range d {
		for j := i; j < len(d); j++ {
			w = append(w, (d[i]+d[j])/2)
		}
	}
	slices.Sort(w)
	return w
}

// rankEstimate is the Hodges–Lehmann estimate, the median of the Walsh
// averages, with the interval that inverts Wilcoxon's signed-rank test exactly
// (Hodges and Lehmann, Ann. Math. Statist. 1963; Hollander and Wolfe,
// Nonparametric Statistical Methods, 3.2–3.3). It assumes symmetry, not
// normality: one wild pair moves it little. Where ties occur it is
// conservative. w are Walsh averages of n values.
func rankEstimate(w []float64, n int, se float64, at Look) estimate {
	e := estimate{method: SignedRank, centre: median(w), se: se}
	e.difference = rankSpan(w, n, at.DifferenceAlpha/2)
	e.parity = rankSpan(w, n, at.ParityAlpha)
	e.p = rankP(w, n)
	e.equivalence = func(m float64) float64 { return rankEquivalence(w, n, m) }
	return e
}

// rankEquivalence is the larger of the two one-sided p-values of "m or more
// above" and "m or more below".
func rankEquivalence(w []float64, n int, m float64) float64 {
	below, above := 0, 0
	for _, x := range w {
		if x <= -m {
			below++
		}
		if x >= m {
			above++
		}
	}
	return rankTail(max(below, above), n)
}

// rankSpan is the interval with at most tail error on either side.
func rankSpan(w []float64, n int, tail float64) span {
	k := rankCut(n, tail)
	if k < 0 {
		return span{}
	}
	return span{w[k], w[len(w)-1-k], true}
}

// rankCut is the largest k with P(T⁺ ≤ k) ≤ tail; −1 when there is none.
func rankCut(n int, tail float64) int {
	if n > exactRanks {
		// Normal approximation with continuity correction.
		mean, sigma := rankMoments(n)
		return int(math.Floor(mean - 0.5 - normalQuantile(1-tail)*sigma))
	}
	cdf := signedRankCDF(n)
	k, _ := slices.BinarySearchFunc(cdf, tail, func(p, tail float64) int {
		if p <= tail {
			return -1
		}
		return 1
	})
	return k - 1
}

// rankP is the two-sided p-value of "no difference". A Walsh average of zero
// counts for both sides.
func rankP(w []float64, n int) float64 {
	below, above := 0, 0
	for _, x := range w {
		if x <= 0 {
			below++
		}
		if x >= 0 {
			above++
		}
	}
	t := len(w) - max(below, above) // the smaller of T⁺ and T⁻
	return math.Min(1, 2*rankTail(t, n))
}

// rankTail is P(T⁺ ≤ t) under no difference.
func rankTail(t, n int) float64 {
	if n > exactRanks {
		mean, sigma := rankMoments(n)
		return normalCDF((float64(t) + 0.5 - mean) / sigma)
	}
	return signedRankCDF(n)[t]
}

// rankMoments are mean and standard deviation of T⁺ under no difference.
func rankMoments(n int) (mean, sigma float64) {
	x := float64(n)
	return x * (x + 1) / 4, math.Sqrt(x * (x + 1) * (2*x + 1) / 24)
}

// exactRanks is the largest n with an exact table.
const exactRanks = 60

// rankTables holds one table per n ≤ exactRanks, made when first asked for.
var rankTables = func() (t [exactRanks + 1]func() []float64) {
	for n := range t {
		t[n] = sync.OnceValue(func() []float64 { return makeRankCDF(n) })
	}
	return t
}()

// signedRankCDF gives P(T⁺ ≤ k) for k = 0 … n(n+1)/2.
func signedRankCDF(n int) []float64 { return rankTables[n]() }

// makeRankCDF builds the null distribution of T⁺ one rank at a time: rank r is
// in the sum or not, each with probability ½.
func makeRankCDF(n int) []float64 {
	p := make([]float64, n*(n+1)/2+1)
	p[0] = 1
	for r := 1; r <= n; r++ {
		for k := r * (r + 1) / 2; k >= 0; k-- {
			p[k] /= 2
			if k >= r {
				p[k] += p[k-r] / 2
			}
		}
	}
	sum := 0.0
	for k := range p {
		sum += p[k]
		p[k] = math.Min(1, sum)
	}
	return p
}
