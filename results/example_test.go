package results_test

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"taskbench/parse"
	"taskbench/results"
)

// measured is a document of one implementation, with one trial.
func measured(implementation string, perSecond float64) *results.Document {
	return &results.Document{
		Kind: results.LoadTest, Session: "20261123-ab22", Implementation: implementation, Baseline: "rust", Complete: true,
		Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC),
		Scenarios: []results.Measurement{{
			Scenario: "health", Load: results.Load{Connections: 50, DurationS: 10},
			Trials: []results.Trial{{Pair: 1, Position: 1, ThroughputPS: perSecond}},
		}},
	}
}

// A store is a folder. Documents are saved under names of their own and found
// again by what they are references to: the newest session, an implementation, a
// day, a named baseline, a file.
func Example() {
	dir, err := os.MkdirTemp("", "taskbench-example")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	store := results.Store{Dir: dir}
	for name, perSecond := range map[string]float64{"rust": 52_000, "windjammer": 49_900} {
		if _, err := store.Save(measured(name, perSecond)); err != nil {
			panic(err)
		}
	}

	entries, err := store.Resolve("latest")
	if err != nil {
		panic(err)
	}
	for _, e := range entries {
		name, err := filepath.Rel(dir, e.Path)
		if err != nil {
			panic(err)
		}
		fmt.Println(e.Implementation, "is in", filepath.ToSlash(name))
	}

	// A baseline is a copy under a name, which stays when results are cleared out.
	if _, err := store.SaveBaseline("v1", entries, false); err != nil {
		panic(err)
	}
	kept, err := store.Resolve("v1")
	if err != nil {
		panic(err)
	}
	doc, err := store.Load(kept[0].Path)
	if err != nil {
		panic(err)
	}
	fmt.Println(doc.Implementation, "served", doc.Scenarios[0].Trials[0].ThroughputPS, "a second in v1")
	// Output:
	// rust is in rust/load_test_2026-11-23.json
	// windjammer is in windjammer/load_test_2026-11-23.json
	// rust served 52000 a second in v1
}

// What a script counted becomes a trial: figures of its measurement window, and
// what they say against themselves.
func ExampleNewTrial() {
	block := &parse.Block{
		Schema: parse.BlockSchema, Scenario: "health", Mode: "flow",
		VirtualUsersAsked: 2, VirtualUsersStarted: 2, VirtualUsersReady: 2,
		Window: parse.Window{LengthUS: 2e6},
		Steps:  []parse.BlockStep{{Name: "health", Answers: 1000, Good: 990, Statuses: map[string]uint64{"200": 990, "500": 10}}},
		Lost:   2,
	}
	trial, err := results.NewTrial(block, results.Circumstances{Pair: 1, Position: 1})
	if err != nil {
		panic(err)
	}
	fmt.Println(trial.ThroughputPS, "good answers a second")
	fmt.Printf("%.4f of the requests had none\n", trial.ErrorFraction)
	for _, w := range trial.Warnings {
		fmt.Println(w)
	}
	// Output:
	// 495 good answers a second
	// 0.0120 of the requests had none
	// 2 requests were lost: the connection broke before the answer
}

// Percentiles of several trials together come from their merged histograms: the
// median of 900 answers of 1 ms and 100 of 9 ms is 1 ms, not the mean of both.
func ExampleMergeLatency() {
	latency := func(us int64, n int64) *results.Latency {
		h := parse.NewHDR()
		if err := h.RecordValues(us, n); err != nil {
			panic(err)
		}
		l, err := results.NewLatency(h)
		if err != nil {
			panic(err)
		}
		return l
	}
	all, err := results.MergeLatency(latency(1000, 900), latency(9000, 100))
	if err != nil {
		panic(err)
	}
	fmt.Printf("%d answers: p50 %.0f ms, p95 %.0f ms\n", all.Count, all.P50US/1000, all.P95US/1000)
	// Output:
	// 1000 answers: p50 1 ms, p95 9 ms
}
