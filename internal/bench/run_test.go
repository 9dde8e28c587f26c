package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/results"
)

// orderOf is which target was loaded first in each pair.
func orderOf(w *world) (firsts string) {
	for i, line := range w.log {
		if strings.HasPrefix(line, "load") && (i/3)%2 == 0 {
			firsts += string(line[len("load one-1-")])
		}
	}
	return firsts
}

func TestOrderIsRandomAndRepeatable(t *testing.T) {
	t.Parallel()
	run := func(seed int64) string {
		w, p := newWorld(), plan(t, 20)
		p.Seed = seed
		if _, err := w.runner(t).Run(t.Context(), p, survey(p), begin(p)); err != nil {
			t.Fatal(err)
		}
		return orderOf(w)
	}
	first := run(1)
	if again := run(1); again != first {
		t.Errorf("the same seed gave %s, then %s", first, again)
	}
	if other := run(2); other == first {
		t.Errorf("another seed gave the same order %s", first)
	}
	if len(first) != 20 || !strings.Contains(first, "a") || !strings.Contains(first, "b") {
		t.Errorf("order %q, want 20 pairs in both orders", first)
	}
}

func TestPairs(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 3, 1, 2)
	docs := begin(p)
	if stopped, err := w.runner(t).Run(t.Context(), p, survey(p), docs); err != nil || stopped != "" {
		t.Fatalf("%q, %v", stopped, err)
	}
	seeds, runs := map[int64]int{}, map[string]bool{}
	for _, d := range docs {
		if !d.Complete || len(d.Scenarios) != 2 {
			t.Fatalf("%s: complete %t, %d cells", d.Implementation, d.Complete, len(d.Scenarios))
		}
		for _, m := range d.Scenarios {
			for i, trial := range m.Trials {
				if trial.Pair != i+1 || trial.Error != "" || trial.Good != 1 {
					t.Errorf("%s: trial %d is of pair %d, %d good, error %q", d.Implementation, i, trial.Pair, trial.Good, trial.Error)
				}
				seeds[trial.Seed]++
				runs[trial.Run] = true
			}
		}
	}
	if len(runs) != 12 {
		t.Errorf("%d different ${run}, want one for each of 12 trials", len(runs))
	}
	for seed, n := range seeds {
		if n != 2 {
			t.Errorf("seed %d was used %d times, want by both targets of one pair", seed, n)
		}
	}
	want := []string{"open", "load", "stop"}
	for i, line := range w.log {
		if !strings.HasPrefix(line, want[i%3]) {
			t.Fatalf("%q, want %s: a fresh server for every trial\n%s", line, want[i%3], strings.Join(w.log, "\n"))
		}
	}
	// Round about: the second pair of a cell comes after the first of all others.
	if first, second := w.log[1][:len("load one-1")], w.log[7][:len("load one-2")]; first != "load one-1" || second != "load one-2" {
		t.Errorf("pairs began with %s, then %s", first, second)
	}
}

func TestSavedAfterEveryPair(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 2)
	if _, err := w.runner(t).Run(t.Context(), p, survey(p), begin(p)); err != nil {
		t.Fatal(err)
	}
	if want := []string{"a 1", "b 1", "a 2", "b 2", "a 2", "b 2"}; !cmp.Equal(w.saved, want) {
		t.Errorf("saved %v, want %v", w.saved, want)
	}
}

func TestUnsavableRunEnds(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 5)
	r, full := w.runner(t), errors.New("disk full")
	r.Save = func(*results.Document) error { return full }
	if _, err := r.Run(t.Context(), p, survey(p), begin(p)); !errors.Is(err, full) {
		t.Errorf("error %v, want %v", err, full)
	}
	if n := w.count("load"); n != 2 {
		t.Errorf("%d loads after which nothing could be saved, want one pair", n)
	}
}

