// Package sample makes up documents whose truth is known. Tests only.
package sample

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"taskbench/results"
)

var Noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// LoadTest makes a document whose server takes `slow` times as long as the
// fastest; the machine's noise is the same for all documents of a pair.
func LoadTest(implementation string, slow float64, scenarios ...results.Measurement) results.Document {
	for i := range scenarios {
		m := &scenarios[i]
		for p := range m.Trials {
			m.Trials[p] = Trial(implementation, slow, m.Scenario, m.Load.Connections, p+1, m.Steps)
		}
	}
	return results.Document{
		Schema: results.Schema, Kind: results.LoadTest, Session: "20261123-ab22", Implementation: implementation,
		Baseline: "rust", Created: Noon, Complete: true,
		Target:    results.Target{URL: "http://localhost:3000", Start: "./server", GitCommit: "0123456789abcdef"},
		Plan:      results.Plan{Targets: []string{"rust", "windjammer"}, Pairs: 3, Seed: 1},
		Scenarios: scenarios,
	}
}

func Trial(implementation string, slow float64, scenario string, connections, pair int, steps []string) results.Trial {
	h := fnv.New64a()
	fmt.Fprint(h, implementation, scenario, connections, pair)
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	t := results.Trial{Pair: pair, Position: 1, Started: Noon, WindowS: 10}
	each := 4000 / slow
	for i, name := range steps {
		us := slow * (700 + 250*float64(i)) * (1 + 0.03*r.NormFloat64())
		answers := uint64(each * 10 * (1 + 0.02*r.NormFloat64()))
		t.Answers, t.Good = t.Answers+answers, t.Good+answers
		t.Steps = append(t.Steps, results.StepResult{
			Name: name, Answers: answers, Good: answers, ThroughputPS: float64(answers) / 10,
			Statuses: map[string]uint64{"200": answers}, Latency: Latency(us, answers),
		})
	}
	t.ThroughputPS = float64(t.Good) / 10
	t.Latency = Latency(slow*900*(1+0.02*r.NormFloat64()), t.Answers)
	if len(steps) > 1 {
		t.Iterations = &results.Iterations{Completed: t.Good / uint64(len(steps)), Latency: Latency(2800*slow, t.Good/uint64(len(steps)))}
	}
	return t
}

func Latency(us float64, n uint64) *results.Latency {
	at := func(f float64) float64 { return math.Round(us * f) }
	return &results.Latency{Count: n, MeanUS: at(1.2), MinUS: at(0.4), P50US: at(1), P75US: at(1.3), P90US: at(1.9), P95US: at(2.4), P99US: at(5), P999US: at(9), MaxUS: at(31)}
}

// Projects is a flow of three steps, health a single request.
func Projects(connections, pairs int) results.Measurement {
	return results.Measurement{
		Scenario: "projects", Title: "Project CRUD", Hash: "5f3c9a7e21", Mode: "flow",
		Load:   results.Load{Connections: connections, Threads: connections, DurationS: 10, WarmupS: 3, TimeoutS: 10},
		Steps:  []string{"create", "list", "delete"},
		Trials: make([]results.Trial, pairs),
	}
}

func Health(pairs int) results.Measurement {
	return results.Measurement{
		Scenario: "health", Title: "Health check", Hash: "77aa", Mode: "request",
		Load:   results.Load{Connections: 50, Threads: 2, DurationS: 10, WarmupS: 3, TimeoutS: 10},
		Steps:  []string{"health"},
		Trials: make([]results.Trial, pairs),
	}
}

// Resources are what a sample trial took of a machine whose server burns so
// many cores.
func Resources(t *results.Trial, cores int) *results.Resources {
	busy := float64(cores) * 0.97
	us := 1e6 * busy / t.ThroughputPS
	perS, memory, wrk := 1e6/us, uint64(48<<20), 0.6
	return &results.Resources{
		CPUPerAnswerUS: &us, AnswersPerCPUS: &perS, ServerCores: &busy, ServerCoresAllowed: 2, ServerResidentBytes: &memory,
		GeneratorCores: &wrk, GeneratorCoresAllowed: 2, SharedCores: true,
	}
}
