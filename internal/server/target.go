// Package target is a server under test: taskbench starts it, or finds it
// running, waits until it answers, says what it is, samples what it uses, and
// stops it with everything it started.
//
// It never measures speed, and never touches a server that it did not start,
// beyond asking it for one page.
package server

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"taskbench/internal/source"
)

// Spec is a server as it is asked for.
type Spec struct {
	Name string // what to call it in messages and results
	URL  string // scheme, host and port, such as http://localhost:3000
	// Remote allows a URL beyond this machine and private networks.
	Remote bool

	// Start is the command line that runs it, with quotes as in a shell; a line
	// with pipes, redirections, variables and the like is given to sh. Empty:
	// the server is expected to run already.
	Start string
	Dir   string            // working directory of Start, and the git checkout to identify; "" is the current one
	Env   map[string]string // added to the environment of taskbench
	CPUs  []int             // the cores Start may run on (Linux only); empty is all

	PID  string   // the process to measure: its number, or a file that has it; "": the one that Start runs, or that listens
	Also []string // processes that work for the server, by name or number; their CPU time is a figure of its own

	Ready        string        // path to ask until it answers; "" is /health
	ReadyTimeout time.Duration // 0 is DefaultReadyTimeout, or DefaultFindTimeout without Start
	LogFile      string        // where Start's stdout and stderr are appended; "" is a temporary file, removed by Stop
}

const (
	// usualReady is what is asked where nothing else is said: there the reference
	// server says what it is.
	usualReady = "/health"
	// DefaultReadyTimeout is how long a server that was started may take to answer.
	DefaultReadyTimeout = 30 * time.Second
	// DefaultFindTimeout is how long to look for a server that should be running.
	DefaultFindTimeout = 2 * time.Second
	// StopGrace is how long a server may take to end after SIGTERM.
	StopGrace = 5 * time.Second
)

// Server is a target that answers. Its methods are safe for concurrent use.
type Server struct {
	spec  Spec
	child *child // nil when the server was running already
	reply readyReply

	stopOnce sync.Once
	stopErr  error

	mu     sync.Mutex
	found  int       // pid of a server that was running already; 0 until it is found
	born   uint64    // when that process, or the last one found, started; 0: never found
	looked time.Time // when it was last looked for
	tree   tree

	elsewhere bool      // what Start runs is not what listens; settled by Open, as is what follows
	also      []*tree   // of what works for the server
	alsoNamed []Process // the same, for the record
}

// Open starts the server of a spec, or finds it, and returns when it answers.
// One beyond this machine and private networks is refused unless it is meant.
// An error says what to do about it; nothing is left running then.
func Open(ctx context.Context, spec Spec) (*Server, error) {
	spec = spec.withDefaults()
	address, err := url.Parse(spec.URL)
	if err != nil || address.Host == "" {
		return nil, source.WithHint(fmt.Errorf("%s: %q is not the URL of a server", spec.Name, spec.URL), "write it like http://localhost:3000")
	}
	if err := near(ctx, spec, address); err != nil {
		return nil, err
	}
	s := &Server{spec: spec}
	if spec.Start != "" {
		if err := portFree(ctx, spec, address); err != nil {
			return nil, err
		}
		if s.child, err = start(spec); err != nil {
			return nil, err
		}
	}
	if s.reply, err = awaitReady(ctx, spec, s.child); err != nil {
		err = s.explain(err)
		if stuck := s.Stop(context.WithoutCancel(ctx)); stuck != nil {
			err = errors.Join(err, stuck)
		}
		return nil, err
	}
	if err := s.whichProcess(); err != nil {
		return nil, errors.Join(err, s.Stop(context.WithoutCancel(ctx)))
	}
	return s, nil
}

func (s Spec) withDefaults() Spec {
	s.URL = strings.TrimRight(s.URL, "/")
	if s.Ready == "" {
		s.Ready = usualReady
	}
	if s.ReadyTimeout <= 0 {
		s.ReadyTimeout = DefaultReadyTimeout
		if s.Start == "" {
			s.ReadyTimeout = DefaultFindTimeout
		}
	}
	return s
}

// explain adds to a failed wait what the server wrote, if it was started.
func (s *Server) explain(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	if s.child == nil {
		return err
	}
	last := s.child.logTail(tailLines)
	if last == "" {
		return source.WithHint(err, fmt.Sprintf("it wrote nothing; try its command by hand: %s", s.spec.Start))
	}
	return fmt.Errorf("%w\nthe end of what it wrote:\n%s", err, last)
}

// Spec is what the server was opened with, defaults filled in.
func (s *Server) Spec() Spec { return s.spec }

// Exited is closed when the process that Open started ends; it is nil, and so
// blocks for ever, for a server that was running already.
func (s *Server) Exited() <-chan struct{} {
	if s.child == nil {
		return nil
	}
	return s.child.exited
}

// endsWithin is how long a server that ends takes for it once its connections are closed.
const endsWithin = 500 * time.Millisecond

// Died says how the process that Open started has ended, "exit status 1" or "signal:
// killed", and the last lines, at most n, that it wrote. how is "" while it runs, which
// takes half a second to know: a request that fails may be the first sign of an end.
// It is "" of a server that was running already, too.
func (s *Server) Died(n int) (how, last string) {
	if s.child == nil {
		return "", ""
	}
	select {
	case <-s.child.exited:
		return s.child.ending(), s.child.logTail(n)
	case <-time.After(endsWithin):
		return "", ""
	}
}

// LogTail is the last lines, at most n, that a started server wrote; "" for others.
func (s *Server) LogTail(n int) string {
	if s.child == nil {
		return ""
	}
	return s.child.logTail(n)
}

// Stop ends a server that Open started: SIGTERM to it and all it started,
// SIGKILL to what is left after five seconds or when ctx ends. Later calls return
// what the first did. A server that was running already is left alone.
func (s *Server) Stop(ctx context.Context) error {
	if s.child == nil {
		return nil
	}
	s.stopOnce.Do(func() {
		s.stopErr = s.child.stop(ctx)
		s.child.forget()
	})
	return s.stopErr
}

// Deaf reports whether Stop had to kill what Open started: it did not end within
// StopGrace of a SIGTERM.
func (s *Server) Deaf() bool { return s.child != nil && s.child.killed }