func TestGivesUpOnATargetThatFails(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 6)
	w.fails = func(of string, load int) error {
		if of == "a" && load != 2 { // fails, works, fails, fails
			return errors.New("connection refused")
		}
		return nil
	}
	docs := begin(p)
	if _, err := w.runner(t).Run(t.Context(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	trials := docs[0].Scenarios[0].Trials
	if len(trials) != 4 || trials[0].Error != "connection refused" || trials[1].Error != "" {
		t.Errorf("%d trials of the failing target, want 4: given up after two failures in a row", len(trials))
	}
	if !docs[0].Complete || len(docs[0].Stops) != 1 || len(docs[1].Stops) != 0 || docs[0].Stops[0].Code != results.GivenUp {
		t.Errorf("complete %t, stops %v and %v", docs[0].Complete, docs[0].Stops, docs[1].Stops)
	}
	if w.open != 0 {
		t.Errorf("%d servers are left running", w.open)
	}
}

func TestInterruptKeepsWhatThereIs(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 5)
	ctx, cancel := context.WithCancel(t.Context())
	w.onLoad = func(n int) {
		if n == 4 {
			cancel()
		}
	}
	docs := begin(p)
	_, err := w.runner(t).Run(ctx, p, survey(p), docs)
	if err == nil || !strings.Contains(err.Error(), "interrupted in one @ 1, pair 2 of 5") {
		t.Errorf("error %v", err)
	}
	marked := 0
	for _, d := range docs {
		trials := d.Scenarios[0].Trials
		if d.Complete || len(trials) != 2 || trials[0].Error != "" {
			t.Errorf("%s: complete %t, %d trials", d.Implementation, d.Complete, len(trials))
		}
		if last := trials[len(trials)-1]; last.Interrupted && last.Error != "" {
			marked++
		}
	}
	if marked != 1 || w.open != 0 {
		t.Errorf("%d trials marked as interrupted, want the last; %d servers left", marked, w.open)
	}
	if last := w.saved[len(w.saved)-2:]; !cmp.Equal(last, []string{"a 2", "b 2"}) {
		t.Errorf("saved last: %v", last)
	}
}

func TestRefusedScenarioIsNotLoaded(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 2)
	s := survey(p)
	s.Visits[0][1].Answers = []lua.Exchange{{Step: "a", Status: 404, Unmet: []string{"status"}, Body: []byte("no\nsuch page")}}
	docs := Documents(p, results.Environment{}, s, time.Unix(1, 0))
	if _, err := w.runner(t).Run(t.Context(), p, s, docs); err != nil {
		t.Fatal(err)
	}
	want := "step a got status 404, not as expected (status): no such page"
	if a, b := docs[0].Scenarios[0].Refused, docs[1].Scenarios[0].Refused; a != "" || b != want {
		t.Errorf("refused: %q of the one that answered well, %q of the other, want %q", a, b, want)
	}
	if n := w.count("load"); n != 0 || !docs[0].Complete {
		t.Errorf("%d loads, complete %t", n, docs[0].Complete)
	}
}

func TestStopsWhereItIsDecided(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 20, 1, 2)
	r := w.runner(t)
	r.Decided = func(docs []*results.Document, c Cell) bool {
		return c.Connections == 1 && len(docs[0].Scenarios[0].Trials) == 6
	}
	docs := begin(p)
	if _, err := r.Run(t.Context(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	if one, two := len(docs[0].Scenarios[0].Trials), len(docs[0].Scenarios[1].Trials); one != 6 || two != 20 {
		t.Errorf("%d and %d pairs, want 6 where it was decided and 20 where not", one, two)
	}
	last := w.events[len(w.events)-1]
	if last.Phase != Finished || last.Done != last.Trials || last.Done != 52 || last.Left != 0 {
		t.Errorf("last event %+v, want all of 52 trials done", last)
	}
}

func TestTimeLimit(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 20)
	w.overhead = time.Second // a script may take 4 s of wrk: each trial takes 5
	r := w.runner(t)
	r.Deadline = w.clock.Add(35 * time.Second)
	docs := begin(p)
	stopped, err := r.Run(t.Context(), p, survey(p), docs)
	if err != nil || !strings.Contains(stopped, "3 of 20 pairs") {
		t.Errorf("%q, %v", stopped, err)
	}
	if w.clock.After(r.Deadline) {
		t.Errorf("over at %v, after the deadline %v", w.clock, r.Deadline)
	}
	if docs[0].Complete || len(docs[0].Stops) != 1 || docs[0].Stops[0].Text(p.Pairs) != stopped {
		t.Errorf("complete %t, stops %v, want %q", docs[0].Complete, docs[0].Stops, stopped)
	}
}

