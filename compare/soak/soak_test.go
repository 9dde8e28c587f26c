package soak_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/sentences"
	"taskbench/compare/soak"
	"taskbench/compare/words"
	"taskbench/internal/golden"
	"taskbench/internal/page"
	"taskbench/results"
)

func soakOf(t *testing.T, docs ...results.Document) *soak.Comparison {
	t.Helper()
	c, err := soak.New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// verdictsOf are a target's, by figure, as tables show them.
func verdictsOf(c *soak.Comparison, target int) map[string]string {
	out := map[string]string{}
	for _, r := range c.Rows {
		if d := r.Cells[target].Drift; d != nil {
			out[r.Name] = words.DriftText(r, d)
		}
	}
	return out
}

// What a soak was too short for is said in figures.
func TestSoakThatLeavesQuestions(t *testing.T) {
	t.Parallel()
	scattered := sample.Soak("rust", 30, func(n int, t *results.Trial) {
		t.ThroughputPS += 400 * math.Sin(float64(n*n))
		t.Latency.P99US += 2000 * math.Cos(float64(n*n))
	})
	var out bytes.Buffer
	if err := page.Text(&out, words.Soak(soakOf(t, scattered)), page.Options{Width: 200}); err != nil {
		t.Fatal(err)
	}
	want := regexp.MustCompile(`(?m)^  rust: changes of up to this size cannot be ruled out: throughput \d+(\.\d)? %, p99 \d+(\.\d)? %; soak longer$`)
	if !want.MatchString(out.String()) {
		t.Errorf("%s\nlacks %s", &out, want)
	}
}

func TestSoakTable(t *testing.T) {
	t.Parallel()
	docs := []results.Document{
		sample.Soak("rust", 30, sample.Level),
		sample.Soak("windjammer", 30, func(n int, t *results.Trial) {
			t.Position = 2
			*t.Memory.MeanBytes += 10e6 * float64(n)
			t.ThroughputPS -= 8 * float64(n)
			if n == 3 {
				t.Good, t.Steps = 9_990, []results.StepResult{{Name: "list", Answers: 10_000, Good: 9_990, Statuses: map[string]uint64{"200": 9_990, "500": 10}}}
			}
		}),
	}
	docs[0].Reference = "reference server, rust dialect"
	for _, width := range []int{60, 80, 120} {
		var out bytes.Buffer
		if err := page.Text(&out, words.Soak(soakOf(t, docs...)), page.Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, fmt.Sprintf("testdata/want_%d.txt", width), out.String())
	}
	for format, write := range map[string]func(*bytes.Buffer, *soak.Comparison) error{
		"md":  func(b *bytes.Buffer, c *soak.Comparison) error { return page.Markdown(b, words.Soak(c)) },
		"csv": func(b *bytes.Buffer, c *soak.Comparison) error { return page.CSV(b, words.Soak(c)) },
	} {
		var out, swapped bytes.Buffer
		if err := write(&out, soakOf(t, docs...)); err != nil {
			t.Fatal(err)
		}
		golden.Check(t, "testdata/want."+format, out.String())
		if err := write(&swapped, soakOf(t, docs[1], docs[0])); err != nil || !bytes.Equal(out.Bytes(), swapped.Bytes()) {
			t.Errorf("%s: the order of the documents matters (%v)", format, err)
		}
	}
}

func TestSoakJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := page.JSON(&out, words.Soak(soakOf(t, sample.Soak("rust", 14, func(n int, t *results.Trial) { t.ThroughputPS = 1000 + 100*float64(n) })))); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"taskbench_soak":                    "2",
		"load.duration_s":                   "10",
		"sides.0.every_s":                   "10",
		"rows.0.name":                       "throughput",
		"rows.0.better":                     "higher",
		"rows.0.values.0.median":            "1650",
		"rows.0.values.0.drift.word":        "rising",
		"rows.0.values.0.drift.slope_per_h": "36000",
		"rows.0.values.0.each_window.#":     "14",
		"rows.4.unit":                       "bytes",
	} {
		if got := gjson.GetBytes(out.Bytes(), path).String(); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// A soak that ended early: what counts, and what is told.
func TestSoakThatEndedEarly(t *testing.T) {
	t.Parallel()
	died := sample.Soak("windjammer", 20, func(n int, t *results.Trial) {
		if n == 19 {
			t.Error = "the server's process ended 3m12s into the soak"
		}
		t.Memory.Notes = []string{fmt.Sprintf("the server was restarted while it was sampled (%d times)", n+1)}
	})
	died.Plan.Pairs, died.Complete = 30, false
	never := sample.Soak("other", 0, nil)
	c := soakOf(t, sample.Soak("rust", 20, sample.Level), died, never)
	if len(c.Targets) != 2 {
		t.Fatalf("%d targets, want those with windows", len(c.Targets))
	}
	s := c.Sides[1]
	if s.Windows != 19 || s.Failed != 1 || s.Planned != 30 || s.Complete || s.EveryS != 10 {
		t.Errorf("%+v", s)
	}
	want := []string{
		"other: no window was measured",
		"windjammer, window 1 and 18 more: the server was restarted while it was sampled (1 times)",
		"windjammer, window 20: not counted: the server's process ended 3m12s into the soak",
	}
	if got := strings.Join(sentences.All(c.Notes), "\n"); got != strings.Join(want, "\n") {
		t.Errorf("notes:\n%s", got)
	}
	if _, err := soak.New([]results.Document{never}, lineup.Options{}); err != soak.ErrNone {
		t.Errorf("error %v, want %v", err, soak.ErrNone)
	}
	other := sample.Soak("windjammer", 20, sample.Level)
	other.Scenarios[0].Load.Connections = 20
	if _, err := soak.New([]results.Document{sample.Soak("rust", 20, sample.Level), other}, lineup.Options{}); err == nil || !strings.Contains(err.Error(), "different scenarios or loads") {
		t.Errorf("error %v", err)
	}
}

// Interrupted before the first window was over: no table, and why.
func TestSoakWithoutFigures(t *testing.T) {
	t.Parallel()
	d := sample.Soak("rust", 1, func(_ int, t *results.Trial) { t.Error = "interrupted" })
	var text, markdown bytes.Buffer
	if err := errors.Join(page.Text(&text, words.Soak(soakOf(t, d)), page.Options{}), page.Markdown(&markdown, words.Soak(soakOf(t, d)))); err != nil {
		t.Fatal(err)
	}
	want := "rust\n  rust, 2026-11-23 00:00\n! rust, window 1: not counted: interrupted\n\n" +
		"soak: workflow, closed, 10 users, 1 window of 10 s\n  rust: 0 of 1 windows (1 not counted), 0 answers\n"
	if text.String() != want {
		t.Errorf("%q, want %q", &text, want)
	}
	if strings.Contains(markdown.String(), "|") {
		t.Errorf("a table of nothing:\n%s", &markdown)
	}
}

// FuzzSoak: whatever a document says, a soak has no NaN and no infinity.
func FuzzSoak(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, 10)
	f.Add(math.MaxFloat64, 0.0, math.Inf(1), 20)
	f.Add(math.NaN(), -1.0, 1e-300, 30)
	f.Fuzz(func(t *testing.T, a, b, c float64, windows int) {
		d := sample.Soak("rust", windows&63, func(n int, tr *results.Trial) {
			v := []float64{a, b, c, a * float64(n), b / float64(n+1)}[n%5]
			tr.ThroughputPS, tr.ErrorFraction, tr.Latency.P99US = v, v, v
			*tr.Memory.MeanBytes, *tr.Memory.OpenFiles = v, v
			if n%3 == 0 {
				tr.Started = time.Time{}
			}
		})
		table, err := soak.New([]results.Document{d}, lineup.Options{})
		if err != nil {
			return
		}
		if _, err := json.Marshal(table); err != nil {
			t.Errorf("%v: %+v", err, table)
		}
		var out bytes.Buffer
		if err := page.Text(&out, words.Soak(table), page.Options{}); err != nil {
			t.Error(err)
		}
		if text := out.String(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Errorf("not a figure in:\n%s", text)
		}
	})
}
