package kinds

import (
	"slices"
	"testing"

	"taskbench/compare/lineup"
	"taskbench/results"
)

// Whatever can be stored can be printed and drawn.
func TestEveryStoredKindIsShown(t *testing.T) {
	t.Parallel()
	for _, stored := range results.Kinds {
		if !slices.ContainsFunc(All, func(k *Kind) bool { return k.Stored == stored && k.page != nil && k.drawn != nil && k.Shown != "" }) {
			t.Errorf("nothing is shown of documents of kind %s", stored)
		}
	}
}

func memoryDocument(name, session string, trials ...results.Trial) results.Document {
	return results.Document{Kind: results.Memory, Implementation: name, Session: session, Baseline: "rust",
		Scenarios: []results.Measurement{{Scenario: "workflow", Load: results.Load{Connections: 1, DurationS: 1}, Trials: trials}}}
}

// One stored kind may hold several: samples, allocations or both. A target that has
// nothing stands beside those that were measured with it, for it says why.
func TestWhatMemoryDocumentsHold(t *testing.T) {
	t.Parallel()
	samples, allocations := results.Trial{Pair: 1, Memory: &results.MemoryUse{}}, results.Trial{Pair: 1, Heap: &results.HeapProfile{Answers: 1}}
	both := results.Trial{Pair: 1, Memory: samples.Memory, Heap: allocations.Heap}
	failed := results.Trial{Pair: 1, Error: "the server died"}
	for _, c := range []struct {
		name  string
		docs  []results.Document
		shown []int // documents of each page
	}{
		{"samples", []results.Document{memoryDocument("rust", "a", samples), memoryDocument("wj", "a", samples)}, []int{2}},
		{"both", []results.Document{memoryDocument("rust", "a", both)}, []int{1, 1}},
		{"of two sessions", []results.Document{memoryDocument("rust", "a", samples), memoryDocument("rust", "b", allocations)}, []int{1, 1}},
		{"one failed", []results.Document{memoryDocument("rust", "a", allocations), memoryDocument("wj", "a", failed)}, []int{2}},
	} {
		var shown []int
		for _, k := range All {
			if n := len(k.Of(c.docs)); n > 0 {
				shown = append(shown, n)
			}
		}
		pages, err := Pages(c.docs, lineup.Options{})
		if err != nil || !slices.Equal(shown, c.shown) || len(pages) != len(c.shown) {
			t.Errorf("%s: %d pages of %v documents, want %v (%v)", c.name, len(pages), shown, c.shown, err)
		}
		drawn, err := Draw(c.docs, lineup.Options{}, Beside{})
		if err != nil || len(drawn) != len(c.shown)+1 {
			t.Errorf("%s: %d pages are drawn, want %d and one on how all was measured (%v)", c.name, len(drawn), len(c.shown), err)
		}
	}
	if _, err := Pages([]results.Document{memoryDocument("rust", "a")}, lineup.Options{}); err == nil {
		t.Error("a page of nothing")
	}
}
