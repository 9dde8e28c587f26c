//go:build linux

package main

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// server makes one kind of fault, and keeps its own account.
type server struct {
	fault fault
	*net.TCPListener

	mu       sync.Mutex
	requests []int64 // when each came whole, in µs of the system's monotonic clock
	faulty   []int64 // the same of those that the fault befell
}

func newServer(f fault) (*server, error) {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return nil, err
	}
	s := &server{fault: f, TCPListener: l}
	go func() {
		for {
			c, err := l.AcceptTCP()
			if err != nil {
				return // closed
			}
			go s.converse(c)
		}
	}()
	return s, nil
}

func (s *server) converse(c *net.TCPConn) {
	defer c.Close()
	r := bufio.NewReader(c)
	serve := say(answer, true)
	for {
		request, err := http.ReadRequest(r)
		if err != nil {
			return
		}
		request.Body.Close()
		turn := serve
		if s.count() {
			turn = s.fault.serve
		}
		if !turn(c) {
			return
		}
	}
}

// count counts a request and says whether the fault befalls it.
func (s *server) count() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := monotonic()
	s.requests = append(s.requests, now)
	befalls := len(s.requests)%s.fault.every == 0
	if befalls && !s.fault.manner {
		s.faulty = append(s.faulty, now)
	}
	return befalls
}

// counted is what the server saw between two moments, in µs.
func (s *server) counted(from, to int64) (requests, faulty int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	within := func(moments []int64) (n int) {
		for _, at := range moments {
			if from <= at && at < to {
				n++
			}
		}
		return n
	}
	return within(s.requests), within(s.faulty)
}

// monotonic is the clock that scripts tell their window by.
func monotonic() int64 {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) != nil {
		return 0
	}
	return t.Nano() / int64(time.Microsecond)
}
