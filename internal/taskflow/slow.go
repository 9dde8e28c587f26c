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
// does around any handler, and scale is set, after every adjustEvery of weight,
// to what makes the sum come out: CPU time of the process without the burnt /
// sum of the weights. So the total is right by measurement, and a request that
// takes ten times the work is slowed by ten times as much. It takes about a
// second of load to settle; until then scale is 1.
//
// What was burnt is measured too, on every timedEvery-th burn, by the clock
// that the process is accounted on. A loop timed once, in a quiet moment, would
// be too cheap: where a hypervisor takes the core away, all CPU times grow, and
// what is not seen as burnt would pass for work and be answered by more burning.
//
// Two limits. Below a share of about 1 % the bookkeeping alone takes more than
// was asked for. And on a machine that is shared with busy neighbours the rest
// of the work gets dearer too when a process stays on its core for longer, which
// no server can tell from more to do: measure --slow on a quiet one.
//
// The work is a chain of multiplications in registers: it costs CPU time and
// nothing else, no memory, no cache, no lock.
type burner struct {
	share float64
	cost  float64 // CPU ns that the burner's own bookkeeping takes per request
	read  float64 // CPU ns that one look at a thread's clock takes

	scale  atomicFloat // CPU ns per ns of weight
	loopNs atomicFloat // CPU ns per loop

	burns, weight, loops atomic.Int64 // since the start
	timedNs, timedLoops  atomic.Int64
	due                  atomic.Int64 // the weight at which to adjust next

	// What the machine is asked; fields so that tests can be exact.
	processCPU func() time.Duration
	threadCPU  func() time.Duration
	spin       func(loops int64)

	adjusting sync.Mutex
	last      tally
	recent    tally // of late, older intervals counting less and less
}

// tally is what a span of time brought.
type tally struct{ cpu, burns, weight, loops, timedNs, timedLoops float64 }

const (
	// transport is a first guess of the CPU time around a handler; scale corrects it.
	transport = 12 * time.Microsecond
	// adjustEvery is the weight between two adjustments: a few thousand plain requests.
	adjustEvery = 50 * time.Millisecond
	// timedEvery is how many burns there are to one that is timed.
	timedEvery = 16
	// memory is what an interval counts for when one more has passed.
	memory = 0.9
)

func newBurner(share float64) *burner {
	b := &burner{share: share, processCPU: processCPU, threadCPU: threadCPU, spin: func(n int64) { runtime.KeepAlive(spin(n)) }}
	b.start()
	return b
}

// start makes a first guess of what a loop costs, and learns what the
// bookkeeping does.
func (b *burner) start() {
	runtime.LockOSThread() // one clock for all readings
	defer runtime.UnlockOSThread()
	b.scale.store(1)
	b.read = b.each(10_000, func() { b.threadCPU() })
	const loops = 1000
	b.loopNs.store(max(0.01, b.each(2000, func() { b.spin(loops) })/loops))
	b.cost = b.bookkeeping()
	for _, count := range []*atomic.Int64{&b.burns, &b.weight, &b.loops, &b.timedNs, &b.timedLoops} {
		count.Store(0)
	}
	b.last = b.sum()
	b.due.Store(int64(adjustEvery))
}

// each is the CPU time in ns of one call, on average.
func (b *burner) each(calls int, call func()) float64 {
	began := b.threadCPU()
	for range calls {
		call()
	}
	return float64(b.threadCPU()-began) / float64(calls)
}

// bookkeeping measures what a burn costs that spins not at all, with the two
// looks at the clock around the handler.
func (b *burner) bookkeeping() float64 {
	spin := b.spin
	defer func() { b.spin = spin }()
	b.spin = func(int64) {}
	b.due.Store(math.MaxInt64)
	origin := time.Now()
	return b.each(10_000, func() {
		began := time.Since(origin)
		b.burn(time.Since(origin) - began)
	})
}

// burn spends the share of a request whose handler took own.
func (b *burner) burn(own time.Duration) {
	weight := int64(transport + max(0, own))
	extra := b.share*b.scale.load()*float64(weight) - b.cost
	if loops := int64(extra / b.loopNs.load()); loops > 0 {
		b.spend(loops, b.burns.Load()%timedEvery == 0)
	}
	b.burns.Add(1)
	if b.weight.Add(weight) >= b.due.Load() && b.adjusting.TryLock() {
		b.adjust()
		b.adjusting.Unlock()
	}
}

func (b *burner) spend(loops int64, timed bool) {
	b.loops.Add(loops)
	if !timed {
		b.spin(loops)
		return
	}
	runtime.LockOSThread() // one clock for both readings
	defer runtime.UnlockOSThread()
	began := b.threadCPU()
	b.spin(loops)
	b.timedNs.Add(int64(b.threadCPU()-began) - int64(b.read))
	b.timedLoops.Add(loops)
}

// sum is what was counted since the start.
func (b *burner) sum() tally {
	return tally{
		cpu: float64(b.processCPU()), burns: float64(b.burns.Load()), weight: float64(b.weight.Load()),
		loops: float64(b.loops.Load()), timedNs: float64(b.timedNs.Load()), timedLoops: float64(b.timedLoops.Load()),
	}
}

// adjust learns from the time since the last adjustment. It divides sums, and
// never averages quotients: a few costly moments must count for what they cost.
func (b *burner) adjust() {
	now := b.sum()
	b.recent.fade(memory, now, b.last)
	b.last = now
	r := b.recent
	if r.timedLoops > 0 && r.timedNs > 0 {
		b.loopNs.store(r.timedNs / r.timedLoops)
	}
	burnt := r.loops*b.loopNs.load() + r.burns*b.cost
	b.scale.store(max(0, r.cpu-burnt) / max(1, r.weight))
	b.due.Store(int64(now.weight) + int64(adjustEvery))
}

// fade makes t count for less and adds what came between two sums.
func (t *tally) fade(factor float64, now, before tally) {
	t.cpu = t.cpu*factor + now.cpu - before.cpu
	t.burns = t.burns*factor + now.burns - before.burns
	t.weight = t.weight*factor + now.weight - before.weight
	t.loops = t.loops*factor + now.loops - before.loops
	t.timedNs = t.timedNs*factor + now.timedNs - before.timedNs
	t.timedLoops = t.timedLoops*factor + now.timedLoops - before.timedLoops
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
