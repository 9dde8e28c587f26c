// Package plain makes anybody's text fit to be printed on one line: names and
// sentences out of documents, answers and errors.
package plain

import (
	"strings"
	"unicode"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// Clean takes from foreign text what could move a cursor, and all line ends.
func Clean(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "�"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)
	}), " ")
}

// OneLine makes any text fit for a terminal: clean, and at most width columns
// wide. Width 0 is no limit.
func OneLine(text string, width int) string {
	if text = Clean(text); width == 0 || Width(text) <= width {
		return text
	}
	return cut(text, width)
}

func cut(text string, width int) string {
	var kept strings.Builder
	used := 0
	for _, r := range text {
		if used += Width(string(r)); used > width-1 {
			break
		}
		kept.WriteRune(r)
	}
	return kept.String() + "…"
}

// Width is how many terminal columns text takes, whatever the locale.
func Width(text string) int { return twwidth.WidthWithOptions(text, twwidth.Options{}) }

// Fit is OneLine of text that is clean already, but for the blanks it begins
// with: what fits keeps them.
func Fit(text string, width int) string {
	if Width(text) <= width {
		return text
	}
	return OneLine(text, width)
}

// Characters cuts text to so many, without a mark: for programs that take no
// more, and count characters rather than columns.
func Characters(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}
