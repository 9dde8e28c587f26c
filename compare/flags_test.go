package compare_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/sentences"
	"taskbench/compare/words"
	"taskbench/results"
)

// flagsAfter are the red flags of health when every trial of rust is changed.
func flagsAfter(t *testing.T, change func(pair int, t *results.Trial)) []string {
	t.Helper()
	docs := run(6, 1, nil)
	for i := range docs[0].Scenarios[0].Trials {
		change(i+1, &docs[0].Scenarios[0].Trials[i])
	}
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return sentences.All(append(c.Flags, c.Scenarios[0].Flags...))
}

// course is so many good answers in every second, changing by step.
func course(first, step int) func(int, *results.Trial) {
	return func(pair int, t *results.Trial) {
		t.GoodPerS = nil
		for s := range 10 {
			t.GoodPerS = append(t.GoodPerS, uint64(first+step*s+(pair*s*7)%5))
		}
	}
}

func used(change func(pair int, r *results.Resources)) func(int, *results.Trial) {
	return func(pair int, t *results.Trial) {
		t.Resources = &results.Resources{GeneratorCoresAllowed: 2, ServerCoresAllowed: 4}
		change(pair, t.Resources)
	}
}

func TestRedFlags(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(pair int, t *results.Trial)
		want   []string
	}{
		"nothing": {func(int, *results.Trial) {}, nil},
		"long tail": {func(_ int, t *results.Trial) { t.Latency.P95US, t.Latency.P99US = 2000, 30_000 },
			[]string{"rust: p99 is 15.0 times p95 (30.0 ms and 2.00 ms): a few answers wait for something else than the work"}},
		"one bad trial is no long tail": {func(pair int, t *results.Trial) {
			if pair == 3 {
				t.Latency.P99US = 1e6
			}
		}, nil},
		"falling": {course(1000, -20), []string{"rust: throughput falls by 19.7 % within the window of 10 s (over 6 trials, Mann–Kendall p = 5.5e-07)"}},
		"falling where it is known": {func(pair int, t *results.Trial) {
			if course(1000, -12)(pair, t); pair > 2 {
				t.GoodPerS = nil
			}
		}, []string{"rust: throughput falls by 11.4 % within the window of 10 s (over 2 trials, Mann–Kendall p = 5.5e-07)"}},
		"falling by less than matters": {course(1000, -5), nil},
		"rising":                       {course(1000, 20), nil},
		"errors": {func(pair int, t *results.Trial) {
			if pair > 4 {
				t.ErrorFraction = 0.001 * float64(pair)
			}
		}, []string{"rust: errors under load in 2 of 6 trials: up to 0.60 % of the requests had no good answer"}},
		"generator": {used(func(_ int, r *results.Resources) { r.GeneratorCores = new(1.9) }),
			[]string{"rust: the load generator kept 1.90 of its 2 cores busy: the figures measure it, too"}},
		"generator with room": {used(func(_ int, r *results.Resources) { r.GeneratorCores = new(1.7) }), nil},
		"server": {used(func(_ int, r *results.Resources) { r.ServerCores = new(3.95) }),
			[]string{"rust: the server kept 3.95 of its 4 cores busy: latencies are those of an overloaded server"}},
		"steal": {used(func(pair int, r *results.Resources) { r.StealFraction = new(0.01 * float64(pair)) }),
			[]string{"steal: other guests of the host took up to 6.00 % of the CPU time (pair 6)"}},
		"others": {used(func(pair int, r *results.Resources) { r.OthersCores = new(0.2 * float64(pair)) }),
			[]string{"busy machine: other programs kept up to 1.20 cores busy (pair 6)"}},
		"shared cores": {used(func(_ int, r *results.Resources) { r.SharedCores = true }),
			[]string{"server and load generator may run on the same 4 cores: they take from each other (--pin keeps them apart)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, flagsAfter(t, c.change), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("- want, + got:\n%s", diff)
			}
		})
	}
}

// What every scenario says is said once, at the top.
func TestCommonFlagsAreSaidOnce(t *testing.T) {
	t.Parallel()
	docs := []results.Document{sample.LoadTest("rust", 1, sample.Health(2), sample.Projects(10, 2)), sample.LoadTest("windjammer", 1, sample.Health(2), sample.Projects(10, 2))}
	for i := range docs {
		for k := range docs[i].Scenarios {
			docs[i].Scenarios[k].Trials[0].Resources = &results.Resources{SharedCores: true, ServerCoresAllowed: 2}
		}
	}
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Flags) != 1 || len(c.Scenarios[0].Flags)+len(c.Scenarios[1].Flags) != 0 {
		t.Errorf("%v, %v, %v", c.Flags, c.Scenarios[0].Flags, c.Scenarios[1].Flags)
	}
}

