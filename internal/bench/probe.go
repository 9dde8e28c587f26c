package bench

import (
	"context"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/internal/slots"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/wrk"
)

// Server is a running target, as far as a benchmark needs to know it.
type Server interface {
	Spec() server.Spec
	Identity(context.Context) server.Identity
	Usage() (server.Usage, error)   // cheap: it is called many times a second
	Memory() (server.Memory, error) // costs more than Usage
	OpenFiles() (*int, error)
	CPUs() []int              // it may run on; none when unknown
	PIDs() []int              // its processes; none when unknown
	Owners() []server.Process // those that listen; none when unknown or gone
	// Died says how a server that was started has ended, and what it wrote last; ""
	// while it runs, and of others.
	Died(lines int) (how, last string)
	Stop(context.Context) error
	Deaf() bool // it did not end when it was asked to, and had to be killed
}

// Probe measures something of servers while they are loaded. It never fails a
// trial: what could not be measured, and why, stands in the trial.
type Probe interface {
	// Attach is called when a server is up, before any load. ctx ends when the
	// server is to be stopped.
	Attach(ctx context.Context, s Server, c Cell) Attached
}

// Attached is a probe at a server. Begin, End and Record are called in this
// order, once for each load that counts: once for each window of a soak.
type Attached interface {
	// Begin is called right before the generator starts. A warm-up that is a run
	// of the generator's own is over by then.
	Begin(context.Context)
	// End is called right after the generator has ended. Probes end in the reverse
	// order of their beginning.
	End(context.Context)
	// Record writes what was seen into the trial, which has the generator's figures.
	Record(context.Context, *results.Trial, Run)
}

// Run is a run of the generator that counts.
type Run struct {
	FromUS, ToUS float64      // when it went on, in µs of the system's monotonic clock
	Block        *parse.Block // what the script counted; nil when it handed nothing over
	Output       wrk.Output
	Options      wrk.Options
	Hosts        []Host // that sent it together; none: this machine alone

	schedule *slots.Schedule // where it took turns with others; nil: it had the machine to itself
	beside   float64         // CPU seconds of the pair's other servers and generators meanwhile
}

// Window is when answers counted: as the script says or, for a single request,
// which has no window of its own, all of the run. There is none when nothing counted.
func (r Run) Window() (w Span, ok bool) {
	if r.schedule != nil && r.Block != nil {
		return spanOf(r.counted()), true
	}
	switch {
	case r.Block == nil || r.Block.Window.LengthUS <= 0:
		return Span{}, false
	case r.Block.Window.OpenedUS > 0:
		return spanOf(r.Block.Window), true
	}
	return Span{r.FromUS, r.ToUS}, true
}

// Span is a stretch of the system's monotonic clock, in µs.
type Span struct{ FromUS, ToUS float64 }

func spanOf(w parse.Window) Span { return Span{w.OpenedUS, w.OpenedUS + w.LengthUS} }

// Seconds is the length of a span.
func (s Span) Seconds() float64 { return (s.ToUS - s.FromUS) / 1e6 }

// Holds reports whether a moment, in µs, lies in the span.
func (s Span) Holds(at float64) bool { return at >= s.FromUS && at <= s.ToUS }

// session is a server while it is measured, and the probes at it.
type session struct {
	server   Server
	attached []Attached
	watch    *watcher
	crew     *crew
	known    bool    // its process was found when it was opened
	openedUS float64 // by the monotonic clock
	leave    context.CancelFunc
	ends     func(context.Context) // what is sent to the server when all is measured; nil: nothing
}

// open starts a target's server, or finds it, and attaches the probes: first
// those that take their time to begin, last the watch on its CPU time.
func (c *campaign) open(ctx context.Context, spec server.Spec, cell Cell) (*session, error) {
	server, err := c.openServer(ctx, spec)
	if err != nil {
		return nil, err
	}
	s := &session{server: server, watch: &watcher{server: server, window: cell.Duration, owners: server.Owners()}, crew: &crew{}, openedUS: machine.NowUS()}
	_, err = server.Usage()
	s.known = err == nil
	ctx, s.leave = context.WithCancel(ctx)
	for _, p := range c.Probes {
		s.attached = append(s.attached, p.Attach(ctx, server, cell))
	}
	s.attached = append(s.attached, s.crew, s.watch)
	return s, nil
}

func (r *Runner) openServer(ctx context.Context, spec server.Spec) (Server, error) {
	if r.Open != nil {
		return r.Open(ctx, spec)
	}
	return server.Open(ctx, spec)
}

// close stops the server, after an interrupt too.
func (s *session) close(ctx context.Context) error {
	s.leave()
	if s.ends != nil {
		s.ends(ctx)
	}
	s.crew.forget()
	return s.server.Stop(context.WithoutCancel(ctx))
}
