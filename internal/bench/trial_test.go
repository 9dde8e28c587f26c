package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

func TestFailingResetFailsTheTrial(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 3)
	p.Reset = "exit 1"
	docs := begin(p)
	if _, err := w.runner(t).Run(t.Context(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	trials := docs[0].Scenarios[0].Trials
	if len(trials) != 2 || !strings.Contains(trials[0].Error, "reset hook") || w.count("open") != 0 {
		t.Errorf("%d trials, error %q, %d servers started", len(trials), trials[0].Error, w.count("open"))
	}
}

// TestWarmupSendsOtherThings: a warm-up that is a run of its own has another ${run},
// and draws from another seed, than what is measured behind it.
func TestWarmupSendsOtherThings(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 1)
	p.Scenarios = []*scenarios.Scenario{scenario(t, "name: one\nload: {connections: 1, duration: 1s, warmup: 1s}\nrequest: GET /${run}/${uuid}\n")}
	p.Cells = NewCells(p.Scenarios, Overrides{})
	if _, err := w.runner(t).Run(t.Context(), p, survey(p), begin(p)); err != nil {
		t.Fatal(err)
	}
	var loads []string
	for _, line := range w.log {
		if _, as, found := strings.Cut(line, " run="); found {
			loads = append(loads, as)
		}
	}
	if len(loads) != 4 {
		t.Fatalf("loads of two targets: %q", loads)
	}
	for i := 0; i < 4; i += 2 {
		warm, warmSeed, _ := strings.Cut(loads[i], " ")
		run, seed, _ := strings.Cut(loads[i+1], " ")
		if warm == run || warmSeed == seed {
			t.Errorf("warm-up %q, measured %q", loads[i], loads[i+1])
		}
	}
}

func TestNoWarmup(t *testing.T) {
	t.Parallel()
	s := scenario(t, strings.Replace(oneText, "warmup: 0s", "warmup: 2s", 1))
	none := time.Duration(0)
	for _, c := range []struct {
		name   string
		warmup *time.Duration
		want   time.Duration
	}{{"the scenario's", nil, 2 * time.Second}, {"none", &none, 0}} {
		cell := newCell(s, 0, 1, Overrides{Warmup: c.warmup})
		command := lua.CommandFor(s, cell.luaOptions(server.Spec{Name: "a"}, 1))
		if got := time.Duration(command.Seconds-4) * time.Second; cell.Warmup != c.want || got != c.want {
			t.Errorf("%s: the cell warms up %v, its script %v; want %v", c.name, cell.Warmup, got, c.want)
		}
	}
}

// Another generator runs scripts of its own, and is called as their writer says.
func TestScriptsOfAnotherGenerator(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 1)
	p.InSlots = true // for which it is not fit
	r := w.runner(t)
	var ran []string
	r.Script = func(s *scenarios.Scenario, o lua.Options) (Script, error) {
		return Script{Text: []byte("// " + s.Name + " for " + o.Target), Ext: ".js", Command: lua.Command{Threads: 1, Connections: 1, Seconds: 7, LingerSeconds: 3}}, nil
	}
	r.Generate = func(ctx context.Context, o wrk.Options) (wrk.Output, error) {
		text, err := os.ReadFile(o.Script)
		ran = append(ran, fmt.Sprintf("%s %s %v %v", filepath.Ext(o.Script), text, o.Duration, o.Linger))
		out, failed := w.generate(ctx, o)
		return out, errors.Join(err, failed)
	}
	docs := begin(p)
	if _, err := r.Run(t.Context(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	slices.Sort(ran)
	if want := []string{".js // one for a 7s 3s", ".js // one for b 7s 3s"}; !slices.Equal(ran, want) || docs[0].Scenarios[0].Trials[0].Error != "" {
		t.Errorf("%q, error %q", ran, docs[0].Scenarios[0].Trials[0].Error)
	}
}

// What figures are held against is what scripts draw: an exponential pause scatters by its
// mean, one between zero and twice the mean by that over √3.
func TestPausesAsDrawn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]map[string]results.Pause{
		"flow: [{name: a, request: GET /}]":                                                nil,
		"load: {think: 3ms}\nflow: [{name: a, request: GET /}]":                            {"a": {Mean: 3 * time.Millisecond}},
		"flow: [{name: a, request: GET /, repeat: {times: 2, wait: 3ms}}]":                 {"a": {}},
		"flow: [{name: a, request: GET /, think: {mean: 3ms, distribution: exponential}}]": {"a": {Mean: 3 * time.Millisecond, SD: 3 * time.Millisecond}},
		"flow: [{name: a, request: GET /, think: {mean: 300ms, distribution: uniform}}]":   {"a": {Mean: 300 * time.Millisecond, SD: 173205080 * time.Nanosecond}},
		"mix: [{name: x, flow: [{name: a, request: GET /, think: 3ms}]}]":                  {"x.a": {Mean: 3 * time.Millisecond}},
	} {
		if diff := cmp.Diff(want, pauses(scenario(t, "name: one\n"+text))); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}
