package bench

import (
	"testing"
	"time"

	"taskbench/internal/check"
	"taskbench/internal/server"
	"taskbench/results"
)

// TestFitDeadline: a time limit that leaves few pairs makes them short enough for a
// verdict, and has them judged once; one that leaves many, or none, changes nothing.
func TestFitDeadline(t *testing.T) {
	t.Parallel()
	const starting = 500 * time.Millisecond
	for name, c := range map[string]struct {
		left          time.Duration
		cells         int
		warmup        time.Duration
		asked, inTurn bool
		slow          time.Duration // an iteration
		pairs         int
		gotWarm, slot time.Duration // at most
	}{
		"half a minute":               {left: 30 * time.Second, cells: 1, warmup: 3 * time.Second, pairs: 6, gotWarm: 600 * time.Millisecond, slot: 1100 * time.Millisecond},
		"no warm-up":                  {left: 30 * time.Second, cells: 1, pairs: 6, slot: 2 * time.Second},
		"two minutes":                 {left: 2 * time.Minute, cells: 1, warmup: 3 * time.Second, pairs: 13, gotWarm: time.Second, slot: 2 * time.Second},
		"three minutes, six of them":  {left: 3 * time.Minute, cells: 6, warmup: 3 * time.Second, pairs: 6, gotWarm: 600 * time.Millisecond, slot: 1100 * time.Millisecond},
		"much":                        {left: time.Hour, cells: 1, warmup: 3 * time.Second, pairs: 20, gotWarm: 3 * time.Second, slot: 2 * time.Second},
		"too little":                  {left: 8 * time.Second, cells: 1, warmup: 3 * time.Second, pairs: 6, gotWarm: 400 * time.Millisecond, slot: 800 * time.Millisecond},
		"ten seconds, six of them":    {left: 10 * time.Second, cells: 6, warmup: 3 * time.Second, pairs: 6, gotWarm: 400 * time.Millisecond, slot: 800 * time.Millisecond},
		"next to nothing":             {left: time.Second, cells: 6, warmup: 3 * time.Second, pairs: 6, gotWarm: 400 * time.Millisecond, slot: 800 * time.Millisecond},
		"none left":                   {left: -time.Second, cells: 1, warmup: 3 * time.Second, pairs: 6, gotWarm: 400 * time.Millisecond, slot: 800 * time.Millisecond},
		"ten seconds, slow steps":     {left: 10 * time.Second, cells: 1, warmup: 3 * time.Second, slow: 400 * time.Millisecond, pairs: 6, gotWarm: 400 * time.Millisecond, slot: 800 * time.Millisecond},
		"ten seconds in turn":         {left: 10 * time.Second, cells: 1, warmup: 3 * time.Second, inTurn: true, pairs: 6, gotWarm: time.Second, slot: time.Second},
		"half a minute in turn":       {left: 30 * time.Second, cells: 1, warmup: 3 * time.Second, inTurn: true, pairs: 6, gotWarm: time.Second, slot: time.Second},
		"three minutes in turn":       {left: 3 * time.Minute, cells: 1, warmup: 3 * time.Second, inTurn: true, pairs: 6, gotWarm: time.Second, slot: 10 * time.Second},
		"an hour in turn":             {left: time.Hour, cells: 1, warmup: 3 * time.Second, inTurn: true, pairs: 20, gotWarm: 3 * time.Second, slot: 10 * time.Second},
		"somebody asked for all this": {left: 30 * time.Second, cells: 1, warmup: 3 * time.Second, asked: true, pairs: 20, gotWarm: 3 * time.Second, slot: 2 * time.Second},
	} {
		now := time.Now()
		r := &Runner{Now: func() time.Time { return now }, Deadline: now.Add(c.left)}
		if !c.asked {
			r.Once = func(_ *results.Rule, pairs int) *results.Rule { return &results.Rule{MinPairs: pairs} }
		}
		p := Plan{Targets: make([]server.Spec, 2), Pairs: 20, Rule: &results.Rule{}, InSlots: !c.inTurn, Stretch: DefaultStretch, PairLeast: 2 * time.Second, PairMost: 4 * time.Second}
		for range c.cells {
			p.Cells = append(p.Cells, Cell{Duration: 10 * time.Second, Warmup: c.warmup, Connections: 1})
		}
		r.fitDeadline(&p, Survey{Visits: [][]check.Visit{{{Took: c.slow}}}}, starting)
		last := p.Cells[c.cells-1]
		warmup, window := last.Warmup, p.window(last, 0)
		if p.Pairs != c.pairs || warmup > c.gotWarm || warmup < c.gotWarm/2 || window > max(c.slot, last.longest) || window < shortestSlots {
			t.Errorf("%s: %d pairs of %v behind %v of warm-up", name, p.Pairs, window, warmup)
		}
		if fitted := p.Rule.MinPairs > 0; fitted != (c.pairs < 20) || fitted && (p.Rule.MinPairs != p.Pairs || p.PairMost != p.PairLeast) {
			t.Errorf("%s: %+v for %d pairs of %v to %v", name, p.Rule, p.Pairs, p.PairLeast, p.PairMost)
		}
		smallest := window <= shortestTurn && warmup <= shortestTurn
		if took := time.Duration(p.Pairs*c.cells)*p.pairTakes(last, window) + time.Duration(c.cells)*p.stretches(); p.Rule.MinPairs > 0 && took > c.left && !smallest && c.slow == 0 {
			t.Errorf("%s: all pairs take %v", name, took)
		}
		if took := p.pairTakes(last, window); c.slow > 0 && (took > c.left || window < 2*time.Second) {
			t.Errorf("%s: a pair of %v takes %v", name, window, took)
		}
	}
}
