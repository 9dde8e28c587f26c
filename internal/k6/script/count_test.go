package script

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/k6/k6test"
	"taskbench/lua"
	"taskbench/parse"
)

const second = time.Second

// answers is a server that gives the same text to everybody.
func answers(text string) func() http.Handler {
	return func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) })
	}
}

func decoded(t *testing.T, text string) (out []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// What virtual users count is what the server counts, on every route, but for one request
// of each that was on its way when the window closed.
func TestSumsAreTheServers(t *testing.T) {
	t.Parallel()
	const users = 5
	s := loadText(t, fmt.Sprintf(`
name: sums
load: {connections: %d}
mix:
  - {name: a, request: GET /a}
  - {name: b, weight: 3, request: POST /b, json: {n: "${seq}"}}
  - {name: c, request: DELETE /c}
`, users))
	server := newRecorder(t, answers(`{}`))
	b := runK6(t, server, s, Options{Duration: 2 * second, Warmup: -1, URL: server.URL, Seed: 123456789012345679})
	if b.Seed != 123456789012345679 {
		t.Errorf("seed %d", b.Seed)
	}
	all, open := uint64(0), uint64(0)
	for i, route := range []string{"GET /a", "POST /b", "DELETE /c"} {
		step, served := b.Steps[i], server.all[route]
		if step.Answers > served || step.Good != step.Answers || step.Latency.Count != step.Answers {
			t.Errorf("%s: %d answers, %d good, %d served", route, step.Answers, step.Good, served)
		}
		all, open = all+step.Answers, open+served-step.Answers
	}
	seconds := uint64(0)
	for _, s := range b.PerSecond {
		seconds += s.Good + s.Failed
	}
	if open > users || all == 0 || seconds != all {
		t.Errorf("%d answers, %d by the second, %d more served", all, seconds, open)
	}
	numbers := map[string]bool{}
	for _, sent := range server.taken() {
		for _, request := range sent {
			if _, body, found := strings.Cut(request, `{"n":`); found && numbers[body] {
				t.Errorf("%s was handed out twice", body)
			} else if found {
				numbers[body] = true
			}
		}
	}
}

// At a rate every arrival of the window is told: begun, or unsent. What is late counts
// from when it was due.
func TestRateCountsAllArrivals(t *testing.T) {
	t.Parallel()
	stages := []arrivals.Stage{{Duration: second, From: 0, To: 60}, {Duration: second, From: 60, To: 60}}
	for name, c := range map[string]struct {
		plan arrivals.Plan
		due  uint64 // 0: not known
		slow time.Duration
	}{
		"constant": {plan: arrivals.Plan{Rate: 50}, due: 100},
		"stages":   {plan: arrivals.Plan{Stages: stages}, due: 90},
		"poisson":  {plan: arrivals.Plan{Rate: 50, Arrival: arrivals.Poisson}},
		"too slow": {plan: arrivals.Plan{Rate: 50}, due: 100, slow: 250 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			s := loadText(t, "name: rate\nload: {connections: 4}\nrequest: GET /a\n")
			server := newRecorder(t, func() http.Handler {
				return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(c.slow) })
			})
			o := Options{Duration: 2 * second, Warmup: 200 * time.Millisecond, URL: server.URL, Rate: &c.plan, Seed: 5}
			b := runK6(t, server, s, o)
			if c.due == 0 { // all engines draw the same
				c.due = runWrk(t, server, s, Options{Connections: 4, Duration: o.Duration, Warmup: o.Warmup, URL: o.URL, Rate: o.Rate, Seed: 5}).Rate.Due
			}
			checkRate(t, b, c.due, c.slow)
		})
	}
}

