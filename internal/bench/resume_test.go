package bench

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
)

// broken is a run of five pairs that was interrupted in its third.
func broken(t *testing.T) (Plan, []*results.Document, *world) {
	t.Helper()
	w, p := newWorld(), plan(t, 5)
	ctx, cancel := context.WithCancel(t.Context())
	w.onLoad = func(n int) {
		if n == 6 {
			cancel()
		}
	}
	docs := begin(p)
	if _, err := w.runner(t).Run(ctx, p, survey(p), docs); err == nil {
		t.Fatal("not interrupted")
	}
	return p, docs, w
}

func again(s *scenarios.Scenario) func(string, string) (*scenarios.Scenario, error) {
	return func(string, string) (*scenarios.Scenario, error) { return s, nil }
}

func TestResume(t *testing.T) {
	t.Parallel()
	p, docs, _ := broken(t)
	slices.Reverse(docs)
	const own = "the time limit was reached: so says somebody else"
	docs[1].Warnings = []string{own}
	stop(docs, results.Stop{Code: results.TimeUp, Pairs: 3, MostPairs: 3})
	stop(docs, results.Stop{Code: results.GivenUp, Scenario: "one", Connections: 1, Pairs: 2, Failures: 2})
	resumed, docs, err := Resume(docs, again(p.Scenarios[0]), p.Targets, "")
	if err != nil {
		t.Fatal(err)
	}
	resumed.Attempt = "x"
	if docs[0].Implementation != "a" || len(docs[0].Scenarios[0].Trials) != 2 || len(docs[0].Stops) != 0 || !slices.Equal(docs[0].Warnings, []string{own}) {
		t.Errorf("first %s, %d trials, stops %v, warnings %q; want the two whole pairs of a", docs[0].Implementation, len(docs[0].Scenarios[0].Trials), docs[0].Stops, docs[0].Warnings)
	}
	w := newWorld()
	if _, err := w.runner(t).Run(t.Context(), resumed, survey(resumed), docs); err != nil {
		t.Fatal(err)
	}
	uncut := newWorld()
	whole := begin(p)
	if _, err := uncut.runner(t).Run(t.Context(), p, survey(p), whole); err != nil {
		t.Fatal(err)
	}
	type part struct {
		Pair, Position int
		Seed           int64
	}
	parts := func(docs []*results.Document) (out []part) {
		for _, d := range docs {
			for _, trial := range d.Scenarios[0].Trials {
				out = append(out, part{trial.Pair, trial.Position, trial.Seed})
			}
		}
		return out
	}
	if d := cmp.Diff(parts(whole), parts(docs)); d != "" {
		t.Errorf("a resumed run differs from one that was not interrupted (-uncut +resumed)\n%s", d)
	}
	runs := map[string]bool{}
	for _, d := range docs {
		for _, trial := range d.Scenarios[0].Trials {
			if runs[trial.Run] {
				t.Errorf("${run} %s is used twice", trial.Run)
			}
			runs[trial.Run] = true
		}
	}
	if !docs[0].Complete || w.count("load") != 6 {
		t.Errorf("complete %t, %d loads, want those of three pairs", docs[0].Complete, w.count("load"))
	}
}

// TestResumeKeepsTurns: a run in slots goes on in slots of the same length.
func TestResumeKeepsTurns(t *testing.T) {
	t.Parallel()
	p, _, _ := broken(t)
	p.InSlots, p.Slot = true, 50*time.Millisecond
	docs := begin(p)
	resumed, _, err := Resume(docs, again(p.Scenarios[0]), p.Targets, "")
	if err != nil || !resumed.InSlots || resumed.Slot != p.Slot {
		t.Errorf("in slots: %v of %v, %v", resumed.InSlots, resumed.Slot, err)
	}
}

