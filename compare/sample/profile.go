package sample

import (
	"time"

	"taskbench/results"
)

func Profiles(kind results.Kind, with func(name string, t *results.Trial)) []results.Document {
	var docs []results.Document
	for _, name := range []string{"windjammer", "rust"} {
		trial := results.Trial{Pair: 1, ThroughputPS: 1000}
		with(name, &trial)
		docs = append(docs, results.Document{
			Kind: kind, Implementation: name, Baseline: "rust", Session: "s", Created: time.Date(2026, 11, 23, 4, 0, 0, 0, time.UTC),
			Scenarios: []results.Measurement{{Scenario: "workflow", Load: results.Load{Connections: 50, DurationS: 10}, Trials: []results.Trial{trial}}},
		})
	}
	return docs
}

func CPU() []results.Document {
	return Profiles(results.CPU, func(name string, t *results.Trial) {
		t.CPU = &results.CPUProfile{
			Samples: 4000, Use: &results.CPUUse{CoresAllowed: 2, CoresMean: 1, CoresPeak: 1.5, LimitFraction: 0.8, VoluntarySwitchesPS: 1200, CoresEachSecond: []float64{0.5, 1.5, 1}},
			Cores:     []results.CoreUse{{Core: 0, MeanFraction: 0.4, PeakFraction: 0.7}, {Core: 3, MeanFraction: 0.6, PeakFraction: 0.8}},
			Functions: []results.HotFunction{{Name: "serde_json::ser", SelfFraction: 0.1, TotalFraction: 0.2}, {Name: "tokio::park", SelfFraction: 0.05, TotalFraction: 0.05}},
		}
		if name == "windjammer" {
			t.CPU.Use.CoresPeak = 1.9
			t.CPU.Functions = []results.HotFunction{{Name: "clone", SelfFraction: 0.3, TotalFraction: 0.3}, {Name: "serde_json::ser", SelfFraction: 0.12, TotalFraction: 0.2}}
			t.CPU.Notes = []string{"only 40 samples"}
			t.CPU.Cores = t.CPU.Cores[:1]
			t.ErrorFraction, t.Warnings = 0.25, []string{"the server's process ended"}
		}
	})
}

func Heap() []results.Document {
	return Profiles(results.Memory, func(name string, t *results.Trial) {
		t.Heap = &results.HeapProfile{
			Answers: 100, Allocations: 1000, AllocationsLeftOut: 500, AllocationsPerAnswer: 10, Temporary: 300, PeakBytes: 2_500_000, LeakedBytes: 64,
			Sites: []results.AllocationSite{{Name: "app::put", Allocations: 1000, PeakBytes: 1000}},
		}
		if name == "windjammer" {
			t.Heap.Sites[0].Allocations = 1250
			t.Heap.AllocationsPerAnswer = 12.5
		}
	})
}
