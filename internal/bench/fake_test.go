package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/internal/check"
	"taskbench/internal/server"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// world is a fake generator, fake servers and a fake clock, which write down
// what is asked of them.
type world struct {
	mu     sync.Mutex
	clock  time.Time
	log    []string // "open a", "load a one-1-a.lua", "stop a"
	open   int      // servers running
	saved  []string // "a 2": document a with two trials in its first cell
	events []Event

	fails     func(target string, load int) error // of the load'th trial of a target, from 1
	loads     map[string]int
	owners    func(target string) []server.Process
	onLoad    func(n int) // called with the number of the trial, from 1
	overhead  time.Duration
	how, last string // with which servers end, where a load of theirs fails
	deaf      string // the one that does not end when it is asked to
}

func newWorld() *world {
	return &world{clock: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), loads: map[string]int{}}
}

func (w *world) runner(t *testing.T) *Runner {
	t.Helper()
	return &Runner{
		Wrk: wrk.Installation{Path: "wrk"}, Generate: w.generate, Open: w.openServer, Save: w.save,
		Progress: func(e Event) { w.events = append(w.events, e) },
		Now:      func() time.Time { return w.clock },
		Dir:      t.TempDir(),
	}
}

// fakeServer is alive and uses 1 s of CPU time with every look at it.
type fakeServer struct {
	world *world
	name  string
	looks float64
}

func (w *world) openServer(_ context.Context, s server.Spec) (Server, error) {
	w.note("open %s", s.Name)
	w.open++
	return &fakeServer{world: w, name: s.Name}, nil
}

func (s *fakeServer) Identity(context.Context) server.Identity {
	return server.Identity{ExecutableSHA256: "hash of " + s.name}
}

func (s *fakeServer) Usage() (server.Usage, error) {
	s.looks++
	return server.Usage{CPUSeconds: s.looks, ResidentBytes: 1 << 20, Processes: 1}, nil
}

func (s *fakeServer) Spec() server.Spec              { return server.Spec{Name: s.name} }
func (s *fakeServer) Deaf() bool                     { return s.world.deaf == s.name }
func (s *fakeServer) CPUs() []int                    { return []int{0} }
func (s *fakeServer) PIDs() []int                    { return []int{1} }
func (s *fakeServer) Memory() (server.Memory, error) { return server.Memory{}, nil }
func (s *fakeServer) Died(int) (how, last string)    { return s.world.how, s.world.last }

func (s *fakeServer) OpenFiles() (*int, error) {
	files := 7
	return &files, nil
}

func (s *fakeServer) Owners() []server.Process {
	if s.world.owners == nil {
		return nil
	}
	return s.world.owners(s.name)
}

func (s *fakeServer) Stop(ctx context.Context) error {
	if ctx.Err() != nil {
		return errors.New("a server was to be stopped with a context that has ended")
	}
	s.world.note("stop %s", s.name)
	s.world.open--
	return nil
}

func (w *world) note(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.log = append(w.log, fmt.Sprintf(format, args...))
}

// generate brings home one good answer.
func (w *world) generate(ctx context.Context, o wrk.Options) (wrk.Output, error) {
	name := strings.TrimSuffix(filepath.Base(o.Script), ".lua")
	of := name[strings.LastIndex(name, "-")+1:]
	w.note("load %s run=%s seed=%d", name, o.RunName, o.Seed)
	w.loads[of]++
	w.clock = w.clock.Add(o.Duration + w.overhead)
	if w.onLoad != nil {
		total := 0
		for _, n := range w.loads {
			total += n
		}
		w.onLoad(total)
	}
	if w.fails != nil {
		if err := w.fails(of, w.loads[of]); err != nil {
			return wrk.Output{}, err
		}
	}
	return wrk.Output{Block: oneAnswer(o), Wall: time.Second, Interrupted: ctx.Err() != nil}, nil
}

func oneAnswer(o wrk.Options) []byte {
	latency := &parse.BlockLatency{Count: 1, SumUS: 1000, MinUS: 1000, MaxUS: 1000, Buckets: [][2]uint64{{637, 1}}}
	b := parse.Block{
		Schema: parse.BlockSchema, Scenario: "one", Mode: "flow", Run: o.RunName, Seed: o.Seed,
		VirtualUsersAsked: o.Connections, VirtualUsersStarted: o.Connections, VirtualUsersReady: o.Connections,
		Window:     parse.Window{LengthUS: 1e6},
		Steps:      []parse.BlockStep{{Name: "a", Answers: 1, Good: 1, Statuses: map[string]uint64{"200": 1}, Latency: latency}},
		Iterations: &parse.BlockIterations{Completed: 1, Latency: latency},
		PerSecond:  []parse.BlockSecond{{Good: 1}},
	}
	b.Wrk.Threads, b.Wrk.Connections, b.Wrk.DurationUS, b.Wrk.Requests = o.Threads, o.Connections, 1e6, 1
	text, err := json.Marshal(b)
	if err != nil {
		panic(err)
	}
	return text
}

func (w *world) save(d *results.Document) error {
	w.saved = append(w.saved, fmt.Sprintf("%s %d", d.Implementation, len(d.Scenarios[0].Trials)))
	return nil
}

// count is how many lines of the log begin so.
func (w *world) count(prefix string) (n int) {
	for _, line := range w.log {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}

func scenario(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.LoadFS(fstest.MapFS{"one.yaml": {Data: []byte(text)}}, "one.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// oneText thinks for as long as its window: one answer is then all that can be
// counted, and not what a short window left over.
const oneText = `
name: one
load: {connections: 1, duration: 1s, warmup: 0s, think: 1s}
flow: [{name: a, request: GET /}]
`

// plan measures one scenario on targets a and b.
func plan(t *testing.T, pairs int, levels ...int) Plan {
	t.Helper()
	list := []*scenarios.Scenario{scenario(t, oneText)}
	return Plan{
		Session: "s", Baseline: "b", Targets: []server.Spec{{Name: "a", URL: "http://localhost:1"}, {Name: "b", URL: "http://localhost:2"}},
		Scenarios: list, Cells: NewCells(list, Overrides{Connections: levels}), Pairs: pairs, Seed: 7,
	}
}

// survey is one in which all went well.
func survey(p Plan) Survey {
	s := Survey{Visits: make([][]check.Visit, len(p.Scenarios))}
	for _, t := range p.Targets {
		s.Identities = append(s.Identities, server.Identity{ExecutableSHA256: "hash of " + t.Name})
		for i := range s.Visits {
			s.Visits[i] = append(s.Visits[i], check.Visit{Target: t.Name})
		}
	}
	return s
}

func begin(p Plan) []*results.Document {
	return Documents(p, results.Environment{}, survey(p), time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))
}
