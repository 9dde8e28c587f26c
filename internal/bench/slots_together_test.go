package bench

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"taskbench/internal/server"
	"taskbench/internal/slots"
	"taskbench/results"
)

// TestWhyInTurn: all servers of a pair must be able to be up together.
func TestWhyInTurn(t *testing.T) {
	t.Parallel()
	of := func(start string, urls ...string) (specs []server.Spec) {
		for i, u := range urls {
			specs = append(specs, server.Spec{Name: string(rune('a' + i)), URL: u, Start: start})
		}
		return specs
	}
	held := uint64(600 << 20)
	for name, c := range map[string]struct {
		targets []server.Spec
		left    uint64 // MiB; 0: not known
		earlier *uint64
		want    string
	}{
		"two":                        {targets: of("", "http://h:1", "http://h:2")},
		"one":                        {targets: of("", "http://h:1"), want: results.OneTarget},
		"one address":                {targets: of("x", "http://h:1", "http://h:2", "http://h:1"), want: results.OneAddress},
		"one address, in other ways": {targets: of("x", "http://127.0.0.1", "http://localhost:80"), want: results.OneAddress},
		"seventeen":                  {targets: of("", strings.Fields(strings.Repeat("http://h:1 ", 17))...), want: results.TooManyTargets},
		"memory for both":            {targets: of("x", "http://h:1", "http://h:2"), left: 1000},
		"memory for one":             {targets: of("x", "http://h:1", "http://h:2"), left: 999, want: results.NoMemory},
		"more under load":            {targets: of("x", "http://h:1", "http://h:2"), left: 1000, earlier: &held, want: results.NoMemory},
		"they hold it already":       {targets: of("", "http://h:1", "http://h:2"), left: 10},
	} {
		cell := &cellRun{}
		run := &campaign{Runner: &Runner{Available: func() (uint64, bool) { return c.left << 20, c.left > 0 }}}
		var spots []spot
		for i, target := range c.targets {
			run.survey.Resident = append(run.survey.Resident, 500<<20)
			run.docs = append(run.docs, &results.Document{Scenarios: []results.Measurement{{Trials: []results.Trial{
				{}, {Resources: &results.Resources{ServerResidentBytes: c.earlier}},
			}}}})
			spots = append(spots, spot{cell: cell, index: i, target: target})
		}
		if got := run.whyInTurn(spots); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// TestNotTogether: servers of which one does not start beside the other are
// measured in turn, all pairs of all cells, and the documents say why.
func TestNotTogether(t *testing.T) {
	t.Parallel()
	w := newWorld()
	p := plan(t, 3, 1, 2)
	p.InSlots = true
	for i := range p.Targets {
		p.Targets[i].Start = "x"
	}
	r, docs, together := w.runner(t), begin(p), 0
	r.Open = func(ctx context.Context, s server.Spec) (Server, error) {
		if w.open > 0 {
			together++
			return nil, errors.New("address already in use")
		}
		return w.openServer(ctx, s)
	}
	if _, err := r.Run(t.Context(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		for _, m := range d.Scenarios {
			if m.InTurn != results.NotTogether || len(m.Trials) != 3 || slices.ContainsFunc(m.Trials, func(t results.Trial) bool { return t.Error != "" }) {
				t.Errorf("%s at %d: in turn because %q, %+v", d.Implementation, m.Load.Connections, m.InTurn, m.Trials)
			}
		}
	}
	if together != 1 || w.open != 0 {
		t.Errorf("tried %d times, %d servers are left", together, w.open)
	}
}

// A machine that is away for a while must not have a cell whose pairs were in slots
// measured in turn from then on: two ways in one table.
func TestSlotsOfBefore(t *testing.T) {
	t.Parallel()
	away := [][]slots.Late{{{Sent: 16, Open: 16}}}
	for done, want := range map[bool]time.Duration{false: 0, true: slots.LongestSlot} {
		cell := &cellRun{done: map[int]bool{}}
		if done {
			cell.done[1] = true
		}
		pair := &turns{campaign: &campaign{}, spots: []spot{{cell: cell}}}
		if slot, gap, err := pair.choose(away); slot != want || gap > slot || (err == nil) != done {
			t.Errorf("pairs before: %v: %v, %v, %v", done, slot, gap, err)
		}
	}
}
