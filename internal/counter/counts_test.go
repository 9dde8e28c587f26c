package counter

import (
	"math"
	"math/rand/v2"
	"testing"
	"testing/quick"
)

// TestBind finds perf's clock again behind lines that are late by any amount:
// late by the least of them, and with every length as perf had it.
func TestBind(t *testing.T) {
	t.Parallel()
	law := func(seed uint64) bool {
		r := rand.New(rand.NewPCG(seed, 1))
		began, least := 1e9*r.Float64(), math.Inf(1)
		var readings []reading
		for at := 0.0; len(readings) < 1+int(seed%40); {
			at += 0.02 * (1 + r.ExpFloat64())
			late := 20 + 5000*r.ExpFloat64()
			least = min(least, late)
			readings = append(readings, reading{atS: at, receivedUS: began + at*1e6 + late, weighted: 7, running: 1})
		}
		from := began + least
		for i, got := range bind(readings) {
			to := began + least + readings[i].atS*1e6
			if math.Abs(got.FromUS-from) > 1e-3 || math.Abs(got.ToUS-to) > 1e-3 || got.N != 7 || got.Running != 1 {
				t.Logf("interval %d is %+v, want %v to %v", i, got, from, to)
				return false
			}
			from = to
		}
		return true
	}
	if err := quick.Check(law, nil); err != nil {
		t.Error(err)
	}
	if got := bind(nil); len(got) != 0 {
		t.Errorf("intervals of nothing: %v", got)
	}
}

// TestBetween: what lies between two moments and what lies beyond is all there
// is, but for the interval that one of them cuts.
func TestBetween(t *testing.T) {
	t.Parallel()
	var c Counts
	for i := range 100 {
		c.Intervals = append(c.Intervals, Interval{FromUS: float64(i) * 1e4, ToUS: float64(i+1) * 1e4, N: float64(i), Running: float64(i % 3)})
	}
	all := c.Between(math.Inf(-1), math.Inf(1))
	law := func(at uint16) bool {
		cut := float64(at) * 1e6 / math.MaxUint16
		before, after := c.Between(math.Inf(-1), cut), c.Between(cut, math.Inf(1))
		lost := Tally{}
		if i := int(cut / 1e4); i < 100 && math.Mod(cut, 1e4) > 0 {
			lost = Counts{Intervals: c.Intervals[i : i+1]}.Between(0, 1e6)
		}
		near := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
		return near(before.N+after.N+lost.N, all.N) && near(before.CountedS+after.CountedS+lost.CountedS, all.CountedS) &&
			near(before.MissedS+after.MissedS+lost.MissedS, all.MissedS)
	}
	if err := quick.Check(law, nil); err != nil {
		t.Error(err)
	}
	if math.Abs(all.CountedS-0.66) > 1e-9 || math.Abs(all.MissedS-0.34) > 1e-9 || all.N != 99*50-3*(33*34/2) {
		t.Errorf("%+v", all)
	}
	if (Counts{}).Between(0, 1) != (Tally{}) {
		t.Error("nothing sums to something")
	}
}
