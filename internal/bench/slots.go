package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/internal/slots"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/wrk"
)

// turns are the trials of a pair that is measured in slots: all servers are up,
// and each has a generator that waits for its slots.
type turns struct {
	*campaign
	spots    []spot
	at       []*session
	usage    *slotUsage
	commands []lua.Command
	options  []wrk.Options
}

// measureInSlots measures the targets of a pair in slots; nil when they must be
// measured in turn, and the cell then says why.
func (c *campaign) measureInSlots(ctx context.Context, spots []spot) []results.Trial {
	cell := spots[0].cell
	if !c.plan.InSlots || c.Trial != nil {
		return nil
	}
	if cell.inTurn == "" {
		cell.inTurn = c.whyInTurn(spots)
	}
	var runs []share
	var err error
	started := c.Now()
	if cell.inTurn == "" {
		t := &turns{campaign: c, spots: spots, at: make([]*session, len(spots))}
		if runs, err = t.measure(ctx); ctx.Err() == nil {
			c.learnInTurn(cell, err)
		}
		if err == nil && len(cell.done) == 0 && c.plan.Slot == 0 && t.usage.putsOff() {
			cell.inTurn = results.PutsOffWork
		}
		if cell.inTurn != "" {
			c.track.leftOut(c.Now().Sub(started))
		}
	}
	if cell.inTurn != "" {
		c.tellInTurn(cell)
		c.lengthen(cell, c.plan.Cells[cell.index].Duration)
		return nil
	}
	trials := make([]results.Trial, len(spots))
	for i, s := range spots {
		trials[i] = c.trial(ctx, s, func() (results.Trial, error) {
			if runs == nil {
				return results.Trial{}, err
			}
			if _, early := errors.AsType[*endedEarly](err); early {
				return runs[i].trial, err // what ended the others is no news
			}
			return runs[i].trial, errors.Join(err, runs[i].err)
		})
		trials[i].Started = started // all together
	}
	return trials
}

// tellInTurn writes into the documents why a cell is not measured in slots.
func (c *campaign) tellInTurn(cell *cellRun) {
	for _, d := range c.docs {
		d.Scenarios[cell.index].InTurn = cell.inTurn
	}
}

// learnInTurn has a cell measured in turn from now on where a pair has shown that
// it must be.
func (c *campaign) learnInTurn(cell *cellRun, err error) {
	switch {
	case errors.Is(err, slots.ErrTooSlow):
		cell.inTurn = results.SlowAnswers
	case errors.Is(err, errNotTogether):
		c.notTogether = true // as in all other cells
		cell.inTurn = results.NotTogether
	}
}

// share is one target's part of a pair in slots.
type share struct {
	run   Run
	trial results.Trial
	err   error
}

// measure brings all servers up, has them take turns, and stops them.
func (t *turns) measure(ctx context.Context) (shares []share, err error) {
	defer func() { err = errors.Join(err, t.close(ctx)) }()
	if err := t.open(ctx); err != nil {
		return nil, err
	}
	cell := t.spots[0].cell
	slot, gap := cmp.Or(t.plan.Slot, cell.slot, slots.DefaultSlot), cmp.Or(cell.gap, slots.DefaultGap)
	if t.commands[0].WarmupSeconds > 0 { // by a run of its own
		t.phase(WarmingUp)
		late, err := t.warmUp(ctx, slot, gap)
		if err != nil {
			return nil, err
		}
		if slot, gap, err = slots.Choose(late, t.plan.Slot); err != nil {
			return nil, err
		}
	}
	return t.load(ctx, slot, gap)
}

func (t *turns) phase(p Phase) {
	for _, s := range t.spots {
		t.track.phase(s, p)
	}
}

// open resets and starts all servers, and writes their scripts.
func (t *turns) open(ctx context.Context) error {
	t.phase(Starting)
	for _, s := range t.spots {
		if err := server.Reset(ctx, t.plan.Reset, s.target, s.cell.Scenario.Name); err != nil {
			return err
		}
	}
	for i, s := range t.spots {
		at, err := t.campaign.open(ctx, s.target, s.cell.Cell)
		if err != nil && t.started(i) && s.target.Start != "" {
			return fmt.Errorf("%s: %w: %w", s.target.Name, errNotTogether, err)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.target.Name, err)
		}
		t.at[i] = at
		options, command, err := t.prepare(s, len(t.spots))
		if err != nil {
			return err
		}
		t.options, t.commands = append(t.options, options), append(t.commands, command)
	}
	t.usage = newUsage(t.at)
	t.usage.rest(ctx)
	return t.setUp(ctx)
}

