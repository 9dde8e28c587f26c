package stats

import (
	"math"
	"math/rand/v2"
	"testing"
)

// BenchmarkJudge judges a large run: 50 scenarios × 12 metrics × 20 pairs. The
// aim is below 100 ms.
func BenchmarkJudge(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	run := make([][]Pair, 50*12)
	for i := range run {
		run[i] = make([]Pair, 20)
		cv := 0.02 + 0.002*float64(i%100)
		for k := range run[i] {
			run[i][k] = Pair{Base: 5000 * math.Exp(cv*r.NormFloat64()), Cand: 4900 * math.Exp(cv*r.NormFloat64())}
		}
	}
	rule := Rule{Better: HigherIsBetter, Plan: Sequential(0.05)}
	b.ReportAllocs()
	for b.Loop() {
		for _, pairs := range run {
			Gate(Judge(pairs, rule), DefaultGate())
		}
	}
}
