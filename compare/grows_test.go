package compare_test

import (
	"slices"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
)

// What every iteration leaves behind is said once, where the documents say that
// nothing took it away.
func TestGrowthIsNoted(t *testing.T) {
	t.Parallel()
	docs := run(6, 1, nil)
	noted := func() int {
		c, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, f := range c.Scenarios[0].Notes {
			if f.Code == finding.Grows && slices.Equal(f.Said, []string{"users"}) {
				n++
			}
		}
		return n
	}
	if n := noted(); n != 0 {
		t.Errorf("noted %d times where nothing grows", n)
	}
	for i := range docs {
		docs[i].Scenarios[0].Grows = []string{"users"}
	}
	if n := noted(); n != 1 {
		t.Errorf("noted %d times", n)
	}
}