func TestNotesAreGrouped(t *testing.T) {
	t.Parallel()
	docs := run(3, 1, nil)
	for i := range docs {
		m := &docs[i].Scenarios[0]
		m.Differences = []results.Difference{{Step: "create", What: "only rust sends a, b"}, {Step: "list", What: "only rust sends a, b"}, {Step: "delete", What: "rust answers 204, windjammer 200"}}
		for k := range m.Trials {
			m.Trials[k].Warnings = []string{fmt.Sprintf("%d.5 of 50 virtual users never started", k)}
		}
	}
	docs[1].Scenarios[0].Overridden = []string{`step "delete" expects status 200`, `step "list" sends other headers`}
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"answers differ: create, list: only rust sends a, b",
		"answers differ: delete: rust answers 204, windjammer 200",
		`windjammer has its own scenario: step "delete" expects status 200; step "list" sends other headers`,
		"rust, pair 1: 0.5 of 50 virtual users never started (and so in 2 trials more)",
		"windjammer, pair 1: 0.5 of 50 virtual users never started (and so in 2 trials more)",
	}
	if diff := cmp.Diff(want, sentences.All(append(c.Scenarios[0].Flags, c.Scenarios[0].Notes...))); diff != "" {
		t.Errorf("- want, + got:\n%s", diff)
	}
}

func TestEnvironmentIsCompared(t *testing.T) {
	t.Parallel()
	one := results.Environment{CPUModel: "A", Cores: 2, Kernel: "6.1", WrkVersion: "4.1.0", MemoryBytes: 8 << 30}
	other := one
	other.CPUModel, other.Cores, other.WrkVersion = "B", 8, "4.2.0"
	unknown := results.Environment{MemoryBytes: 8<<30 + 4096}
	for name, c := range map[string]struct {
		env  results.Environment
		want string
	}{
		"the same": {one, ""},
		"another":  {other, "not measured on the same machine as rust, so ratios are not the implementations' alone: windjammer: CPU B, not A, cores 8, not 2, wrk 4.2.0, not 4.1.0"},
		"unknown":  {unknown, ""},
	} {
		docs := run(1, 1, nil)
		docs[0].Environment, docs[1].Environment = one, c.env
		compared, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(sentences.All(compared.Notes), "\n"); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// scaled is a sweep of rust alone with the throughputs of its two pairs.
func scaled(t *testing.T, levels []int, perSecond ...float64) Sweep {
	t.Helper()
	var list []results.Measurement
	for _, n := range levels {
		list = append(list, sample.Projects(n, 6))
	}
	doc := sample.LoadTest("rust", 1, list...)
	for i, v := range perSecond {
		for k, factor := range []float64{0.99, 1.01, 1, 0.995, 1.005, 1} {
			doc.Scenarios[i].Trials[k].ThroughputPS = factor * v
		}
	}
	c, err := New([]results.Document{doc}, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Sweeps) != 1 {
		t.Fatal(c.Sweeps)
	}
	return c.Sweeps[0]
}

func TestKnee(t *testing.T) {
	t.Parallel()
	levels := []int{100, 10, 500, 50} // in any order
	for name, c := range map[string]struct {
		perSecond []float64
		knee      string
		degraded  string
	}{
		"levels off":  {[]float64{9800, 3000, 10_000, 9000}, "rust 100 connections", ""},
		"grows":       {[]float64{9800, 3000, 15_000, 9000}, "rust 500 or more: its throughput still grows", ""},
		"flat":        {[]float64{1000, 1000, 1000, 1000}, "rust 10 connections", ""},
		"falls":       {[]float64{10_000, 3000, 7000, 9000}, "rust 100 connections", "rust: throughput falls from 10.0 k/s at 100 connections to 7.00 k/s at 500"},
		"falls a bit": {[]float64{10_000, 3000, 9500, 9000}, "rust 100 connections", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := scaled(t, levels, c.perSecond...)
			side := s.Sides[0]
			knee := words.KneeLine(s)
			if _, knee, _ = strings.Cut(knee, ": "); knee != c.knee {
				t.Errorf("knee: %s, want %s", knee, c.knee)
			}
			got := ""
			if side.Degraded != nil {
				got = sentences.Of(*side.Degraded)
			}
			if got != c.degraded {
				t.Errorf("degraded: %q, want %q", got, c.degraded)
			}
			if diff := cmp.Diff([]int{10, 50, 100, 500}, s.Levels); diff != "" {
				t.Error(diff)
			}
		})
	}
}
