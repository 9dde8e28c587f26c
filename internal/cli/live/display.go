// Package live shows where a run stands while it runs: one line that moves at a
// terminal, a line for each finished trial elsewhere.
package live

import (
	"fmt"
	"io"
	"sync"
	"time"

	"taskbench/internal/bench"
)

// Display shows where a run stands. It is used by one run, and closed behind it.
type Display struct {
	mu      sync.Mutex
	out     io.Writer
	width   func() int // columns of the terminal; nil without one
	last    bench.Event
	before  map[string][]result // of the last trials, by cell
	planned bool                // it is told what there is time for
	told    time.Time           // when a setup was last told of; elsewhere than at a terminal
	stop    chan struct{}
	once    sync.Once
}

// New shows a run on out. width tells how many columns the terminal has at this
// moment; nil: out is none that a line could move on.
func New(out io.Writer, width func() int) *Display {
	d := &Display{out: out, width: width, stop: make(chan struct{}), before: map[string][]result{}}
	if d.Moves() {
		go d.tick()
	}
	return d
}

// Moves tells whether anybody sees a trial while it runs.
func (d *Display) Moves() bool { return d.width != nil }

// Note tells what is going on before the first trial.
func (d *Display) Note(text string) { fmt.Fprintln(d.out, text) }

// Show is called by the run each time something changes.
func (d *Display) Show(e bench.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if e.Phase == bench.Planned {
		d.tellPlan(e.Plan)
		return
	}
	first := d.last.Trials == 0 && !d.planned
	d.last = e
	if e.Phase == bench.Ended {
		d.remember(e)
	}
	switch {
	case d.Moves():
		d.draw()
	case first && e.Phase == bench.Starting:
		fmt.Fprintf(d.out, "measuring: %s at most\n", plural(e.Trials-e.Done, "trial"))
	case e.Phase == bench.InTurn:
		fmt.Fprintf(d.out, "%s: in turn from here on, not in slots; an attempt of %v is left out\n", e.Cell, e.Lost.Round(time.Second))
	case e.Phase == bench.SettingUp && d.long(e):
		d.told = e.At
		text := fmt.Sprintf("%s, %s %d of %d: setting up %s, %d of %s ready", e.Cell, e.Unit, e.Pair, e.Pairs, e.Target, e.Setup.Ready, plural(e.Setup.Users, "user"))
		fmt.Fprintln(d.out, join("; ", text, leftText(e.Setup.Left)))
	case e.Phase == bench.Ended:
		text := fmt.Sprintf("%d/%d %s, %s %d of %d: %s", e.Done, e.Trials, e.Cell, e.Unit, e.Pair, e.Pairs, resultOf(e))
		fmt.Fprintln(d.out, join("; ", text, leftText(e.Left)))
	}
}

// longSetup is how long a setup goes on without a word.
const longSetup = 15 * time.Second

// long reports whether a setup goes on for long since it began, or was last told of.
func (d *Display) long(e bench.Event) bool {
	if e.Setup.Ready == 0 { // it begins
		d.told = e.At
	}
	return e.Setup.Users > e.Setup.Ready && e.At.Sub(d.told) >= longSetup
}

// remember keeps what a target's last trial brought, in the order in which
// targets first came.
func (d *Display) remember(e bench.Event) {
	list := d.before[e.Cell]
	for i := range list {
		if list[i].target == e.Target {
			list[i] = resultOf(e)
			return
		}
	}
	d.before[e.Cell] = append(list, resultOf(e))
}

// tick lets the time left move while nothing else changes.
func (d *Display) tick() {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-d.stop:
			return
		case <-ticker.C:
			d.redraw()
		}
	}
}

// redraw draws what is known, if there is anything yet, and as long as the line
// is shown.
func (d *Display) redraw() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last.Trials > 0 {
		d.draw()
	}
}

// What a terminal does before and behind the line: go to its beginning, and
// erase what is left of the one before.
const lineStart, lineRest = "\r", "\x1b[K"

func (d *Display) draw() {
	line := newLine(d.last, d.before[d.last.Cell], time.Since(d.last.At))
	fmt.Fprint(d.out, lineStart+line.fit(d.width()-1)+lineRest) // the last column would begin a new line
}

// Close takes the line away. Once is enough, and twice no harm.
func (d *Display) Close() {
	d.once.Do(func() {
		close(d.stop)
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.Moves() && d.last.Trials > 0 {
			fmt.Fprint(d.out, lineStart+lineRest)
		}
		d.last = bench.Event{} // for a tick that waits for the lock: it would draw below the table
	})
}
