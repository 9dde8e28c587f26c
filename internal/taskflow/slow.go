package taskflow

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// burner makes a server use more CPU time, by a known share of what it uses
// anyway.
//
// The share is of all CPU time of the process, user and system, but for what
// the burner itself used: reading and parsing requests, system calls, handling,
// the garbage collector, all of it. So --slow 8% means: this process needs 1.08
// times the CPU time for the same requests. On a server that is limited by its
// CPU, throughput falls to 1/1.08.
//
// It is a control loop, because the cost of an answer depends on the machine,
// on the load and on the mix of requests: each request burns
//
//	share × scale × (transport + own)
//
// where own is how long its handler took, transport stands for what the server
// does around any handler, and scale is set, every adjustEvery, to what makes
// the sum come out: CPU time of the process without the burnt / sum of the
// weights. So the total is exact by measurement, and a request that takes ten
// times the work is slowed by ten times as much. It takes about a second of
// load to settle; until then scale is 1.
//
// The work is a chain of multiplications in registers: it costs CPU time and
// nothing else, no memory, no cache, no lock.
type burner struct {
	share float64
	cost  float64 // CPU ns that the burner's own bookkeeping takes per request

	scale      atomicFloat // CPU ns per ns of weight
	loopsPerNs atomicFloat
	weight     atomic.Int64 // ns, since the start
	burnt      atomic.Int64 // CPU ns, since the start
	due        atomic.Int64 // the weight at which to adjust next

	// What the machine is asked; fields so that tests can be exact.
	processCPU func() time.Duration
	threadCPU  func() time.Duration
	spin       func(loops int64)

	adjusting sync.Mutex
	last      struct{ cpu, weight, burnt int64 }
	level     float64 // smoothed CPU ns per ns of weight; 0 before the first measurement
}

const (
	// transport is a first guess of the CPU time around a handler; scale corrects it.
	transport = 12 * time.Microsecond
	// adjustEvery is the weight between two adjustments: a few thousand plain requests.
	adjustEvery = 50 * time.Millisecond
	// probeLoops is how many loops are timed to learn what a loop costs: about 50 µs.
	probeLoops = 32768
	// smoothing is the weight of a new measurement against those before it.
	smoothing = 0.2
)

func newBurner(share float64) *burner {
	b := &burner{share: share, processCPU: processCPU, threadCPU: threadCPU, spin: func(n int64) { spin(n) }}
	b.scale.store(1)
	b.start()
	return b
}

// start learns what a loop costs and what the bookkeeping does.
func (b *burner) start() {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	const rounds = 64
	for range rounds {
		b.probe()
	}
	b.cost = b.bookkeeping()
	b.weight.Store(0)
	b.burnt.Store(0)
	b.last.cpu = int64(b.processCPU())
	b.last.weight, b.last.burnt = 0, 0
	b.due.Store(int64(adjustEvery))
}

// bookkeeping measures what a burn costs that spins not at all, with the two
// looks at the clock around the handler.
func (b *burner) bookkeeping() float64 {
	const rounds = 10000
	b.due.Store(math.MaxInt64)
	idle := b.share
	b.share = 0
	origin := time.Now()
	began := b.threadCPU()
	for range rounds {
		first := time.Since(origin)
		b.burn(time.Since(origin) - first)
	}
	b.share = idle
	return float64(b.threadCPU()-began) / rounds
}

// burn spends the share of a request whose handler took own.
func (b *burner) burn(own time.Duration) {
	weight := int64(transport + max(0, own))
	target := b.share * b.scale.load() * float64(weight)
	if extra := target - b.cost; extra > 0 {
		b.spin(int64(extra * b.loopsPerNs.load()))
	}
	b.burnt.Add(int64(max(target, b.cost)))
	if b.weight.Add(weight) >= b.due.Load() && b.adjusting.TryLock() {
		b.adjust()
		b.adjusting.Unlock()
	}
}

// adjust sets scale from what the process used since the last time. What the
// probe spends is taken off what the requests until the next adjustment burn.
func (b *burner) adjust() {
	probed := b.probe()
	cpu, weight, burnt := int64(b.processCPU()), b.weight.Load(), b.burnt.Load()
	work := float64(cpu-b.last.cpu) - float64(burnt-b.last.burnt)
	measured := max(0, work) / float64(max(1, weight-b.last.weight))
	if b.level > 0 {
		measured = mix(b.level, measured)
	}
	b.level = measured
	b.scale.store(max(0, measured-float64(probed)/(b.share*float64(adjustEvery))))
	b.last.cpu, b.last.weight, b.last.burnt = cpu, weight, burnt
	b.due.Store(weight + int64(adjustEvery))
}

// probe times a few loops, on this thread's own CPU clock, because what a loop
// costs changes with the processor's frequency. What it spends is burnt too.
func (b *burner) probe() (took time.Duration) {
	runtime.LockOSThread() // one clock for both readings
	defer runtime.UnlockOSThread()
	began := b.threadCPU()
	b.spin(probeLoops)
	took = b.threadCPU() - began
	if took <= 0 {
		return 0 // the clock is too coarse to tell
	}
	b.burnt.Add(int64(took))
	speed := probeLoops / float64(took)
	if known := b.loopsPerNs.load(); known > 0 {
		speed = mix(known, speed)
	}
	b.loopsPerNs.store(speed)
	return took
}

func mix(known, measured float64) float64 {
	return known + smoothing*(measured-known)
}

// spin is CPU work that the compiler cannot drop.
//
//go:noinline
func spin(loops int64) uint64 {
	x := uint64(1)
	for range loops {
		x = x*6364136223846793005 + 1442695040888963407 // Knuth's MMIX generator
	}
	return x
}

// atomicFloat is a float64 for many writers and readers.
type atomicFloat struct{ bits atomic.Uint64 }

func (f *atomicFloat) load() float64   { return math.Float64frombits(f.bits.Load()) }
func (f *atomicFloat) store(v float64) { f.bits.Store(math.Float64bits(v)) }
