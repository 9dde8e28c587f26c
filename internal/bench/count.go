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

// counted are the instructions of a server while load was on. The zero counted
// is of a server of which none could be.
type counted struct {
	counter.Counts
	missing string // why there are no counts where there should be; "" when there are
}

// count begins to count a server's instructions, for a window of the given
// length, and returns what ends it. Nothing is counted on a machine that cannot,
// nor of a server whose processes are not known: the document says both once.
func (r *Runner) count(ctx context.Context, server Server, window time.Duration) (end func() counted) {
	pids := server.PIDs()
	if r.Count == nil || len(pids) == 0 {
		return func() counted { return counted{} }
	}
	stop, err := r.Count(ctx, pids, samplingOf(window))
	if err != nil {
		return func() counted { return counted{missing: err.Error()} }
	}
	return func() counted {
		counts := stop()
		return counted{counts, counts.Ended}
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
		r.InstructionsPerAnswer = ptr(n / float64(good))
	}
	return warnings
}
