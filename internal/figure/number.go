package figure

import (
	"math"
	"strconv"
)

// None stands where a figure does not exist.
const None = "–"

// Decimals leaves three significant digits.
func Decimals(v float64) int {
	switch {
	case v < 9.995:
		return 2
	case v < 99.95:
		return 1
	}
	return 0
}

// Fixed prints v with so many decimals; what is out of all proportion with an exponent.
func Fixed(v float64, decimals int) string {
	if v >= 1e15 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// Plain prints a number as short as it can be, unrounded; with an exponent only
// what is out of all proportion.
func Plain(v float64) string {
	switch size := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return None
	case size >= 1e-6 && size < 1e15:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// Percent prints a fraction; what is not 0 never looks like 0.
func Percent(fraction float64) string {
	p := 100 * fraction
	switch {
	case p == 0:
		return "0 %"
	case p < 0.01:
		return "<0.01 %"
	}
	return Fixed(p, Decimals(p)) + " %"
}

// Grouped writes 12345 as 12,345.
func Grouped(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Count is "1 pair", "2 pairs".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// whole prints a number of things, or a mean of such numbers.
func whole(v float64) string {
	if v != math.Trunc(v) && v < 1000 {
		return Fixed(v, Decimals(v))
	}
	return Grouped(uint64(math.Round(v)))
}
