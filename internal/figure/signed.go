package figure

import (
	"math"
	"strconv"
	"strings"

	"taskbench/compare/stats"
)

// times is the factor from which on a change is told as "3.5 times": nobody
// multiplies by +250 % in the head.
const times = 2

// Change is how far a candidate's figure is from the baseline's, as anybody can
// check it on the two figures: "−8 %", "+12 %", from a factor of two on "3.5
// times". It has a decimal only where the interval is narrower than 2 percentage
// points; without an interval it has two digits.
func Change(ratio float64, ci stats.Interval) string {
	if ratio >= times-0.05 {
		return factor(ratio) + " times"
	}
	return points(100*(ratio-1), places(ratio, ci)) + " %"
}

// points is a signed number of percent with so many decimals, more where a
// loss of nearly all would look like one of all. What rounds to 0 has no sign.
func points(p float64, decimals int) string {
	text := strconv.FormatFloat(math.Abs(p), 'f', decimals, 64)
	for p > -100 && p < 0 && decimals < 4 && text[:min(3, len(text))] == "100" {
		decimals++
		text = strconv.FormatFloat(-p, 'f', decimals, 64)
	}
	switch zero, _ := strconv.ParseFloat(text, 64); {
	case zero == 0:
		return text
	case p < 0:
		return "−" + text
	}
	return "+" + text
}

// Spread is an interval of a change: "5 to 9 %" where it lies on one side of
// 0, the side told by whoever prints it; "−3 to +9 %" where it does not;
// "3.1 to 3.9 times" where it reaches a factor of two.
func Spread(ci stats.Interval) string {
	if ci.High >= times-0.05 {
		return factor(ci.Low) + " to " + factor(ci.High) + " times"
	}
	low, high, n := 100*(ci.Low-1), 100*(ci.High-1), places((ci.Low+ci.High)/2, ci)
	switch {
	case low >= 0:
		return unsigned(low, n) + " to " + unsigned(high, n) + " %"
	case high <= 0:
		return unsigned(high, n) + " to " + unsigned(low, n) + " %"
	}
	return points(low, n) + " to " + points(high, n) + " %"
}

// Signed is the same with signs: "−9 to −5 %", "−5 % to 2.1 times".
func Signed(ci stats.Interval) string {
	switch {
	case ci.High >= times-0.05 && ci.Low >= 1:
		return Spread(ci)
	case ci.High >= times-0.05:
		return points(100*(ci.Low-1), 0) + " % to " + factor(ci.High) + " times"
	}
	n := places((ci.Low+ci.High)/2, ci)
	return points(100*(ci.Low-1), n) + " to " + points(100*(ci.High-1), n) + " %"
}

// Limit is a change that somebody set, to a tenth of a percent: "+10 %", "−9.1 %".
func Limit(ratio float64) string {
	if ratio >= times-0.05 {
		return Change(ratio, stats.Interval{})
	}
	return strings.TrimSuffix(points(100*(ratio-1), 1), ".0") + " %"
}

// Round is a size as people say it: "5 %", "0.4 %", "a factor of 3.5".
func Round(fraction float64) string {
	switch p := 100 * fraction; {
	case p >= 100*(times-1):
		return "a factor of " + factor(1+fraction)
	case p < 1:
		return unsigned(p, 1) + " %"
	default:
		return unsigned(p, 0) + " %"
	}
}

func unsigned(p float64, decimals int) string {
	return strconv.FormatFloat(math.Abs(p), 'f', decimals, 64)
}

// places are the decimals that a change in percent is worth.
func places(ratio float64, ci stats.Interval) int {
	switch p := math.Abs(100 * (ratio - 1)); {
	case p >= 9.95:
		return 0
	case !ci.Known() || ci.High-ci.Low < 0.02:
		return 1
	}
	return 0
}

// factor has two digits, and never an exponent.
func factor(r float64) string {
	switch {
	case r < 0.0995:
		return strconv.FormatFloat(r, 'f', 3, 64)
	case r < 9.95:
		return strconv.FormatFloat(r, 'f', 1, 64)
	case r >= 1e15:
		return "1e15 or more"
	}
	unit := math.Pow(10, math.Floor(math.Log10(r))-1)
	return Grouped(uint64(math.Round(r/unit) * unit))
}

// Column prints values that stand below each other: all in one unit, which is
// told apart, each with three digits. Nil is a dash. Figures without units to
// choose from are printed as everywhere, and the unit is "".
func (u Unit) Column(values []*float64) (texts []string, unit string) {
	texts = make([]string, len(values))
	s := scale{1, ""}
	if len(u.scales) > 0 {
		s = u.scales[0]
		for _, next := range u.scales[1:] {
			if middle(values) >= next.divisor {
				s = next
			}
		}
	}
	for i, v := range values {
		switch {
		case v == nil:
			texts[i] = None
		case u.each != nil:
			texts[i] = u.each(*v)
		case *v > 0 && *v/s.divisor < 0.005:
			texts[i] = "<0.01"
		case *v/s.divisor >= 9999.5 && *v < 1e15:
			texts[i] = Grouped(uint64(math.Round(*v / s.divisor)))
		default:
			texts[i] = Fixed(*v/s.divisor, Decimals(*v/s.divisor))
		}
	}
	return texts, s.name
}

// middle is the geometric mean of what is above 0: half the orders of magnitude
// lie on either side of it.
func middle(values []*float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		if v != nil && *v > 0 && !math.IsInf(*v, 1) {
			sum, n = sum+math.Log(*v), n+1
		}
	}
	if n == 0 {
		return 0
	}
	return math.Exp(sum / float64(n))
}
