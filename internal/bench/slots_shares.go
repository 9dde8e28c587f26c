package bench

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/wrk"
)

// counted is when figures counted.
func (r Run) counted() parse.Window {
	if r.schedule != nil {
		return parse.Window{OpenedUS: r.schedule.StartUS, LengthUS: r.schedule.EndUS() - r.schedule.StartUS}
	}
	return r.Block.Window
}

// part is the share of the time in which it was this server's turn.
func (r Run) part() float64 {
	if r.schedule == nil || len(r.schedule.Order) == 0 {
		return 1
	}
	return 1 / float64(len(r.schedule.Order[0]))
}

// good is how many good answers the server gave meanwhile, those that count for
// no rate with them.
func (r Run) good(t *results.Trial) uint64 {
	if t.Slots == nil {
		return t.GoodInWindow()
	}
	return t.Slots.AllSent() - min(t.Slots.AllSent(), t.Failures())
}

// gather ends the probes and puts together what there is of each target.
func (t *turns) gather(ctx context.Context, g *generators) []share {
	shares := make([]share, len(t.spots))
	after := g.tallies()
	outputs, errs := g.wait()
	for i, at := range t.at {
		for _, p := range slices.Backward(at.attached) {
			p.End(ctx)
		}
		shares[i].run = Run{FromUS: g.fromUS, ToUS: machine.NowUS(), Output: outputs[i], Options: t.options[i], schedule: &g.played}
		shares[i].err, shares[i].before, shares[i].after = errs[i], g.before[i], after[i]
	}
	for i := range shares {
		shares[i].run.beside = t.beside(i, outputs)
		t.record(ctx, i, &shares[i])
	}
	return shares
}

// record turns what a generator left into a trial.
func (t *turns) record(ctx context.Context, i int, s *share) {
	trial, block, err := figures(s.run.Output, t.spots[i].cell.Scenario.For(t.spots[i].target.Name))
	s.run.Block = block
	for _, p := range t.at[i].attached {
		p.Record(ctx, &trial, s.run)
	}
	t.usage.record(i, &trial, s.run)
	if trial.Ended != nil {
		s.err = errors.New(endedText(*trial.Ended))
	}
	s.trial = trial
	s.err = t.at[i].died(cmp.Or(s.err, err))
}

// beside is the CPU time of the pair's other servers and generators, which are
// not somebody else's.
func (t *turns) beside(i int, outputs []wrk.Output) (seconds float64) {
	for k, at := range t.at {
		if k == i {
			continue
		}
		seconds += outputs[k].CPU().Seconds()
		if seen := at.watch.seen.server; len(seen) > 0 {
			seconds += seen[len(seen)-1].usage.CPUSeconds - seen[0].usage.CPUSeconds
		}
	}
	return seconds
}

// share is one target's part of a pair in slots.
type share struct {
	run   Run
	trial results.Trial
	err   error

	before, after slots.Tally // its slots
}
