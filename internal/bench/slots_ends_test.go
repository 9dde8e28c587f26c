package bench

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// generate is what makes load: wrk.Run, or something worse.
type generate = func(context.Context, wrk.Options) (wrk.Output, error)

// pairOf measures one pair in slots, of servers that this process is, with the
// real wrk or what stands for it, and tells of its progress.
func pairOf(t *testing.T, text string, make generate, progress func(Event), handlers ...http.HandlerFunc) []results.Trial {
	t.Helper()
	installation, err := wrk.Find("")
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("wrk is not installed")
	} else if _, err := exec.LookPath("wrk"); err != nil {
		t.Fatal(err)
	}
	list := []*scenarios.Scenario{scenario(t, text)}
	p := Plan{Session: "s", Baseline: "a", Scenarios: list, Cells: NewCells(list, Overrides{}), Pairs: 1, Seed: 7, InSlots: true, Slot: 100 * time.Millisecond}
	for i, h := range handlers {
		s := httptest.NewServer(h)
		t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
		p.Targets = append(p.Targets, server.Spec{Name: string(rune('a' + i)), URL: s.URL, Ready: "/ready"})
	}
	r := &Runner{Wrk: installation, Generate: make, Save: func(*results.Document) error { return nil }, Progress: progress, Live: true, Now: time.Now, Dir: t.TempDir()}
	docs := begin(p)
	if _, err := r.Run(t.Context(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	var trials []results.Trial
	for _, d := range docs {
		if d.Scenarios[0].InTurn == results.SlowAnswers {
			t.Skip("this machine is too busy now for servers to answer within a slot")
		}
		if d.Scenarios[0].InTurn != "" || len(d.Scenarios[0].Trials) != 1 {
			t.Fatalf("in turn because %q, %d trials", d.Scenarios[0].InTurn, len(d.Scenarios[0].Trials))
		}
		trials = append(trials, d.Scenarios[0].Trials[0])
	}
	return trials
}

// TestAllUsersHang: where every virtual user waits for an answer that never
// comes, wrk is ended behind the slots, long before its own upper limit.
func TestAllUsersHang(t *testing.T) {
	t.Parallel()
	// Some slots are measured, however fast the machine is, before all hang.
	hangsOnce := func(measured *atomic.Bool) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/ready" && measured.Load() {
				<-r.Context().Done()
			}
			time.Sleep(2 * time.Millisecond)
		}
	}
	const load = "name: one\nload: {connections: 4, duration: 3s, warmup: 300ms, timeout: 500ms}\n"
	for name, text := range map[string]string{"users": load + "flow: [{name: a, request: GET /}]", "request": load + "request: GET /"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var measured atomic.Bool
			progress := func(e Event) {
				if e.Slots.Part > 0.3 {
					measured.Store(true)
				}
			}
			for _, trial := range pairOf(t, text, wrk.Run, progress, hangsOnce(&measured), hangsOnce(&measured)) {
				if trial.Error != "" || trial.Wrk == nil || trial.Wrk.DurationUS >= 20e6 || trial.Unanswered != 4 {
					t.Errorf("error %q, %d unanswered, want 4; %+v", trial.Error, trial.Unanswered, trial.Wrk)
				}
			}
		})
	}
}

// TestOneEndsEarly: a generator that ends before its last slot ends the pair, and
// both trials say which it was and why.
func TestOneEndsEarly(t *testing.T) {
	t.Parallel()
	text := "name: one\nload: {connections: 2, duration: 600ms, warmup: 0s}\nflow: [{name: a, request: GET /}]"
	good := func(http.ResponseWriter, *http.Request) {}
	for want, generate := range map[string]generate{
		"out of luck":                       func(context.Context, wrk.Options) (wrk.Output, error) { return wrk.Output{}, errors.New("out of luck") },
		"the script handed over no figures": func(context.Context, wrk.Options) (wrk.Output, error) { return wrk.Output{}, nil },
	} {
		one := func(ctx context.Context, o wrk.Options) (wrk.Output, error) {
			if strings.HasSuffix(o.Script, "-b.lua") {
				return generate(ctx, o)
			}
			return wrk.Run(ctx, o)
		}
		for _, trial := range pairOf(t, text, one, func(Event) {}, good, good) {
			if trial.Error != "the generator of b ended early: "+want {
				t.Errorf("%q, want %q", trial.Error, want)
			}
		}
	}
}
