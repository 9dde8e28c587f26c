package lua

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/parse"
	"taskbench/scenarios"
)

// turns runs the generators of several servers in turn and gives their blocks.
func turns(t *testing.T, s *scenarios.Scenario, o Options, slot, gap time.Duration, warm func([]*exec.Cmd), urls ...string) []*parse.Block {
	t.Helper()
	return inTurns(t, s, o, slot, gap, warm, func(*slots.Board) {}, urls...)
}

// turnsUntil does the same, and something more when slots have begun.
func turnsUntil(t *testing.T, s *scenarios.Scenario, o Options, slot, gap time.Duration, then func(*slots.Board), urls ...string) []*parse.Block {
	t.Helper()
	return inTurns(t, s, o, slot, gap, func([]*exec.Cmd) {}, then, urls...)
}

func inTurns(t *testing.T, s *scenarios.Scenario, o Options, slot, gap time.Duration, warm func([]*exec.Cmd), then func(*slots.Board), urls ...string) []*parse.Block {
	t.Helper()
	wrk, dir := findWrk(t), t.TempDir()
	board, err := slots.New(filepath.Join(dir, "board"), len(urls))
	if err != nil {
		t.Fatal(err)
	}
	defer board.Close()
	o.Slots = len(urls)
	var all []*exec.Cmd
	for place, url := range urls {
		o.URL = url
		src, err := Generate(s, o)
		if err != nil {
			t.Fatal(err)
		}
		script := filepath.Join(dir, fmt.Sprintf("%d.lua", place))
		if err := os.WriteFile(script, src, 0o600); err != nil {
			t.Fatal(err)
		}
		c := CommandFor(s, o)
		cmd := exec.Command(wrk, "-t", strconv.Itoa(c.Threads), "-c", strconv.Itoa(c.Connections), "-d", strconv.Itoa(60), "-T", "60", "-s", script, url)
		cmd.Env = append(os.Environ(), "TASKBENCH_OUT="+filepath.Join(dir, fmt.Sprintf("%d.json", place)))
		for k, v := range board.Env(place) {
			cmd.Env = append(cmd.Env, k+"="+v)
		}
		cmd.Stderr = os.Stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		all = append(all, cmd)
	}
	for place := range urls {
		for begun := time.Now(); !board.Ready(place); time.Sleep(5 * time.Millisecond) {
			if time.Since(begun) > time.Minute {
				t.Fatalf("the generator of place %d is not ready", place)
			}
		}
	}
	begin := func(phase int, d time.Duration) {
		schedule := slots.NewSchedule(len(urls), d, slot, gap, int64(phase))
		schedule.StartUS = machine.NowUS() + 50_000
		board.Begin(phase, schedule)
		if phase == 0 {
			time.Sleep(schedule.Length() + 50*time.Millisecond)
		}
	}
	if o.Warmup > 0 && CommandFor(s, o).WarmupSeconds == 0 {
		begin(0, o.Warmup)
	} else {
		board.Skip(0)
	}
	warm(all)
	begin(1, o.Duration)
	then(board)
	var blocks []*parse.Block
	for place, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d.json", place)))
		if err != nil {
			t.Fatal(err)
		}
		b, err := parse.ReadBlock(data)
		if err != nil {
			t.Fatalf("%v\n%s", err, data)
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// TestTurns: what scripts count in slots is what the servers count.
func TestTurns(t *testing.T) {
	t.Parallel()
	cases := map[string]Options{
		"request":   {Connections: 8},
		"inspected": {Connections: 8},
		"users":     {Connections: 6},
		"mix":       {Connections: 4, Warmup: 300 * time.Millisecond},
		"thinking":  {Connections: 4},
		"alone":     {Connections: 1},
		"many":      {Connections: 500},
		"crowd":     {Connections: 100},
		"pondering": {Connections: 4},
	}
	for name, o := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := parseScenario(t, slotScenarios[name])
			var counts, made, deleted [3]atomic.Uint64
			var warm [3]uint64
			var urls []string
			for i := range counts {
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					counts[i].Add(1)
					switch r.Method {
					case "POST":
						made[i].Add(1)
					case "DELETE":
						deleted[i].Add(1)
					}
					w.Header().Set("Content-Type", "application/json")
					fmt.Fprint(w, `{"id":7}`)
				}))
				defer s.Close()
				urls = append(urls, s.URL)
			}
			o.Duration = 600 * time.Millisecond
			blocks := turns(t, s, o, 60*time.Millisecond, 20*time.Millisecond, func([]*exec.Cmd) {
				for i := range counts {
					warm[i] = counts[i].Load()
				}
			}, urls...)
			for i, b := range blocks {
				if made[i].Load() != deleted[i].Load() {
					t.Errorf("%d were made, and %d deleted: who was in the middle of an iteration did not end it", made[i].Load(), deleted[i].Load())
				}
				checkTurns(t, b, counts[i].Load()-warm[i], uint64(o.Connections))
			}
		})
	}
}

