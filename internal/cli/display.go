package cli

import (
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"

	"taskbench/internal/bench"
)

// display shows where a run stands, on standard error: one line that moves at
// a terminal, a line for each trial elsewhere.
type display struct {
	mu    sync.Mutex
	out   io.Writer
	bar   *progressbar.ProgressBar // nil without a terminal
	last  bench.Event
	since time.Time // when last arrived
	stop  chan struct{}
	once  sync.Once
}

// barSteps is the resolution of the moving line.
const barSteps = 1000

func newDisplay(p Process) *display {
	d := &display{out: p.Stderr, stop: make(chan struct{})}
	if p.Terminal.Stderr {
		d.bar = progressbar.NewOptions(barSteps,
			progressbar.OptionSetWriter(p.Stderr),
			progressbar.OptionSetWidth(20),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionSetTheme(progressbar.ThemeASCII),
		)
		go d.tick()
	}
	return d
}

// note tells what is going on before the first trial.
func (d *display) note(text string) { fmt.Fprintln(d.out, text) }

// show is called by the run each time something changes.
func (d *display) show(e bench.Event) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last, d.since = e, time.Now()
	switch {
	case d.bar != nil:
		d.draw()
	case e.Phase == bench.Measuring:
		fmt.Fprintf(d.out, "%d/%d %s, %s\n", e.Done+1, e.Trials, describeEvent(e), leftText(e.Left))
	}
}

// tick lets the line move while a trial is running.
func (d *display) tick() {
	ticker := time.NewTicker(250 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-d.stop:
			return
		case <-ticker.C:
			d.mu.Lock()
			if d.last.Trials > 0 {
				d.draw()
			}
			d.mu.Unlock()
		}
	}
}

func (d *display) draw() {
	e := d.last
	left := max(e.Left-time.Since(d.since), 0)
	d.bar.Describe(fmt.Sprintf("%s · %s", describeEvent(e), leftText(left)))
	// The library draws on Set only; errors of drawing are not worth a run.
	_ = d.bar.Set(position(e, time.Since(d.since)))
}

// position is how far the run is, the running trial's own progress included.
func position(e bench.Event, inPhase time.Duration) int {
	done := float64(e.Done)
	if e.Takes > 0 {
		done += min(inPhase.Seconds()/e.Takes.Seconds(), 1)
	}
	return min(int(done/float64(max(e.Trials, 1))*barSteps), barSteps-1)
}

func (d *display) close() {
	d.once.Do(func() {
		close(d.stop)
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.bar != nil {
			_ = d.bar.Finish()
		}
	})
}

func describeEvent(e bench.Event) string {
	return fmt.Sprintf("%s, pair %d of %d: %s (%s)", e.Cell, e.Pair, e.Pairs, e.Target, e.Phase)
}

func leftText(left time.Duration) string {
	return "about " + left.Round(time.Second).String() + " left"
}
