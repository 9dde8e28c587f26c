package taskflow

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// machine is a computer on which every handler, request and loop costs an
// exactly known CPU time.
type machine struct {
	cpu    time.Duration
	loopNs float64
	burnt  time.Duration
}

// newMachineBurner is a burner on that machine, its bookkeeping free.
func newMachineBurner(share float64, m *machine) *burner {
	b := &burner{share: share}
	b.processCPU = func() time.Duration { return m.cpu }
	b.threadCPU = b.processCPU
	b.spin = func(loops int64) {
		took := time.Duration(math.Round(float64(loops) * m.loopNs))
		m.cpu += took
		m.burnt += took
	}
	b.start()
	return b
}

// TestBurnerKeepsItsShare runs mixes of requests through machines of several
// speeds: the CPU time burnt is the share of the rest.
func TestBurnerKeepsItsShare(t *testing.T) {
	t.Parallel()
	const us = time.Microsecond
	cases := []struct {
		name     string
		share    float64
		loopNs   float64
		around   time.Duration // CPU time of a request outside its handler
		handlers []time.Duration
	}{
		{"plain", 0.08, 1.3, 15 * us, []time.Duration{1 * us}},
		{"slow machine", 0.08, 5, 60 * us, []time.Duration{4 * us}},
		{"mix", 0.05, 1.3, 15 * us, []time.Duration{1 * us, 20 * us, 5 * us}},
		{"heavy handlers", 0.5, 0.7, 15 * us, []time.Duration{1000 * us, 10 * us}},
		{"double", 1, 1.3, 10 * us, []time.Duration{2 * us}},
		{"one percent", 0.01, 1.3, 15 * us, []time.Duration{1 * us}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := &machine{loopNs: c.loopNs}
			b := newMachineBurner(c.share, m)
			run := func(requests int) (share float64) {
				burnt, cpu := m.burnt, m.cpu
				for i := range requests {
					own := c.handlers[i%len(c.handlers)]
					m.cpu += c.around + own
					b.burn(own)
				}
				extra := float64(m.burnt - burnt)
				return extra / (float64(m.cpu-cpu) - extra)
			}
			run(200_000) // settle
			if got := run(200_000); math.Abs(got/c.share-1) > 0.01 {
				t.Errorf("burns %.4f of the rest, want %.4f", got, c.share)
			}
		})
	}
}

// TestBurnerUnderSteal has the core taken away at times: whatever runs then
// seems to take long, burns too. The share holds all the same.
func TestBurnerUnderSteal(t *testing.T) {
	t.Parallel()
	m := &machine{loopNs: 1}
	b := newMachineBurner(0.5, m)
	random := rand.New(rand.NewPCG(1, 2))
	steal := func(took time.Duration) time.Duration { // 50 µs, half of all time
		if random.Float64() < float64(took)/float64(50*time.Microsecond) {
			took += 50 * time.Microsecond
		}
		return took
	}
	b.spin = func(loops int64) {
		took := steal(time.Duration(loops))
		m.cpu += took
		m.burnt += took
	}
	const warm, all = 200_000, 1_200_000
	var burnt, cpu time.Duration
	for i := range all {
		if i == warm {
			burnt, cpu = m.burnt, m.cpu
		}
		m.cpu += steal(15 * time.Microsecond)
		b.burn(time.Microsecond)
	}
	extra := float64(m.burnt - burnt)
	if got := extra / (float64(m.cpu-cpu) - extra); math.Abs(got/0.5-1) > 0.02 {
		t.Errorf("burns %.3f of the rest, want 0.5", got)
	}
}

// TestBurnIsProportional: ten times the work, ten times the burn.
func TestBurnIsProportional(t *testing.T) {
	t.Parallel()
	m := &machine{loopNs: 1}
	b := newMachineBurner(0.1, m)
	burnOf := func(own time.Duration) time.Duration {
		before := m.burnt
		b.burn(own)
		return m.burnt - before
	}
	short, long := burnOf(0), burnOf(9*transport)
	if ratio := float64(long) / float64(short); math.Abs(ratio-10) > 0.05 {
		t.Errorf("burns %s and %s: %.2f times as much, want 10", short, long, ratio)
	}
}

// TestBookkeepingIsBurnt: what the burner itself costs is part of the share.
func TestBookkeepingIsBurnt(t *testing.T) {
	t.Parallel()
	m := &machine{loopNs: 1}
	b := newMachineBurner(0.1, m)
	b.cost = 500
	before := m.burnt
	b.burn(0)
	want := 0.1*float64(transport) - 500
	if got := float64(m.burnt - before); math.Abs(got-want) > 1 {
		t.Errorf("spins for %g ns, want %g", got, want)
	}
}

func TestRealBurnerLearns(t *testing.T) {
	t.Parallel()
	b := newBurner(0.08)
	if cost := b.loopNs.load(); !(cost > 0.001 && cost < 1e6) {
		t.Errorf("a loop costs %g ns", cost)
	}
	if !(b.cost > 0 && b.cost < 1e6) {
		t.Errorf("bookkeeping costs %g ns", b.cost)
	}
}
