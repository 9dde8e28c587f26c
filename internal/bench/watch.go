package bench

import (
	"context"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/results"
)

// sample is a server at one moment.
type sample struct {
	at    float64 // µs of the monotonic clock
	usage server.Usage
}

// cpuSample is the whole machine at one moment.
type cpuSample struct {
	at    float64 // µs of the monotonic clock
	times machine.Times
}

// observation is what was seen while load was on.
type observation struct {
	server  []sample // none when its process is not known
	lost    bool     // the process was known, and then not any more
	ended   *results.Ended
	lostUS  float64     // when that was first seen, by the monotonic clock
	machine []cpuSample // none where the system does not tell
	own     float64     // CPU seconds that taskbench itself took
}

// watcher samples a server and the machine while load is on: the one probe that
// is always there.
type watcher struct {
	server Server
	window time.Duration    // how long figures will count
	cpus   []int            // that the server may run on
	owners []server.Process // before the load, its warm-up included
	stop   chan struct{}
	done   chan struct{}
	seen   observation
	known  bool // the server's process was found at the beginning
}

// A window is sampled at least fortyfold, ten times a second when it is long:
// what is not known of it is then less than a fortieth at either edge.
const (
	samplesPerWindow = 40
	slowestSampling  = 100 * time.Millisecond
	fastestSampling  = 20 * time.Millisecond
	machineEvery     = 250 * time.Millisecond
)

// Begin begins to sample.
func (w *watcher) Begin(context.Context) {
	w.stop, w.done = make(chan struct{}), make(chan struct{})
	w.cpus = w.server.CPUs() // a server that has ended runs nowhere
	w.seen = observation{own: -machine.OwnCPU()}
	w.sampleMachine()
	w.known = w.sampleServer()
	go w.run(samplingOf(w.window))
}

// samplingOf is how often to look at a server in a window of the given length.
func samplingOf(window time.Duration) time.Duration {
	return min(max(window/samplesPerWindow, fastestSampling), slowestSampling)
}

func (w *watcher) run(every time.Duration) {
	defer close(w.done)
	servers, machines := time.NewTicker(every), time.NewTicker(machineEvery)
	defer servers.Stop()
	defer machines.Stop()
	for {
		select {
		case <-w.stop:
			return
		case <-servers.C:
			w.look()
		case <-machines.C:
			w.sampleMachine()
		}
	}
}

// End takes last samples.
func (w *watcher) End(context.Context) {
	close(w.stop)
	<-w.done
	w.look()
	w.sampleMachine()
	w.seen.own += machine.OwnCPU()
	owners := w.server.Owners()
	if w.seen.ended = ended(w.owners, owners); len(owners) > 0 {
		w.owners = owners
	}
}

// Record writes what was seen into a trial; what was used, where there are figures
// to go with it.
func (w *watcher) Record(_ context.Context, t *results.Trial, r Run) {
	t.Ended = w.seen.ended
	if r.Block != nil {
		w.seen.record(t, r, w.cpus)
	}
}

// look samples a server that was there at the beginning.
func (w *watcher) look() {
	if w.known && !w.sampleServer() && !w.seen.lost {
		w.seen.lost, w.seen.lostUS = true, machine.NowUS()
	}
}

// What a sample may take before it is doubted: the scheduler may have put us
// aside between looking at the clock and looking at the server.
const (
	promptUS = 1000
	attempts = 3
)

// sampleServer reports whether the server was there.
func (w *watcher) sampleServer() bool {
	for attempt := 1; ; attempt++ {
		before := machine.NowUS()
		usage, err := w.server.Usage()
		if err != nil {
			return false
		}
		took := machine.NowUS() - before
		if took <= promptUS || attempt == attempts {
			w.seen.server = append(w.seen.server, sample{at: before + took/2, usage: usage})
			return true
		}
	}
}

func (w *watcher) sampleMachine() {
	if times, ok := machine.CPUTimes(); ok {
		w.seen.machine = append(w.seen.machine, cpuSample{at: machine.NowUS(), times: times})
	}
}
