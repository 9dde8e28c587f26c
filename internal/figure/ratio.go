package figure

import (
	"fmt"
	"math"
	"strconv"

	"taskbench/compare/stats"
)

// Ratio prints a ratio alone.
func Ratio(r float64) string { return ratioLike(r, Decimals(r)) }

// ratioLike prints a ratio with so many decimals, unless it is out of all
// proportion.
func ratioLike(r float64, decimals int) string {
	switch {
	case r < 0.095:
		return strconv.FormatFloat(r, 'g', 2, 64)
	case r >= 1e6:
		return strconv.FormatFloat(r, 'g', 3, 64)
	}
	return Fixed(r, decimals)
}

// Interval is "1.08 [1.05–1.11]": with a decimal more where the interval would
// not be seen.
func Interval(r float64, ci stats.Interval) string {
	n := Decimals(r)
	if !ci.Known() {
		return ratioLike(r, n)
	}
	if ci.High-ci.Low < 0.02 && r >= 0.095 {
		n = 3
	}
	return fmt.Sprintf("%s [%s–%s]", ratioLike(r, n), ratioLike(ci.Low, n), ratioLike(ci.High, n))
}

// Size is how far a ratio is from 1, the same both ways: a factor of 1.05 is
// 5 %, and so is one of 1/1.05.
func Size(ratio float64) string {
	p := 100 * (math.Exp(math.Abs(math.Log(ratio))) - 1)
	if p >= 1000 {
		return Ratio(1+p/100) + "×"
	}
	return Fixed(p, 1) + " %"
}

// Points is a difference of two fractions in percentage points, with its sign.
func Points(d float64) string {
	text := strconv.FormatFloat(100*math.Abs(d), 'f', 2, 64) + " pp"
	switch {
	case d > 0:
		return "+" + text
	case d < 0:
		return "−" + text
	}
	return text
}
