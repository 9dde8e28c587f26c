package lua

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/parse"
)

var rateScenarios = map[string]string{
	"request": "request: GET /\n",
	"mix":     "mix:\n- {name: one, weight: 3, request: GET /}\n- {name: two, request: \"GET /?x=${random(1,9)}\"}\n",
	"flow":    "flow:\n- {name: one, request: GET /, think: 3ms}\n- {name: two, request: GET /}\n- {name: three, request: GET /, think: 1h}\n",
}

// accounted holds what became of a schedule against the arrivals that it had.
func accounted(t *testing.T, b *parse.Block, requestsEach uint64) {
	t.Helper()
	r := b.Rate
	if r == nil {
		t.Fatal("the block says nothing of its rate")
	}
	first := b.Steps[0].Answers
	if b.Mode != "flow" {
		for _, s := range b.Steps[1:] {
			first += s.Answers
		}
	}
	if got := first + r.Unsent + b.Lost + b.Unanswered; got != r.Due {
		t.Errorf("%d iterations were due: %d answered, %d lost, %d unanswered, %d never sent", r.Due, first, b.Lost, b.Unanswered, r.Unsent)
	}
	if all := requestsEach * r.Due; b.Mode == "flow" && b.Iterations.Completed*requestsEach+b.Iterations.Failed > all {
		t.Errorf("%d iterations completed and %d failed of %d", b.Iterations.Completed, b.Iterations.Failed, r.Due)
	}
	for i, s := range r.Service {
		if l := b.Steps[i].Latency; s.SumUS > l.SumUS+float64(l.Count) {
			t.Errorf("step %s: answers took %g µs from their sending, and only %g from when they were due", b.Steps[i].Name, s.SumUS, l.SumUS)
		}
	}
}

// TestRate: in every mode the schedule has exactly its arrivals, whatever the
// machine does, each is accounted for, and the server saw as many requests.
func TestRate(t *testing.T) {
	t.Parallel()
	each := map[string]uint64{"request": 1, "mix": 1, "flow": 3}
	for mode, text := range rateScenarios {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			var served atomic.Uint64
			server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served.Add(1) }))
			defer server.Close()
			b := runWrk(t, parseScenario(t, text), Options{
				URL: server.URL, Connections: 8, Duration: 2 * time.Second, Warmup: 500 * time.Millisecond, Rate: &arrivals.Plan{Rate: 200},
			})
			if b.Rate.Due != 400 {
				t.Errorf("%d iterations were due in 2 s at 200/s", b.Rate.Due)
			}
			accounted(t, b, each[mode])
			// What was late in the warm-up is not sent.
			if least, most := each[mode]*400, each[mode]*500; b.Rate.Unsent == 0 && (served.Load() < least || served.Load() > most) {
				t.Errorf("the server got %d requests, of %d to %d", served.Load(), least, most)
			}
		})
	}
}

// TestRateHasItsWholeWindow: it is as long as was asked for, although nothing more is
// due in its last part.
func TestRateHasItsWholeWindow(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	for mode, text := range rateScenarios {
		b := runWrk(t, parseScenario(t, text), Options{URL: server.URL, Connections: 3, Duration: 2 * time.Second, Rate: &arrivals.Plan{Rate: 1}})
		if b.Rate.Due != 2 || b.Window.LengthUS != 2e6 {
			t.Errorf("%s: %d due in a window of %g µs", mode, b.Rate.Due, b.Window.LengthUS)
		}
	}
}

// TestRateKeepsItsSchedule: a server that answers nothing for a while has all that
// was due meanwhile in its latencies, although few virtual users wait for it; from
// the sending, hardly any is slow. The stall is as long as the server says.
func TestRateKeepsItsSchedule(t *testing.T) {
	t.Parallel()
	const stall = 500 * time.Millisecond
	var stalled atomic.Bool
	var until atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if stalled.CompareAndSwap(false, true) {
			until.Store(time.Now().Add(stall).UnixNano())
		}
		if left := until.Load() - time.Now().UnixNano(); left > 0 {
			time.Sleep(time.Duration(left))
		}
	}))
	defer server.Close()
	b := runWrk(t, parseScenario(t, rateScenarios["request"]), Options{
		URL: server.URL, Connections: 4, Duration: 2 * time.Second, Warmup: -1, Rate: &arrivals.Plan{Rate: 400},
	})
	accounted(t, b, 1)
	slow := func(l *parse.BlockLatency) (n uint64) {
		for _, bucket := range l.Buckets {
			if bucket[0] >= 64*16 { // 65 ms and more
				n += bucket[1]
			}
		}
		return n
	}
	// 400/s for half a second: 200 arrivals, of which the last 26 waited for less than 65 ms.
	if n := slow(b.Steps[0].Latency); n < 170 {
		t.Errorf("%d answers are slow by the schedule, of at least 174", n)
	}
	if n := slow(&b.Rate.Service[0]); b.Rate.LagMostUS < 20000 && n > 40 {
		t.Errorf("%d answers are slow from their sending, of 4 virtual users", n)
	}
}

