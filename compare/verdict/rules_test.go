package verdict

import (
	"math/rand/v2"
	"testing"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// A ratio lies between the smallest and the largest of its pairs, also where these are
// equal, and is the one that was judged.
func TestRatioLiesWithinItsPairs(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	for _, m := range []*figure.Figure{figure.Throughput, figure.CountedInstructions} {
		for range 2000 {
			n := 1 + r.IntN(12)
			base, factor, scatter := 1e4*r.Float64(), 0.5+r.Float64(), float64(r.IntN(2))*0.1
			var pairs []stats.OrderedPair
			for i := range n {
				pairs = append(pairs, stats.OrderedPair{Pair: stats.Pair{Base: base, Cand: base * factor * (1 + scatter*r.Float64())}, BaseFirst: i%2 == 0, Number: i + 1})
			}
			x, why := Rules{}.Ratio(m, pairs)
			if x == nil {
				t.Fatal(why)
			}
			if !(x.Low <= x.Ratio && x.Ratio <= x.High) {
				t.Fatalf("%s: %v of pairs from %v to %v", m.Name, x.Ratio, x.Low, x.High)
			}
			if x.Verdict != nil && x.Verdict.Ratio != x.Ratio {
				t.Fatalf("%v was judged, and %v is shown", x.Verdict.Ratio, x.Ratio)
			}
		}
	}
}
