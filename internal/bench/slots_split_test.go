package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"taskbench/results"
)

// divided is a campaign of one cell of 10 s after a pair in slots of 2 s for
// each target, with the mean of a virtual user's iterations.
func divided(t *testing.T, iteration time.Duration) (*campaign, *cellRun) {
	t.Helper()
	p := plan(t, 10, 1)
	p.Cells[0].Duration, p.InSlots, p.PairLeast, p.PairMost = 10*time.Second, true, 2*time.Second, 4*time.Second
	c := &campaign{Runner: newWorld().runner(t), plan: p, survey: survey(p), docs: begin(p)}
	c.begin()
	for _, d := range c.docs {
		s := &results.Slots{SlotS: 0.1, GapS: 0.01, Sent: make([]uint64, 20)}
		d.Scenarios[0].Trials = []results.Trial{{Pair: 1, Slots: s, Iterations: &results.Iterations{Latency: &results.Latency{MeanUS: float64(iteration.Microseconds())}}}}
	}
	c.cells[0].done[1] = true
	return c, c.cells[0]
}

// TestDivide: a pair begins as short as may be, and its costs and bounds are what
// the choice is made from; it is made once, kept in the documents, and never
// beyond the bounds.
func TestDivide(t *testing.T) {
	t.Parallel()
	c, cell := divided(t, 100*time.Millisecond)
	if cell.Duration != 2*time.Second || c.docs[0].Scenarios[0].Load.DurationS != 10 {
		t.Fatalf("begins with %v of %g s", cell.Duration, c.docs[0].Scenarios[0].Load.DurationS)
	}
	var asked []string
	c.Split = func(_ []*results.Document, at int, of results.Split, least, most float64) (results.Split, bool) {
		asked = append(asked, fmt.Sprintf("%d: %.1f s and %.1f s, %g to %g", at, of.FixedS, of.EachS, least, most))
		of.PairS = 3
		return of, len(asked) > 1
	}
	left := c.track.planned
	for range 3 {
		c.divide(cell, 1, 6*time.Second)
	}
	if got := strings.Join(asked, "; "); got != "0: 1.6 s and 2.2 s, 2 to 4; 0: 1.6 s and 2.2 s, 2 to 4" {
		t.Error(got)
	}
	if cell.Duration != 3*time.Second || c.docs[0].Scenarios[0].Split.PairS != 3 || c.docs[1].Scenarios[0].Split == nil {
		t.Errorf("%v, %+v", cell.Duration, c.docs[0].Scenarios[0].Split)
	}
	if more := c.track.planned - left; more != 18*time.Second { // 9 pairs to come, of 2 targets
		t.Errorf("the run is %v longer", more)
	}
	if c.begin(); c.cells[1].Duration != 3*time.Second {
		t.Errorf("a resumed run goes on with %v", c.cells[1].Duration)
	}
	c.docs[0].Scenarios[0].Split.PairS = 1e9
	if got := c.firstLength(cell); got != 4*time.Second {
		t.Errorf("a document has pairs of %v", got)
	}
}

// TestDivideSlowFlows: virtual users get round at least five times, or as often
// as the scenario's own duration lets them.
func TestDivideSlowFlows(t *testing.T) {
	t.Parallel()
	for iteration, want := range map[time.Duration]time.Duration{time.Second: 5 * time.Second, 3 * time.Second: 10 * time.Second} {
		c, cell := divided(t, iteration)
		c.divide(cell, 1, 6*time.Second)
		c.divide(cell, 1, 6*time.Second)
		if cell.Duration != want {
			t.Errorf("iterations of %v: pairs of %v, want %v", iteration, cell.Duration, want)
		}
	}
}

// TestGivenDurationStays, where somebody asks for it.
func TestGivenDurationStays(t *testing.T) {
	t.Parallel()
	c, cell := divided(t, time.Second)
	c.plan.PairLeast, cell.Duration = 0, 10*time.Second
	c.divide(cell, 1, time.Second)
	if c.firstLength(cell) != 10*time.Second || cell.Duration != 10*time.Second {
		t.Errorf("%v, then %v", c.firstLength(cell), cell.Duration)
	}
}
