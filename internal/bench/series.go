package bench

import (
	"fmt"
	"sync"
	"time"

	"taskbench/internal/target"
	"taskbench/results"
)

// Holder is a server whose memory can be looked into.
type Holder interface {
	Usage() (target.Usage, error)
	Memory() (target.Memory, error) // costs more than Usage
}

// Recorder samples a server's memory from its beginning to its end, before,
// under and after load, and marks when load was on.
type Recorder struct {
	server  Holder
	started time.Time
	stop    chan struct{}
	done    chan struct{}
	once    sync.Once

	profile results.MemoryProfile
	first   *target.Usage // of the first sample
	last    target.Usage
	lostAt  float64 // when the process was first missing; 0: never
	why     string  // why details are missing
	next    time.Time
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
	if err != nil {
		if r.first != nil && r.lostAt == 0 {
			r.lostAt = at
		}
		return
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
	if now := time.Now(); !now.Before(r.next) {
		r.details(at)
		took := time.Since(now)
		r.next = now.Add(max(detailsEvery, time.Duration(float64(took)/detailsShare)))
	}
}

func (r *Recorder) details(at float64) {
	m, err := r.server.Memory()
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

// End stops sampling and gives what was seen. Load was on from one time of the
// recorder's clock to another, and its window was that long at the end of it.
func (r *Recorder) End(loadFrom, loadTo float64, window time.Duration, connections int) results.MemoryProfile {
	r.once.Do(func() { close(r.stop) })
	<-r.done
	p := r.profile
	p.LoadFromS, p.LoadToS = loadFrom, loadTo
	p.WindowFromS = max(loadFrom, loadTo-window.Seconds())
	p.Notes = r.notes(loadFrom)
	if len(p.Series.AtS) == 0 {
		p.Missing = "the server's process is not known: it runs on another machine, or belongs to another user (run taskbench as that user, or as root)"
	}
	p.Summarise(connections)
	return p
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
