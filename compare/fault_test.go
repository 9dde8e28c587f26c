package compare_test

import (
	"bytes"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

// Servers that share the time of a pair fail together. The one that it came from is
// named, once, and no other is blamed.
func TestSharedFailureIsToldOnceOfItsTarget(t *testing.T) {
	t.Parallel()
	for _, why := range []string{"bad: setup failed at virtual user 1 of 2", "the generator of bad ended early: out of luck"} {
		for name, spoiled := range map[string]int{"every pair": 7, "one pair": 1} {
			t.Run(name, func(t *testing.T) {
				docs := []results.Document{sample.LoadTest("ok", 1, sample.Health(7)), sample.LoadTest("bad", 1.1, sample.Health(7))}
				for _, d := range docs {
					for i := range spoiled {
						d.Scenarios[0].Trials[i].Error = why
					}
				}
				c, err := New(docs, lineup.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var out bytes.Buffer
				if err := page.Text(&out, words.Load(c), page.Options{Width: 300}); err != nil {
					t.Fatal(err)
				}
				text := out.String()
				of := strings.TrimPrefix(why, "bad: ")
				if strings.Count(text, of) != 1 || strings.Contains(text, "of ok worked") || strings.Contains(text, "ok: "+of) || strings.Contains(text, "bad: bad") || strings.Contains(text, "ok was not measured") {
					t.Error(text)
				}
				if got, want := len(c.Scenarios[0].Pairs), 7-spoiled; got != want {
					t.Errorf("%d pairs count, want %d", got, want)
				}
			})
		}
	}
}
