package sample

import (
	"time"

	"taskbench/results"
)

// Soak is a document of windows 10 s apart; of gives the figures of the n-th, from 0.
func Soak(name string, windows int, of func(n int, t *results.Trial)) results.Document {
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
			Memory:    &results.MemoryUse{MeanBytes: &memory, OpenFiles: &files, Threads: &threads},
		}
		if of != nil {
			of(n, &t)
		}
		d.Scenarios[0].Trials = append(d.Scenarios[0].Trials, t)
	}
	return d
}

// Level does nothing to a window.
func Level(int, *results.Trial) {}
