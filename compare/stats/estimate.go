package stats

import "math"

// Method says how an estimate and its intervals were computed.
type Method string

const (
	PairedT    Method = "t"           // mean of the log ratios, Student's t
	SignedRank Method = "signed-rank" // Hodges–Lehmann estimate, exact signed-rank interval
	WelchT     Method = "welch"       // difference of two independent means of log ratios
)

// span is an interval of oriented logs. Without enough pairs for its level a
// signed-rank interval has no ends: known is false then.
type span struct {
	low, high float64
	known     bool
}

func (s span) within(m float64) bool { return s.known && s.low >= -m && s.high <= m }

func (s span) excludesZero() bool { return s.known && (s.low > 0 || s.high < 0) }

// estimate is a method's answer, in oriented logs.
type estimate struct {
	method     Method
	centre     float64
	se         float64 // of centre, by t even where ranks gave the intervals
	difference span    // level 1 − DifferenceAlpha
	parity     span    // level 1 − 2·ParityAlpha
	p          float64 // two-sided, of no difference
	// equivalence is TOST's p: of being apart by log ratio m or more.
	equivalence func(m float64) float64
}

// tEstimate is the mean with Student's interval, n−1 degrees of freedom. The
// paired differences need to be roughly normal; with drift, trends or load
// that comes and goes they are, because the order within pairs is random.
// s is sorted and has at least two values.
func tEstimate(s []float64, at Look) estimate {
	return studentEstimate(PairedT, mean(s), sd(s)/math.Sqrt(float64(len(s))), float64(len(s)-1), at)
}

// studentEstimate builds the intervals and the p-value of centre ± t·se.
// A standard error of 0 (all differences equal) gives intervals of one point.
func studentEstimate(m Method, centre, se, df float64, at Look) estimate {
	e := estimate{method: m, centre: centre, se: se, p: studentP(centre, se, df)}
	e.equivalence = func(m float64) float64 { return studentTail(m-math.Abs(centre), se, df) }
	half := func(tail float64) span {
		if se == 0 {
			return span{centre, centre, true}
		}
		h := tQuantile(1-tail, df) * se
		return span{centre - h, centre + h, true}
	}
	e.difference = half(at.DifferenceAlpha / 2)
	e.parity = half(at.ParityAlpha)
	return e
}

// studentP is the two-sided p-value of "centre is 0".
func studentP(centre, se, df float64) float64 {
	switch {
	case se > 0:
		return twoSidedT(centre/se, df)
	case centre != 0:
		return 0
	default:
		return 1
	}
}

// studentTail is the one-sided p-value of "distance is 0 or less".
func studentTail(distance, se, df float64) float64 {
	switch {
	case se > 0:
		return tCDF(-distance/se, df)
	case distance >= 0:
		return 0
	default:
		return 1
	}
}

// welch is the difference mean(a) − mean(b) of two independent samples of at
// least two values each, with its standard error and Welch's degrees of
// freedom (Welch, Biometrika 1947; Satterthwaite 1946).
func welch(a, b []float64) (diff, se, df float64) {
	a, b = sorted(a), sorted(b)
	na, nb := float64(len(a)), float64(len(b))
	va, vb := sd(a)*sd(a)/na, sd(b)*sd(b)/nb
	diff, se = mean(a)-mean(b), math.Sqrt(va+vb)
	if va+vb == 0 {
		return diff, 0, na + nb - 2
	}
	// In shares of the total, so that tiny variances do not underflow.
	sa, sb := va/(va+vb), vb/(va+vb)
	return diff, se, 1 / (sa*sa/(na-1) + sb*sb/(nb-1))
}
