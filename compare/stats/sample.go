package stats

import (
	"math"
	"slices"
)

// Pair is one metric measured on both sides of one replicate, in any unit as
// long as it is the same on both. A metric that was not measured is NaN.
type Pair struct {
	Base float64 `json:"base"`
	Cand float64 `json:"cand"`
}

// Direction says which way a metric is better.
type Direction string

const (
	HigherIsBetter Direction = "higher" // throughput
	LowerIsBetter  Direction = "lower"  // latency, CPU time, memory
)

// sign orients ln(cand/base) so that negative is worse.
func (d Direction) sign() float64 {
	if d == LowerIsBetter {
		return -1
	}
	return 1
}

// Worse is the ratio of a metric that is worse by a size: of 0.10 a throughput is
// divided by 1.10, a time multiplied by it.
func (d Direction) Worse(size float64) float64 { return math.Pow(1+size, -d.sign()) }

func (d Direction) valid() bool { return d == HigherIsBetter || d == LowerIsBetter }

// LogRatios returns d = ln(cand/base) of every usable pair, in the order
// given, oriented so that d < 0 is worse.
//
// A pair with a NaN was not measured: it is left out and counted in missing.
// A pair with a zero, negative or infinite value was measured and makes no
// sense as a ratio: its position, from 1, is in invalid. Leaving such a pair
// out silently would hide the very trial in which something broke.
func LogRatios(pairs []Pair, better Direction) (d []float64, missing int, invalid []int) {
	d = make([]float64, 0, len(pairs))
	for i, p := range pairs {
		switch {
		case math.IsNaN(p.Base) || math.IsNaN(p.Cand):
			missing++
		case !positive(p.Base) || !positive(p.Cand):
			invalid = append(invalid, i+1)
		default:
			// A difference of logs cannot overflow where a quotient can.
			d = append(d, better.sign()*(math.Log(p.Cand)-math.Log(p.Base)))
		}
	}
	return d, missing, invalid
}

func positive(x float64) bool { return x > 0 && !math.IsInf(x, 1) }

// sorted returns a sorted copy: every estimate starts from it, so that the
// order of the pairs cannot change the last bit of a result.
func sorted(xs []float64) []float64 {
	s := slices.Clone(xs)
	slices.Sort(s)
	return s
}

// mean of a sorted sample. It adds from both ends inwards, so that negating
// the sample negates the result exactly: swapping the sides then turns every
// estimate round to the last bit.
func mean(s []float64) float64 { return symmetricSum(s) / float64(len(s)) }

// symmetricSum adds s[0]+s[n-1], s[1]+s[n-2], ….
func symmetricSum(s []float64) float64 {
	sum, n := 0.0, len(s)
	for i := range n / 2 {
		sum += s[i] + s[n-1-i]
	}
	if n%2 == 1 {
		sum += s[n/2]
	}
	return sum
}

// sd is the standard deviation of a sorted sample with n−1 in the
// denominator; 0 for fewer than two values. Differences that are rounding
// noise of the logarithm count as none.
func sd(s []float64) float64 {
	if len(s) < 2 {
		return 0
	}
	m := mean(s)
	squares := make([]float64, len(s))
	for i, x := range s {
		squares[i] = (x - m) * (x - m)
	}
	v := math.Sqrt(symmetricSum(squares) / float64(len(s)-1))
	if v < 1e-13*(1+math.Abs(m)) {
		return 0
	}
	return v
}

// Median of a sample in any order, the mean of the middle two where it is even
// in number; 0 for an empty one. It cannot overflow.
func Median(xs []float64) float64 { return median(sorted(xs)) }

// median of a sorted sample; 0 for an empty one.
func median(s []float64) float64 {
	n := len(s)
	if n == 0 {
		return 0
	}
	return s[(n-1)/2]/2 + s[n/2]/2
}

// maxLog keeps e^x and its reciprocal finite and normal.
const maxLog = 700

// exp is e^x, kept within what a float64 holds: ratios beyond 1e±304 are
// nobody's result.
func exp(x float64) float64 { return math.Exp(math.Max(-maxLog, math.Min(maxLog, x))) }
