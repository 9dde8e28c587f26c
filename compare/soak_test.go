package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"

	"taskbench/results"
)

// soaked is a document of windows 10 s apart; of gives the figures of the n-th, from 0.
func soaked(name string, windows int, of func(n int, t *results.Trial)) results.Document {
	created := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	d := results.Document{
		Kind: results.Soak, Session: "s", Implementation: name, Baseline: "rust", Created: created, Complete: true,
		Plan:      results.Plan{Pairs: windows},
		Scenarios: []results.Measurement{{Scenario: "workflow", Hash: "h", Load: results.Load{Connections: 10, DurationS: 10}}},
	}
	for n := range windows {
		memory, files, threads, cpu := 30e6, 20.0, 8.0, 40.0
		t := results.Trial{
			Pair: n + 1, Position: 1, Started: created.Add(time.Duration(n) * 10 * time.Second),
			WindowS: 10, Answers: 10_000, Good: 10_000, ThroughputPS: 1000,
			Latency:   &results.Latency{Count: 10_000, P50US: 900, P99US: 4000},
			Resources: &results.Resources{CPUPerAnswerUS: &cpu},
			Memory:    &results.MemoryProfile{MeanBytes: &memory, OpenFiles: &files, Threads: &threads},
		}
		if of != nil {
			of(n, &t)
		}
		d.Scenarios[0].Trials = append(d.Scenarios[0].Trials, t)
	}
	return d
}

// level does nothing to a window.
func level(int, *results.Trial) {}

func soakOf(t *testing.T, docs ...results.Document) *SoakComparison {
	t.Helper()
	c, err := NewSoak(docs)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// verdicts are a target's, by figure, as tables show them.
func (c *SoakComparison) verdicts(target int) map[string]string {
	out := map[string]string{}
	for _, r := range c.Rows {
		if d := r.Cells[target].Drift; d != nil {
			out[r.Name] = r.text(d)
		}
	}
	return out
}

func TestDrift(t *testing.T) {
	t.Parallel()
	noise := rand.New(rand.NewPCG(1, 2))
	cases := []struct {
		name    string
		windows int
		of      func(n int, t *results.Trial)
		figure  string
		want    string
		harmful bool
	}{
		{"nothing changes", 30, level, "throughput", "steady", false},
		{"nothing changes in memory", 30, level, "memory", "steady", false},
		{"no errors", 30, level, "errors", "steady", false},
		{"fewest windows", FewestSoakWindows, level, "p99", "steady", false},
		{"too few", FewestSoakWindows - 1, level, "p99", "too short to say", false},
		{"throughput falls by a fifth", 30, func(n int, t *results.Trial) {
			t.ThroughputPS = 1000 * (1 - 0.2*float64(n)/29) * (1 + 0.02*noise.NormFloat64())
		}, "throughput", "falling", true},
		{"throughput rises", 30, func(n int, t *results.Trial) { t.ThroughputPS = 1000 + 20*float64(n) }, "throughput", "rising", false},
		{"latency rises", 30, func(n int, t *results.Trial) { t.Latency.P99US = 4000 + 50*float64(n) }, "p99", "rising", true},
		{"a leak of 1 MB/s", 30, func(n int, t *results.Trial) { *t.Memory.MeanBytes += 10e6 * float64(n) }, "memory", "growing 60.0 MB/min", true},
		{"memory given back", 30, func(n int, t *results.Trial) { *t.Memory.MeanBytes -= 0.5e6 * float64(n) }, "memory", "shrinking 3.00 MB/min", false},
		{"a warm-up that levels off", 40, func(n int, t *results.Trial) { *t.Memory.MeanBytes += 30e6 * (1 - math.Exp(-float64(n)/4)) }, "memory", "steady", false},
		{"a file a minute", 30, func(n int, t *results.Trial) { *t.Memory.OpenFiles += math.Floor(float64(n) / 6) }, "open files", "leaking 56.8/h", true},
		{"a thread more", 30, func(n int, t *results.Trial) { *t.Memory.Threads += math.Floor(float64(n) / 29) }, "threads", "steady", false},
		{"too little to matter", 30, func(n int, t *results.Trial) { t.ThroughputPS = 1000 - float64(n) }, "throughput", "steady", false},
		{"noise", 30, func(n int, t *results.Trial) { t.Latency.P99US = 4000 * math.Exp(0.5*noise.NormFloat64()) }, "p99", "too short to say", false},
		{"CPU time rises", 30, func(n int, t *results.Trial) { *t.Resources.CPUPerAnswerUS += 0.5 * float64(n) }, "cpu/answer", "rising", true},
		{"errors rise", 30, func(n int, t *results.Trial) { t.ErrorFraction = 0.001 * float64(n) }, "errors", "rising 36.0 pp/h", true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			table := soakOf(t, soaked("rust", c.windows, c.of))
			if got := table.verdicts(0)[c.figure]; !strings.HasPrefix(got, c.want) {
				t.Errorf("%s is %q, want %q", c.figure, got, c.want)
			}
			if worse := len(table.Worse()) > 0; worse != c.harmful {
				t.Errorf("worse: %q, want some: %t", table.Worse(), c.harmful)
			}
			for _, r := range table.Rows {
				if r.Cells[0].Drift.Reason == "" {
					t.Errorf("%s has a verdict without a reason", r.Name)
				}
			}
		})
	}
}

