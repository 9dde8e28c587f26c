package cli

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"taskbench/internal/cli/console"
	"taskbench/results"
	"taskbench/scenarios"
)

// storedRun is a run of the six built-in scenarios, six pairs each, as the
// reference servers would give it: trials scatter by 8 %, windjammer's by a
// factor more, and the documented throughput of authentication is out of reach of both.
func storedRun(t *testing.T, store *results.Store, session string, at time.Time, slow float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(len(session)), uint64(at.UnixNano())))
	for _, side := range []string{"rust", "windjammer"} {
		d := results.Document{
			Schema: results.Schema, Kind: results.LoadTest, Session: session, Implementation: side, Baseline: "rust", Created: at, Complete: true,
			Target: results.Target{URL: "http://127.0.0.1:1"}, Plan: results.Plan{Targets: []string{"rust", "windjammer"}, Pairs: 6, Seed: 1},
		}
		for _, name := range scenarios.BuiltinNames() {
			m := results.Measurement{Scenario: name, Title: name, Hash: "h" + name, Mode: "flow", Steps: []string{"one"},
				Load:     results.Load{Connections: 10, Threads: 10, DurationS: 10, WarmupS: 3, TimeoutS: 10},
				Expected: []results.Expectation{{Metric: "throughput", Op: ">", Limit: 500, Text: "> 500/s"}}}
			if name == "auth" {
				m.Expected[0].Limit, m.Expected[0].Text = 10_000, "> 10000/s"
			}
			for pair := range 6 {
				factor := math.Exp(0.08 * r.NormFloat64())
				if side == "windjammer" {
					factor *= slow
				}
				answers := uint64(10_000 / factor)
				us := func(of float64) float64 { return math.Round(of * factor) }
				l := &results.Latency{Count: answers, MeanUS: us(1200), MinUS: us(400), P50US: us(1000), P75US: us(1300), P90US: us(1900), P95US: us(2400), P99US: us(5000), P999US: us(9000), MaxUS: us(31000)}
				m.Trials = append(m.Trials, results.Trial{Pair: pair + 1, Position: 1 + pair%2, Started: at, WindowS: 10, Answers: answers, Good: answers,
					ThroughputPS: float64(answers) / 10, Latency: l,
					Steps: []results.StepResult{{Name: "one", Answers: answers, Good: answers, ThroughputPS: float64(answers) / 10, Statuses: map[string]uint64{"200": answers}, Latency: l}}})
			}
			d.Scenarios = append(d.Scenarios, m)
		}
		if _, err := store.Save(&d); err != nil {
			t.Fatal(err)
		}
	}
}

// TestGateOfStoredRuns: a build whose servers are the same passes, whatever the
// documents expect; one that loses is stopped; against an earlier run only where
// others tell how much runs differ.
func TestGateOfStoredRuns(t *testing.T) { // not parallel: urfave/cli keeps its help flag in a variable
	day := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		slow    []float64 // of each run, the last one judged
		args    []string
		code    int
		want    []string
		without string
	}{
		"the same": {[]float64{1}, nil, console.ExitOK,
			[]string{"gate: windjammer against rust\n\n  UNDECIDED  ", "every answer was as expected\n\n  run s0, 2026-11-01", " days ago\n! run s0 is ", "windjammer misses documented expectations of auth, and so does rust"}, "FAIL"},
		"the same, expectations asked for": {[]float64{1}, []string{"--expected"}, console.ExitOK, []string{"and so does rust"}, "FAIL"},
		"half as fast":                     {[]float64{2}, nil, console.ExitGate, []string{"FAIL", "which fail a gate only with --expected"}, "expected throughput"},
		"half as fast, expectations asked for": {[]float64{2.1}, []string{"--expected"}, console.ExitGate,
			[]string{"FAIL health: expected throughput > 500/s, reached "}, "only with --expected"},
		"a loss since a run alone":       {[]float64{1, 1.5}, []string{"--baseline-run", "s0"}, console.ExitOK, []string{"held against run s0, with rust as control", "store four and more", "may be no more than runs differ by: "}, "FAIL"},
		"nothing since then, runs known": {[]float64{1, 1, 1, 1, 1}, []string{"--baseline-run", "s3"}, console.ExitOK, []string{"as 4 earlier runs on this machine tell it"}, "FAIL"},
		"a loss since then, runs known":  {[]float64{1, 1, 1, 1, 1.5}, []string{"--baseline-run", "s3"}, console.ExitGate, []string{"FAIL", "as 4 earlier runs on this machine tell it"}, "four and more"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			store := &results.Store{Dir: dir}
			for i, slow := range c.slow {
				storedRun(t, store, fmt.Sprint("s", i), day.AddDate(0, 0, i), slow)
			}
			var out, errs bytes.Buffer
			p := console.Process{Args: append([]string{"taskbench", "gate", "--results", dir}, c.args...), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Width: 400, Getenv: func(string) string { return "" }}
			if code := Run(context.Background(), p); code != c.code {
				t.Errorf("exit %d, want %d: %s", code, c.code, &errs)
			}
			wantAll(t, out.String(), c.want...)
			if strings.Contains(out.String(), c.without) {
				t.Errorf("%q in\n%s", c.without, &out)
			}
		})
	}
}
