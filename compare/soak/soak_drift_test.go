package soak_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"taskbench/compare/sample"
	"taskbench/compare/soak"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/results"
)

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
		{"nothing changes", 30, sample.Level, "throughput", "steady", false},
		{"nothing changes in memory", 30, sample.Level, "memory", "steady", false},
		{"no errors", 30, sample.Level, "errors", "steady", false},
		{"fewest windows", soak.FewestWindows, sample.Level, "p99", "steady", false},
		{"too few", soak.FewestWindows - 1, sample.Level, "p99", "too short to say", false},
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
			table := soakOf(t, sample.Soak("rust", c.windows, c.of))
			if got := verdictsOf(table, 0)[c.figure]; !strings.HasPrefix(got, c.want) {
				t.Errorf("%s is %q, want %q", c.figure, got, c.want)
			}
			if worse := len(words.Worse(table)) > 0; worse != c.harmful {
				t.Errorf("worse: %q, want some: %t", words.Worse(table), c.harmful)
			}
			for _, r := range table.Rows {
				if r.Cells[0].Drift.Reason.IsZero() {
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

// inASoak is how many figures a soak of two targets has.
const inASoak = 16

// drifts is how often a soak, of figures that change by a part each or, where
// that is 0, not at all, calls any of them drifting; and how often one of them.
func drifts(f *figure.Figure, runs, windows int, alike, scatter, change float64) (anyOf, each float64) {
	r, soaks, figures := rand.New(rand.NewPCG(7, 11)), 0, 0
	for range runs {
		var values [][]float64
		for range inASoak {
			values = append(values, wander(r, windows, alike, scatter, change))
		}
		found := 0
		for _, d := range soak.JudgeDrifts(f, 60, values...) {
			if d.Verdict == soak.Drifting {
				found++
			}
		}
		figures += found
		soaks += min(found, 1)
	}
	return float64(soaks) / float64(runs), float64(figures) / float64(runs*inASoak)
}

// What docs/soak.md says of how often the rule is wrong: simulated, with a
// fixed seed.
func TestDriftErrorRates(t *testing.T) {
	t.Parallel()
	const runs = 100
	for _, f := range []*figure.Figure{figure.Soak[0], figure.Soak[2]} { // counts and fractions have floors on top
		for _, c := range []struct {
			windows     int
			alike, most float64 // of soaks with a false drift
		}{{13, 0.3, 0.05}, {13, 0.5, 0.06}, {30, 0, 0.02}, {30, 0.3, 0.05}, {30, 0.5, 0.07}, {60, 0.5, 0.05}} { // 100 runs: 5 of 100 may read as 7
			if got, _ := drifts(f, runs, c.windows, c.alike, 0.05, 0); got > c.most {
				t.Errorf("%s, %d windows, ρ %.1f: false alarms in %.1f %% of soaks, want at most %.0f %%", f.Name, c.windows, c.alike, 100*got, 100*c.most)
			}
		}
		for _, change := range []float64{-0.2, 0.2} {
			if _, got := drifts(f, runs/4, 30, 0.3, 0.02, change); got < 0.65 {
				t.Errorf("%s: a change of %+.0f %% is found in %.0f %% of soaks, want 65 %%", f.Name, 100*change, 100*got)
			}
		}
	}
}

// The unit of a figure, and the direction of its drift, change nothing.
func TestDriftLaws(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 5))
	f := figure.Soak[0]
	for range 300 {
		ys := wander(r, 10+r.IntN(50), r.Float64(), 0.2*r.Float64(), r.Float64()-0.5)
		d := soak.JudgeDrifts(f, 10, ys)[0]
		scaled, mirrored := make([]float64, len(ys)), make([]float64, len(ys))
		for i, y := range ys {
			scaled[i], mirrored[i] = 1024*y, 60e6-y
		}
		if s := soak.JudgeDrifts(f, 10, scaled)[0]; s.Verdict != d.Verdict || s.Harmful != d.Harmful || s.P != d.P {
			t.Fatalf("in another unit %+v is %+v", d, s)
		}
		g := *f
		g.Drift.Part, g.Drift.Least = 0, 1.5e6 // the same for both
		up, down := soak.JudgeDrifts(&g, 10, ys)[0], soak.JudgeDrifts(&g, 10, mirrored)[0]
		if up.Verdict != down.Verdict || up.Verdict == soak.Drifting && up.Harmful == down.Harmful {
			t.Fatalf("mirrored %+v is %+v", up, down)
		}
		if d.LowPH > d.SlopePH || d.SlopePH > d.HighPH {
			t.Fatalf("the slope is not within its interval: %+v", d)
		}
	}
}
