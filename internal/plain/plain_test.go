package plain

import "testing"

// What is shortened is made fit for one line too, and says where it was cut,
// unless it is for a program that counts characters.
func TestShortened(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want string }{
		{OneLine("  a\x1b[31m\nb\u202e ", 0), "a [31m b"},
		{OneLine("abcdef", 4), "abc…"},
		{OneLine("日本語", 5), "日本…"},
		{Fit("  p50", 5), "  p50"},
		{Fit("  throughput", 5), "thro…"},
		{Characters("日本語", 2), "日本"},
		{Characters("ab", 2), "ab"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
