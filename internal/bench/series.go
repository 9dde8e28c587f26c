package bench

import (
	"fmt"
	"sync"
	"time"

	"taskbench/internal/server"
	"taskbench/results"
)

// Holder is a server whose memory can be looked into.
type Holder interface {
	Usage() (server.Usage, error)
	Memory() (server.Memory, error) // costs more than Usage
}

// Recorder samples a server's memory from its beginning to its end, before,
// under and after load, and marks when load was on. Its methods may be called
// while it samples.
type Recorder struct {
	server  Holder
	started time.Time
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once
	next    time.Time // when details are due; of the sampling goroutine only

	mu      sync.Mutex // guards what follows
	profile results.MemoryProfile
	first   *server.Usage // of the first sample
	last    server.Usage
	lostAt  float64 // when the process was first missing; 0: never
	gone    bool    // it was there before, and not when last looked for
	why     string  // why details are missing
}

// Details are read once a second, and less often when that takes more than this
// share of the time: the cost grows with the memory they are of.
const (
	detailsEvery = time.Second
	detailsShare = 0.004
)

// Record begins to sample, hz times a second; hz > 0.
func Record(server Holder, hz float64) *Recorder {
	r := &Recorder{server: server, started: time.Now(), stop: make(chan struct{}), done: make(chan struct{})}
	r.profile.Hz = hz
	r.sample()
	go r.run(time.Duration(float64(time.Second) / hz))
	return r
}

// Elapsed is the recorder's clock, in seconds.
func (r *Recorder) Elapsed() float64 { return time.Since(r.started).Seconds() }

func (r *Recorder) run(every time.Duration) {
	defer close(r.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-r.stop:
			return
		case <-ticker.C:
			r.sample()
		}
	}
}

// sample looks at the server once. A server that is gone may come back.
func (r *Recorder) sample() {
	at := r.Elapsed()
	u, err := r.server.Usage()
	if !r.add(at, u, err) {
		return
	}
	if now := time.Now(); !now.Before(r.next) {
		m, err := r.server.Memory()
		r.addDetails(at, m, err)
		took := time.Since(now)
		r.next = now.Add(max(detailsEvery, time.Duration(float64(took)/detailsShare)))
	}
}

// add keeps a sample, and reports whether there was a server to take it of.
func (r *Recorder) add(at float64, u server.Usage, err error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone = err != nil && r.first != nil
	if r.gone && r.lostAt == 0 {
		r.lostAt = at
	}
	if err != nil {
		return false
	}
	if r.first == nil {
		r.first = &u
	}
	r.last = u
	s := &r.profile.Series
	s.AtS = append(s.AtS, at)
	s.ResidentBytes = append(s.ResidentBytes, u.ResidentBytes)
	s.Threads = append(s.Threads, u.Threads)
	s.CPUSeconds = append(s.CPUSeconds, u.CPUSeconds)
	return true
}

func (r *Recorder) addDetails(at float64, m server.Memory, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && r.why == "" {
		r.why = err.Error()
	}
	d := &r.profile.Details
	d.AtS = append(d.AtS, at)
	d.ProportionalBytes = append(d.ProportionalBytes, m.ProportionalBytes)
	d.PeakEverBytes = append(d.PeakEverBytes, m.PeakBytes)
	d.SwapBytes = append(d.SwapBytes, m.SwapBytes)
	d.OpenFiles = append(d.OpenFiles, m.OpenFiles)
}

// End stops sampling and gives what was seen since the beginning or the last
// Cut. Load was on from one time of the recorder's clock to another, and its
// window was that long at the end of it.
func (r *Recorder) End(loadFrom, loadTo float64, window time.Duration, connections int) results.MemoryProfile {
	r.once.Do(func() { close(r.stop) })
	<-r.done
	return r.Cut(loadFrom, loadTo, window, connections)
}

// Cut gives what End would, and goes on sampling: the next profile begins here.
func (r *Recorder) Cut(loadFrom, loadTo float64, window time.Duration, connections int) results.MemoryProfile {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.profile
	p.LoadFromS, p.LoadToS = loadFrom, loadTo
	p.WindowFromS = max(loadFrom, loadTo-window.Seconds())
	p.Notes = r.notes(loadFrom)
	switch {
	case r.first == nil:
		p.Missing = "the server's process is not known: it runs on another machine, or belongs to another user (run taskbench as that user, or as root)"
	case len(p.Series.AtS) == 0:
		p.Missing = "the server's process had ended"
	}
	p.Summarise(connections)
	r.profile = results.MemoryProfile{Hz: p.Hz}
	r.lostAt, r.why = 0, ""
	if r.first != nil {
		since := r.last
		r.first = &since
	}
	return p
}

// Gone looks for the process once more, and reports whether it was there before
// and is not any more; and when, in seconds of the recorder's clock, it was
// first missing since the beginning or the last Cut.
func (r *Recorder) Gone() (at float64, gone bool) {
	u, err := r.server.Usage()
	r.add(r.Elapsed(), u, err)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lostAt, r.gone
}

// notes tell what became of the processes meanwhile.
func (r *Recorder) notes(loadFrom float64) []string {
	var out []string
	if r.why != "" && r.first != nil {
		out = append(out, r.why)
	}
	if r.first == nil {
		return out
	}
	if r.lostAt > 0 {
		out = append(out, fmt.Sprintf("the server's process ended, or could not be seen any more, %.1f s after load began", r.lostAt-loadFrom))
	}
	if n := r.last.Restarted - r.first.Restarted; n > 0 {
		out = append(out, fmt.Sprintf("the server was restarted while it was sampled (%d times): its memory began anew", n))
	}
	if begun, ended := r.last.Begun-r.first.Begun, r.last.Ended-r.first.Ended; begun > 0 || ended > 0 {
		out = append(out, fmt.Sprintf("the server's processes changed while it was sampled: %d began, %d ended; memory is the sum of those alive", begun, ended))
	}
	return out
}
