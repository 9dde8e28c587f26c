package bench

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/internal/server"
	"taskbench/wrk"
)

const registerText = `
name: one
load: {connections: 3, duration: 1s, warmup: 0s, think: 1s}
setup:
  keep: auto
  steps: [{name: register, request: POST /register, expect: {status: 201}, capture: {token: "header:Token"}}]
flow: [{name: a, request: GET /, headers: {Token: "${token}"}, expect: {status: 200}}]
`

// registry is a server that hands out tokens, until it forgets them.
type registry struct {
	sync.Mutex
	tokens map[string]bool
	asked  int
}

func (r *registry) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	r.Lock()
	defer r.Unlock()
	if q.URL.Path == "/register" {
		r.asked++
		token := fmt.Sprint("t", r.asked)
		r.tokens[token] = true
		w.Header().Set("Token", token)
		w.WriteHeader(201)
		return
	}
	if !r.tokens[q.Header.Get("Token")] {
		w.WriteHeader(401)
	}
}

func (r *registry) forget() {
	r.Lock()
	defer r.Unlock()
	r.tokens = map[string]bool{}
}

// handed are the iterations that a script is told its virtual users have had,
// and how many tokens it is handed.
func handed(t *testing.T, o wrk.Options) string {
	t.Helper()
	text, err := os.ReadFile(o.Env["TASKBENCH_USERS"])
	if err != nil {
		t.Error(err)
		return ""
	}
	iterations, _, _ := strings.Cut(string(text), " ")
	return fmt.Sprintf("%s run of %d", iterations, strings.Count(string(text), "token=t"))
}

