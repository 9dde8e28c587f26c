package stats

import "math"

// power is the chance a planned number of pairs is asked to give.
const power = 0.80

// MaxPairs bounds every estimate of pairs needed: beyond it the answer is
// "not in practice".
const MaxPairs = 5000

// pairsNeeded is the least number of pairs, from at least least, that decides
// with 80 % power if the true log ratio is delta and one pair's standard
// deviation is s: either the difference is shown or parity is. 0 when more
// than MaxPairs are needed.
//
// The normal approximation finds the neighbourhood, Student's t the number
// (Julious, Statist. Med. 2004, sections 2 and 5; central t for the power).
func pairsNeeded(s, delta, margin float64, at Look, least int) int {
	if s <= 0 {
		return least
	}
	enough := func(n int, exact bool) bool { return decides(n, s, delta, margin, at, exact) >= power }
	low, high := least, MaxPairs
	if !enough(high, false) {
		return 0
	}
	for low < high { // power rises with n
		if mid := (low + high) / 2; enough(mid, false) {
			high = mid
		} else {
			low = mid + 1
		}
	}
	for ; low <= MaxPairs; low++ {
		if enough(low, true) {
			return low
		}
	}
	return 0
}

// decides is the chance that n pairs show a difference or parity, which exclude
// each other unless one of them is certain: by Student's t when exact, else by
// the normal distribution.
func decides(n int, s, delta, margin float64, at Look, exact bool) float64 {
	se, df := s/math.Sqrt(float64(n)), float64(n-1)
	quantile, cdf := normalQuantile, normalCDF
	if exact {
		quantile = func(p float64) float64 { return tQuantile(p, df) }
		cdf = func(t float64) float64 { return tCDF(t, df) }
	}
	delta = math.Abs(delta)
	q := quantile(1 - at.DifferenceAlpha/2)
	difference := cdf(delta/se-q) + cdf(-delta/se-q)
	tail := quantile(1 - at.ParityAlpha)
	parity := cdf((margin-delta)/se-tail) + cdf((margin+delta)/se-tail) - 1
	return math.Min(1, difference+math.Max(0, parity))
}

// SmallestDifference is the difference that n ≥ 2 pairs show with 80 % power
// at α = .05 when one pair's log ratio has standard deviation s ≥ 0, as a
// fraction: 0.05 is 5 %. 0 when n or s make no sense.
func SmallestDifference(s float64, n int) float64 {
	if n < 2 || !(s >= 0) {
		return 0
	}
	df := float64(n - 1)
	return exp((tQuantile(0.975, df)+tQuantile(power, df))*s/math.Sqrt(float64(n))) - 1
}

// PairsForParity is the least number of pairs that proves parity within
// margin (0.05: 5 %) with 80 % power when the true ratio is 1+gap and one
// pair's log ratio has standard deviation s. 0 when none up to MaxPairs does.
func PairsForParity(s, gap, margin float64) int {
	at := Look{ParityAlpha: 0.05, DifferenceAlpha: 1e-12} // a difference does not count here
	if !(s >= 0) || !(math.Abs(gap) < margin) {
		return 0
	}
	return pairsNeeded(s, math.Log1p(math.Abs(gap)), math.Log1p(margin), at, 2)
}
