package compare

import (
	"strings"
	"testing"
)

func TestSpark(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		values  []float64
		high    float64
		columns int
		want    string
	}{
		"from nothing to all": {[]float64{0, 1, 2, 3, 4, 5, 6, 7, 8}, 8, 9, "▁▂▃▄▅▆▇██"},
		"level":               {[]float64{5, 5, 5}, 5, 10, "███"},
		"on another's scale":  {[]float64{5, 5, 5}, 10, 10, "▅▅▅"},
		"means of neighbours": {[]float64{0, 8, 8, 8, 4, 4}, 8, 3, "▅█▅"},
		"nothing at all":      {[]float64{0, 0}, 0, 10, "▁▁"},
		"beyond the scale":    {[]float64{-1, 9}, 8, 10, "▁█"},
		"no values":           {nil, 8, 10, ""},
		"no room":             {[]float64{1, 2}, 8, 0, ""},
	} {
		if got := spark(c.values, c.high, c.columns); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// Bars of every target's seconds stand on one line where there is room for
// them, and never in machine forms.
func TestSecondsLine(t *testing.T) {
	t.Parallel()
	c, err := New(cases["seconds"](), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(c.Scenarios[0].Sides[1].Seconds); got != 20 {
		t.Errorf("%d seconds, want two windows of ten", got)
	}
	for width, columns := range map[int]int{40: 0, 60: 8, 80: 18, 200: 20} {
		line := newTextWriter(nil, TextOptions{Width: width}).secondsLine(c.Scenarios[0])
		bars := 0
		for _, r := range line {
			if strings.ContainsRune(string(heights), r) {
				bars++
			}
		}
		if bars != 2*columns || textWidth(line) > width-len(margin) {
			t.Errorf("at %d columns: %d bars, want %d: %s", width, bars, 2*columns, line)
		}
	}
	for _, ending := range []string{"csv", "json", "md"} {
		if out := printed(t, c, writers[ending]); strings.ContainsAny(out, string(heights)) {
			t.Errorf("bars in %s", ending)
		}
	}
}