// withSetup is a run, or a soak, of three pairs of targets at one registry.
func withSetup(t *testing.T, keep string, soak bool, change func(*Plan, *registry, int)) (asked int, loads []string, p Plan, w *world) {
	t.Helper()
	r := &registry{tokens: map[string]bool{}}
	at := httptest.NewServer(r)
	t.Cleanup(at.Close)
	p = plan(t, 3)
	p.Scenarios[0] = scenario(t, strings.Replace(registerText, "  keep: auto\n", keep, 1))
	p.Targets = []server.Spec{{Name: "a", URL: at.URL}}
	p.Cells = NewCells(p.Scenarios, Overrides{})
	w = newWorld()
	run := w.runner(t)
	generate := run.Generate
	run.Generate = func(ctx context.Context, o wrk.Options) (wrk.Output, error) {
		loads = append(loads, handed(t, o))
		out, err := generate(ctx, o)
		if change != nil {
			change(&p, r, len(loads))
		}
		return out, err
	}
	if change != nil {
		change(&p, r, 0)
	}
	docs := begin(p)
	var err error
	if soak {
		err = run.Soak(context.Background(), p, survey(p), docs)
	} else {
		_, err = run.Run(context.Background(), p, survey(p), docs)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, trial := range docs[0].Scenarios[0].Trials {
		if trial.Error != "" || trial.Setup == nil || trial.Setup.Users != 3 {
			t.Errorf("%+v, %q", trial.Setup, trial.Error)
		}
		loads = append(loads, fmt.Sprint("kept ", trial.Setup.Kept))
	}
	left, _ := os.ReadDir(run.Dir)
	if slices.ContainsFunc(left, func(f os.DirEntry) bool { return strings.HasSuffix(f.Name(), ".users") }) {
		t.Error("tokens are left on the disk")
	}
	return r.asked, loads, p, w
}

// What a setup made is used again where the server stays, and what it is told to
// keep where the server still takes it; iterations go on behind those before.
func TestSetupIsKept(t *testing.T) {
	t.Parallel()
	again := []string{"0 run of 3", "2 run of 3", "4 run of 3", "kept false", "kept true", "kept true"}
	anew := []string{"0 run of 3", "0 run of 3", "0 run of 3", "kept false", "kept false", "kept false"}
	started := func(p *Plan, _ *registry, n int) { p.Targets[0].Start = "./server" }
	cases := []struct {
		name, keep string
		soak       bool
		change     func(*Plan, *registry, int)
		asked      int
		loads      []string
	}{
		{"a server that stays", "", false, nil, 3, again},
		{"not to be kept", "  keep: false\n", false, nil, 9, anew},
		{"a server that is started", "", false, started, 9, anew},
		{"kept over its starts", "  keep: true\n", false, started, 3, again},
		{"a reset", "", false, func(p *Plan, _ *registry, _ int) { p.Reset = "true" }, 9, anew},
		{"forgotten by the server", "  keep: true\n", false, func(_ *Plan, r *registry, n int) {
			if n == 1 {
				r.forget()
			}
		}, 6, []string{"0 run of 3", "0 run of 3", "2 run of 3", "kept false", "kept false", "kept true"}},
		{"a soak", "  keep: false\n", true, started, 3, []string{"0 run of 3", "1 run of 3", "2 run of 3", "kept false", "kept true", "kept true"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			asked, loads, _, _ := withSetup(t, c.keep, c.soak, c.change)
			if asked != c.asked || !slices.Equal(loads, c.loads) {
				t.Errorf("%d registered, %q", asked, loads)
			}
		})
	}
}

// A setup that fails is the trial's error, and nothing is loaded.
func TestSetupFailureIsTold(t *testing.T) {
	t.Parallel()
	at := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "Database error", 500)
	}))
	defer at.Close()
	for _, inSlots := range []bool{false, true} {
		p := plan(t, 2)
		p.InSlots = inSlots
		p.Scenarios[0] = scenario(t, strings.Replace(registerText, "  keep: auto\n", "", 1))
		p.Targets = []server.Spec{{Name: "a", URL: at.URL}, {Name: "b", URL: strings.Replace(at.URL, "127.0.0.1", "localhost", 1)}}
		p.Cells = NewCells(p.Scenarios, Overrides{})
		w, docs := newWorld(), begin(p)
		if _, err := w.runner(t).Run(context.Background(), p, survey(p), docs); err != nil {
			t.Fatal(err)
		}
		trial := docs[0].Scenarios[0].Trials[0]
		if !strings.Contains(trial.Error, "of 3 (0 were ready): step register got 500 Database error") || w.count("load") > 0 || w.open != 0 {
			t.Errorf("%q, %v", trial.Error, w.log)
		}
	}
}

// While users are set up, it is told how many are, and how long that will take.
func TestSetupIsTold(t *testing.T) {
	t.Parallel()
	_, _, _, w := withSetup(t, "", false, nil)
	at := slices.IndexFunc(w.events, func(e Event) bool { return e.Phase == SettingUp && e.Setup.Users > 0 })
	if at < 0 || w.events[at].Setup != (SetupProgress{Ready: 3, Users: 3}) {
		t.Errorf("%+v", w.events)
	}
	c := campaign{Runner: &Runner{Now: func() time.Time { return w.clock }, Progress: func(e Event) { w.events = append(w.events, e) }}}
	c.track = newTracker(&c)
	before := len(w.events)
	for ready := range 100 {
		w.clock = w.clock.Add(50 * time.Millisecond)
		c.track.settingUp(ready+1, 100, time.Second)
	}
	if n := len(w.events) - before; n < 20 || n > 30 {
		t.Errorf("told %d times of 100 in five seconds", n)
	}
}

// What grows is said where nothing resets it.
func TestGrowth(t *testing.T) {
	t.Parallel()
	p := plan(t, 1)
	p.Scenarios[0].Grows = []string{"users"}
	asked := func() []string { return p.Cells[0].measurement(p, survey(p), 0).Grows }
	if got := asked(); !slices.Equal(got, []string{"users"}) {
		t.Errorf("%q", got)
	}
	p.Reset = "true"
	if got := asked(); got != nil {
		t.Errorf("with a reset before every trial: %q", got)
	}
}
