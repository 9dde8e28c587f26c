package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/results"
)

// Series samples what servers hold, before, under and after load, into each
// trial's Memory.
type Series struct {
	Hz            float64       // samples a second; > 0
	Before, After time.Duration // how long to sample before load begins, and after it has ended
	LimitBytes    float64       // the documented expectation of the peak; 0: none

	// FilesOnly leaves out what costs more to read than the number of open files.
	// Proportional memory takes the longer the more a server holds, and the server
	// waits meanwhile: over hours that would be seen in its latency.
	FilesOnly bool
}

// Attach implements Probe: it samples from now on, until ctx ends.
func (s Series) Attach(ctx context.Context, server Server, c Cell) Attached {
	r := &recorder{Series: s, server: server, startedUS: machine.NowUS()}
	if s.Before > 0 { // else there is nothing to hold the connections against
		r.connections = c.Connections
	}
	r.window = c.Duration.Seconds()
	r.profile = s.profile()
	r.sample()
	go r.run(ctx, time.Duration(float64(time.Second)/s.Hz))
	wait(ctx, s.Before)
	r.loadFrom = r.elapsed()
	return r
}

func (s Series) profile() results.MemoryUse {
	return results.MemoryUse{Hz: s.Hz, LimitBytes: s.LimitBytes}
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

// recorder samples one server. Its clock are the seconds since it was attached.
type recorder struct {
	Series
	server      Server
	startedUS   float64
	connections int
	window      float64   // s that figures will count
	next        time.Time // when details are due; of the sampling goroutine only
	loadFrom    float64   // of the load that is on, or comes next
	loadTo      float64

	mu      sync.Mutex // guards what follows
	profile results.MemoryUse
	first   *server.Usage // of the first sample
	last    server.Usage
	lostAt  float64 // when the process was first missing; 0: never
	why     string  // why details are missing
}

// Details are read once a second, and less often when that takes more than this
// share of the time: the cost grows with the memory they are of.
const (
	detailsEvery = time.Second
	detailsShare = 0.004
)

// restAfter is how long there are no details after some that took so long.
func restAfter(took time.Duration) time.Duration {
	return max(detailsEvery, time.Duration(float64(took)/detailsShare))
}

func (r *recorder) elapsed() float64 { return (machine.NowUS() - r.startedUS) / 1e6 }

func (r *recorder) run(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			r.sample()
		}
	}
}

// sample looks at the server once. A server that is gone may come back.
func (r *recorder) sample() {
	at := r.elapsed()
	u, err := r.server.Usage()
	if !r.add(at, u, err) {
		return
	}
	if now := time.Now(); !now.Before(r.next) {
		m, err := r.details()
		r.addDetails(at, m, err)
		r.next = now.Add(restAfter(time.Since(now)))
	}
}

// details reads what costs more.
func (r *recorder) details() (server.Memory, error) {
	if !r.FilesOnly {
		return r.server.Memory()
	}
	n, err := r.server.OpenFiles()
	return server.Memory{OpenFiles: n}, err
}

// add keeps a sample, and reports whether there was a server to take it of.
func (r *recorder) add(at float64, u server.Usage, err error) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil && r.first != nil && r.lostAt == 0 {
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

func (r *recorder) addDetails(at float64, m server.Memory, err error) {
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

// Begin implements Attached: it samples already.
func (r *recorder) Begin(context.Context) {}

// End goes on to sample for a while. Load that was shorter than the time between
// two samples is not without one.
func (r *recorder) End(ctx context.Context) {
	u, err := r.server.Usage()
	r.add(r.elapsed(), u, err)
	r.loadTo = r.elapsed()
	wait(ctx, r.After)
}

// Record puts what was seen since the beginning, or the last Record, into a
// trial, and goes on sampling.
func (r *recorder) Record(_ context.Context, t *results.Trial, run Run) {
	from := max(r.loadFrom, r.loadTo-r.window)
	if w, ok := run.Window(); ok {
		from = (w.FromUS - r.startedUS) / 1e6
	}
	t.Memory = r.cut(from)
	r.loadFrom = r.elapsed()
}

// cut is what was seen since the last time; the window opened at a moment.
func (r *recorder) cut(windowFrom float64) *results.MemoryUse {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.profile
	p.LoadFromS, p.WindowFromS, p.LoadToS = r.loadFrom, windowFrom, r.loadTo
	p.Notes = r.notes(r.loadFrom)
	switch {
	case r.first == nil:
		p.Missing = "the server's process is not known: it runs on another machine, or belongs to another user (run taskbench as that user, or as root)"
	case len(p.Series.AtS) == 0:
		p.Missing = "the server's process had ended"
	}
	p.Summarise(r.connections)
	r.profile = r.Series.profile()
	r.lostAt, r.why = 0, ""
	if r.first != nil {
		since := r.last
		r.first = &since
	}
	return &p
}

// notes tell what became of the processes meanwhile.
func (r *recorder) notes(loadFrom float64) []string {
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
