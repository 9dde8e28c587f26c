package export

import (
	"encoding/csv"
	"io"
	"slices"
	"strings"
	"testing"

	"taskbench/compare/words"
	"taskbench/internal/page"
)

// readCSV: every line has every column, and every target its figure.
func readCSV(t testing.TB, s exportCase) {
	lines, err := csv.NewReader(strings.NewReader(written(t, func(w io.Writer) error { return page.CSV(w, words.Load(s.c)) }))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	lines = slices.DeleteFunc(lines, func(line []string) bool { // what has no figure, or belongs to a course
		name := line[slices.Index(words.Load(s.c).Records.Header, "metric")]
		return name == "warning" || name == "good_per_s" || name == "knee_connections"
	})
	want := 1
	for _, scenario := range s.c.Scenarios {
		for _, r := range scenario.Rows {
			want += len(r.Cells)
		}
	}
	if len(lines) != want {
		t.Errorf("%d lines, want %d", len(lines), want)
	}
}