func checkRate(t *testing.T, b *parse.Block, due uint64, slow time.Duration) {
	t.Helper()
	r, step := b.Rate, b.Steps[0]
	if r.Due != due || step.Answers+r.Unsent != due || r.Service[0].Count != step.Answers {
		t.Errorf("%d due, not %d: %d begun, %d unsent, %d answers", r.Due, due, r.Begun, r.Unsent, step.Answers)
	}
	if slow > 0 && r.Unsent == 0 {
		t.Errorf("%d unsent of %d", r.Unsent, r.Due)
	}
	if late := step.Latency.SumUS - r.Service[0].SumUS; slow > 0 && late < 100*float64(slow.Microseconds()) {
		t.Errorf("answers waited for %.0f µs in sum", late)
	}
	var stages uint64
	for _, s := range r.Stages {
		stages += s.Due
	}
	if len(r.Stages) > 0 && stages != due {
		t.Errorf("stages have %d due of %d", stages, due)
	}
}

// Virtual users that were set up elsewhere come with what that left behind, and set up
// nothing; their number is that of all processes.
func TestHandedOver(t *testing.T) {
	t.Parallel()
	s := loadText(t, `
name: handed
load: {connections: 3}
setup: [{name: login, request: POST /login, json: {n: "${seq}"}, capture: {token: token, id: id}}]
flow: [{name: use, request: "POST /use/${token}?${iteration}", headers: {X-Token: "${token}"}, json: {id: "${id}", n: "${seq}"}}]
`)
	server := newRecorder(t, answers(`{}`))
	o := Options{Duration: second, Warmup: -1, URL: server.URL, Connections: 3}
	setup, err := lua.NewPart(s, s.Setup, lua.Options{URL: server.URL, Connections: 3}, "r", 0)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for user := range 3 {
		line, _, err := setup.User(user+1, func([]byte) (int, http.Header, []byte, error) {
			return 200, nil, fmt.Appendf(nil, `{"token":"é/%d \"","id":%d}`, user+1, user+1), nil
		})
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	file := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{"TASKBENCH_USERS=" + file, "TASKBENCH_RUN=r"}
	runK6(t, server, s, o, env...)
	byK6 := server.taken()
	runWrk(t, server, s, o, env...)
	same(t, byK6, server.taken())
	if first := byK6["2"][0]; !strings.Contains(first, "POST /use/%C3%A9%2F2%20%22?1 ") {
		t.Errorf("user 2 sent %q first", first)
	}
}

// A setup that fails is told with its step, and nothing is measured.
func TestSetupFails(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: fails\nload: {connections: 2}\nsetup: [{name: login, request: POST /login, expect: {status: 201}}]\nflow: [{name: use, request: GET /use}]\n")
	server := newRecorder(t, answers("no"))
	b := runK6(t, server, s, Options{Duration: second, Warmup: -1, URL: server.URL})
	if b.VirtualUsersReady != 0 || b.Window.LengthUS != 0 || b.Setup[0].Unmet["status"] != 2 || b.Setup[0].Example.Body != "no" || b.Steps[0].Answers != 0 {
		t.Errorf("%+v, setup %+v", b, b.Setup)
	}
}

// Who comes when all is over is not ready, and has measured nothing.
func TestTooLate(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: late\nload: {connections: 2}\nsetup: [{name: wait, request: GET /wait}]\nrequest: GET /a\n")
	o := Options{Duration: 8 * second, Warmup: -1, Timeout: 30 * second, Connections: 2}
	var over time.Time
	server := newRecorder(t, func() http.Handler {
		return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(time.Until(over)) })
	})
	o.URL = server.URL
	begins := time.Now().Add(2 * second) // and before the window is over k6 is up
	over = begins.Add(o.Duration + 100*time.Millisecond)
	blocks := startK6(t, generate(t, s, o), 2, begins, nil)
	b, err := parse.MergeBlocks(blocks)
	if err != nil || b.VirtualUsersReady != 0 || b.Window.LengthUS != 0 || b.Steps[0].Answers != 0 {
		t.Errorf("%v: %+v", err, b)
	}
	for vu, sent := range server.taken() {
		if len(sent) != 1 || !strings.Contains(sent[0], "/wait") {
			t.Errorf("virtual user %s sent %q", vu, sent)
		}
	}
}

