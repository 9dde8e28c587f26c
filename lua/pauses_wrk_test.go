package lua

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/slots"
	"taskbench/parse"
)

// talking is a server that answers each request by a function, which says whether the
// connection stays open.
func talking(t *testing.T, answer func(io.Writer, *http.Request) (stays bool)) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	talk := func(c net.Conn) {
		defer c.Close()
		r := bufio.NewReader(c)
		for stays := true; stays; {
			request, err := http.ReadRequest(r)
			if err != nil {
				return
			}
			stays = answer(c, request)
		}
	}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go talk(c)
		}
	}()
	return "http://" + l.Addr().String()
}

const fineAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

// early is a server that gives an interim answer before each of its answers, a little
// before, so that it comes alone.
func early(t *testing.T) (url string) {
	t.Helper()
	return talking(t, func(w io.Writer, _ *http.Request) bool {
		fmt.Fprint(w, "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
		time.Sleep(3 * time.Millisecond)
		fmt.Fprint(w, fineAnswer)
		return true
	})
}

// TestPausesSurviveInterimAnswers: who pauses goes on behind an interim answer, which wrk
// takes for the answer. It asked how long to pause for, then for the next request, and was
// told to wait for ever when the answer came.
func TestPausesSurviveInterimAnswers(t *testing.T) {
	const users = 4
	s := loadText(t, "name: x\nflow: [{name: a, request: GET /, think: 20ms}, {name: b, request: GET /}]")
	o := Options{Connections: users, Duration: time.Second, Warmup: -1, Seed: 1}
	for name, measure := range map[string]func() *parse.Block{
		"in turn": func() *parse.Block {
			o := o
			o.URL = early(t)
			return runWrk(t, s, o)
		},
		"at a rate": func() *parse.Block {
			o := o
			o.URL, o.Rate = early(t), &arrivals.Plan{Rate: 50}
			return runWrk(t, s, o)
		},
		"in slots": func() *parse.Block {
			return turns(t, s, o, 100*time.Millisecond, 10*time.Millisecond, func([]*exec.Cmd) {}, early(t), early(t))[0]
		},
	} {
		b := measure()
		if b.Surplus == 0 || b.Lost+b.Broken > 0 {
			t.Errorf("%s: %d interim answers, %d lost, %d broken", name, b.Surplus, b.Lost, b.Broken)
		}
		if b.Iterations.Completed < 2*users {
			t.Errorf("%s: %d virtual users ended %d iterations: they hang", name, users, b.Iterations.Completed)
		}
		if least := b.Iterations.Latency.MinUS; least < 25e3 { // two answers and a pause, on a clock of milliseconds
			t.Errorf("%s: an iteration took %.0f µs: somebody did not pause", name, least)
		}
	}
}

// TestTurnsAndIdleClosing: a server that closes its connections in every pause does
// nothing wrong, in its own slots as in others'.
func TestTurnsAndIdleClosing(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"flow":  "flow: [{name: a, request: GET /closed, think: 60ms}, {name: b, request: GET /}]",
		"mix":   "load: {think: 60ms}\nmix: [{name: a, request: GET /closed}, {name: b, request: GET /}]",
		"retry": "flow: [{name: a, request: GET /closed, repeat: {times: 2, wait: 60ms}, think: 60ms}]",
	} {
		var asked atomic.Uint64
		closing := talking(t, func(w io.Writer, r *http.Request) bool {
			asked.Add(1)
			fmt.Fprint(w, fineAnswer)
			if r.URL.Path == "/closed" {
				time.Sleep(3 * time.Millisecond) // it is idle then
			}
			return r.URL.Path != "/closed"
		})
		o := Options{Connections: 4, Duration: 800 * time.Millisecond}
		b := turns(t, loadText(t, "name: x\n"+text), o, 200*time.Millisecond, 20*time.Millisecond, func([]*exec.Cmd) {}, closing, (&counter{}).serve(t))[0]
		if b.Wrk.Errors.Read == 0 {
			t.Errorf("%s: the server closed no connection: nothing was tried", name)
		}
		if b.Broken+b.Lost+b.Unanswered > 0 {
			t.Errorf("%s: %d broken, %d lost, %d unanswered of %d", name, b.Broken, b.Lost, b.Unanswered, asked.Load())
		}
		if sent := all(b.Slots.Sent); sent > asked.Load() || asked.Load()-sent > uncounted {
			t.Errorf("%s: %d sent, the server read %d", name, sent, asked.Load())
		}
	}
}

