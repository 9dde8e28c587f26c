package taskflow

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Name is the "server" field of /health: what tells a reference server from a real one.
const Name = "taskbench reference server"

// version is that of the API, as the real servers report it.
const version = "0.1.0"

// Server is a reference TaskFlow server, an http.Handler. It is safe for
// concurrent use. Config.Leak, and CloseAfter's count of answers per
// connection, need Serve; all else works under any http.Server.
type Server struct {
	config   Config
	store    Store
	tokens   *tokens
	mux      *http.ServeMux
	routes   []route
	started  time.Time
	observer *observer // nil unless Config.Observe
	burner   *burner   // nil unless Config.Slow
	errors   *errorDice
	queue    *queue // nil unless Config.Capacity

	healthEnd []byte

	// The clock and the pause are fields so that tests need no real time.
	now   func() time.Time
	sleep func(time.Duration)
}

// New makes a server; one in memory has one user in it, SeededUsername with id 1.
// The configuration must be valid (see Config.Validate): New panics if it is not.
func New(config Config) *Server {
	return newServer(config, time.Now, time.Sleep)
}

func newServer(config Config, now func() time.Time, sleep func(time.Duration)) *Server {
	if err := config.Validate(); err != nil {
		panic("taskflow: " + err.Error())
	}
	if len(config.Secret) == 0 {
		config.Secret = []byte(rand.Text())
	}
	s := &Server{
		config:    config,
		store:     config.Store,
		tokens:    newTokens(config.Secret, now),
		started:   now(),
		errors:    newErrorDice(config.ErrorRate, config.Seed),
		healthEnd: healthEnd(config),
		now:       now,
		sleep:     sleep,
	}
	if config.Observe {
		s.observer = newObserver(s.started)
	}
	if config.Capacity > 0 {
		s.queue = &queue{each: time.Duration(float64(time.Second) / config.Capacity)}
	}
	if config.Slow > 0 {
		s.burner = newBurner(config.Slow)
	}
	s.mount()
	if s.store == nil {
		s.remember()
	}
	return s
}

// remember keeps the data in memory.
func (s *Server) remember() {
	s.store = newStore(s.config.Dialect, s.now)
	if _, err := s.enroll(context.Background(), registration{Username: SeededUsername, Email: SeededEmail, Password: SeededPassword}); err != nil {
		panic("taskflow: seed the first user: " + err.Error())
	}
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// ServeHTTP is the whole way of a request: take a place in the queue, wait out a
// stall, do the work, do the extra work asked for, be late, wait for the turn, wait
// out a stall again, answer, note it.
func (rt *route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := rt.server
	arrived := s.elapsed()
	turn := arrived
	if s.queue != nil {
		turn = s.queue.enter(arrived)
	}
	s.waitOut(arrived)
	answer := s.work(rt, r)
	if s.config.Delay > 0 {
		s.sleep(s.config.Delay)
	}
	if left := turn - s.elapsed(); left > 0 {
		s.sleep(left)
	}
	s.waitOut(s.elapsed())
	last := s.config.CloseAfter > 0 && s.lastOnConnection(r)
	if last && !s.config.CloseAbruptly {
		w.Header().Set("Connection", "close")
	}
	answer.write(w)
	if s.observer != nil {
		flush(w) // so that the time noted is that of the last byte's hand-over
		s.observer.note(rt.number, answer.status, arrived, s.elapsed())
	}
	if last && s.config.CloseAbruptly {
		flush(w)
		hangUp(r)
	}
}

// elapsed is the time since the server was made, on the monotonic clock.
func (s *Server) elapsed() time.Duration { return s.now().Sub(s.started) }

// work handles a request and burns the share of CPU time asked for on top.
func (s *Server) work(rt *route, r *http.Request) reply {
	if s.burner == nil {
		return s.answer(rt, r)
	}
	began := s.elapsed()
	answer := s.answer(rt, r)
	s.burner.burn(s.elapsed() - began)
	return answer
}

// answer is what the API says to a request, or the error that was asked for.
func (s *Server) answer(rt *route, r *http.Request) reply {
	if s.errors.strikes() {
		return refusal(http.StatusInternalServerError, "error asked for by --error-rate")
	}
	c := call{request: r}
	if !rt.open {
		if refused := s.authenticate(&c); refused != nil {
			return *refused
		}
	}
	return rt.handle(s, &c)
}

// shutdownGrace is how long answers under way may take once Serve is told to stop.
const shutdownGrace = 2 * time.Second

// Serve answers on the listener until ctx ends, then lets answers under way
// finish for two seconds, closes the listener and returns nil. The
// configuration is checked first.
func Serve(ctx context.Context, config Config, listener net.Listener) error {
	if err := config.Validate(); err != nil {
		return err
	}
	return New(config).Serve(ctx, listener)
}

// Serve is the function Serve for a server already made.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	// No timeouts: they cost a timer per request, and the clients are ours.
	server := &http.Server{Handler: s}
	if s.config.CloseAfter > 0 {
		server.ConnContext = withConnection
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.config.Leak > 0 {
		go leak(ctx, s.config.Leak)
	}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		<-ctx.Done()
		stop(server)
	}()
	err := server.Serve(listener)
	cancel()
	<-stopped
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("reference server on %s: %w", listener.Addr(), err)
}

func stop(server *http.Server) {
	grace, cancel := context.WithTimeout(context.Background(), shutdownGrace)
	defer cancel()
	if server.Shutdown(grace) != nil {
		_ = server.Close() // answers that take longer are cut off
	}
}
