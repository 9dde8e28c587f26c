package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"taskbench/internal/server"
	"taskbench/internal/slots"
	"taskbench/lua"
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
	sustains *sustains // whether servers keep up what they do in slots; nil: that is known
}

// measureInSlots measures the targets of a pair in slots; nil when they must be
// measured in turn, and the cell then says why.
func (c *campaign) measureInSlots(ctx context.Context, spots []spot) []results.Trial {
	cell := spots[0].cell
	if !c.plan.InSlots || c.Trial != nil || c.Script != nil {
		return nil
	}
	if cell.inTurn == "" {
		cell.inTurn = c.whyInTurn(spots)
	}
	var runs []share
	var err error
	started := c.Now()
	if cell.inTurn == "" {
		if runs, err = c.attempt(ctx, spots); errors.Is(err, slots.ErrTooSlow) {
			runs, err = c.attempt(ctx, spots) // once more: a machine that was away makes all servers slow
		}
		if ctx.Err() == nil {
			c.learnInTurn(cell, err)
		}
		cell.once += cell.checked
		if cell.inTurn != "" {
			took := c.Now().Sub(started)
			c.track.leftOut(took)
			for _, d := range c.docs {
				d.Scenarios[cell.index].Attempted = &results.Attempt{Started: started, Seconds: took.Seconds()}
			}
		}
	}
	if cell.inTurn != "" {
		c.tellInTurn(cell)
		c.lengthen(cell, c.turnLength(cell))
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

// attempt measures a pair in slots, and finds out whether that tells the truth of
// these servers.
func (c *campaign) attempt(ctx context.Context, spots []spot) ([]share, error) {
	t := &turns{campaign: c, spots: spots, at: make([]*session, len(spots)), sustains: newSustains(c.plan, spots)}
	runs, err := t.measure(ctx)
	cell := spots[0].cell
	cell.checked = t.sustains.took()
	if err != nil || len(cell.done) > 0 || c.plan.Slot != 0 {
		return runs, err
	}
	switch {
	case t.usage.putsOff():
		cell.inTurn = results.PutsOffWork
	case t.sustains.differ():
		cell.inTurn = results.NotSustained
	}
	return runs, err
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
		if slot, gap, err = t.choose(late); err != nil {
			return nil, err
		}
	}
	shares, err = t.load(ctx, slot, gap)
	if err == nil {
		err = t.sustain(ctx, shares)
	}
	return shares, err
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
	t.phase(Stopping)
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
	measured := t.options
	t.options = nil
	for _, o := range measured {
		t.options = append(t.options, warmingUp(o))
	}
	g, err := t.generators(ctx)
	t.options = measured
	if err != nil {
		return nil, err
	}
	defer g.close()
	g.board.Skip(0)
	if err := g.play(1, t.warmingUp(slot, gap), nil); err != nil {
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

// warmingUp is the warm-up's schedule, with a stretch where one is to be seen.
func (t *turns) warmingUp(slot, gap time.Duration) slots.Schedule {
	return t.sustains.within(t.spots[0].cell.Warmup, func(length time.Duration) slots.Schedule { return t.schedule(length, slot, gap, 0) })
}

// learn chooses slot and gap for the pairs to come of a cell without a warm-up,
// from how late the answers of this one came.
func (t *turns) learn(late [][]slots.Late) (err error) {
	cell := t.spots[0].cell
	if cell.Warmup == 0 {
		cell.slot, cell.gap, err = t.choose(late)
	}
	return err
}

// choose gives slot and gap. Servers that had pairs in slots before are not too slow
// for them: the machine is, now, and the longest ones are the best that there is.
func (t *turns) choose(late [][]slots.Late) (slot, gap time.Duration, err error) {
	slot, gap, err = slots.Choose(late, t.plan.Slot)
	if errors.Is(err, slots.ErrTooSlow) && len(t.spots[0].cell.done) > 0 {
		return slots.LongestSlot, slots.LongestGap, nil
	}
	return slot, gap, err
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
		if err := g.play(0, t.warmingUp(slot, gap), nil); err != nil {
			return nil, inWarmUp(err)
		}
		if slot, gap, err = t.choose(g.late()); err != nil {
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
