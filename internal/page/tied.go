package page

import "regexp"

// noBreak is a space that no line ends at.
const noBreak = "\u00a0"

// A number and its unit are one word: "72 %", "3.5 times", "1.73 k/s".
var numbered = regexp.MustCompile(`([0-9]) (%|pp|times|ns|µs|ms|s|min|h|[kMG]?/s|[kMG]?i?B|k|M|G)([^\p{L}\p{N}_/]|$)`)

// Tied is a text whose numbers stay on a line with their units.
func Tied(text string) string {
	return numbered.ReplaceAllString(text, "${1}"+noBreak+"${2}${3}")
}