// started reports whether a server of the places before this one was started.
func (t *turns) started(place int) bool {
	return slices.ContainsFunc(t.spots[:place], func(s spot) bool { return s.target.Start != "" })
}

func (t *turns) close(ctx context.Context) error {
	var errs []error
	for i, at := range t.at {
		if at == nil {
			continue
		}
		if err := at.close(ctx); err != nil {
			errs = append(errs, fmt.Errorf("%s did not stop: %w", t.spots[i].target.Name, err))
		}
	}
	return errors.Join(errs...)
}

// warmUp has generators take turns whose figures nobody needs, and tells how
// late the answers came.
func (t *turns) warmUp(ctx context.Context, slot, gap time.Duration) ([][]slots.Late, error) {
	g, err := t.generators(ctx)
	if err != nil {
		return nil, err
	}
	defer g.close()
	schedule := t.schedule(t.spots[0].cell.Warmup, slot, gap, 0)
	g.board.Skip(0)
	if err := g.play(1, schedule, nil); err != nil {
		return nil, inWarmUp(err)
	}
	defer g.wait()
	return g.late(), nil
}

// inWarmUp says when something happened, unless it may have been before: in the
// setup that a script does.
func inWarmUp(err error) error {
	if _, early := errors.AsType[*endedEarly](err); early {
		return err
	}
	return fmt.Errorf("during warm-up: %w", err)
}

// schedule is drawn from the pair's seed, another one for each phase.
func (t *turns) schedule(length, slot, gap time.Duration, phase int64) slots.Schedule {
	seed := t.plan.trialSeed(t.spots[0].cell.index, t.spots[0].pair)
	return slots.NewSchedule(len(t.spots), length, slot, gap, 2*seed+phase)
}

// learn chooses slot and gap for the pairs to come of a cell without a warm-up,
// from how late the answers of this one came.
func (t *turns) learn(late [][]slots.Late) (err error) {
	cell := t.spots[0].cell
	if cell.Warmup == 0 {
		cell.slot, cell.gap, err = slots.Choose(late, t.plan.Slot)
	}
	return err
}

// load measures: a warm-up within the scripts where there is one, then the slots
// that count, with the probes around them. What was measured until a generator
// ended, or the user had enough, comes with the error.
func (t *turns) load(ctx context.Context, slot, gap time.Duration) ([]share, error) {
	cell := t.spots[0].cell
	g, err := t.generators(ctx)
	if err != nil {
		return nil, err
	}
	defer g.close()
	if cell.Warmup > 0 && t.commands[0].WarmupSeconds == 0 {
		t.phase(WarmingUp)
		if err := g.play(0, t.schedule(cell.Warmup, slot, gap, 0), nil); err != nil {
			return nil, inWarmUp(err)
		}
		if slot, gap, err = slots.Choose(g.late(), t.plan.Slot); err != nil {
			return nil, err
		}
	} else {
		g.board.Skip(0)
	}
	t.phase(Measuring)
	for _, at := range t.at {
		for _, p := range at.attached {
			p.Begin(ctx)
		}
	}
	err = g.play(1, t.schedule(cell.Duration, slot, gap, 1), t.usage)
	shares := t.gather(ctx, g)
	if err == nil {
		err = t.learn(g.late())
	}
	return shares, err
}

// gather ends the probes and puts together what there is of each target.
func (t *turns) gather(ctx context.Context, g *generators) []share {
	shares := make([]share, len(t.spots))
	outputs, errs := g.wait()
	for i, at := range t.at {
		for _, p := range slices.Backward(at.attached) {
			p.End(ctx)
		}
		shares[i].run = Run{FromUS: g.fromUS, ToUS: machine.NowUS(), Output: outputs[i], Options: t.options[i], schedule: &g.played}
		shares[i].err = errs[i]
	}
	for i := range shares {
		shares[i].run.beside = t.beside(i, outputs)
		t.record(ctx, i, &shares[i])
	}
	return shares
}

// record turns what a generator left into a trial.
func (t *turns) record(ctx context.Context, i int, s *share) {
	trial, block, err := figures(s.run.Output, t.spots[i].cell.Scenario.Load.Think)
	s.run.Block = block
	for _, p := range t.at[i].attached {
		p.Record(ctx, &trial, s.run)
	}
	t.usage.record(i, &trial, s.run)
	if trial.Ended != nil {
		s.err = errors.New(endedText(*trial.Ended))
	}
	s.trial = trial
	if s.err == nil {
		s.err = err
	}
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
		return t.Good
	}
	return t.Slots.AllSent() - min(t.Slots.AllSent(), t.Failures())
}
