package export

import (
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/perf/benchfmt"

	"taskbench/internal/figure"
)

// readGoBenchmark: Go's own reader finds every figure of every pair, of the side
// that it is of, under a name without GOMAXPROCS.
func readGoBenchmark(t testing.TB, s exportCase) {
	text := written(t, func(w io.Writer) error { return GoBenchmark(w, s.c) })
	got := 0
	r := benchfmt.NewReader(strings.NewReader(text), "export")
	for r.Scan() {
		switch rec := r.Result().(type) {
		case *benchfmt.SyntaxError:
			t.Error(rec)
		case *benchfmt.Result:
			if rec.GetConfig("impl") == "" {
				t.Errorf("%s has no impl", rec.Name)
			}
			if _, parts := rec.Name.Parts(); strings.HasPrefix(string(parts[len(parts)-1]), "-") {
				t.Errorf("%s is read as GOMAXPROCS %s", rec.Name, parts[len(parts)-1])
			}
			got += len(rec.Values)
		}
	}
	if err := r.Err(); err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, e := range entries(s.c) {
		for _, v := range e.eachPair {
			if v != nil && !e.metric.Equal(figure.Errors) {
				want++
			}
		}
	}
	if got != want {
		t.Errorf("%d figures were read, want %d:\n%s", got, want, text)
	}
}

// benchstat compares the two sides and comes to the medians of compare.
func TestBenchstat(t *testing.T) {
	t.Parallel()
	s := compared(t, measuredDocuments(t))
	path := filepath.Join(t.TempDir(), "results.txt")
	writeText(t, path, written(t, func(w io.Writer) error { return GoBenchmark(w, s.c) }))
	out, err := exec.Command("go", "tool", "benchstat", "-col", "impl", "-format", "csv", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var printed []float64
	for _, cell := range strings.FieldsFunc(string(out), func(r rune) bool { return r == ',' || r == '\n' }) {
		if v, err := strconv.ParseFloat(cell, 64); err == nil {
			printed = append(printed, v)
		}
	}
	for _, e := range entries(s.c) {
		close := func(v float64) bool { return math.Abs(v/e.median-1) < 1e-5 }
		if e.metric.Equal(figure.Throughput) && e.step == "" && !slices.ContainsFunc(printed, close) {
			t.Errorf("benchstat does not print %v of %s:\n%s", e.median, e.path(), out)
		}
	}
	for _, want := range []string{",rust,", "answers/s", "vs base", "p95-sec"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}
