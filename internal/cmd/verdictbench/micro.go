package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"taskbench/compare/stats"
)

// Twelve benchmarks of one process in ten rounds: what a start of the process
// does to all of them, and what each scatters by itself.
const (
	benchmarks  = 12
	rounds      = 10
	ofProcess   = 0.02
	ofBenchmark = 0.01
	microTruth  = 0.03 // log ratio
)

// processes ask for the coverage of the interval of all benchmarks.
func processes() []*check {
	covers := func(r *rand.Rand) bool {
		ci := stats.SummariseRounds(microRun(r), stats.LowerIsBetter).CI
		return ci.Low <= math.Exp(microTruth) && math.Exp(microTruth) <= ci.High
	}
	return []*check{
		{what: "microbenchmarks: the interval of all holds the truth (at least)", limit: 94, atLeast: true, happens: covers},
		{what: "the same (at most)", limit: 96, happens: covers},
	}
}

func microRun(r *rand.Rand) [][]stats.Pair {
	things := make([][]stats.Pair, benchmarks)
	for range rounds {
		base, cand := ofProcess*r.NormFloat64(), microTruth+ofProcess*r.NormFloat64()
		for i := range things {
			own := func(of float64) float64 { return 100 * float64(i+1) * math.Exp(of+ofBenchmark*r.NormFloat64()) }
			things[i] = append(things[i], stats.Pair{Base: own(base), Cand: own(cand)})
		}
	}
	return things
}

// knees ask how often the interval of a knee misses it, at a level of its own
// and at the one it has in a run of two targets.
func knees() []*check {
	ofTwo := stats.KneeAlpha(2, stats.Look{DifferenceAlpha: stats.RunAlpha})
	var list []*check
	for _, cv := range []float64{0.03, 0.08, 0.15, 0.30} {
		for _, alpha := range []float64{0.05, ofTwo} {
			list = append(list, &check{what: fmt.Sprintf("a knee at level %.5f, CV %2.0f %%: a false one is named", alpha, 100*cv), limit: 100 * alpha, happens: func(r *rand.Rand) bool {
				k, truth := sweep(r, cv, alpha)
				return k.Named && (truth < k.Low || truth > k.High)
			}})
		}
		list = append(list, &check{what: fmt.Sprintf("and one is named, CV %2.0f %%", 100*cv), limit: 90, atLeast: true, happens: func(r *rand.Rand) bool {
			k, _ := sweep(r, cv, ofTwo)
			return k.Named
		}})
	}
	return list
}

// sweep is six pairs at seven numbers of connections, of a server whose knee lies
// anywhere.
func sweep(r *rand.Rand, cv, alpha float64) (k stats.Knee, truth int) {
	saturation := between(r, 1, 40)
	share := func(c int) float64 { return 1 - math.Exp(-float64(c)/saturation) }
	var levels []stats.Level
	highest := share(64)
	for c := 1; c <= 64; c *= 2 {
		if truth == 0 && share(c) >= stats.KneePart*highest {
			truth = c
		}
		l := stats.Level{Connections: c}
		for range 6 {
			l.Throughput = append(l.Throughput, 10000*share(c)*math.Exp(cv*r.NormFloat64()))
		}
		levels = append(levels, l)
	}
	return stats.FindKnee(levels, alpha), truth
}
