package page

import (
	"strings"
	"testing"
)

func TestBar(t *testing.T) {
	t.Parallel()
	for share, want := range map[float64]string{0: "", 1e-9: "▏", 0.5: "█████", 0.55: "█████▌", 1: "██████████"} {
		if got := bar(share, 10); got != want {
			t.Errorf("%v: %q, want %q", share, got, want)
		}
	}
}

func TestBroken(t *testing.T) {
	t.Parallel()
	for width, want := range map[int]string{1: "a|b|功|能|c", 2: "ab|功|能|c", 3: "ab|功|能c", 4: "ab功|能c", 7: "ab功能c"} {
		if got := strings.Join(broken("ab功能c", width), "|"); got != want {
			t.Errorf("at %d: %s, want %s", width, got, want)
		}
	}
}