// wander is a series of the given scatter whose neighbours are alike (a
// first-order autoregression), and which changes by a part of itself on the way.
func wander(r *rand.Rand, n int, alike, scatter, change float64) []float64 {
	ys, state := make([]float64, n), r.NormFloat64()
	for i := range ys {
		ys[i] = 30e6 * math.Exp(scatter*state) * (1 + change*float64(i)/float64(n-1))
		state = alike*state + math.Sqrt(1-alike*alike)*r.NormFloat64()
	}
	return ys
}

// drifts is how often a figure is called drifting.
func drifts(f soakFigure, runs, windows int, alike, scatter, change float64) float64 {
	r, found := rand.New(rand.NewPCG(7, 11)), 0
	for range runs {
		if f.judge(wander(r, windows, alike, scatter, change), 60).Verdict == Drifting {
			found++
		}
	}
	return float64(found) / float64(runs)
}

// What docs/soak.md says of how often the rule is wrong: simulated, with a
// fixed seed.
func TestDriftErrorRates(t *testing.T) {
	t.Parallel()
	const runs = 400
	for _, f := range soakFigures[:5] { // those that scatter; counts and fractions have floors on top
		for _, scatter := range []float64{0.03, 0.10} {
			for alike, most := range map[float64]float64{0: 0.01, 0.3: 0.02, 0.5: 0.03, 0.7: 0.05} {
				if got := drifts(f, runs, 30, alike, scatter, 0); got > most {
					t.Errorf("%s, scatter %.2f, ρ %.1f: %.1f %% false alarms, want at most %.0f %%", f.name, scatter, alike, 100*got, 100*most)
				}
			}
			if got := drifts(f, runs, 60, 0.9, scatter, 0); got > 0.05 {
				t.Errorf("%s, scatter %.2f, ρ 0.9, 60 windows: %.1f %% false alarms, want at most 5 %%", f.name, scatter, 100*got)
			}
		}
		for _, change := range []float64{-0.3, 0.3} {
			if got := drifts(f, runs, 30, 0.3, 0.03, change); got < 0.85 {
				t.Errorf("%s: a change of %+.0f %% is found in %.0f %% of runs, want 85 %%", f.name, 100*change, 100*got)
			}
		}
	}
}

// The unit of a figure, and the direction of its drift, change nothing.
func TestDriftLaws(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 5))
	f := soakFigures[0]
	for range 300 {
		ys := wander(r, 10+r.IntN(50), r.Float64(), 0.2*r.Float64(), r.Float64()-0.5)
		d := f.judge(ys, 10)
		scaled, mirrored := make([]float64, len(ys)), make([]float64, len(ys))
		for i, y := range ys {
			scaled[i], mirrored[i] = 1024*y, 60e6-y
		}
		if s := f.judge(scaled, 10); s.Verdict != d.Verdict || s.Harmful != d.Harmful || s.P != d.P {
			t.Fatalf("in another unit %+v is %+v", d, s)
		}
		g := f
		g.leastPart, g.least = 0, 1.5e6 // the same for both
		up, down := g.judge(ys, 10), g.judge(mirrored, 10)
		if up.Verdict != down.Verdict || up.Verdict == Drifting && up.Harmful == down.Harmful {
			t.Fatalf("mirrored %+v is %+v", up, down)
		}
		if d.LowPH > d.SlopePH || d.SlopePH > d.HighPH {
			t.Fatalf("the slope is not within its interval: %+v", d)
		}
	}
}

