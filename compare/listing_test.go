package compare

import (
	"io"
	"regexp"
	"testing"
)

// oneRule is a line under a header, of any length.
var oneRule = regexp.MustCompile("─+")

func TestListing(t *testing.T) {
	t.Parallel()
	l := Listing{Columns: []string{"name", "pairs", "file"}, Figures: []string{"pairs"}, Rows: [][]string{
		{"rust", "6", "results/rust/load_test_2026-11-23.json"}, {"windjammer\x1b[2J", "12", ""},
	}}
	for width, want := range map[int]string{
		0: "  name            pairs  file\n─\n" +
			"  rust                6  results/rust/load_test_2026-11-23.json\n" +
			"  windjammer [2J     12\n",
		40: "  name            pairs\n─\n" +
			"  rust                6\n      results/rust/load_test_2026-11-23.\n      json\n" +
			"  windjammer [2J     12\n",
		12: "  name\n─\n  rust\n      6\n      result\n      s/rust\n      /load_\n      test_2\n      026-11\n      -23.js\n      on\n  windjamme…\n      12\n",
	} {
		got := textOf(t, func(w io.Writer, o TextOptions) error { return l.Text(w, o) }, TextOptions{Width: width})
		if got = oneRule.ReplaceAllString(got, "─"); got != want {
			t.Errorf("at %d columns:\n%s\nwant\n%s", width, got, want)
		}
	}
}
