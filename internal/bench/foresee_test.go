package bench

import (
	"testing"
	"time"

	"taskbench/results"
)

// onceAt is a rule that judges so many pairs once.
func onceAt(_ *results.Rule, pairs int) *results.Rule {
	return &results.Rule{MinPairs: 5, Looks: []results.Look{{Pairs: pairs}}}
}

// told are the plans that a run told of.
func (w *world) told() (list []Foreseen) {
	for _, e := range w.events {
		if e.Phase == Planned {
			list = append(list, e.Plan)
		}
	}
	return list
}

// limited is a run of cells whose pairs take four seconds, as nobody foresaw: two of
// trials of a second, and two around them.
func limited(t *testing.T, limit time.Duration, cells int, once Judged) (*world, []*results.Document, string) {
	t.Helper()
	w, p := newWorld(), plan(t, 20, []int{1, 2, 3, 4, 5, 6}[:cells]...)
	w.overhead = -2 * time.Second // a script may take 4 s of wrk: each trial takes 2
	r, docs := w.runner(t), begin(p)
	r.Deadline, r.Once, p.Limit, p.most = w.clock.Add(limit), once, limit, 20
	stopped, err := r.Run(t.Context(), p, survey(p), docs)
	if err != nil {
		t.Fatal(err)
	}
	return w, docs, stopped
}

// TestForeseen: what there is time for is told before the first pair and, where pairs
// cost something else, behind the first ones; the count of trials and the time left are
// of that, never of all that might be.
func TestForeseen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		limit         time.Duration
		cells         int
		first, then   int // pairs foreseen
		takes         time.Duration
		measured, all int // pairs of a cell; the plan's in the end
	}{
		{3 * time.Second, 6, 1, 1, 12 * time.Second, 1, 6},
		{14 * time.Second, 1, 7, 3, 14 * time.Second, 3, 6},
		{30 * time.Second, 1, 15, 7, 30 * time.Second, 7, 7},
		{time.Hour, 1, 20, 20, 40 * time.Second, 20, 20},
	} {
		w, docs, _ := limited(t, c.limit, c.cells, onceAt)
		told := w.told()
		if got := told[0]; got.Fewest != c.first || got.Most != c.first || got.Cells != c.cells || got.Takes != c.takes || got.Limit != c.limit {
			t.Errorf("%v: %+v", c.limit, got)
		}
		last := told[len(told)-1]
		if corrected := c.then != c.first; last.Again != corrected || corrected && last.Fewest != c.then {
			t.Errorf("%v: %+v behind the first pairs", c.limit, last)
		}
		if got := len(docs[0].Scenarios[0].Trials); got != c.measured || docs[1].Plan.Pairs != c.all {
			t.Errorf("%v: %d of %d pairs", c.limit, got, docs[1].Plan.Pairs)
		}
		for _, e := range w.events {
			if most := 2 * c.cells * max(c.first, c.then); e.Trials > most || e.Left > 2*c.takes {
				t.Errorf("%v: %d trials, %v left in %s", c.limit, e.Trials, e.Left, e.Phase)
			}
		}
	}
}

// TestRefitKeepsLooks: a run whose looks have their levels is judged by them while
// there is time for enough pairs, and so is one that nobody may change.
func TestRefitKeepsLooks(t *testing.T) {
	t.Parallel()
	if _, docs, _ := limited(t, 80*time.Second, 1, onceAt); docs[0].Plan.Pairs != 20 || docs[0].Plan.Rule != nil {
		t.Errorf("%+v", docs[0].Plan)
	}
	if _, docs, stopped := limited(t, 30*time.Second, 1, nil); docs[0].Plan.Pairs != 20 || docs[0].Plan.Rule != nil || stopped == "" {
		t.Errorf("%+v, %q", docs[0].Plan, stopped)
	}
}

// TestResumedRunsGoOn: however short its time is, each attempt brings a pair of every
// scenario that wants one.
func TestResumedRunsGoOn(t *testing.T) {
	t.Parallel()
	w, p := newWorld(), plan(t, 3, 1, 2)
	docs := begin(p)
	for attempt := 1; attempt <= 3; attempt++ {
		r := w.runner(t)
		r.Deadline = w.clock.Add(time.Second)
		stopped, err := r.Run(t.Context(), p, survey(p), docs)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range docs[0].Scenarios {
			if len(m.Trials) != attempt || (stopped == "") != (attempt == 3) || docs[0].Complete != (attempt == 3) {
				t.Errorf("attempt %d: %d pairs, %q", attempt, len(m.Trials), stopped)
			}
		}
	}
}
