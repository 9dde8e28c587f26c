package compare

import (
	"math"
	"testing"

	"taskbench/compare/stats"
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
		if got, _ := all.StartFloor(); math.Abs(got-want) > 0.01 {
			t.Errorf("starts are %g apart: a floor of %.3f, want %.3f", apart, got, want)
		}
	}
	if partsOf(figure.P95, nil, nil) != nil {
		t.Error("a figure without slots has parts")
	}
}

// TestTwinThatIsNone: a twin that differs by more than noise and starts explain is
// another server: it is named, and no floor comes of it. One that is the same is not.
func TestTwinThatIsNone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ratio, sd float64
		twin      string
		apart     bool
	}{
		{1.626, 0.06, "two", true}, {0.6, 0.06, "two", true}, {1.01, 0.001, "two", false}, {1.05, 0.06, "two", false}, {1.626, 0.06, "", false},
	} {
		m := MetricFloor{figure.CPUPerAnswer, stats.Floor{Pairs: 6, Ratio: c.ratio, SD: c.sd}, &SlotScatter{BetweenSD: 0.04}}
		all := Calibration{Scenarios: []ScenarioFloor{{Twin: c.twin, Metrics: []MetricFloor{m, {figure.Resident, m.Floor, nil}}}}}
		if got := all.Apart(all.Scenarios[0]); (len(got) > 0) != c.apart || c.apart && !got[0].Metric.Equal(figure.CPUPerAnswer) || len(got) > 1 {
			t.Errorf("%+v: %+v", c, got)
		}
		floor, within := all.StartFloor()
		if (floor == 0) != c.apart || !c.apart && (within.Low > 0.06 || within.High < 0.19 || within.High > 0.25) {
			t.Errorf("%+v: a floor of %.3f [%.3f-%.3f]", c, floor, within.Low, within.High)
		}
	}
}
