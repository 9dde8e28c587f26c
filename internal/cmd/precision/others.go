package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"time"
)

// beOther is the whole program where it was called as something else than what
// measures. It returns for the latter.
func beOther() {
	if len(os.Args) < 2 {
		return
	}
	switch os.Args[1] {
	case "neighbour":
		beNeighbour()
	case "puts-off":
		s := &putsOff{owed: make(chan time.Time, 1<<16)}
		go s.catchUp()
		fmt.Fprintln(os.Stderr, http.ListenAndServe(os.Args[2], s))
		os.Exit(1)
	}
}

// beNeighbour burns a core for 0.2 to 3 s, rests for as long, and so on for ever.
func beNeighbour() {
	while := func() time.Duration {
		return 200*time.Millisecond + time.Duration(rand.Float64()*float64(2800*time.Millisecond))
	}
	for {
		burn(while())
		time.Sleep(while())
	}
}

func burn(d time.Duration) {
	for until := time.Now().Add(d); time.Now().Before(until); {
	}
}

// putsOff is a server with a thread in the background that does work for each
// answer 120 ms later: in turns of 100 ms, while it is the other's.
type putsOff struct{ owed chan time.Time }

const (
	putOffBy = 120 * time.Millisecond
	putOff   = 10 * time.Microsecond // for an answer
)

func (s *putsOff) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	select {
	case s.owed <- time.Now():
	default: // more than it can hold: it is done at once
		burn(putOff)
	}
}

// catchUp works off what is owed for long enough.
func (s *putsOff) catchUp() {
	for since := range s.owed {
		time.Sleep(time.Until(since.Add(putOffBy)))
		burn(putOff)
	}
}

// withNeighbours starts so many of them; end stops them.
func withNeighbours(ctx context.Context, n int) (end func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var all []*exec.Cmd
	end = func() {
		for _, c := range all {
			_ = c.Process.Kill()
			_ = c.Wait()
		}
	}
	for range n {
		c := exec.CommandContext(ctx, self, "neighbour")
		if err := c.Start(); err != nil {
			end()
			return nil, err
		}
		all = append(all, c)
	}
	return end, nil
}
