package report

import (
	"math"
	"path/filepath"
	"time"

	"taskbench/results"
)

func microDocument(name string, slow float64) results.Document {
	d := head(results.Microbench, name, noon.Add(-time.Hour), 6)
	d.Micro = &results.Micro{Source: []string{"../" + name}, Toolchain: "rustc 1.95.0", Paired: true}
	for round := 1; round <= 6; round++ {
		d.Micro.Rounds = append(d.Micro.Rounds, results.MicroRound{Round: round, Position: 1 + round%2})
	}
	for k, id := range []string{"json/encode", "json/decode", "token/sign", "token/verify", "router/match"} {
		b := results.Microbenchmark{ID: id, Group: filepath.Dir(id), Function: filepath.Base(id), Unit: "ns"}
		if k < 2 {
			b.Throughput = []results.MicroThroughput{{Amount: 1024, Unit: "bytes"}}
		}
		for round := 1; round <= 6; round++ {
			ns := float64(120*(k+1)*(k+1)) * (1 + (slow-1)*float64(k)/2) * (1 + 0.01*draws(name, id, round).NormFloat64())
			e := &results.MicroEstimate{Estimate: ns, Low: 0.99 * ns, High: 1.01 * ns, Confidence: 0.95}
			b.Runs = append(b.Runs, results.MicroRun{Round: round, Median: e, Mean: e, Outliers: &results.MicroOutliers{HighMild: 3, Samples: 100}})
		}
		d.Micro.Benchmarks = append(d.Micro.Benchmarks, b)
	}
	return d
}

// memoryDocument is of a server that grows into its load; a slow one leaks.
func memoryDocument(name string, slow float64) results.Document {
	d := head(results.Memory, name, noon.Add(-2*time.Hour), 1)
	r := draws("memory", name)
	p := &results.MemoryUse{Hz: 10, LimitBytes: 100e6, LoadFromS: 2, WindowFromS: 5, LoadToS: 65}
	cpu := 0.0
	for i := range 700 {
		at := float64(i) / 10
		bytes := 18e6
		if at > 2 {
			bytes += 22e6 * (1 - math.Exp(-(at-2)/3)) * slow
			if slow > 1.1 {
				bytes += 0.25e6 * (math.Min(at, 65) - 2)
			}
		}
		if at > 2 && at < 65 {
			cpu += 0.31 * (1 + 0.05*r.NormFloat64())
		}
		p.Series.AtS = append(p.Series.AtS, at)
		p.Series.ResidentBytes = append(p.Series.ResidentBytes, uint64(bytes*(1+0.004*r.NormFloat64())))
		p.Series.Threads = append(p.Series.Threads, 9)
		p.Series.CPUSeconds = append(p.Series.CPUSeconds, cpu)
	}
	p.Summarise(20)
	d.Scenarios = []results.Measurement{{Scenario: "workflow", Title: "Project workflow", Mode: "flow", Load: results.Load{Connections: 20, DurationS: 60},
		Trials: []results.Trial{{Pair: 1, Position: 1, WindowS: 60, ThroughputPS: 9000, Memory: p}}}}
	return d
}

func cpuDocument(name string, slow float64) results.Document {
	d := head(results.CPU, name, noon.Add(-3*time.Hour), 1)
	r := draws("cpu", name)
	use := &results.CPUUse{CoresAllowed: 8, LimitFraction: 0.8, VoluntarySwitchesPS: 21_000 * slow, InvoluntarySwitchesPS: 410}
	for range 20 {
		cores := 3.2 * slow * (1 + 0.05*r.NormFloat64())
		use.CoresEachSecond = append(use.CoresEachSecond, cores)
		use.CoresMean += cores / 20
		use.CoresPeak = math.Max(use.CoresPeak, cores)
	}
	p := &results.CPUProfile{Tool: "perf 6.1", Event: "cpu-clock", FrequencyHz: 999, CallGraph: "fp", LengthS: 20, Samples: 61_000, Use: use}
	for k, f := range []string{"serde_json::ser::to_vec", "tokio::runtime::task::raw::poll", "sqlx_core::row::get<T>", "__memmove_avx_unaligned", "hashbrown::map::HashMap<K,V,S>::insert", "core::fmt::write"} {
		share := 0.12 / float64(k+1) * (1 + 0.2*r.NormFloat64())
		p.Functions = append(p.Functions, results.HotFunction{Name: f, SelfFraction: share, TotalFraction: math.Min(1, 3*share)})
	}
	for c := range 8 {
		p.Cores = append(p.Cores, results.CoreUse{Core: c, MeanFraction: 0.4, PeakFraction: 0.5 + 0.05*float64(c)})
	}
	d.Scenarios = []results.Measurement{{Scenario: "workflow", Mode: "flow", Load: results.Load{Connections: 20, DurationS: 20},
		Trials: []results.Trial{{Pair: 1, Position: 1, WindowS: 20, ThroughputPS: 9000 / slow, CPU: p}}}}
	return d
}

func heapDocument(name string, slow float64) results.Document {
	d := head(results.Memory, name, noon.Add(-4*time.Hour), 1)
	h := &results.HeapProfile{Tool: "heaptrack 1.4.0", Answers: 5000, Allocations: uint64(400_000 * slow), AllocationsLeftOut: 2100, AllocationsPerAnswer: 79.6 * slow,
		Temporary: 61_000, PeakBytes: uint64(9e6 * slow), LeakedBytes: 120_000}
	for k, f := range []string{"alloc::vec::Vec<T>::with_capacity", "serde_json::value::to_value", "bytes::BytesMut::reserve"} {
		h.Sites = append(h.Sites, results.AllocationSite{Name: f, Allocations: uint64(120_000 * slow / float64(k+1)), PeakBytes: uint64(3e6 / (k + 1)), LeakedBytes: 1000})
	}
	d.Scenarios = []results.Measurement{{Scenario: "workflow", Mode: "flow", Load: results.Load{Connections: 20, DurationS: 10},
		Trials: []results.Trial{{Pair: 1, Position: 1, WindowS: 10, ThroughputPS: 500, Heap: h}}}}
	return d
}
