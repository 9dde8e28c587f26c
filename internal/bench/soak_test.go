package bench

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/wrk"
)

// mortal is a server that is looked at by several goroutines, and may die.
type mortal struct {
	*fakeServer
	mu   sync.Mutex
	dead bool
}

func (m *mortal) Usage() (server.Usage, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead {
		return server.Usage{}, server.ErrNoProcess
	}
	return server.Usage{ResidentBytes: 1 << 20, Processes: 1, Threads: 3}, nil
}

func (m *mortal) die() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.dead = true
}

// soaker has the world's servers; the newest of them is *newest.
func (w *world) soaker(t *testing.T, newest **mortal) *Runner {
	r := w.runner(t)
	r.Probes = []Probe{Series{Hz: 100, FilesOnly: true}}
	r.Open = func(ctx context.Context, spec server.Spec) (Server, error) {
		s, err := w.openServer(ctx, spec)
		*newest = &mortal{fakeServer: s.(*fakeServer)}
		return *newest, err
	}
	return r
}

func TestSoak(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 3)
	p.Cells[0].Warmup = 2 * time.Second
	resets := filepath.Join(t.TempDir(), "resets")
	p.Reset = "echo $TASKBENCH_TARGET >> " + resets
	var server *mortal
	s := w.soaker(t, &server)
	var lengths []time.Duration
	s.Generate = func(ctx context.Context, o wrk.Options) (wrk.Output, error) {
		lengths = append(lengths, o.Duration)
		return w.generate(ctx, o)
	}
	docs := begin(p)
	if err := s.Soak(t.Context(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	var did []string
	for _, line := range w.log { // "open a", "load one-1-a run=…"
		words := strings.Fields(line)
		did = append(did, words[0]+" "+words[1][len(words[1])-1:])
	}
	want := []string{"open a", "load a", "load a", "load a", "stop a", "open b", "load b", "load b", "load b", "stop b"}
	if !cmp.Equal(did, want) {
		t.Errorf("it did %q, want one server for all windows: %q", did, want)
	}
	for i, d := range lengths {
		if first := i%3 == 0; first != (d > lengths[1]) {
			t.Errorf("the loads last %v, want a warm-up in each target's first only", lengths)
		}
	}
	if text, _ := os.ReadFile(resets); string(text) != "a\nb\n" {
		t.Errorf("reset before %q, want once for each target", text)
	}
	if want := []string{"a 1", "a 2", "a 3", "b 1", "b 2", "b 3"}; !cmp.Equal(w.saved, want) {
		t.Errorf("saved %v, want %v", w.saved, want)
	}
	for _, d := range docs {
		for i, trial := range d.Scenarios[0].Trials {
			if m := trial.Memory; trial.Pair != i+1 || trial.Error != "" || m == nil || m.Missing != "" || len(m.Notes) > 0 {
				t.Errorf("%s, window %d: %+v", d.Implementation, i+1, trial)
			}
		}
		if !d.Complete || len(d.Scenarios[0].Trials) != 3 {
			t.Errorf("%s: complete %t, %d windows", d.Implementation, d.Complete, len(d.Scenarios[0].Trials))
		}
	}
	if ended := w.events[len(w.events)-2]; ended.Phase != Ended || ended.Left != 0 {
		t.Errorf("%v left when the last window has %s, want none", ended.Left, ended.Phase)
	}
	last := w.events[len(w.events)-1]
	if last.Unit != "window" || last.Phase != Finished || last.Done != 6 || last.Trials != 6 {
		t.Errorf("last event %+v, want all of 6 windows done", last)
	}
}

func TestSoakedServerDies(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 5)
	w.how, w.last = "exit status 7", "panic: out of luck"
	var server *mortal
	w.onLoad = func(n int) {
		if n == 3 {
			server.die()
		}
	}
	docs := begin(p)
	err := w.soaker(t, &server).Soak(t.Context(), p, survey(p), docs)
	for _, want := range []string{"a: the server's process ended ", " into the soak, in window 3 of 5, after 3 answers that were counted: the server ended (exit status 7)\nthe end of what it wrote:\npanic: out of luck"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	trials := docs[0].Scenarios[0].Trials
	if len(trials) != 3 || trials[1].Error != "" || !strings.HasPrefix(trials[2].Error, "the server's process ended") || docs[0].Complete {
		t.Errorf("%d windows, complete %t: %+v", len(trials), docs[0].Complete, trials)
	}
	if n := len(docs[1].Scenarios[0].Trials); n != 5 || !docs[1].Complete {
		t.Errorf("the other target has %d windows, want all of its own", n)
	}
	if last := w.events[len(w.events)-1]; last.Done != last.Trials || w.open != 0 {
		t.Errorf("last event %+v; %d servers are left", last, w.open)
	}
}

func TestSoakInterrupted(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 5)
	ctx, cancel := context.WithCancel(t.Context())
	w.onLoad = func(n int) {
		if n == 3 {
			cancel()
		}
	}
	var server *mortal
	docs := begin(p)
	err := w.soaker(t, &server).Soak(ctx, p, survey(p), docs)
	if err == nil || !strings.Contains(err.Error(), "interrupted in window 3 of 5 of a: what was measured is kept") {
		t.Errorf("error %v", err)
	}
	trials := docs[0].Scenarios[0].Trials
	if len(trials) != 3 || !trials[2].Interrupted || trials[1].Error != "" || docs[0].Complete || len(docs[1].Scenarios[0].Trials) != 0 {
		t.Errorf("%d and %d windows, complete %t", len(trials), len(docs[1].Scenarios[0].Trials), docs[0].Complete)
	}
	if want := []string{"a 1", "a 2", "a 3"}; !cmp.Equal(w.saved, want) || w.open != 0 {
		t.Errorf("saved %v, want %v; %d servers are left", w.saved, want, w.open)
	}
}

