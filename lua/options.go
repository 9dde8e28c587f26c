// Package lua compiles scenarios into Lua scripts for wrk, checks scripts
// before wrk sees them, and runs one iteration of a script in an embedded VM.
//
// A generated script is meant to be read and run by hand. It is the same byte
// for byte for the same scenario and options: Generate reads no clock, file or
// environment. Nothing here opens a socket or starts a program.
package lua

import (
	"math"
	"slices"
	"strings"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/scenarios"
)

// Options say for which run a script is generated. Zero values take what the
// scenario says.
type Options struct {
	Target      string // name of the implementation, for the report
	URL         string // base URL; its path is put in front of every request's
	Connections int    // virtual users; zero: the scenario's first level
	Threads     int    // wrk's threads in request mode; zero: at most two. Otherwise one a virtual user
	Duration    time.Duration
	Warmup      time.Duration // negative: none, whatever the scenario says
	Timeout     time.Duration
	Seed        int64 // of everything that is drawn

	Rate *arrivals.Plan // the schedule; one without a rate is closed loops. nil: the scenario's

	// Slots makes a script that sends only when it is its server's turn, as the
	// board says that so many generators share (package slots). Duration and
	// Warmup are then the sums of a server's slots. 0: it has the machine to itself.
	Slots int
}

// withDefaults fills in what the scenario says.
func (o Options) withDefaults(s *scenarios.Scenario) Options {
	if o.Connections == 0 && len(s.Load.Connections) > 0 {
		o.Connections = s.Load.Connections[0]
	}
	o.Connections = max(o.Connections, 1)
	if o.Threads == 0 {
		o.Threads = s.Load.Threads
	}
	if o.Rate == nil {
		o.Rate = &s.Load.Rate
	}
	for _, d := range []struct{ to, from *time.Duration }{
		{&o.Duration, &s.Load.Duration}, {&o.Warmup, &s.Load.Warmup}, {&o.Timeout, &s.Load.Timeout},
	} {
		if *d.to == 0 {
			*d.to = *d.from
		}
	}
	o.Warmup = max(o.Warmup, 0)
	if o.Duration <= 0 {
		o.Duration = 10 * time.Second
	}
	if o.Timeout <= 0 {
		o.Timeout = 10 * time.Second
	}
	return o
}

// Command is how wrk must be started for a script.
type Command struct {
	Threads        int // -t
	Connections    int // -c
	Seconds        int // -d; where virtual users run, an upper limit: the script ends the run itself
	TimeoutSeconds int // -T: beyond everything, since wrk drops slower answers from its figures
	WarmupSeconds  int // request mode: a run of its own before, same arguments; else 0
	LingerSeconds  int // how long the script may wait for open answers when wrk has stopped
}

// CommandFor says how to run the script that Generate makes of s and o.
func CommandFor(s *scenarios.Scenario, o Options) Command {
	o = o.withDefaults(s)
	c := Command{Threads: o.Connections, Connections: o.Connections}
	if perUser(s, o) {
		c.Seconds = seconds(o.Warmup + o.Duration + overtime(o) + s.Finish(o.Timeout, o.Rate.Open()) + 3*time.Second + time.Duration(len(s.Setup))*patience(o))
	} else {
		c.Threads = requestThreads(o)
		c.Seconds = seconds(o.Duration)
		c.WarmupSeconds = seconds(o.Warmup)
	}
	if o.Slots > 0 {
		c.Seconds = o.Slots * (2*max(c.Seconds, c.WarmupSeconds) + seconds(slotsPatience)) // gaps, and waiting for the others' setup
	}
	c.LingerSeconds = seconds(o.Timeout)
	c.TimeoutSeconds = min(c.Seconds+1, max(60, seconds(o.Timeout)+1))
	return c
}

// DefaultAtOnce is how many virtual users a script sets up at once.
const DefaultAtOnce = 4

// patience is how long a setup step of all virtual users may take: hashing a
// password takes a quarter of a second of a core. The script's PATIENCE is the same.
func patience(o Options) time.Duration {
	return o.Timeout + time.Duration(o.Connections)*300*time.Millisecond
}

// overtime is how long behind the window what was due in it may still be sent.
// Behind the last slot it is another server's time.
func overtime(o Options) time.Duration {
	if o.Rate.Open() && o.Slots == 0 {
		return time.Second
	}
	return 0
}

// seconds rounds up to what wrk's -d takes: whole seconds.
func seconds(d time.Duration) int {
	return int(math.Ceil(d.Seconds()))
}

// requestThreads is the number of threads of a run without virtual users. It
// divides the connections, because wrk gives every thread the same number and
// drops the rest.
func requestThreads(o Options) int {
	threads := o.Threads
	if threads <= 0 {
		threads = 2
	}
	return dividing(threads, o.Connections)
}

// Identity reports whether answers must be matched to virtual users. Where
// false, a plain request on few threads is measured, which is faster.
func Identity(s *scenarios.Scenario) bool {
	if s.Mode != scenarios.Request || len(s.Setup) > 0 || controlled(s) || s.Cookies {
		return true
	}
	for i := range s.Steps {
		if len(s.Steps[i].Captures) > 0 || len(s.Steps[i].Expect.Refs()) > 0 {
			return true
		}
		for _, ref := range refs(&s.Steps[i]) {
			if personal(s, ref) {
				return true
			}
		}
	}
	return false
}

// perUser reports whether every connection has a thread of its own. Those who think
// have: it must be known whose pause it is in which a server closes a connection, and in
// slots pauses are, too. On a schedule all have: it must be known which answer is whose.
func perUser(s *scenarios.Scenario, o Options) bool {
	return Identity(s) || o.Rate.Open() || Thinks(s)
}

// Thinks reports whether virtual users pause between requests.
func Thinks(s *scenarios.Scenario) bool {
	return s.Load.Think.Mean > 0 || slices.ContainsFunc(s.Steps, func(step scenarios.Step) bool {
		return step.Think != nil && step.Think.Mean > 0 || waits(&step)
	})
}

// ShortestSlot is the shortest time for which a server is measured before it is
// another's turn.
const ShortestSlot = 20 * time.Millisecond

// slotsPatience is how long generators that take turns may wait for each other,
// beyond what their setups may take.
const slotsPatience = 10 * time.Second

// mostRounds is how many slots a run may have: the warm-up of a single request is
// one of its own.
func mostRounds(o Options) int {
	return int(max(o.Duration, o.Warmup)/ShortestSlot) + 2 // one may be a stretch
}

// personal reports whether a reference belongs to one virtual user.
func personal(s *scenarios.Scenario, ref *scenarios.Ref) bool {
	switch ref.Kind {
	case scenarios.RefColumn:
		return s.Data[ref.Name].Pick != scenarios.Random
	case scenarios.RefBuiltin:
		return ref.Name == "vu" || ref.Name == "iteration"
	}
	return true
}

// refs lists the references of a step's request.
func refs(s *scenarios.Step) []*scenarios.Ref {
	var out []*scenarios.Ref
	out = append(out, s.Path.Refs()...)
	for _, h := range s.Headers {
		out = append(out, h.Value.Refs()...)
	}
	return append(out, s.Body.Content.Refs()...)
}

// basePath is the path of a target's URL, without a slash at its end.
func basePath(url string) string {
	_, rest, found := strings.Cut(url, "://")
	if !found {
		rest = url
	}
	slash := strings.IndexByte(rest, '/')
	if slash < 0 {
		return ""
	}
	path, _, _ := strings.Cut(rest[slash:], "?")
	return strings.TrimRight(path, "/")
}
