package results

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"taskbench/parse"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// blockOf records values in µs as a script does.
func blockOf(values ...float64) *parse.BlockLatency {
	if len(values) == 0 {
		return &parse.BlockLatency{}
	}
	l := &parse.BlockLatency{Count: uint64(len(values)), MinUS: slices.Min(values), MaxUS: slices.Max(values)}
	counts := make(map[uint64]uint64)
	for _, v := range values {
		l.SumUS += v
		fraction, exponent := math.Frexp(math.Max(v, 1)) // v = fraction * 2^exponent, fraction in [0.5, 1)
		counts[uint64(exponent-1)*64+uint64((fraction*2-1)*64)]++
	}
	for i, n := range counts {
		l.Buckets = append(l.Buckets, [2]uint64{i, n})
	}
	slices.SortFunc(l.Buckets, func(a, b [2]uint64) int { return int(a[0]) - int(b[0]) })
	return l
}

// lognormal gives n latencies around 1 ms.
func lognormal(seed uint64, n int) []float64 {
	r := rand.New(rand.NewPCG(seed, 1))
	values := make([]float64, n)
	for i := range values {
		values[i] = 1000 * math.Exp(0.5*r.NormFloat64())
	}
	return values
}

// sampleBlock is a flow of two steps of which everything went well.
func sampleBlock() *parse.Block {
	create, list := lognormal(1, 4000), lognormal(2, 4000)
	b := &parse.Block{
		Schema: 1, Scenario: "projects", ScenarioHash: "abc", Mode: "flow", Run: "r", Seed: 7,
		VirtualUsersAsked: 8, VirtualUsersStarted: 8, VirtualUsersReady: 8,
		Window: parse.Window{OpenUS: 1e6, LengthUS: 1.13e6},
		Setup:  []parse.BlockStep{{Name: "login", Answers: 8, Good: 8}},
		Steps: []parse.BlockStep{
			{Name: "create", Answers: 4000, Good: 4000, Statuses: map[string]uint64{"201": 4000}, Latency: blockOf(create...)},
			{Name: "list", Answers: 4000, Good: 4000, Statuses: map[string]uint64{"200": 4000}, Latency: blockOf(list...)},
		},
		Iterations: &parse.BlockIterations{Completed: 4000, Latency: blockOf(lognormal(3, 4000)...)},
		PerSecond:  []parse.BlockSecond{{Good: 7000}, {Good: 1000}},
	}
	b.Wrk.Threads, b.Wrk.Connections, b.Wrk.Requests, b.Wrk.DurationUS = 8, 8, 9000, 2e6
	return b
}

// sampleDocument uses every part of a document.
func sampleDocument(t testing.TB, implementation, session string) *Document {
	t.Helper()
	trial, err := NewTrial(sampleBlock(), Circumstances{Pair: 1, Position: 2, Started: noon, Wrk: &WrkRun{
		Argv: []string{"wrk", "-t8"}, Text: "Running 2s test\n", Stderr: "<&>", Requests: 9000, DurationUS: 2e6, RequestsPS: 4500,
	}})
	if err != nil {
		t.Fatal(err)
	}
	trial.Steps[0].Unmet = map[string]uint64{"status": 1}
	trial.Steps[0].Example = &Example{Unmet: "status", Status: 500, Body: "a \"body\" </script>\n"}
	failed := Trial{Pair: 2, Position: 1, Started: noon.Add(time.Minute), Error: "the server answered nothing"}
	return &Document{
		Schema: Schema, Kind: LoadTest, Session: session, Implementation: implementation, Baseline: "rust",
		Created: noon, Complete: true, Reference: "reference server, rust dialect",
		Target:      Target{URL: "http://localhost:3001", Start: "./server", GitCommit: "0123abc", ExecutableBytes: 9 << 20},
		Plan:        Plan{Targets: []string{"rust", "windjammer"}, Pairs: 2, Seed: 42},
		Environment: Environment{TaskbenchVersion: "1.0.0", WrkVersion: "4.1.0", OS: "linux", Kernel: "6.1", CPUModel: "x", Cores: 2, MemoryBytes: 8 << 30},
		Scenarios: []Measurement{{
			Scenario: "projects", Title: "Project CRUD", Hash: "abc", Mode: "flow",
			Load:     Load{Connections: 8, Threads: 8, DurationS: 1.13, WarmupS: 1, TimeoutS: 10, Think: "20ms"},
			Steps:    []string{"create", "list"},
			Expected: []Expectation{{Metric: "p95", Op: "<", Limit: 10000, Text: "< 10ms"}},
			Trials:   []Trial{trial, failed},
		}},
		Warnings: []string{"the machine was busy"},
	}
}
