package bench

import (
	"fmt"
	"testing"
	"time"

	"taskbench/results"
)

// unequal are two cells of which a trial of the first takes so many seconds, and
// of the second five; both targets' trials are over when it returns.
func unequal(t *testing.T, first time.Duration, until time.Duration) (pairs [2]int, over time.Duration, stopped string) {
	t.Helper()
	w, p := newWorld(), plan(t, 20, 1, 2)
	w.overhead = time.Second // a script may take 4 s of wrk: each trial takes 5
	w.onLoad = func(int) {
		if last := w.events[len(w.events)-1]; last.Cell == "one @ 1" {
			w.clock = w.clock.Add(first - 5*time.Second)
		}
	}
	r, docs, began := w.runner(t), begin(p), w.clock
	if until > 0 {
		r.Deadline = began.Add(until)
	}
	stopped, err := r.Run(t.Context(), p, survey(p), docs)
	if err != nil {
		t.Fatal(err)
	}
	for i := range pairs {
		pairs[i] = len(docs[0].Scenarios[i].Trials)
	}
	return pairs, w.clock.Sub(began), stopped
}

// With a deadline cells have as much time, not as many pairs: one that is slow
// leaves the others theirs. The first pair of each is measured however late it is.
func TestCellsShareTheTime(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first, until time.Duration
		pairs        [2]int
		over         time.Duration
		stopped      string
	}{
		{50 * time.Second, 0, [2]int{20, 20}, 2200 * time.Second, ""},
		{50 * time.Second, 200 * time.Second, [2]int{1, 10}, 200 * time.Second, "1 to 10"},
		{50 * time.Second, 400 * time.Second, [2]int{2, 20}, 400 * time.Second, "2"},
		{50 * time.Second, 1000 * time.Second, [2]int{8, 20}, 1000 * time.Second, "8"},
		{50 * time.Second, time.Second, [2]int{1, 1}, 110 * time.Second, "1"},
		{5 * time.Second, 65 * time.Second, [2]int{3, 3}, 60 * time.Second, "3"},
	} {
		pairs, over, stopped := unequal(t, c.first, c.until)
		want := ""
		if c.stopped != "" {
			want = fmt.Sprintf("the time limit was reached: %s of 20 pairs measured where no verdict stands", c.stopped)
		}
		if pairs != c.pairs || over != c.over || stopped != want {
			t.Errorf("trials of %v until %v: %v pairs in %v, %q", c.first, c.until, pairs, over, stopped)
		}
	}
}

// A run that was interrupted goes on with who had the least time.
func TestResumedCellsShareTheTime(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 20, 1, 2)
	docs := begin(p)
	p.Cells[0].Duration = 10 * time.Second
	c := &campaign{Runner: w.runner(t), plan: p, survey: survey(p), docs: docs}
	c.Deadline = w.clock.Add(time.Hour)
	c.begin()
	for i, pairs := range []int{1, 3} { // 20 s and 6 s
		for pair := 1; pair <= pairs; pair++ {
			for _, d := range docs {
				d.Scenarios[i].Trials = append(d.Scenarios[i].Trials, results.Trial{Pair: pair})
			}
		}
	}
	c.cells = nil
	c.begin()
	if cell, late := c.next(); late || cell == nil || cell.index != 1 || c.pairOf(cell) != 4 {
		t.Errorf("%+v, late %t", cell, late)
	}
}

// What a setup took that is kept is not foreseen for the next pair.
func TestKeptSetupsAreNotForeseen(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 20, 1)
	c := &campaign{Runner: w.runner(t), plan: p, survey: survey(p), docs: begin(p)}
	c.Deadline = w.clock.Add(12 * time.Second)
	c.begin()
	cell := c.cells[0]
	cell.done[1], cell.now, cell.took, cell.tookNow = true, 1, 30*time.Second, 30*time.Second
	if cell, late := c.next(); cell != nil || !late {
		t.Error("a pair of 30 seconds fits into 12")
	}
	cell.once = 20 * time.Second
	if next, late := c.next(); next != cell || late {
		t.Error("a pair of 10 seconds, behind a setup of 20, does not fit into 12")
	}
}

// The line that moves does not promise more than the deadline allows.
func TestTimeLeftUntilTheDeadline(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 20)
	r := w.runner(t)
	r.Deadline = w.clock.Add(12 * time.Second)
	if _, err := r.Run(t.Context(), p, survey(p), begin(p)); err != nil {
		t.Fatal(err)
	}
	for _, e := range w.events {
		if left := r.Deadline.Sub(e.At); e.Left > max(left, 0) {
			t.Errorf("%s: %v left of %v", e.Phase, e.Left, left)
		}
	}
}

// An attempt in slots that brought nothing is no sign of how long trials take.
func TestTimeLeftWithoutAnAttemptInSlots(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 2)
	c := &campaign{Runner: w.runner(t), plan: p, survey: survey(p), docs: begin(p)}
	c.begin()
	s := spot{cell: c.cells[0], target: p.Targets[0], pair: 1, position: 1}
	c.track.phase(s, Starting)
	w.clock = w.clock.Add(time.Minute)
	c.track.leftOut(time.Minute)
	for range 2 {
		c.track.phase(s, Starting)
		w.clock = w.clock.Add(2 * time.Second)
		c.track.done(s.cell.Cell, results.Trial{})
	}
	told := w.events[1]
	if last := w.events[len(w.events)-1]; told.Phase != InTurn || told.Lost != time.Minute || last.Left != 4*time.Second {
		t.Errorf("%+v; %v left of two trials of two seconds", told, last.Left)
	}
}

// A window that is as long as its iterations ask for is bounded by what each trial
// may take.
func TestShare(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 20, 1, 2)
	r := w.runner(t)
	if got := r.share(p); got != 0 {
		t.Errorf("%v without a deadline", got)
	}
	r.Deadline = w.clock.Add(time.Minute)
	if got := r.share(p); got != 15*time.Second {
		t.Errorf("%v of a minute for two cells and two targets", got)
	}
	r.Deadline = w.clock.Add(-time.Minute)
	if got := r.share(p); got != 1 {
		t.Errorf("%v where it is over", got)
	}
}
