package page

import (
	"bytes"
	"strings"
	"testing"
)

// A number stays with its unit, whatever else is broken.
func TestTied(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"72 % less, 3.5 times the 10.21 ms": "72\u00a0% less, 3.5\u00a0times the 10.21\u00a0ms",
		"24 to 30 %)":                       "24 to 30\u00a0%)",
		"2 servers, 1.73 k/s":               "2 servers, 1.73\u00a0k/s",
		"6 scenarios":                       "6 scenarios",
	} {
		if got := Tied(text); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for width := 12; width < 40; width++ {
		var b bytes.Buffer
		if err := Text(&b, Page{Blocks: []Block{Lines{Items: Sentences([]string{"13 % less throughput (9 to 17 %), 72 % less CPU"})}}}, Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if strings.HasPrefix(strings.TrimSpace(line), "%") || strings.Contains(line, noBreak) {
				t.Errorf("%d columns: %q", width, b.String())
			}
		}
	}
}
