package lua

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"taskbench/parse"
	"taskbench/scenarios"
)

// findWrk skips where there is no wrk, except in CI, where there must be one.
func findWrk(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("wrk")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("no wrk here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// runWrk runs a scenario on the real wrk and reads the block it leaves. A
// machine can be away for a whole window of one second: where nothing was
// answered in it, the run is repeated a few times.
func runWrk(t *testing.T, s *scenarios.Scenario, o Options, env ...string) *parse.Block {
	t.Helper()
	c := CommandFor(s, o)
	for try := 1; ; try++ {
		b := runWrkAs(t, s, o, c.Threads, c.Connections, c.Seconds, env...)
		answered := slices.ContainsFunc(b.Steps, func(step parse.BlockStep) bool { return step.Answers > 0 })
		if answered || len(b.Setup) > 0 && b.Window.LengthUS == 0 || try == 5 {
			return b
		}
		t.Logf("nothing was answered in the window of run %d", try)
	}
}

// runWrkAs does the same with a command of one's own, as somebody may by hand.
func runWrkAs(t *testing.T, s *scenarios.Scenario, o Options, threads, connections, seconds int, env ...string) *parse.Block {
	t.Helper()
	wrk := findWrk(t)
	src, err := Generate(s, o)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	script, out := filepath.Join(dir, "script.lua"), filepath.Join(dir, "block.json")
	if err := os.WriteFile(script, src, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(wrk, "-t", strconv.Itoa(threads), "-c", strconv.Itoa(connections), "-d", strconv.Itoa(seconds), "-T", "60", "-s", script, o.URL)
	cmd.Env = append(append(os.Environ(), "TASKBENCH_OUT="+out), env...)
	text, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if !strings.Contains(string(text), "requests in ") {
		t.Errorf("wrk printed no summary: %s", text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	block, err := parse.ReadBlock(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	return block
}

// taskServer is a small server of projects that keeps count.
type taskServer struct {
	*httptest.Server
	mu      sync.Mutex
	counts  map[string]uint64 // by "METHOD /first-segment status"
	wrong   []string          // requests that no correct client sends
	tokens  map[string]bool
	nextID  atomic.Int64
	deleted map[string]bool
}

func newTaskServer(t *testing.T) *taskServer {
	s := &taskServer{counts: map[string]uint64{}, tokens: map[string]bool{}, deleted: map[string]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *taskServer) complain(format string, args ...any) int {
	if len(s.wrong) < 5 {
		s.wrong = append(s.wrong, fmt.Sprintf(format, args...))
	}
	return http.StatusBadRequest
}

func (s *taskServer) serve(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	status, answer := s.answer(r, body)
	segment, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	s.counts[fmt.Sprintf("%s /%s %d", r.Method, segment, status)]++
	s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer)
}

func (s *taskServer) answer(r *http.Request, body []byte) (int, string) {
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if r.URL.Path != "/register" && !s.tokens[token] {
		return s.complain("token %q", token), "{}"
	}
	switch {
	case r.URL.Path == "/register":
		var user struct{ Username string }
		if json.Unmarshal(body, &user) != nil || user.Username == "" || s.tokens["t-"+user.Username] {
			return s.complain("registration %q", body), "{}"
		}
		s.tokens["t-"+user.Username] = true
		return http.StatusCreated, fmt.Sprintf(`{"user":{"id":1,"token":"no"}, "token": "t-%s"}`, user.Username)
	case r.Method == "POST":
		var project struct{ Name, Description string }
		if json.Unmarshal(body, &project) != nil || !strings.HasPrefix(project.Name, "bench ") {
			return s.complain("project %q", body), "{}"
		}
		return http.StatusCreated, fmt.Sprintf(`{"owner":{"id":"no"},"id":%d,"owner_id":"o/%d"}`, s.nextID.Add(1), s.nextID.Load())
	case r.Method == "DELETE":
		id := strings.TrimPrefix(r.URL.Path, "/projects/")
		if n, err := strconv.ParseInt(id, 10, 64); err != nil || n > s.nextID.Load() || s.deleted[id] {
			return s.complain("deletion of %q", id), "{}"
		}
		s.deleted[id] = true
		return http.StatusNoContent, ""
	}
	if !strings.HasPrefix(r.URL.Query().Get("owner"), "o/") {
		return s.complain("owner %q", r.URL.RawQuery), "{}"
	}
	return http.StatusOK, `[{"id":1}]`
}

func TestFlowOnWrk(t *testing.T) {
	server := newTaskServer(t)
	b := runWrk(t, projects(), Options{URL: server.URL, Connections: 5, Seed: 1})
	server.Close() // waits for the handlers whose client has gone
	if len(server.wrong) > 0 {
		t.Fatalf("the server got %q", server.wrong)
	}
	if made := int(server.nextID.Load()); made == 0 || made != len(server.deleted) {
		t.Errorf("%d projects were made, and %d deleted: who was in the middle of an iteration did not end it", made, len(server.deleted))
	}
	if b.VirtualUsersAsked != 5 || b.VirtualUsersStarted != 5 || b.VirtualUsersReady != 5 || b.Lost != 0 || b.Unanswered != 0 {
		t.Errorf("block: %+v", b)
	}
	if b.Window.LengthUS != 1e6 || b.Setup[0].Good != 5 || b.Setup[0].Statuses["201"] != 5 {
		t.Errorf("window %+v, setup %+v", b.Window, b.Setup)
	}
	var answers uint64
	for i, key := range []string{"POST /projects 201", "GET /projects 200", "DELETE /projects 204"} {
		step := b.Steps[i]
		served := server.counts[key]
		if step.Answers == 0 || step.Good != step.Answers || step.Answers > served || step.Latency.Count != step.Answers {
			t.Errorf("%s: the server answered %d, the script saw %+v", key, served, step)
		}
		answers += step.Answers
	}
	var seconds uint64
	for _, second := range b.PerSecond {
		seconds += second.Good
	}
	if seconds != answers || b.Iterations.Completed == 0 || b.Iterations.Failed != 0 || b.Iterations.Latency.Count != b.Iterations.Completed {
		t.Errorf("%d answers, %d by second, iterations %+v", answers, seconds, b.Iterations)
	}
}

func TestRequestOnWrk(t *testing.T) {
	var bad atomic.Uint64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if string(body) != "a\x00b\r\n\xff\"" || r.Header.Get("X-Two") != "2" || r.URL.Path != "/base/health" || r.Host != r.Context().Value(http.LocalAddrContextKey).(net.Addr).String() {
			bad.Add(1)
		}
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Query().Get("n") != "" && strings.HasSuffix(r.URL.Query().Get("n"), "7") {
			w.WriteHeader(http.StatusTeapot)
		}
		_, _ = io.WriteString(w, `{"status":"healthy"}`)
	}))
	defer server.Close()
	step := scenarios.Step{Name: "health", Method: "POST", Path: text("/health"),
		Headers: []scenarios.Header{{Name: "X-Two", Value: text("2")}},
		Body:    scenarios.Body{Kind: scenarios.RawBody, Content: text("a\x00b\r\n\xff\"")}}
	for name, change := range map[string]func(*scenarios.Step){
		"static":    func(*scenarios.Step) {},
		"inspected": func(s *scenarios.Step) { s.Expect = status(200) },
		"dynamic":   func(s *scenarios.Step) { s.Path = tmpl("/health?n=", builtin("url", "seq")) },
		"dynamic and inspected": func(s *scenarios.Step) {
			s.Path = tmpl("/health?n=", builtin("url", "seq"))
			s.Expect.JSON = []scenarios.JSONMatch{{Label: "status", Path: scenarios.JSONPath{"status"}, Match: scenarios.Match{Kind: scenarios.MatchEquals, Value: "healthy"}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			one := step
			change(&one)
			s := scenario(scenarios.Request, one)
			if Identity(s) {
				t.Fatal("needs no virtual users")
			}
			b := runWrk(t, s, Options{URL: server.URL + "/base", Connections: 6})
			got := b.Steps[0]
			if bad.Load() > 0 || got.Answers != b.Wrk.Requests || got.Answers == 0 || len(b.Wrk.Latency) == 0 || b.Wrk.Threads != 2 {
				t.Fatalf("%d bad requests, step %+v, wrk %d requests", bad.Load(), got, b.Wrk.Requests)
			}
			if _, err := parse.Uncorrect(b); err != nil {
				t.Error(err)
			}
			if failed := got.Answers - got.Good; strings.HasPrefix(name, "dynamic") != (failed > 0) || failed != got.Unmet["status"] {
				t.Errorf("%d failed, unmet %v", failed, got.Unmet)
			}
		})
	}
}