// TestRateAccountsForFailures: of a server that resets, closes, answers wrongly and
// late, every arrival is accounted for, and wrong answers are as many as the server gave.
func TestRateAccountsForFailures(t *testing.T) {
	t.Parallel()
	var n, wrong atomic.Uint64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch i := n.Add(1); {
		case i%7 == 0:
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				conn.Close()
			}
		case i%5 == 0:
			wrong.Add(1)
			w.WriteHeader(http.StatusInternalServerError)
		case i%11 == 0:
			time.Sleep(30 * time.Millisecond)
		}
	}))
	defer server.Close()
	b := runWrk(t, parseScenario(t, rateScenarios["request"]), Options{
		URL: server.URL, Connections: 8, Duration: time.Second, Warmup: -1, Rate: &arrivals.Plan{Rate: 300, Arrival: arrivals.Poisson}, Seed: 3,
	})
	accounted(t, b, 1)
	if got := b.Steps[0].Statuses["500"]; got != wrong.Load() {
		t.Errorf("%d answers of 500, the server gave %d", got, wrong.Load())
	}
	if b.Lost == 0 {
		t.Error("no request was lost where one of seven connections is closed")
	}
}

// TestRateBeyondCapacity: what a server cannot take in time is not sent later than
// the overtime, and is accounted for.
func TestRateBeyondCapacity(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(20 * time.Millisecond) }))
	defer server.Close()
	b := runWrk(t, parseScenario(t, rateScenarios["request"]), Options{
		URL: server.URL, Connections: 2, Duration: 2 * time.Second, Warmup: -1, Rate: &arrivals.Plan{Rate: 1000},
	})
	accounted(t, b, 1)
	if r := b.Rate; r.Due != 2000 || r.Begun > 220 || r.Unsent < 1600 || r.KeptUpUS > 1e6 {
		t.Errorf("2 virtual users with answers of 20 ms at 1000/s: %+v", *r)
	}
}

// TestRateInSlots: the schedule stands still when it is another's turn.
func TestRateInSlots(t *testing.T) {
	t.Parallel()
	for mode, text := range rateScenarios {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			var counts [2]atomic.Uint64
			var urls []string
			for i := range counts {
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					counts[i].Add(1)
					fmt.Fprint(w, "{}")
				}))
				defer server.Close()
				urls = append(urls, server.URL)
			}
			o := Options{Connections: 6, Duration: 600 * time.Millisecond, Warmup: 300 * time.Millisecond, Rate: &arrivals.Plan{Rate: 200}}
			for _, b := range turns(t, parseScenario(t, text), o, 60*time.Millisecond, 20*time.Millisecond, func([]*exec.Cmd) {}, urls...) {
				accounted(t, b, 3)
				if b.Rate.Due < 119 || b.Rate.Due > 121 {
					t.Errorf("%d were due in 600 ms of slots at 200/s", b.Rate.Due)
				}
			}
		})
	}
}

// TestRateSurvivesIdleClosing: a server may close connections that wait for their
// user's next arrival. Nothing is lost, nothing is sent twice, and no fault is told.
func TestRateSurvivesIdleClosing(t *testing.T) {
	t.Parallel()
	var served atomic.Uint64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served.Add(1) }))
	server.Config.IdleTimeout = 10 * time.Millisecond
	server.Start()
	defer server.Close()
	b := runWrk(t, parseScenario(t, rateScenarios["request"]), Options{
		URL: server.URL, Connections: 20, Duration: 2 * time.Second, Warmup: time.Second, Rate: &arrivals.Plan{Rate: 40},
	})
	accounted(t, b, 1)
	if b.Rate.Due != 80 || b.Broken > 0 || b.Rate.Unsent == 0 && served.Load() != 120 {
		t.Errorf("%d due, %d of 120 served, %d broken", b.Rate.Due, served.Load(), b.Broken)
	}
	if errors := b.Wrk.Errors; errors.Read == 0 {
		t.Error("the server closed no connection: nothing was tried")
	}
}

// TestRateWithoutTheWarmupsQueue: a server that does not keep up answers what is due
// in the window from its beginning on, and not what the warm-up left over.
func TestRateWithoutTheWarmupsQueue(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(20 * time.Millisecond) }))
	defer server.Close()
	b := runWrk(t, parseScenario(t, rateScenarios["request"]), Options{
		URL: server.URL, Connections: 2, Duration: time.Second, Warmup: 3 * time.Second, Rate: &arrivals.Plan{Rate: 2000},
	})
	accounted(t, b, 1)
	if b.Steps[0].Answers == 0 || b.Rate.Begun == 0 {
		t.Errorf("%d answers, %d begun of %d due: two users of a server that takes 20 ms answer from 1 to 100 a second", b.Steps[0].Answers, b.Rate.Begun, b.Rate.Due)
	}
}
