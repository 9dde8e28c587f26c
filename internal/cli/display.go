package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"taskbench/internal/bench"
	"taskbench/internal/secret"
)

// display shows where a run stands, on standard error: one line that moves at
// a terminal, a line for each finished trial elsewhere.
type display struct {
	mu     sync.Mutex
	out    io.Writer
	width  func() int // columns of the terminal; nil without one
	last   bench.Event
	before map[string][]result // of the last trials, by cell
	stop   chan struct{}
	// secrets of the run become known with its plan.
	secrets *secret.Keeper
	once    sync.Once
}

func newDisplay(p Process) *display {
	d := &display{out: p.Stderr, secrets: p.secrets, stop: make(chan struct{}), before: map[string][]result{}}
	if p.Terminal.Stderr && p.Getenv("TERM") != "dumb" {
		d.width = p.ErrWidth
		go d.tick()
	}
	return d
}

// live tells whether anybody sees a trial while it runs.
func (d *display) live() bool { return d.width != nil }

// note tells what is going on before the first trial.
func (d *display) note(text string) { fmt.Fprintln(d.out, text) }

// show is called by the run each time something changes.
func (d *display) show(e bench.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	first := d.last.Trials == 0
	d.last = e
	if e.Phase == bench.Ended {
		d.remember(e)
	}
	switch {
	case d.live():
		d.draw()
	case first && e.Phase == bench.Starting:
		fmt.Fprintf(d.out, "measuring: %s at most\n", plural(e.Trials-e.Done, "trial"))
	case e.Phase == bench.Ended:
		text := fmt.Sprintf("%d/%d %s, %s %d of %d: %s", e.Done, e.Trials, e.Cell, e.Unit, e.Pair, e.Pairs, resultOf(e))
		fmt.Fprintln(d.out, join("; ", text, leftText(e.Left)))
	}
}

// remember keeps what a target's last trial brought, in the order in which
// targets first came.
func (d *display) remember(e bench.Event) {
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
func (d *display) tick() {
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
func (d *display) redraw() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.last.Trials > 0 {
		d.draw()
	}
}

// What a terminal does before and behind the line: go to its beginning, and
// erase what is left of the one before.
const lineStart, lineRest = "\r", "\x1b[K"

func (d *display) draw() {
	line := newLine(d.last, d.before[d.last.Cell], time.Since(d.last.At))
	fmt.Fprint(d.out, lineStart+line.fit(d.width()-1)+lineRest) // the last column would begin a new line
}

func (d *display) close() {
	d.once.Do(func() {
		close(d.stop)
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.live() && d.last.Trials > 0 {
			fmt.Fprint(d.out, lineStart+lineRest)
		}
		d.last = bench.Event{} // for a tick that waits for the lock: it would draw below the table
	})
}
