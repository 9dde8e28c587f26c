package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"taskbench/compare/stats"
)

// ratioText prints a ratio alone.
func ratioText(r float64) string { return ratioLike(r, figure.Decimals(r)) }

// ratioLike prints a ratio with so many decimals, unless it is out of all
// proportion.
func ratioLike(r float64, decimals int) string {
	switch {
	case r < 0.095:
		return strconv.FormatFloat(r, 'g', 2, 64)
	case r >= 1e6:
		return strconv.FormatFloat(r, 'g', 3, 64)
	}
	return figure.Fixed(r, decimals)
}

// intervalText is "1.08 [1.05–1.11]": with a decimal more where the interval
// would not be seen.
func intervalText(r float64, ci stats.Interval) string {
	n := figure.Decimals(r)
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
