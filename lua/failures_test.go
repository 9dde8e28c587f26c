package lua

import (
	"io"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"taskbench/scenarios"
)

func TestSetupFailureEndsTheRun(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, `{"error":"no \"such\" table\x01"}`, http.StatusInternalServerError)
	}))
	defer server.Close()
	s := projects()
	s.Load.Duration = time.Hour // only a run that ends itself comes back
	b := runWrk(t, s, Options{URL: server.URL, Connections: 3})
	if b.Window.LengthUS != 0 || b.Setup[0].Unmet["status"] == 0 || b.Setup[0].Example == nil || b.Setup[0].Example.Status != 500 {
		t.Errorf("%+v, %+v", b.Window, b.Setup[0])
	}
	if b.Setup[0].Example.Unmet != "status" || !strings.Contains(b.Setup[0].Example.Body, `no \"such\" table`) {
		t.Errorf("example %+v", b.Setup[0].Example)
	}
}

func TestExpectationsOnWrk(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"id":5,"name":"x"}`)
	}))
	defer server.Close()
	first := get("first", "/", status(200))
	first.Expect.JSON = []scenarios.JSONMatch{{Label: "name", Path: scenarios.JSONPath{"name"}, Match: scenarios.Match{Kind: scenarios.MatchEquals, Value: "y"}}}
	first.Captures = []scenarios.Capture{fromJSON("id", "id"), fromJSON("missing", "nowhere")}
	second := get("second", "/", status(200))
	b := runWrk(t, scenario(scenarios.Flow, first, second), Options{URL: server.URL, Connections: 2})
	got := b.Steps[0]
	if got.Good != 0 || got.Unmet["json:name"] != got.Answers || got.Unmet["capture:missing"] != got.Answers || got.Unmet["capture:id"] != 0 {
		t.Errorf("%+v", got)
	}
	if got.Example == nil || got.Example.Unmet != "json:name" || got.Example.Body != `{"id":5,"name":"x"}` {
		t.Errorf("example %+v", got.Example)
	}
	if b.Steps[1].Answers != 0 || b.Iterations.Completed != 0 || b.Iterations.Failed != got.Answers || b.PerSecond[0].Failed == 0 {
		t.Errorf("iterations %+v, second step %+v", b.Iterations, b.Steps[1])
	}
}

func TestLateAnswersOnWrk(t *testing.T) {
	var n atomic.Uint64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if n.Add(1)%5 == 0 {
			time.Sleep(300 * time.Millisecond)
		}
		_, _ = io.WriteString(w, "ok")
	}))
	defer server.Close()
	for _, mode := range []scenarios.Mode{scenarios.Flow, scenarios.Request} {
		s := scenario(mode, get("a", "/", scenarios.Expect{}))
		b := runWrk(t, s, Options{URL: server.URL, Connections: 2, Timeout: 200 * time.Millisecond})
		got := b.Steps[0]
		if got.Late == 0 || got.Late > got.Answers/2 || got.Good != got.Answers-got.Late {
			t.Errorf("%s: %+v", mode, got)
		}
	}
}

// rawServer answers on bare connections, so that a test can break them.
func rawServer(t *testing.T, serve func(n int, c net.Conn)) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for n := 1; ; n++ {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(n, c)
		}
	}()
	return "http://" + l.Addr().String()
}

// answerEach answers requests without a body until f returns "".
func answerEach(c net.Conn, f func(n int) string) {
	defer c.Close()
	buffer := make([]byte, 4096)
	for n := 1; ; n++ {
		if _, err := c.Read(buffer); err != nil {
			return
		}
		answer := f(n)
		if _, err := io.WriteString(c, answer); err != nil || answer == "" {
			return
		}
	}
}

const okAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"id\":1}"

func TestLostConnectionsOnWrk(t *testing.T) {
	url := rawServer(t, func(_ int, c net.Conn) {
		answerEach(c, func(n int) string {
			if n == 20 {
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{\"id") // cut off
				return ""
			}
			return okAnswer
		})
	})
	first := get("first", "/", status(200))
	first.Captures = []scenarios.Capture{fromJSON("id", "id")}
	second := scenarios.Step{Name: "second", Method: "GET", Path: tmpl("/", capture("id", "url"))}
	b := runWrk(t, scenario(scenarios.Flow, first, second), Options{URL: url, Connections: 3})
	lost := b.Steps[0].Unmet["lost"]
	if b.Lost == 0 || b.Wrk.Errors.Read == 0 || lost+b.Steps[1].Unmet["lost"] != b.Lost || b.Broken != 0 {
		t.Errorf("lost %d, broken %d, read errors %d, steps %+v", b.Lost, b.Broken, b.Wrk.Errors.Read, b.Steps)
	}
	for _, step := range b.Steps {
		if step.Good != step.Answers || step.Answers == 0 {
			t.Errorf("what is answered is right here: %+v", step)
		}
	}
	if b.Iterations.Failed != b.Lost {
		t.Errorf("%d iterations failed, %d requests lost", b.Iterations.Failed, b.Lost)
	}
}

// Some answers say how long they are, others end with their connection, as in
// HTTP/1.0: both are whole, and no connection is broken.
func TestAnswersThatEndWithTheirConnection(t *testing.T) {
	for name, headers := range map[string]string{"none": "", "others": "Content-Type: text/plain\r\nServer: old\r\n"} {
		url := rawServer(t, func(_ int, c net.Conn) {
			answerEach(c, func(n int) string {
				if n == 1 {
					return strings.Replace(okAnswer, "Content-Length", "CONTENT-length", 1)
				}
				_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n"+headers+"\r\nas long as it lasts")
				return ""
			})
		})
		b := runWrk(t, scenario(scenarios.Flow, get("first", "/", status(200)), get("second", "/", status(200))), Options{URL: url, Connections: 3})
		if b.Broken != 0 || b.Lost != 0 || b.Steps[0].Good == 0 || b.Steps[1].Good != b.Steps[1].Answers || b.Wrk.Errors.Read == 0 {
			t.Errorf("%s: lost %d, broken %d, read errors %d, steps %+v", name, b.Lost, b.Broken, b.Wrk.Errors.Read, b.Steps)
		}
	}
}

// TestServerThatHangs: a request that waits is an error when the timeout is
// over, in every form of script, also where wrk stops long before that; one
// whose answer comes in time is none.
func TestServerThatHangs(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		mode    scenarios.Mode
		expect  scenarios.Expect
		timeout time.Duration
		answer  time.Duration // of the request that hangs; 0: never
		want    uint64
	}{
		"flow":                      {scenarios.Flow, status(200), 500 * time.Millisecond, 0, 1},
		"flow, a long timeout":      {scenarios.Flow, status(200), 3 * time.Second, 0, 1},
		"flow, answered in time":    {scenarios.Flow, status(200), time.Minute, 2 * time.Second, 0},
		"request":                   {scenarios.Request, scenarios.Expect{}, 500 * time.Millisecond, 0, 1},
		"request, a long timeout":   {scenarios.Request, scenarios.Expect{}, 3 * time.Second, 0, 1},
		"request, answered in time": {scenarios.Request, scenarios.Expect{}, time.Minute, 2 * time.Second, 0},
		"request, looked at":        {scenarios.Request, status(200), 500 * time.Millisecond, 0, 1},
		"mix":                       {scenarios.Mix, status(200), 500 * time.Millisecond, 0, 1},
		"request, half an answer":   {scenarios.Request, scenarios.Expect{}, 500 * time.Millisecond, -1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			step := get("a", "/", c.expect)
			step.Weight = 1
			b := runWrk(t, scenario(c.mode, step), Options{URL: hangingServer(t, c.answer), Connections: 3, Timeout: c.timeout})
			if b.Unanswered != c.want || b.Steps[0].Answers == 0 || b.Lost+b.Surplus+b.Broken != 0 {
				t.Errorf("unanswered %d, lost %d, surplus %d, broken %d, %+v", b.Unanswered, b.Lost, b.Surplus, b.Broken, b.Steps[0])
			}
		})
	}
}

// TestNobodyWaitsForAServerThatAnswersAll: where connections break behind their
// answers, those that have their answer when wrk stops are not taken for waiting.
func TestNobodyWaitsForAServerThatAnswersAll(t *testing.T) {
	t.Parallel()
	for name, expect := range map[string]scenarios.Expect{"bare": {}, "looked at": status(200)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var closed atomic.Uint64
			url := rawServer(t, func(_ int, c net.Conn) {
				answerEach(c, func(n int) string {
					if n < 20 {
						return okAnswer
					}
					closed.Add(1)
					_, _ = io.WriteString(c, okAnswer)
					return ""
				})
			})
			b := runWrk(t, scenario(scenarios.Request, get("a", "/", expect)), Options{URL: url, Connections: 8, Timeout: 10 * time.Second})
			if n := closed.Load(); b.Unanswered != 0 || b.Lost+b.Broken > n || b.Lost+b.Broken+8 < n {
				t.Errorf("unanswered %d, lost %d, broken %d of %d connections that the server closed", b.Unanswered, b.Lost, b.Broken, n)
			}
		})
	}
}

// hangingServer lets the tenth request of its second connection wait: for its
// time, for ever (0), or in the middle of the answer (-1).
func hangingServer(t *testing.T, wait time.Duration) string {
	return rawServer(t, func(n int, c net.Conn) {
		answerEach(c, func(request int) string {
			if n != 2 || request != 10 {
				return okAnswer
			}
			switch wait {
			case -1:
				_, _ = io.WriteString(c, okAnswer[:len(okAnswer)-2])
				fallthrough
			case 0:
				select {} // this connection never answers again
			}
			time.Sleep(wait)
			return okAnswer
		})
	})
}

func TestOtherThreadsThanConnections(t *testing.T) {
	server := newTaskServer(t)
	s := projects()
	o := Options{URL: server.URL, Connections: 4}
	b := runWrkAs(t, s, o, 2, 2, 8) // fewer virtual users: they start two seconds after the last
	if b.VirtualUsersStarted != 2 || b.VirtualUsersAsked != 4 || b.Steps[0].Good == 0 || b.Window.LengthUS != 1e6 {
		t.Errorf("%+v", b)
	}
	b = runWrkAs(t, s, o, 2, 8, 4) // several connections a thread: nonsense, but it comes to an end
	// Which it is depends on who answers first: a request repeated, or the same user registered twice.
	if b.Lost == 0 && len(b.Setup[0].Unmet) == 0 {
		t.Errorf("nothing says that this run was wrong: %+v", b)
	}
}

func TestEndedBefore(t *testing.T) {
	server := newTaskServer(t)
	s := projects()
	s.Load.Duration = time.Minute
	b := runWrkAs(t, s, Options{URL: server.URL, Connections: 2}, 2, 2, 3)
	if n := b.Window.LengthUS; n <= 0 || n >= 60e6 || len(b.PerSecond) != int(math.Ceil(n/1e6)) || b.Steps[0].Good == 0 {
		t.Errorf("window %+v, %+v", b.Window, b.Steps[0])
	}
}

func TestThinkTimeOnWrk(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	defer server.Close()
	for _, d := range []scenarios.Distribution{scenarios.Fixed, scenarios.Uniform, scenarios.Exponential} {
		s := scenario(scenarios.Flow, get("a", "/", status(200)), get("b", "/", status(200)))
		s.Load.Think = scenarios.Think{Mean: 20 * time.Millisecond, Distribution: d}
		b := runWrk(t, s, Options{URL: server.URL, Connections: 4})
		// Each of four virtual users pauses 20 ms before a request: at most 200 in a second, and some.
		if n := b.Steps[0].Answers + b.Steps[1].Answers; n == 0 || n > 300 {
			t.Errorf("%s: %d answers in a second", d, n)
		}
		if i := b.Iterations.Latency; d == scenarios.Fixed && i.MinUS < 19000 {
			t.Errorf("an iteration of two steps took %.0f µs with its pause of 20 ms", i.MinUS)
		}
	}
}

func TestEnvironmentOfAScript(t *testing.T) {
	server := newTaskServer(t)
	b := runWrk(t, projects(), Options{URL: server.URL, Connections: 1, Seed: 5}, "TASKBENCH_RUN=my run", "TASKBENCH_SEED=-77")
	server.Close() // waits for the handlers whose client has gone
	if b.Run != "my run" || b.Seed != -77 || !server.tokens["t-my run-1"] {
		t.Errorf("run %q, seed %d, tokens %v", b.Run, b.Seed, server.tokens)
	}
}

// TestChunkedWrongAnswers: an answer that is not right is looked at once more,
// also where it does not say how long it is.
func TestChunkedWrongAnswers(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "wr")
		w.(http.Flusher).Flush()
		_, _ = io.WriteString(w, "ong")
	}))
	defer server.Close()
	step := get("a", "/", status(200))
	step.Expect.Body = []scenarios.Match{{Kind: scenarios.MatchContains, Text: "right"}}
	b := runWrk(t, scenario(scenarios.Request, step), Options{URL: server.URL, Connections: 2})
	got := b.Steps[0]
	if got.Good != 0 || got.Unmet["body"] != got.Answers || got.Example == nil || got.Example.Body != "wrong" {
		t.Errorf("%+v, example %+v", got, got.Example)
	}
}
