package compare_test

import (
	"io"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

// A run that its time limit ended says so once; it was not interrupted, and what would
// decide it is more time: a number of pairs would end at the same limit.
func TestWhatTheTimeLimitEnded(t *testing.T) {
	docs := run(2, 1.05, verdict.NewRule(6, false, false, 0))
	for i := range docs {
		docs[i].Complete = false
		docs[i].Stops = []results.Stop{{Code: results.TimeUp, Pairs: 2, MostPairs: 2}}
	}
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	text := printed(t, c, func(w io.Writer, c *Comparison) error {
		return page.Text(w, words.Answer(c), page.Options{Width: 400})
	})
	if strings.Count(text, "the time limit was reached") != 1 || strings.Contains(text, "interrupted") || strings.Contains(text, "--pairs 5") {
		t.Error(text)
	}
	if !strings.Contains(text, "a longer time limit, --max-time 40s (run.max_time; 5 pairs)") {
		t.Error(text)
	}
}

// Servers that taskbench did not start cannot be pinned by it: nothing says so.
func TestPinIsAdvisedWhereItCanBe(t *testing.T) {
	for _, start := range []string{"./server", ""} {
		docs := run(2, 1.05, verdict.NewRule(6, false, false, 0))
		for i := range docs {
			docs[i].Target.Start = start
			for p := range docs[i].Scenarios[0].Trials {
				docs[i].Scenarios[0].Trials[p].Resources = &results.Resources{SharedCores: true, ServerCoresAllowed: 2}
			}
		}
		c, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		text := printed(t, c, func(w io.Writer, c *Comparison) error {
			return page.Text(w, words.Answer(c), page.Options{Width: 400})
		})
		can := start != ""
		if strings.Contains(text, "best first: --pin") != can || strings.Contains(text, "(--pin keeps them apart)") != can || strings.Contains(text, "starts: start: in taskbench.yaml)") == can {
			t.Errorf("start %q:\n%s", start, text)
		}
	}
}
