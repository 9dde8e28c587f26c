package bench

import (
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/server"
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
	server  []sample    // none when its process is not known
	lost    bool        // the process was known, and then not any more
	machine []cpuSample // none where the system does not tell
	own     float64     // CPU seconds that taskbench itself took
	counted counted     // instructions
}

// watcher samples a server and the machine until it is told to end.
type watcher struct {
	server Server
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

// watch begins to sample, for a window of the given length.
func watch(server Server, window time.Duration) *watcher {
	w := &watcher{server: server, stop: make(chan struct{}), done: make(chan struct{})}
	w.seen.own = -machine.OwnCPU()
	w.sampleMachine()
	w.known = w.sampleServer()
	go w.run(samplingOf(window))
	return w
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
			if w.known && !w.sampleServer() {
				w.seen.lost = true
			}
		case <-machines.C:
			w.sampleMachine()
		}
	}
}

// end takes last samples and returns all.
func (w *watcher) end() observation {
	close(w.stop)
	<-w.done
	if w.known && !w.sampleServer() {
		w.seen.lost = true
	}
	w.sampleMachine()
	w.seen.own += machine.OwnCPU()
	return w.seen
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
