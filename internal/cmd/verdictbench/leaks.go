package main

import (
	"fmt"
	"math"
	"math/rand/v2"

	"taskbench/compare/stats"
)

// What a minute of sampling sees of a server of serverMB: the kernel counts
// resident memory in batches, which scatters samples by sampleMB.
const (
	leakS    = 60.0
	leakHz   = 10
	serverMB = 60.0
	sampleMB = 0.15 // as the reference server's are
)

// resident is memory over time, in MB above serverMB.
type resident func(t float64) float64

// growth samples a server's memory and judges it.
func growth(r *rand.Rand, of resident) stats.Growth {
	var at, ys []float64
	for i := range int(leakS * leakHz) {
		t := float64(i) / leakHz
		at = append(at, t)
		ys = append(ys, 1e6*(serverMB+of(t)+sampleMB*r.NormFloat64()))
	}
	return stats.FindGrowth(at, ys, stats.DefaultGrowth())
}

// Servers that do not leak.
var sound = []struct {
	name string
	make func(*rand.Rand) resident
}{
	{"a flat line", func(*rand.Rand) resident { return flat }},
	{"a cache that fills, 20 s", func(r *rand.Rand) resident { return filling(20, between(r, 2, 100)) }},
	{"a cache that fills, 10 to 40 s", func(r *rand.Rand) resident { return filling(between(r, 10, 40), between(r, 5, 100)) }},
	{"arenas, 1 to 6 steps", func(r *rand.Rand) resident { return arenas(r, 1+r.IntN(6)) }},
	{"a saw-tooth of 30 MB, every 2 to 20 s", func(r *rand.Rand) resident { return teeth(r, between(r, 2, 20), 30) }},
	{"a saw-tooth of 30 MB, every 20 to 50 s", func(r *rand.Rand) resident { return teeth(r, between(r, 20, 50), 30) }},
	{"a saw-tooth of 3 MB, every 1 to 10 s", func(r *rand.Rand) resident { return teeth(r, between(r, 1, 10), 3) }},
	{"teeth of random heights and lengths", randomTeeth},
	{"a filling cache under a saw-tooth of 10 MB", func(r *rand.Rand) resident {
		return together(filling(20, between(r, 10, 60)), teeth(r, between(r, 2, 15), 10))
	}},
}

// leaks asks for false alarms, leaks found, and leaks that are hidden.
func leaks() []*check {
	var list []*check
	for _, s := range sound {
		list = append(list, &check{what: s.name + `: "growing"`, limit: 5, part: 8, happens: func(r *rand.Rand) bool {
			return growth(r, s.make(r)).Verdict == stats.Growing
		}})
	}
	list = append(list, &check{what: `a flat line: "stable"`, limit: 95, atLeast: true, part: 8, happens: func(r *rand.Rand) bool {
		return growth(r, flat).Verdict == stats.Stable
	}})
	for _, rate := range []float64{1, 3, 30, 300} {
		list = append(list, &check{what: fmt.Sprintf(`a leak of %g MB/min: "growing"`, rate), limit: 95, atLeast: true, part: 8, happens: func(r *rand.Rand) bool {
			return growth(r, leaking(rate)).Verdict == stats.Growing
		}})
	}
	for _, rate := range []float64{1, 10, 30, 100} {
		list = append(list, &check{what: fmt.Sprintf(`a leak of %g MB/min under a saw-tooth of 30 MB: "stable"`, rate), limit: 0, part: 8, happens: func(r *rand.Rand) bool {
			return growth(r, together(leaking(rate), teeth(r, between(r, 1, 50), 30))).Verdict == stats.Stable
		}})
	}
	list = append(list, &check{what: `a leak of 6 MB/min under a saw-tooth of 3 MB: "stable"`, limit: 5, part: 8, happens: func(r *rand.Rand) bool {
		return growth(r, together(leaking(6), teeth(r, between(r, 1, 50), 3))).Verdict == stats.Stable
	}})
	return append(list, &check{what: `a leak of 300 MB/min under a saw-tooth of 30 MB: "growing"`, limit: 95, atLeast: true, part: 8, happens: func(r *rand.Rand) bool {
		return growth(r, together(leaking(300), teeth(r, between(r, 1, 20), 30))).Verdict == stats.Growing
	}})
}

func between(r *rand.Rand, low, high float64) float64 { return low + (high-low)*r.Float64() }

func flat(float64) float64 { return 0 }

func leaking(perMinute float64) resident {
	return func(t float64) float64 { return perMinute * t / 60 }
}

func filling(tau, size float64) resident {
	return func(t float64) float64 { return size * (1 - math.Exp(-t/tau)) }
}

func together(a, b resident) resident { return func(t float64) float64 { return a(t) + b(t) } }

// arenas are blocks that are taken at random moments and kept.
func arenas(r *rand.Rand, steps int) resident {
	at, size := make([]float64, steps), make([]float64, steps)
	for i := range at {
		at[i], size[i] = leakS*r.Float64(), between(r, 2, 64)
	}
	return func(t float64) float64 {
		sum := 0.0
		for i := range at {
			if t >= at[i] {
				sum += size[i]
			}
		}
		return sum
	}
}

// teeth rise for a period and fall at once.
func teeth(r *rand.Rand, period, height float64) resident {
	phase := r.Float64()
	return func(t float64) float64 {
		_, f := math.Modf(t/period + phase)
		return height * f
	}
}

// randomTeeth are those of a collector that comes when it likes.
func randomTeeth(r *rand.Rand) resident {
	type tooth struct{ from, to, height float64 }
	var all []tooth
	for t := -10 * r.Float64(); t < leakS; {
		length := between(r, 1, 12)
		all = append(all, tooth{t, t + length, between(r, 5, 40)})
		t += length
	}
	return func(t float64) float64 {
		for _, x := range all {
			if t >= x.from && t < x.to {
				return x.height * (t - x.from) / (x.to - x.from)
			}
		}
		return 0
	}
}