func TestSoakTable(t *testing.T) {
	t.Parallel()
	docs := []results.Document{
		soaked("rust", 30, level),
		soaked("windjammer", 30, func(n int, t *results.Trial) {
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
		if err := SoakText(&out, soakOf(t, docs...), TextOptions{Width: width}); err != nil {
			t.Fatal(err)
		}
		golden(t, fmt.Sprintf("testdata/soak/want_%d.txt", width), out.String())
	}
	for format, write := range map[string]func(*bytes.Buffer, *SoakComparison) error{
		"md":  func(b *bytes.Buffer, c *SoakComparison) error { return SoakMarkdown(b, c) },
		"csv": func(b *bytes.Buffer, c *SoakComparison) error { return SoakCSV(b, c) },
	} {
		var out, swapped bytes.Buffer
		if err := write(&out, soakOf(t, docs...)); err != nil {
			t.Fatal(err)
		}
		golden(t, "testdata/soak/want."+format, out.String())
		if err := write(&swapped, soakOf(t, docs[1], docs[0])); err != nil || !bytes.Equal(out.Bytes(), swapped.Bytes()) {
			t.Errorf("%s: the order of the documents matters (%v)", format, err)
		}
	}
}

func TestSoakJSON(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := SoakJSON(&out, soakOf(t, soaked("rust", 14, func(n int, t *results.Trial) { t.ThroughputPS = 1000 + 100*float64(n) }))); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"taskbench_soak":                       "1",
		"load.duration_s":                      "10",
		"sides.0.every_s":                      "10",
		"figures.0.name":                       "throughput",
		"figures.0.better":                     "higher",
		"figures.0.values.0.median":            "1650",
		"figures.0.values.0.drift.word":        "rising",
		"figures.0.values.0.drift.slope_per_h": "36000",
		"figures.0.values.0.each_window.#":     "14",
		"figures.4.unit":                       "bytes",
	} {
		if got := gjson.GetBytes(out.Bytes(), path).String(); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
}

// A soak that ended early: what counts, and what is told.
func TestSoakThatEndedEarly(t *testing.T) {
	t.Parallel()
	died := soaked("windjammer", 20, func(n int, t *results.Trial) {
		if n == 19 {
			t.Error = "the server's process ended 3m12s into the soak"
		}
		t.Memory.Notes = []string{fmt.Sprintf("the server was restarted while it was sampled (%d times)", n+1)}
	})
	died.Plan.Pairs, died.Complete = 30, false
	never := soaked("other", 0, nil)
	c := soakOf(t, soaked("rust", 20, level), died, never)
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
	if got := strings.Join(c.Notes, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("notes:\n%s", got)
	}
	if _, err := NewSoak([]results.Document{never}); err != errNoSoak {
		t.Errorf("error %v, want %v", err, errNoSoak)
	}
	other := soaked("windjammer", 20, level)
	other.Scenarios[0].Load.Connections = 20
	if _, err := NewSoak([]results.Document{soaked("rust", 20, level), other}); err == nil || !strings.Contains(err.Error(), "different scenarios or loads") {
		t.Errorf("error %v", err)
	}
}

// Interrupted before the first window was over: no table, and why.
func TestSoakWithoutFigures(t *testing.T) {
	t.Parallel()
	d := soaked("rust", 1, func(_ int, t *results.Trial) { t.Error = "interrupted" })
	var text, markdown bytes.Buffer
	if err := errors.Join(SoakText(&text, soakOf(t, d), TextOptions{}), SoakMarkdown(&markdown, soakOf(t, d))); err != nil {
		t.Fatal(err)
	}
	want := "soak: workflow, 10 connections, 1 window of 10 s\n\n" +
		"  rust: 0 of 1 windows (1 not counted), 10,000 answers\n! rust, window 1: not counted: interrupted\n"
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
		d := soaked("rust", windows&63, func(n int, tr *results.Trial) {
			v := []float64{a, b, c, a * float64(n), b / float64(n+1)}[n%5]
			tr.ThroughputPS, tr.ErrorFraction, tr.Latency.P99US = v, v, v
			*tr.Memory.MeanBytes, *tr.Memory.OpenFiles = v, v
			if n%3 == 0 {
				tr.Started = time.Time{}
			}
		})
		table, err := NewSoak([]results.Document{d})
		if err != nil {
			return
		}
		if _, err := json.Marshal(table); err != nil {
			t.Errorf("%v: %+v", err, table)
		}
		var out bytes.Buffer
		if err := SoakText(&out, table, TextOptions{}); err != nil {
			t.Error(err)
		}
		if text := out.String(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Errorf("not a figure in:\n%s", text)
		}
	})
}
