package compare_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/memory"
	"taskbench/compare/profiles"
	"taskbench/compare/sample"
	"taskbench/compare/soak"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

// A trial whose server ended is shown and named, and changes no figure: what any
// kind prints without such a trial it prints with it, too.
func TestUncountedTrialsChangeNoFigure(t *testing.T) {
	t.Parallel()
	const why = "the server was restarted while it was measured (rust, pid 1, is pid 2 now)"
	level := func(float64) float64 { return 30e6 }
	load := func() []results.Document {
		return []results.Document{sample.LoadTest("rust", 1, sample.Health(7)), sample.LoadTest("windjammer", 1.1, sample.Health(7))}
	}
	kinds := []struct {
		name   string
		docs   func() []results.Document
		worst  func(*results.Trial) // makes its figures stand out
		write  func(io.Writer, []results.Document) error
		leaves []string // lines of what it would print alone that may change
	}{
		{"memory", func() []results.Document {
			return []results.Document{sample.Memory("rust", level), sample.Memory("windjammer", level)}
		}, func(t *results.Trial) { t.Memory = sample.Held(60, func(float64) float64 { return 7e9 }) }, func(w io.Writer, docs []results.Document) error {
			c, err := memory.New(docs, lineup.Options{})
			return errors.Join(err, page.Text(w, words.Memory(c), page.Options{}))
		}, nil},
		{"soak", func() []results.Document {
			return []results.Document{sample.Soak("rust", 20, nil), sample.Soak("windjammer", 20, nil)}
		},
			func(t *results.Trial) { t.ThroughputPS, t.Lost = 77777, 4321 }, func(w io.Writer, docs []results.Document) error {
				c, err := soak.New(docs, lineup.Options{})
				return errors.Join(err, page.Text(w, words.Soak(c), page.Options{}))
			}, []string{"windows"}},
		{"run", load, func(t *results.Trial) { t.ThroughputPS, t.Lost = 77777, 4321 }, func(w io.Writer, docs []results.Document) error {
			c, err := New(docs, lineup.Options{})
			return errors.Join(err, page.Text(w, words.Load(c), page.Options{}))
		}, []string{"pairs", "every answer was as expected"}},
	}
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) {
			with, without := k.docs(), k.docs()
			for i := range with {
				m := &with[i].Scenarios[0]
				bad := m.Trials[len(m.Trials)-1]
				bad.Pair++
				k.worst(&bad)
				bad.Error, bad.Ended = why, &results.Ended{Code: results.ServerRestarted}
				m.Trials = append(m.Trials, bad)
			}
			var got, want bytes.Buffer
			if err := errors.Join(k.write(&got, with), k.write(&want, without)); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got.String(), "restarted") {
				t.Errorf("it is not named:\n%s", &got)
			}
			for line := range strings.Lines(want.String()) {
				if !strings.Contains(got.String(), line) && !slices.ContainsFunc(k.leaves, func(w string) bool { return strings.Contains(line, w) }) {
					t.Errorf("%q is not printed any more:\n%s", line, &got)
				}
			}
		})
	}
}

// The only trial of a target does not count: the target is there, without figures.
func TestTargetWithoutACountedTrial(t *testing.T) {
	t.Parallel()
	const why = "another process answers than when the measurement began"
	level := func(float64) float64 { return 30e6 }
	held := []results.Document{sample.Memory("rust", level), sample.Memory("windjammer", level)}
	for name, k := range map[string]struct {
		docs  []results.Document
		write func(io.Writer, []results.Document) error
	}{
		"memory": {held, func(w io.Writer, docs []results.Document) error {
			c, err := memory.New(docs, lineup.Options{})
			return errors.Join(err, page.Text(w, words.Memory(c), page.Options{}))
		}},
		"cpu": {sample.CPU(), func(w io.Writer, docs []results.Document) error {
			p, err := profiles.New(profiles.CPU, docs, lineup.Options{})
			return errors.Join(err, page.Text(w, words.Profile(p), page.Options{}))
		}},
		"heap": {sample.Heap(), func(w io.Writer, docs []results.Document) error {
			p, err := profiles.New(profiles.Heap, docs, lineup.Options{})
			return errors.Join(err, page.Text(w, words.Profile(p), page.Options{}))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, bad := range [][]int{{0}, {1}, {0, 1}} {
				for i := range k.docs {
					k.docs[i].Scenarios[0].Trials[0].Error = ""
					if slices.Contains(bad, i) {
						k.docs[i].Scenarios[0].Trials[0].Error = why
					}
				}
				var out bytes.Buffer
				if err := k.write(&out, k.docs); err != nil {
					t.Fatal(err)
				}
				for _, d := range k.docs {
					if !strings.Contains(out.String(), d.Implementation) {
						t.Errorf("%v: %s is not there:\n%s", bad, d.Implementation, &out)
					}
				}
				if !strings.Contains(sample.Squeeze(out.String()), why) {
					t.Errorf("%v: not told why:\n%s", bad, &out)
				}
				if len(bad) == 2 && strings.Contains(out.String(), " MB") {
					t.Errorf("figures of nothing:\n%s", &out)
				}
			}
		})
	}
	c, err := memory.New(held, lineup.Options{}) // both do not count
	if err != nil || len(c.Rows) > 0 || c.Sides[0].Met != nil || c.Sides[0].Leak != nil {
		t.Errorf("%+v, %v", c, err)
	}
}
