package sample

import (
	"math/rand/v2"
	"strings"

	"taskbench/results"
)

// Benchmark is a benchmark by the figure of each round; 0 is a round without.
type Benchmark struct {
	ID, Unit string
	Work     float64
	Rounds   []float64
}

// Micro is a document of alternating rounds.
func Micro(name string, benches ...Benchmark) results.Document {
	d := results.Document{
		Schema: results.Schema, Kind: results.Microbench, Session: "20261123-ab12", Implementation: name, Baseline: "rust",
		Created: Noon, Complete: true, Scenarios: []results.Measurement{}, Micro: &results.Micro{Paired: true},
	}
	for _, b := range benches {
		for len(d.Micro.Rounds) < len(b.Rounds) {
			n := len(d.Micro.Rounds) + 1
			d.Micro.Rounds = append(d.Micro.Rounds, results.MicroRound{Round: n, Position: 1 + (n+len(name))%2})
		}
		group, function, _ := strings.Cut(b.ID, "/")
		m := results.Microbenchmark{ID: b.ID, Group: group, Function: function, Unit: b.Unit}
		if m.Unit == "" {
			m.Unit = "ns"
		}
		if b.Work > 0 {
			m.Throughput = []results.MicroThroughput{{Amount: b.Work, Unit: "bytes"}}
		}
		for i, v := range b.Rounds {
			if v == 0 {
				continue
			}
			e := &results.MicroEstimate{Estimate: v, Low: 0.99 * v, High: 1.01 * v, Confidence: 0.95}
			m.Runs = append(m.Runs, results.MicroRun{Round: i + 1, Mean: e, Median: e, Outliers: &results.MicroOutliers{HighMild: 3, HighSevere: 1, Samples: 100}})
		}
		d.Micro.Benchmarks = append(d.Micro.Benchmarks, m)
	}
	return d
}

// Around are n rounds about a figure, one percent up and down.
func Around(v float64, n int) []float64 {
	r := rand.New(rand.NewPCG(uint64(v), uint64(n)))
	list := make([]float64, n)
	for i := range list {
		list[i] = v * (1 + 0.01*r.NormFloat64())
	}
	return list
}