func TestSoakGivesUpOnATargetThatFails(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 6)
	w.fails = func(of string, load int) error {
		if of == "a" && load != 2 { // fails, works, fails, fails
			return errors.New("connection refused")
		}
		return nil
	}
	var server *mortal
	docs := begin(p)
	err := w.soaker(t, &server).Soak(t.Context(), p, survey(p), docs)
	if err == nil || !strings.Contains(err.Error(), "a: given up after window 4 of 6, 2 failures in a row: connection refused") {
		t.Errorf("error %v", err)
	}
	if a, b := len(docs[0].Scenarios[0].Trials), len(docs[1].Scenarios[0].Trials); a != 4 || b != 6 || w.open != 0 {
		t.Errorf("%d and %d windows, want 4 and 6; %d servers are left", a, b, w.open)
	}
}

func TestRefusedScenarioIsNotSoaked(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 2)
	found := survey(p)
	found.Visits[0][1].Answers = []lua.Exchange{{Step: "a", Status: 404, Unmet: []string{"status"}}}
	docs := Documents(p, results.Environment{}, found, time.Unix(1, 0))
	var server *mortal
	if err := w.soaker(t, &server).Soak(t.Context(), p, found, docs); err != nil {
		t.Fatal(err)
	}
	if n := w.count("load"); n != 0 || !refused(docs, 0) {
		t.Errorf("%d loads, refused %t", n, refused(docs, 0))
	}
}

// TestSeriesOfWindows goes on from window to window: what was seen is in one or the other.
func TestSeriesOfWindows(t *testing.T) {
	t.Parallel()
	h := &holder{usages: []server.Usage{{Processes: 1, ResidentBytes: 10e6, Restarted: 0}}}
	at := Series{Hz: 200}.Attach(t.Context(), h, Cell{Duration: time.Minute})
	samples := func() int {
		h.mu.Lock()
		defer h.mu.Unlock()
		return h.played
	}
	window := func() *results.MemoryUse {
		at.Begin(t.Context())
		for n := samples() + 5; samples() < n; {
			time.Sleep(time.Millisecond)
		}
		at.End(t.Context())
		var trial results.Trial
		at.Record(t.Context(), &trial, Run{})
		return trial.Memory
	}
	first := window()
	h.mu.Lock()
	h.usages = []server.Usage{{Processes: 1, ResidentBytes: 20e6, Restarted: 1}}
	h.mu.Unlock()
	second := window()
	if *first.PeakBytes != 10e6 || *second.PeakBytes != 20e6 || first.Hz != second.Hz {
		t.Errorf("peaks %v and %v, want each window's own", *first.PeakBytes, *second.PeakBytes)
	}
	if len(first.Notes) != 0 || !strings.Contains(strings.Join(second.Notes, "\n"), "restarted while it was sampled (1 times)") {
		t.Errorf("notes %q and %q", first.Notes, second.Notes)
	}
	if second.LoadFromS < first.LoadToS {
		t.Errorf("the second window begins at %g, the first ended at %g", second.LoadFromS, first.LoadToS)
	}
}