// Virtual users who pause begin one after the other, as under wrk: none before its moment.
func TestWhoPausesBeginsInTurn(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: pauses\nload: {connections: 4, think: 2s}\nrequest: GET /a\n")
	var mu sync.Mutex
	first := map[string]time.Time{}
	server := newRecorder(t, func() http.Handler {
		return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if vu := r.Header.Get("X-Vu"); first[vu].IsZero() {
				first[vu] = time.Now()
			}
		})
	})
	o := Options{URL: server.URL, Duration: 3 * second, Warmup: -1, Connections: 4}
	begins := time.Now().Add(2 * second)
	startK6(t, generate(t, s, o), 4, begins, nil)
	mu.Lock()
	defer mu.Unlock()
	if len(first) != 4 {
		t.Fatalf("%d of 4 virtual users asked", len(first))
	}
	for vu, at := range first {
		k, _ := strconv.Atoi(vu)
		if due := begins.Add(time.Duration(k-1) * 500 * time.Millisecond); at.Before(due.Add(-5 * time.Millisecond)) {
			t.Errorf("virtual user %s asked %v before its moment", vu, due.Sub(at))
		}
	}
}

// A script says by which of its variables it cannot run, before anything is sent.
func TestVariablesThatCannotBe(t *testing.T) {
	t.Parallel()
	path := k6test.Path(t)
	file := filepath.Join(t.TempDir(), "script.js")
	s := loadText(t, "name: s\nload: {connections: 1}\nrequest: GET /a\n")
	if err := os.WriteFile(file, []byte(generate(t, s, Options{Duration: second, URL: "http://127.0.0.1:9"})), 0o600); err != nil {
		t.Fatal(err)
	}
	for variable, want := range map[string]string{
		"TASKBENCH_URL=localhost:8080":    "TASKBENCH_URL is no address as http://server:8080: localhost:8080",
		"TASKBENCH_URL=http://":           "TASKBENCH_URL is no address as http://server:8080: http://",
		"TASKBENCH_URL=http://a:b@server": "TASKBENCH_URL is no address as http://server:8080: http://a:b@server",
		"TASKBENCH_GO=tomorrow":           "TASKBENCH_GO is no time in µs: tomorrow",
		"TASKBENCH_GO=1700000000000000":   "TASKBENCH_GO is too long ago: the measurement was over ",
	} {
		cmd := exec.Command(path, "run", "--quiet", "--no-usage-report", "--address", "127.0.0.1:0", "--log-format", "raw", file)
		cmd.Env = append(os.Environ(), variable)
		if said, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(said), want) {
			t.Errorf("%s: %v, %s", variable, err, said)
		}
	}
}

// A script that is run as its head says, with k6's own summary, ends by itself, and no line
// that k6 writes is an error.
func TestByHand(t *testing.T) {
	t.Parallel()
	path := k6test.Path(t)
	s := loadText(t, "name: hand\nload: {connections: 2}\nrequest: GET /a\n")
	server := newRecorder(t, answers("{}"))
	folder := t.TempDir()
	file, log := filepath.Join(folder, "hand.js"), filepath.Join(folder, "hand.log")
	if err := os.WriteFile(file, []byte(generate(t, s, Options{Duration: second, Timeout: second, URL: server.URL})), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "run", "--address", "127.0.0.1:0", "--log-format", "json", "--log-output", "file="+log, file)
	cmd.Env = append(os.Environ(), fmt.Sprintf("TASKBENCH_GO=%d", time.Now().Add(8*second).UnixMicro()))
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	text, err := os.ReadFile(log)
	if err != nil || strings.Count(string(text), "taskbench ") != 2 || strings.Contains(string(text), `"level":"error"`) {
		t.Errorf("%v, k6 said:\n%s", err, text)
	}
}

