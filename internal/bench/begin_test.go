package bench

import (
	"slices"
	"testing"

	"taskbench/results"
)

// TestResumedNotes: a run that is resumed tells each reason once, however often
// it is resumed.
func TestResumedNotes(t *testing.T) {
	t.Parallel()
	docs := []*results.Document{{}, {Environment: results.Environment{Notes: []string{"no perf"}}}}
	addNotes(docs, nil)
	addNotes(docs, []string{"no perf", "no counter"})
	addNotes(docs, []string{"no counter"})
	for i, d := range docs {
		if want := []string{"no perf", "no counter"}; !slices.Equal(d.Environment.Notes, want) {
			t.Errorf("document %d: %q, want %q", i, d.Environment.Notes, want)
		}
	}
}
