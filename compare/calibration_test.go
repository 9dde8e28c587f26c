package compare

import (
	"math"
	"testing"

	"taskbench/internal/figure"
	"taskbench/results"
)

// TestStartFloor: what calibrate finds between starts is in the pairs, whatever
// their rounds scatter by; a server whose starts are alike has none.
func TestStartFloor(t *testing.T) {
	t.Parallel()
	for apart, want := range map[float64]float64{0: 0, 0.03: math.Expm1(1.96 * 0.03)} {
		base, cand := []results.Trial{}, []results.Trial{}
		for pair := range 8 {
			a, b := inSlots(20, 10000, 50), inSlots(20, 10000, 50*math.Exp(apart*[]float64{-1, 1}[pair%2]))
			a.Pair, b.Pair = pair+1, pair+1
			base, cand = append(base, a), append(cand, b)
		}
		parts := partsOf(figure.CPUPerAnswer, base, cand)
		if parts == nil {
			t.Fatal("nothing was found")
		}
		all := Calibration{Scenarios: []ScenarioFloor{{Metrics: []MetricFloor{{Metric: figure.Throughput, Parts: &SlotScatter{BetweenSD: 1}}, {Metric: figure.CPUPerAnswer, Parts: parts}}}}}
		if got := all.StartFloor(); math.Abs(got-want) > 0.01 {
			t.Errorf("starts are %g apart: a floor of %.3f, want %.3f", apart, got, want)
		}
	}
	if partsOf(figure.P95, nil, nil) != nil {
		t.Error("a figure without slots has parts")
	}
}