// Connections that break are lost requests; answers that do not come in time are late.
func TestLostAndLate(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: lost\nload: {connections: 2}\nmix: [{name: broken, request: POST /broken}, {name: late, request: GET /late}, {name: good, weight: 8, request: GET /good}]\n")
	server := newRecorder(t, func() http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/broken":
				if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
					_ = conn.(*net.TCPConn).SetLinger(0)
					conn.Close()
				}
			case "/late":
				time.Sleep(time.Second)
			}
		})
	})
	b := runK6(t, server, s, Options{Duration: 4 * second, Warmup: -1, Timeout: 400 * time.Millisecond, URL: server.URL})
	broken, late := b.Steps[0], b.Steps[1]
	if broken.Answers != 0 || broken.Unmet["lost"] == 0 || b.Lost != broken.Unmet["lost"] || broken.Example.Unmet != "lost" || broken.Example.Body == "" {
		t.Errorf("%+v, %d lost", broken, b.Lost)
	}
	if late.Answers == 0 || late.Late != late.Answers || late.Good != 0 || len(late.Unmet) != 0 || late.Latency.MinUS < 400000 {
		t.Errorf("%+v", late)
	}
}

// The moment at which all begin is the one that is told, else the next full minute; what
// is no moment ends the run when the script loads.
func TestGoTime(t *testing.T) {
	t.Parallel()
	for told, want := range map[string]string{
		"":                 "[true]",
		"1700000000000000": "[1700000000000000]",
		"GO_UNIX_US":       `["TASKBENCH_GO is no time in µs: GO_UNIX_US"]`,
	} {
		expr := "(() => { try { return goTime(); } catch (e) { return e.message; } })()"
		if told == "" {
			expr = "goTime() - Date.now() * 1000 > 9900000 && goTime() % 60000000 === 0"
		}
		if got := evaluate(t, "const TARGET_URL = '', __ENV = { TASKBENCH_GO: "+quote(told)+" };\n", "go", []string{expr})[0]; got != want {
			t.Errorf("%q: %s, not %s", told, got, want)
		}
	}
}

// Two processes that share a rate, with virtual users that do not halve, have each of its
// arrivals once.
func TestRateOfSegments(t *testing.T) {
	t.Parallel()
	s := loadText(t, "name: rate\nload: {connections: 3}\nrequest: {request: GET /a, headers: {X-Vu: \"${vu}\"}}\n")
	server := newRecorder(t, answers("{}"))
	o := Options{Connections: 3, Duration: second, Warmup: -1, URL: server.URL, Rate: &arrivals.Plan{Rate: 41}}
	var due, became uint64
	for _, b := range inSegments(t, generate(t, s, o)) {
		due += b.Rate.Due
		became += b.Steps[0].Answers + b.Lost + b.Rate.Unsent
	}
	if due != 41 || became != 41 {
		t.Errorf("%d due of 41, and %d came to something", due, became)
	}
}

// inSegments runs a script as two processes, and gives what their virtual users tell.
func inSegments(t *testing.T, script string, env ...string) []*parse.Block {
	t.Helper()
	goTime := time.Now().Add(4 * time.Second)
	var both sync.WaitGroup
	told := make([][]*parse.Block, 2)
	for i, segment := range []string{"0:1/2", "1/2:1"} {
		both.Go(func() {
			told[i] = startK6(t, script, 0, goTime, env, "--execution-segment", segment, "--execution-segment-sequence", "0,1/2,1")
		})
	}
	both.Wait()
	if len(told[0]) == 0 || len(told[1]) == 0 {
		t.Errorf("%d and %d virtual users told", len(told[0]), len(told[1]))
	}
	return slices.Concat(told...)
}

// Two processes that share the virtual users send what one sends: each virtual user is in
// one of them, and goes by its number among all.
func TestSegmentsSendTheSame(t *testing.T) {
	t.Parallel()
	s := load(t, "testdata/same/values.yaml")
	server := newRecorder(t, func() http.Handler { return &odd{times: map[string]int{}} })
	o := Options{Connections: 5, Duration: second, Warmup: -1, Seed: 7, URL: server.URL}
	runK6(t, server, s, o, "TASKBENCH_RUN=r")
	one := server.taken()
	server.begin()
	if told := inSegments(t, generate(t, s, o), "TASKBENCH_RUN=r"); len(told) != 5 {
		t.Errorf("%d virtual users told of 5", len(told))
	}
	same(t, server.taken(), one)
}
