package compare

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"taskbench/compare/stats"
)

// none stands where a figure does not exist.
const none = "–"

// scale is a unit that figures are printed in.
type scale struct {
	divisor float64
	unit    string
}

var (
	timeScales = []scale{{1, "µs"}, {1e3, "ms"}, {1e6, "s"}}
	rateScales = []scale{{1, "/s"}, {1e3, "k/s"}, {1e6, "M/s"}, {1e9, "G/s"}}
	byteScales = []scale{{1, "B"}, {1 << 10, "KiB"}, {1 << 20, "MiB"}, {1 << 30, "GiB"}}
	sizeScales = []scale{{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}}
)

// figures prints the values of one metric so that the eye can compare them: in
// the same unit with as many decimals, chosen for the smallest one, unless
// they are too far apart for that. Nil is a dash.
func figures(m Metric, values []*float64) []string {
	low, high := span(values)
	printed := make([]string, len(values))
	for i, v := range values {
		switch {
		case v == nil:
			printed[i] = none
		case high < 20*low:
			printed[i] = oneFigure(m, *v, low)
		default:
			printed[i] = oneFigure(m, *v, *v)
		}
	}
	return printed
}

// span gives the smallest and the largest value that is not 0.
func span(values []*float64) (low, high float64) {
	low = math.Inf(1)
	for _, v := range values {
		if v != nil && *v > 0 {
			low, high = math.Min(low, *v), math.Max(high, *v)
		}
	}
	return low, high
}

// oneFigure prints v in the unit and with the decimals that suit like.
func oneFigure(m Metric, v, like float64) string {
	switch {
	case m == Errors:
		return percent(v)
	case v == 0:
		return "0"
	}
	scales := m.scales()
	s := scales[0]
	for _, next := range scales[1:] {
		if like >= next.divisor {
			s = next
		}
	}
	if v/s.divisor < 0.005 {
		return "<0.01 " + s.unit
	}
	return strings.TrimSuffix(fixed(v/s.divisor, decimals(like/s.divisor))+" "+s.unit, " ")
}

func (m Metric) scales() []scale {
	switch m {
	case Throughput, AnswersPerCPU:
		return rateScales
	case Resident:
		return byteScales
	case InstructionsPer:
		return sizeScales
	}
	return timeScales
}

// decimals leaves three significant digits.
func decimals(v float64) int {
	switch {
	case v < 9.995:
		return 2
	case v < 99.95:
		return 1
	}
	return 0
}

func fixed(v float64, decimals int) string {
	if v >= 1e15 {
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	return strconv.FormatFloat(v, 'f', decimals, 64)
}

// plain prints a number as short as it can be.
func plain(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return none
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// percent prints a fraction; what is not 0 never looks like 0.
func percent(fraction float64) string {
	p := 100 * fraction
	switch {
	case p == 0:
		return "0 %"
	case p < 0.01:
		return "<0.01 %"
	}
	return fixed(p, decimals(p)) + " %"
}

// ratioText prints a ratio alone.
func ratioText(r float64) string { return ratioLike(r, decimals(r)) }

// ratioLike prints a ratio with so many decimals, unless it is out of all
// proportion.
func ratioLike(r float64, decimals int) string {
	switch {
	case r < 0.095:
		return strconv.FormatFloat(r, 'g', 2, 64)
	case r >= 1e6:
		return strconv.FormatFloat(r, 'g', 3, 64)
	}
	return fixed(r, decimals)
}

// intervalText is "1.08 [1.05–1.11]": with a decimal more where the interval
// would not be seen.
func intervalText(r float64, ci stats.Interval) string {
	n := decimals(r)
	if !ci.Known() {
		return ratioLike(r, n)
	}
	if ci.High-ci.Low < 0.02 && r >= 0.095 {
		n = 3
	}
	return fmt.Sprintf("%s [%s–%s]", ratioLike(r, n), ratioLike(ci.Low, n), ratioLike(ci.High, n))
}

// differenceText is the distance of two fractions in percentage points.
func differenceText(d float64) (points, words string) {
	if d == 0 {
		return "=", "same"
	}
	points = strconv.FormatFloat(100*d, 'f', 2, 64) + " pp"
	if d > 0 {
		return "+" + points, "more errors"
	}
	return points, "fewer errors"
}

// superscript is a footnote's mark.
func superscript(n int) string {
	digits := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	var mark strings.Builder
	for _, d := range strconv.Itoa(n) {
		mark.WriteRune(digits[d-'0'])
	}
	return mark.String()
}

// oneLine makes any text fit for a terminal: on one line, without control
// characters, at most width columns wide. Width 0 is no limit.
func oneLine(text string, width int) string {
	text = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
	if width == 0 || textWidth(text) <= width {
		return text
	}
	var cut strings.Builder
	used := 0
	for _, r := range text {
		if used += textWidth(string(r)); used > width-1 {
			break
		}
		cut.WriteRune(r)
	}
	return cut.String() + "…"
}

// textWidth is how many terminal columns text takes, whatever the locale.
func textWidth(text string) int { return twwidth.WidthWithOptions(text, twwidth.Options{}) }