func TestTrackerEstimate(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 2)
	w.overhead = time.Second
	if _, err := w.runner(t).Run(t.Context(), p, survey(p), begin(p)); err != nil {
		t.Fatal(err)
	}
	var left []time.Duration
	for _, e := range w.events {
		if e.Phase == Measuring {
			left = append(left, e.Left)
		}
	}
	// Planned is one second a trial; each takes five, which is known from the second on.
	want := []time.Duration{4 * time.Second, 15 * time.Second, 10 * time.Second, 5 * time.Second}
	if !cmp.Equal(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
}

// TestTimeLeftOnlyRunsDown: within a trial the estimate follows the clock,
// whatever its phases take.
func TestTimeLeftOnlyRunsDown(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 2)
	docs := begin(p)
	c := &campaign{Runner: w.runner(t), plan: p, survey: survey(p), docs: docs}
	c.begin()
	s := spot{cell: c.cells[0], target: p.Targets[0], pair: 1, position: 1}
	trial := func() {
		c.track.phase(s, Starting)
		w.clock = w.clock.Add(500 * time.Millisecond)
		c.track.phase(s, WarmingUp)
		w.clock = w.clock.Add(200 * time.Millisecond)
		c.track.phase(s, Measuring)
		w.clock = w.clock.Add(time.Second)
		c.track.live(parse.Live{Seconds: 1})
		w.clock = w.clock.Add(300 * time.Millisecond)
		c.track.done(s.cell.Cell, results.Trial{})
	}
	trial()
	trial() // now it is known that a trial takes two seconds, of which one is asked for
	var left []time.Duration
	for _, e := range w.events {
		left = append(left, e.Left/time.Millisecond)
	}
	if want := []time.Duration{4000, 3500, 3300, 2300, 6000, 6000, 5500, 5300, 4300, 4000}; !cmp.Equal(left, want) {
		t.Errorf("left %d ms, want %d", left, want)
	}
}

func TestUnknownProcessIsNoted(t *testing.T) {
	t.Parallel()
	p := plan(t, 1)
	s := survey(p)
	s.Identities[0].Executable = "/usr/bin/a"
	docs := Documents(p, results.Environment{}, s, time.Unix(1, 0))
	if a, b := docs[0].Environment.Notes, docs[1].Environment.Notes; len(a) != 0 || len(b) != 1 || !strings.Contains(b[0], "the process of b is not known") {
		t.Errorf("notes %q and %q, want one of b", a, b)
	}
}

// The floor is nobody's candidate: where it only fails, or answers wrongly, the others
// are measured to the end without it.
func TestGoesOnWithoutTheFloor(t *testing.T) {
	t.Parallel()
	for _, wrong := range []bool{false, true} {
		w, p := newWorld(), plan(t, 5)
		p.Targets = append(p.Targets, server.Spec{Name: "bare", URL: "http://localhost:3"})
		p.Floor = "bare"
		w.fails = func(of string, _ int) error {
			if of == "bare" {
				return errors.New("connection refused")
			}
			return nil
		}
		docs := begin(p)
		found := survey(p)
		if wrong {
			found.Visits[0][2].Answers = []lua.Exchange{{Step: "a", Status: 404, Unmet: []string{"status"}}}
		}
		if _, err := w.runner(t).Run(t.Context(), p, found, docs); err != nil {
			t.Fatal(err)
		}
		trials := func(i int) int { return len(docs[i].Scenarios[0].Trials) }
		ofFloor := map[bool]int{true: 0, false: maxFailuresInARow}[wrong]
		if trials(0) != 5 || trials(1) != 5 || trials(2) != ofFloor || !docs[0].Complete || len(docs[0].Stops) != 0 {
			t.Errorf("%d, %d and %d trials, complete %t", trials(0), trials(1), trials(2), docs[0].Complete)
		}
		if last := w.events[len(w.events)-1]; wrong == false && (len(docs[2].Stops) != 1 || last.Left != 0) {
			t.Errorf("stops %v, %+v", docs[2].Stops, last)
		}
	}
}
