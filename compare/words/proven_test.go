package words

import (
	"strings"
	"testing"
)

// TestFew: what is lost and what is gained are counted apart, and a gain is never told
// as one loss more.
func TestFew(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ losses, gains, want string }{
		{"6 % less in auth|10 % less in workflow", "17 % sooner in health", "6 % less in auth, 10 % less in workflow, 17 % sooner in health"},
		{"a|b|c", "d|e|f", "a, b, slower in 1 more, d, faster in 2 more"},
		{"a|b|c", "", "a, b, slower in 1 more"},
		{"", "d|e|f", "d, e, faster in 1 more"},
		{"a", "", "a"},
		{"", "", ""},
	} {
		list := func(text string) []string {
			return strings.FieldsFunc(text, func(r rune) bool { return r == '|' })
		}
		if got := strings.Join(few(list(c.losses), list(c.gains), "slower", "faster"), ", "); got != c.want {
			t.Errorf("%s and %s: %q, want %q", c.losses, c.gains, got, c.want)
		}
	}
}