func TestResumeRefuses(t *testing.T) {
	t.Parallel()
	p, _, _ := broken(t)
	other := scenario(t, strings.Replace(oneText, "GET /", "GET /other", 1))
	cases := []struct {
		name       string
		scenario   *scenarios.Scenario
		configured []server.Spec
		change     func([]*results.Document) []*results.Document
		want       string
	}{
		{"another scenario", other, p.Targets, nil, "scenario one has changed"},
		{"another command", p.Scenarios[0], []server.Spec{{Name: "a", URL: "http://localhost:1", Start: "./new"}}, nil, "the start command of a is not what it was\n  in the stored run: \"\"\n  configured now:    \"./new\"\nhint"},
		{"a command that only a document has", p.Scenarios[0], p.Targets, func(d []*results.Document) []*results.Document {
			d[0].Target.Start = "touch ./made-by-a-document"
			return d
		}, `in the stored run: "touch ./made-by-a-document"`},
		{"a target that is not configured", p.Scenarios[0], nil, func(d []*results.Document) []*results.Document {
			d[0].Target.Start = "touch ./made-by-a-document"
			return d
		}, `configured now:    ""`},
		{"a hook that only a document has", p.Scenarios[0], p.Targets, func(d []*results.Document) []*results.Document {
			d[1].Plan.Reset = "touch ./made-by-a-document"
			return d
		}, "the reset hook is not what it was"},
		{"an address that only a document has", p.Scenarios[0], p.Targets, func(d []*results.Document) []*results.Document {
			d[0].Target.URL = "http://203.0.113.7"
			return d
		}, "the address of a is not what it was"},
		{"another folder", p.Scenarios[0], []server.Spec{{Name: "a", URL: "http://localhost:1", Dir: "elsewhere"}}, nil, "the folder of a is not what it was"},
		{"a missing document", p.Scenarios[0], p.Targets, func(d []*results.Document) []*results.Document { return d[:1] }, "results of b are missing"},
		{"a document of nobody", p.Scenarios[0], p.Targets, func(d []*results.Document) []*results.Document { d[1].Target.URL = ""; return d }, "contradict"},
		{"a plan without its targets", p.Scenarios[0], p.Targets, func(d []*results.Document) []*results.Document {
			d[0].Plan.Targets = []string{"x"}
			return d[:1]
		}, "contradict"},
		{"a plan of one target twice", p.Scenarios[0], p.Targets, func(d []*results.Document) []*results.Document {
			d[0].Plan.Targets = []string{"a", "b", "a"}
			return d
		}, "names a twice"},
		{"no document", p.Scenarios[0], p.Targets, func([]*results.Document) []*results.Document { return nil }, "no run to resume"},
		{"documents of two plans", p.Scenarios[0], p.Targets, func(d []*results.Document) []*results.Document { d[1].Plan.Seed++; return d }, "contradict"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, docs, _ := broken(t)
			if c.change != nil {
				docs = c.change(docs)
			}
			if _, _, err := Resume(docs, again(c.scenario), c.configured, ""); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

// A run that is killed between the two saves of its first pair leaves one
// document: it goes on all the same, whichever of them that is.
func TestResumeAfterOneSave(t *testing.T) {
	t.Parallel()
	for _, saved := range []int{0, 1} {
		w, p := newWorld(), plan(t, 3)
		killed := begin(p)
		r := w.runner(t)
		r.Save = func(d *results.Document) error {
			if d != killed[saved] {
				return errors.New("killed")
			}
			return nil
		}
		if _, err := r.Run(t.Context(), p, survey(p), killed); err == nil {
			t.Fatal("not killed")
		}
		left := []*results.Document{killed[saved]}
		if _, _, err := Resume(left, again(p.Scenarios[0]), p.Targets[saved:saved+1], ""); err == nil || !strings.Contains(err.Error(), "is not configured, and nothing of it was stored yet") {
			t.Errorf("error %v without the other target", err)
		}
		resumed, docs, err := Resume(left, again(p.Scenarios[0]), p.Targets, "")
		if err != nil {
			t.Fatal(err)
		}
		if err := survey(resumed).SameServers(docs); err != nil {
			t.Fatal(err)
		}
		if _, err := newWorld().runner(t).Run(t.Context(), resumed, survey(resumed), docs); err != nil {
			t.Fatal(err)
		}
		for i, d := range docs {
			if d.Implementation != p.Targets[i].Name || d.Target.URL != p.Targets[i].URL || !d.Complete || len(d.Scenarios[0].Trials) != 3 || d.Session != killed[saved].Session {
				t.Errorf("document %d after the save of %d: %+v", i, saved, d)
			}
		}
	}
}

// TestResumedTargets: a server on this machine that was given by its address
// alone is found again without being given again.
func TestResumedTargets(t *testing.T) {
	t.Parallel()
	p, docs, _ := broken(t)
	elsewhere := []server.Spec{{Name: "a", URL: "http://localhost:3000", Env: map[string]string{"A": "b"}}}
	resumed, _, err := Resume(docs, again(p.Scenarios[0]), elsewhere, "")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p.Targets, resumed.Targets); d != "" {
		t.Errorf("targets (-measured +resumed)\n%s", d)
	}
}

func TestSameMachine(t *testing.T) {
	t.Parallel()
	env := results.Environment{CPUModel: "A", Cores: 2, Kernel: "6.1", WrkVersion: "4.2.0", TaskbenchVersion: "v1"}
	_, docs, _ := broken(t)
	if err := SameMachine(docs, env); err != nil {
		t.Errorf("documents that do not say: %v", err)
	}
	docs[0].Environment, docs[1].Environment = env, env
	if err := SameMachine(docs, env); err != nil {
		t.Errorf("the same machine: %v", err)
	}
	for want, change := range map[string]func(*results.Environment){
		"its CPU was A, and is B now":             func(e *results.Environment) { e.CPUModel = "B" },
		"its number of cores was 2, and is 8 now": func(e *results.Environment) { e.Cores = 8 },
		"its kernel was 6.1, and is 6.2 now":      func(e *results.Environment) { e.Kernel = "6.2" },
		"its wrk was 4.2.0, and is 4.1.0 now":     func(e *results.Environment) { e.WrkVersion = "4.1.0" },
		"its taskbench was v1, and is v2 now":     func(e *results.Environment) { e.TaskbenchVersion = "v2" },
	} {
		other := env
		change(&other)
		if err := SameMachine(docs, other); err == nil || !strings.Contains(err.Error(), "session s cannot be resumed: "+want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

func TestSameServers(t *testing.T) {
	t.Parallel()
	p, docs, _ := broken(t)
	s := survey(p)
	if err := s.SameServers(docs); err != nil {
		t.Errorf("the same servers: %v", err)
	}
	s.Identities[1].ExecutableSHA256 = "rebuilt"
	if err := s.SameServers(docs); err == nil || !strings.Contains(err.Error(), "program of b") {
		t.Errorf("a rebuilt server: %v", err)
	}
}
