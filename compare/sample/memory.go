package sample

import (
	"time"

	"taskbench/results"
)

// Held is a profile of a window of some seconds, 10 samples a second, with
// nothing before and after.
func Held(seconds int, bytes func(at float64) float64) *results.MemoryUse {
	m := &results.MemoryUse{LoadToS: float64(seconds), LimitBytes: 100e6}
	for i := range seconds * 10 {
		at := float64(i) / 10
		m.Series.AtS = append(m.Series.AtS, at)
		m.Series.ResidentBytes = append(m.Series.ResidentBytes, uint64(bytes(at)))
		m.Series.Threads = append(m.Series.Threads, 3)
	}
	m.Summarise(10)
	return m
}

func Memory(name string, of func(at float64) float64) results.Document {
	return results.Document{
		Kind: results.Memory, Session: "s", Implementation: name, Baseline: "rust", Created: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		Scenarios: []results.Measurement{{
			Scenario: "workflow", Load: results.Load{Connections: 10, DurationS: 60},
			Trials: []results.Trial{{Pair: 1, Position: 1, Memory: Held(60, of)}},
		}},
	}
}
