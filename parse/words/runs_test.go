package words

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// Whatever the text and the terminal: no line is wider, and no word is lost.
func TestFoldLines(t *testing.T) {
	t.Parallel()
	text := "line 1: wrk, http://127.0.0.1:3000/" + strings.Repeat("long/", 30) + "\n  latency       mean 1.00 µs, maximum 2.00 µs\n! " +
		strings.Repeat("words of a warning ", 12) + "\n"
	for _, width := range []int{1, 5, 20, 40, 80, 100, 400} {
		folded := foldLines(text, width)
		for line := range strings.Lines(folded) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > width {
				t.Errorf("%d columns for %d: %q", n, width, line)
			}
		}
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if bare(folded) != bare(text) {
			t.Errorf("width %d: %q", width, folded)
		}
	}
}
