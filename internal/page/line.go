package page

import (
	"strconv"
	"strings"

	"taskbench/internal/plain"
)

// superscript is a footnote's mark.
func superscript(n int) string {
	digits := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	var mark strings.Builder
	for _, d := range strconv.Itoa(n) {
		mark.WriteRune(digits[d-'0'])
	}
	return mark.String()
}

// tidy is clean text that keeps the spaces it begins with.
func tidy(text string) string {
	rest := strings.TrimLeft(text, " ")
	return text[:len(text)-len(rest)] + plain.Clean(rest)
}