// TestTurnsAway: a generator that was put aside while its last slots went by
// sends nothing when it comes back.
func TestTurnsAway(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"request", "users"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var counts [2]atomic.Uint64
			var urls []string
			for i := range counts {
				s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					counts[i].Add(1)
					w.Header().Set("Content-Type", "application/json")
					fmt.Fprint(w, `{"id":7}`)
				}))
				t.Cleanup(s.Close)
				urls = append(urls, s.URL)
			}
			o := Options{Connections: 8, Duration: 300 * time.Millisecond}
			away := func(wrk *os.Process) {
				time.Sleep(200 * time.Millisecond)
				_ = wrk.Signal(syscall.SIGSTOP)
				time.Sleep(750 * time.Millisecond)
				_ = wrk.Signal(syscall.SIGCONT)
			}
			s := parseScenario(t, slotScenarios[name])
			for i, b := range turns(t, s, o, 60*time.Millisecond, 20*time.Millisecond, func(all []*exec.Cmd) { go away(all[0].Process) }, urls...) {
				checkSent(t, b, counts[i].Load(), 8)
			}
		})
	}
}

var slotScenarios = map[string]string{
	"request":   "request: GET /health",
	"inspected": "request: {request: GET /health, expect: {status: 200, json: {id: 7}}}",
	"users": `
flow:
  - {name: create, request: POST /projects, capture: {id: id}}
  - {name: delete, request: "DELETE /projects/${id}", expect: {status: 200}}`,
	"mix": `
mix:
  - {name: often, weight: 3, request: GET /often}
  - {name: seldom, weight: 1, request: "GET /seldom/${vu}"}`,
	"thinking": "load: {think: 10ms}\nrequest: GET /health",
	"alone":    "request: GET /health",
	"many":     "request: GET /health",
	"crowd": `
flow:
  - {name: create, request: POST /projects, capture: {id: id}}
  - {name: delete, request: "DELETE /projects/${id}", expect: {status: 200}}`,
	"pondering": "load: {think: 150ms}\nrequest: GET /health", // longer than a slot
}

func parseScenario(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	path := filepath.Join(t.TempDir(), "slots.yaml")
	if err := os.WriteFile(path, []byte("name: slots\n"+text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := scenarios.LoadFile(path, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// checkSent holds what was sent in slots against what the server answered. Virtual
// users that wait for longer than a second for what comes keep their connections
// open by a request that counts nowhere, and behind the last slot each one of a
// flow of two steps may end its iteration.
func checkSent(t *testing.T, b *parse.Block, answered, connections uint64) {
	t.Helper()
	sent := all(b.Slots.Sent)
	if beyond := answered - min(sent, answered); sent == 0 || sent > answered || beyond > 0 && (b.Slots.Bad == nil || beyond > 2*connections) {
		t.Errorf("%d requests sent in slots, the server answered %d", sent, answered)
	}
}

func checkTurns(t *testing.T, b *parse.Block, answered, connections uint64) {
	t.Helper()
	if b.Slots == nil || len(b.Slots.Sent) != 10 {
		t.Fatalf("slots are %+v, want 10 rounds", b.Slots)
	}
	sent, counted := all(b.Slots.Sent), all(b.Slots.Counted)
	checkSent(t, b, answered, connections)
	if n := counted + b.Slots.LeftOut; n > sent || b.Slots.Bad != nil && n != sent {
		t.Errorf("%d counted and %d left out of %d", counted, b.Slots.LeftOut, sent)
	}
	var steps uint64
	for _, s := range b.Steps {
		steps += s.Answers
		if s.Good != s.Answers {
			t.Errorf("%+v", s)
		}
	}
	// A single request does not wait long for what is on its way at the end.
	if onItsWay := sent - min(sent, steps); b.Slots.Bad != nil && steps != counted || b.Slots.Bad == nil && (steps > sent || onItsWay > connections) {
		t.Errorf("steps have %d answers, slots sent %d and count %d", steps, sent, counted)
	}
	if b.Lost+b.Unanswered+b.Surplus+b.Broken > 0 {
		t.Errorf("lost %d, unanswered %d, surplus %d, broken %d", b.Lost, b.Unanswered, b.Surplus, b.Broken)
	}
}

// TestTurnsHang: a request that is never answered is told, and costs no others
// their place in the figures.
func TestTurnsHang(t *testing.T) {
	t.Parallel()
	var urls []string
	for range 2 {
		var asked atomic.Uint64
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if asked.Add(1) == 20 {
				<-r.Context().Done()
			}
		}))
		t.Cleanup(server.Close)
		urls = append(urls, server.URL)
	}
	o := Options{Connections: 8, Threads: 2, Duration: 600 * time.Millisecond, Timeout: 300 * time.Millisecond}
	for _, b := range turns(t, parseScenario(t, slotScenarios["request"]), o, 60*time.Millisecond, 20*time.Millisecond, func([]*exec.Cmd) {}, urls...) {
		if b.Unanswered != 1 || b.Steps[0].Answers == 0 {
			t.Errorf("%d unanswered, want 1; %d answers", b.Unanswered, b.Steps[0].Answers)
		}
	}
}