// TestTurnsGivenUp: where taskbench gives the slots up, as it does when it is interrupted,
// who pauses or waits for a slot is there at once: a generator that does not end is
// killed, and its figures with it.
func TestTurnsGivenUp(t *testing.T) {
	t.Parallel()
	urls := []string{(&counter{}).serve(t), (&counter{}).serve(t)}
	for name, rate := range map[string]*arrivals.Plan{"at once": nil, "pausing": nil, "at a rate": {Rate: 0.2}} {
		text := "flow: [{name: a, request: GET /}, {name: b, request: GET /}]"
		if name == "pausing" {
			text += "\nload: {think: 40ms}"
		}
		o := Options{Connections: 8, Duration: 40 * time.Second, Rate: rate}
		b := turnsUntil(t, loadText(t, "name: x\n"+text), o, ShortestSlot, 2*time.Millisecond, func(b *slots.Board) {
			time.Sleep(300 * time.Millisecond)
			b.GiveUp()
		}, urls...)[0]
		if b.Wrk.DurationUS > 30e6 {
			t.Errorf("%s: wrk ran for %.0f s", name, float64(b.Wrk.DurationUS)/1e6)
		}
	}
}

// TestWhoPausesBeginsAlone: virtual users who pause begin one after the other, in turn and
// in slots: spread over the pauses of an iteration.
func TestWhoPausesBeginsAlone(t *testing.T) {
	t.Parallel()
	const users = 4
	var mu sync.Mutex
	var first map[string]time.Time // when a user was heard of first
	hears := func() string {
		return talking(t, func(w io.Writer, r *http.Request) bool {
			mu.Lock()
			defer mu.Unlock()
			if _, there := first[r.URL.Path]; !there {
				first[r.URL.Path] = time.Now()
			}
			fmt.Fprint(w, fineAnswer)
			return true
		})
	}
	s := loadText(t, "name: x\nload: {think: 400ms}\nflow: [{name: a, request: \"GET /${vu}\"}, {name: b, request: \"GET /${vu}\"}]")
	o := Options{Connections: users, Duration: time.Second, Warmup: -1, Seed: 1}
	for name, measure := range map[string]func(url string){
		"in turn": func(url string) {
			o := o
			o.URL = url
			runWrk(t, s, o)
		},
		"in slots": func(url string) {
			turns(t, s, o, 100*time.Millisecond, 10*time.Millisecond, func([]*exec.Cmd) {}, url, (&counter{}).serve(t))
		},
	} {
		url := hears()
		first = map[string]time.Time{}
		measure(url)
		mu.Lock()
		// The last one begins 600 ms behind the first. Nobody is heard of too early, and
		// a busy machine may make them late.
		begin, last := first["/1"], first["/4"]
		if len(first) != users || last.Sub(begin) < 300*time.Millisecond {
			t.Errorf("%s: %d virtual users began, the last one %v behind the first", name, len(first), last.Sub(begin))
		}
		mu.Unlock()
	}
}

// TestLongPausesAreHeard: who begins late is not deaf to the end of the run, and asks again
// when it would have, had it begun late.
func TestLongPausesAreHeard(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: x\nload: {think: 12s}\nrequest: GET /")
	var asked atomic.Int64
	url := talking(t, func(w io.Writer, r *http.Request) bool {
		asked.Add(1)
		fmt.Fprint(w, fineAnswer)
		return true
	})
	o := Options{URL: url, Connections: 4, Duration: 4 * time.Second, Warmup: -1, Seed: 1}
	b := runWrk(t, s, o)
	// The first virtual user begins at once, the others within two seconds; none has a
	// second turn before 15 s.
	if asked.Load() != 4 || b.Steps[0].Answers != 4 {
		t.Errorf("asked %d times, %d answers, of 4 virtual users", asked.Load(), b.Steps[0].Answers)
	}
}
