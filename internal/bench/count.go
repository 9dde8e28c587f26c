package bench

import (
	"context"
	"fmt"
	"math"
	"time"

	"taskbench/internal/counter"
	"taskbench/parse"
	"taskbench/results"
)

// Instructions counts what servers carry out while load is on.
type Instructions struct {
	// Count counts the instructions of processes from now on until end is called,
	// interval by interval.
	Count func(ctx context.Context, pids []int, every time.Duration) (end func() counter.Counts, err error)
}

// Attach implements Probe. Nothing is counted of a server whose processes are not
// known: the document says so once.
func (i Instructions) Attach(_ context.Context, s Server, c Cell) Attached {
	return &counting{Instructions: i, server: s, window: c.Duration}
}

// counting counts a server's instructions.
type counting struct {
	Instructions
	server Server
	window time.Duration
	stop   func() counter.Counts // nil when nothing is counted
	seen   counted
}

// counted are the instructions of a server while load was on. The zero counted
// is of a server of which none could be.
type counted struct {
	counter.Counts
	missing string // why there are no counts where there should be; "" when there are
}

// Begin begins to count.
func (c *counting) Begin(ctx context.Context) {
	c.stop, c.seen = nil, counted{}
	pids := c.server.PIDs()
	if len(pids) == 0 {
		return
	}
	stop, err := c.Count(ctx, pids, samplingOf(c.window))
	if err != nil {
		c.seen.missing = err.Error()
		return
	}
	c.stop = stop
}

// End ends counting.
func (c *counting) End(context.Context) {
	if c.stop != nil {
		counts := c.stop()
		c.seen = counted{counts, counts.Ended}
	}
}

// Record writes what was counted into a trial that has answers to go with it.
func (c *counting) Record(_ context.Context, t *results.Trial, r Run) {
	if r.Block != nil {
		t.Warnings = append(t.Warnings, c.seen.record(resourcesOf(t), r.counted(), r.good(t))...)
	}
}

// leastRunning is the share of its time in which a counter must have run for
// its figure not to be called an estimate.
const leastRunning = 0.99

// record puts instructions per good answer into a trial's resources, and says
// what speaks against them. As with CPU time, what was counted wholly within
// the window is scaled to it. A single request has no window of its own: there
// all is counted, for no load is on but the generator's.
func (c counted) record(r *results.Resources, w parse.Window, good uint64) (warnings []string) {
	if c.missing != "" {
		return []string{"instructions were not counted: " + c.missing}
	}
	if len(c.Intervals) == 0 {
		return nil
	}
	tally := c.Between(math.Inf(-1), math.Inf(1))
	length := tally.CountedS + tally.MissedS
	if w.OpenedUS > 0 {
		length = w.LengthUS / 1e6
		tally = c.Between(w.OpenedUS, w.OpenedUS+w.LengthUS)
	}
	if tally.CountedS <= 0 || tally.CountedS < leastCovered*length {
		return []string{fmt.Sprintf("instructions were counted in %.2g s of %.2g s only, and are left out", tally.CountedS, length)}
	}
	if tally.Running < leastRunning {
		warnings = append(warnings, fmt.Sprintf(
			"instructions are an estimate: something else uses the processor's counters, too, so that they were counted %.0f %% of the time", 100*tally.Running))
	}
	if n := tally.N * length / tally.CountedS; n > 0 && good > 0 {
		r.InstructionsPerAnswer = new(n / float64(good))
	}
	return warnings
}
