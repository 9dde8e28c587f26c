package compare_test

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/sample"
	"taskbench/compare/words"
	"taskbench/internal/golden"
	"taskbench/internal/page"
	"taskbench/parse"
	"taskbench/results"
)

// spread is a distribution of n answers: most about a median, some far out.
func spread(t testing.TB, seed uint64, median float64, n int) *results.Latency {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	h := parse.NewHDR()
	for i := range n {
		us := median * math.Exp(0.35*r.NormFloat64())
		if i%500 == 0 {
			us *= 20
		}
		if err := h.RecordValue(max(int64(us), 1)); err != nil {
			t.Fatal(err)
		}
	}
	l, err := results.NewLatency(h)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// spreadDocument has two pairs that worked and one that did not.
func spreadDocument(t *testing.T) results.Document {
	d := sample.LoadTest("rust", 1, sample.Projects(50, 3), sample.Health(1))
	for i := range d.Scenarios {
		for k := range d.Scenarios[i].Trials {
			trial := &d.Scenarios[i].Trials[k]
			seed := uint64(10*i + k)
			trial.Latency, trial.Iterations = spread(t, seed, 900, 4000), &results.Iterations{Latency: spread(t, seed, 2700, 1300)}
			for s := range trial.Steps {
				trial.Steps[s].Latency = spread(t, seed, 600+300*float64(s), 1300)
			}
		}
	}
	d.Scenarios[1].Trials[0].Iterations = nil // a single request has none
	d.Scenarios[0].Trials[1].Error = "the server went away"
	d.Reference = "reference server, rust dialect"
	return d
}

func TestHistogramGoldens(t *testing.T) {
	t.Parallel()
	d := spreadDocument(t)
	all, err := NewHistograms(d, nil, true)
	if err != nil {
		t.Fatal(err)
	}
	one, err := NewHistograms(d, []string{"health"}, true)
	if err != nil {
		t.Fatal(err)
	}
	for name, write := range map[string]func(io.Writer) error{
		"want.txt": func(w io.Writer) error { return page.Text(w, words.Histograms(all), page.Options{Width: 80}) },
		"want_ascii.txt": func(w io.Writer) error {
			return page.Text(w, words.Histograms(one), page.Options{Width: 80, ASCII: true})
		},
		"want.json": func(w io.Writer) error { return page.Encode(w, map[string]any{"results": []*Histograms{one}}) },
	} {
		golden.Check(t, filepath.Join("testdata", "histogram", name), textOf(t, func(w io.Writer, _ page.Options) error { return write(w) }, page.Options{}))
	}
}

// Of the distributions that are stored, those of trials that worked are
// merged: by scenario, step and iteration.
func TestHistogramsAreOfWhatWorked(t *testing.T) {
	t.Parallel()
	h, err := NewHistograms(spreadDocument(t), nil, true)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, one := range h.Histograms {
		got = append(got, fmt.Sprintf("%s %s %t %d %d", one.Scenario, one.Step, one.EndToEnd, one.Count, one.Pairs))
	}
	want := []string{
		"projects  false 8000 2", "projects create false 2600 2", "projects list false 2600 2", "projects delete false 2600 2", "projects  true 2600 2", "health  false 4000 1",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

// Buckets have no gaps, hold every answer, and every percentile where it falls.
func TestBuckets(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		h := parse.NewHDR()
		low, decades := math.Pow(10, 4*r.Float64()), 4*r.Float64()
		for range 1 + r.IntN(3000) {
			if err := h.RecordValue(int64(low * math.Pow(10, decades*r.Float64()))); err != nil {
				t.Fatal(err)
			}
		}
		l, err := results.NewLatency(h)
		if err != nil {
			t.Fatal(err)
		}
		list, err := Buckets(l)
		if err != nil {
			t.Fatal(err)
		}
		checkBuckets(t, list, l)
	}
}

func checkBuckets(t *testing.T, list []Bucket, l *results.Latency) {
	t.Helper()
	if rows := Visible(list); len(rows) > MostRows {
		t.Errorf("%d lines", len(rows))
	}
	count, fraction := uint64(0), 0.0
	for i, b := range list {
		if i > 0 && b.FromUS != list[i-1].ToUS {
			t.Errorf("a gap from %v to %v", list[i-1].ToUS, b.FromUS)
		}
		count, fraction = count+b.Count, fraction+b.Fraction
		if below := float64(count) / float64(l.Count); l.P50US < b.FromUS && below < 0.49 {
			t.Errorf("the median %v lies before %v, but only %v of the answers do", l.P50US, b.ToUS, below)
		}
	}
	if count != l.Count || math.Abs(fraction-1) > 1e-9 {
		t.Errorf("%d answers (%v) in buckets, of %d", count, fraction, l.Count)
	}
	if first, last := list[0], list[len(list)-1]; first.Count == 0 || last.Count == 0 || l.MinUS < first.FromUS || l.MaxUS >= last.ToUS*1.01 {
		t.Errorf("from %+v to %+v for %v to %v", first, last, l.MinUS, l.MaxUS)
	}
}

func TestHistogramsRefuse(t *testing.T) {
	t.Parallel()
	other := sample.LoadTest("rust", 1)
	other.Kind = results.Memory
	broken := spreadDocument(t)
	broken.Scenarios[0].Trials[0].Latency = &results.Latency{Count: 1, HDR: "nothing"}
	for name, c := range map[string]struct {
		d     results.Document
		names []string
		want  string
	}{
		"kind":     {other, nil, "of kind memory, which has no latencies"},
		"scenario": {spreadDocument(t), []string{"project"}, `did you mean "projects"?`},
		"nothing":  {sample.LoadTest("rust", 1), nil, "rust has no answers to show"},
		"damaged":  {broken, nil, "projects of rust: a latency histogram cannot be read"},
	} {
		if _, err := NewHistograms(c.d, c.names, false); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
