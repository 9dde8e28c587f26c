package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/wrk"
)

// turns are the trials of a pair whose targets take turns of a fraction of a
// second: all servers are up, and each has a generator that waits for its slots.
type turns struct {
	*campaign
	spots    []spot
	at       []*session
	commands []lua.Command
	options  []wrk.Options
}

// measureInSlots measures the targets of a pair in slots; nil when they must be
// measured in turn, and the cell then says why.
func (c *campaign) measureInSlots(ctx context.Context, spots []spot) []results.Trial {
	cell := spots[0].cell
	if !c.InSlots {
		return nil
	}
	if c.inTurn(spots); cell.inTurn != "" {
		c.tellInTurn(cell)
		return nil
	}
	t := &turns{campaign: c, spots: spots, at: make([]*session, len(spots))}
	runs, err := t.measure(ctx)
	if errors.Is(err, slots.ErrTooSlow) {
		cell.inTurn = results.SlowAnswers
		c.tellInTurn(cell)
		return nil
	}
	trials := make([]results.Trial, len(spots))
	for i, s := range spots {
		trials[i] = c.trial(ctx, s, func() (results.Trial, error) {
			if runs == nil {
				return results.Trial{}, err
			}
			return runs[i].trial, errors.Join(err, runs[i].err)
		})
	}
	return trials
}

// tellInTurn writes into the documents why a cell is not measured in slots.
func (c *campaign) tellInTurn(cell *cellRun) {
	for _, d := range c.docs {
		d.Scenarios[cell.index].InTurn = cell.inTurn
	}
}

// inTurn finds out why targets cannot take turns of a fraction of a second.
func (c *campaign) inTurn(spots []spot) {
	cell, seen := spots[0].cell, map[string]bool{}
	for _, s := range spots {
		if u, err := url.Parse(s.target.URL); err == nil {
			seen[u.Host] = true
		}
	}
	switch {
	case len(spots) < 2:
		cell.inTurn = results.OneTarget
	case len(spots) > slots.MaxPlaces:
		cell.inTurn = results.TooManyTargets
	case len(seen) < len(spots):
		cell.inTurn = results.OneAddress
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
	slot, gap := cmp.Or(t.Slot, slots.DefaultSlot), slots.DefaultGap
	if t.commands[0].WarmupSeconds > 0 { // by a run of its own
		t.phase(WarmingUp)
		late, err := t.warmUp(ctx, slot, gap)
		if err != nil {
			return nil, err
		}
		if slot, gap, err = slots.Choose(late, t.Slot); err != nil {
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
		if err := reset(ctx, t.plan.Reset, s.target, s.cell.Scenario.Name); err != nil {
			return err
		}
	}
	for i, s := range t.spots {
		at, err := t.campaign.open(ctx, s.target, s.cell.Cell)
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
	return nil
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
func (t *turns) warmUp(ctx context.Context, slot, gap time.Duration) ([]slots.Late, error) {
	g, err := t.generators(ctx)
	if err != nil {
		return nil, err
	}
	defer g.close()
	schedule := t.schedule(t.spots[0].cell.Warmup, slot, gap, 0)
	g.board.Skip(0)
	if err := g.play(1, schedule, nil); err != nil {
		return nil, fmt.Errorf("during warm-up: %w", err)
	}
	late := g.late()
	g.wait()
	return late, nil
}

// schedule is drawn from the pair's seed, another one for each phase.
func (t *turns) schedule(length, slot, gap time.Duration, phase int64) slots.Schedule {
	seed := t.plan.trialSeed(t.spots[0].cell.index, t.spots[0].pair)
	return slots.NewSchedule(len(t.spots), length, slot, gap, 2*seed+phase)
}

// load measures: a warm-up within the scripts where there is one, then the slots
// that count, with the probes around them.
func (t *turns) load(ctx context.Context, slot, gap time.Duration) ([]share, error) {
	cell := t.spots[0].cell
	shares := make([]share, len(t.spots))
	g, err := t.generators(ctx)
	if err != nil {
		return nil, err
	}
	defer g.close()
	if cell.Warmup > 0 && t.commands[0].WarmupSeconds == 0 {
		t.phase(WarmingUp)
		if err = g.play(0, t.schedule(cell.Warmup, slot, gap, 0), nil); err == nil {
			slot, gap, err = slots.Choose(g.late(), t.Slot)
		}
	} else {
		g.board.Skip(0)
	}
	var schedule slots.Schedule
	usage := newUsage(t.at)
	if err == nil {
		t.phase(Measuring)
		for _, at := range t.at {
			for _, p := range at.attached {
				p.Begin(ctx)
			}
		}
		schedule = t.schedule(cell.Duration, slot, gap, 1)
		err = g.play(1, schedule, usage)
		schedule = g.played
	}
	outputs, errs := g.wait()
	for i := range t.spots {
		for n := len(t.at[i].attached) - 1; n >= 0 && schedule.StartUS > 0; n-- {
			t.at[i].attached[n].End(ctx)
		}
		shares[i].run = Run{FromUS: g.fromUS, ToUS: machine.NowUS(), Output: outputs[i], Options: t.options[i], schedule: &schedule, beside: t.beside(i, outputs)}
		shares[i].err = errs[i]
	}
	for i := range shares {
		t.record(ctx, i, &shares[i], usage)
	}
	return shares, err
}

// record turns what a generator left into a trial.
func (t *turns) record(ctx context.Context, i int, s *share, usage *slotUsage) {
	trial, block, err := figures(s.run.Output, t.spots[i].cell.Scenario.Load.Think)
	s.run.Block = block
	if trial.Slots != nil && len(usage.seconds[i]) == trial.Slots.Rounds() {
		trial.Slots.CPUS = usage.seconds[i]
	}
	for _, p := range t.at[i].attached {
		p.Record(ctx, &trial, s.run)
	}
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

// generators are the wrk processes of a pair that take turns.
type generators struct {
	*turns
	ctx     context.Context
	cancel  context.CancelCauseFunc
	board   *slots.Board
	fromUS  float64
	played  slots.Schedule // the last one that was begun
	outputs []wrk.Output
	errs    []error
	ended   chan int // places, as their generators end
	running int
}

// generators starts one for each target.
func (t *turns) generators(ctx context.Context) (*generators, error) {
	board, err := slots.New(filepath.Join(t.Dir, "board"), len(t.spots))
	if err != nil {
		return nil, err
	}
	n := len(t.spots)
	g := &generators{turns: t, board: board, fromUS: machine.NowUS(), outputs: make([]wrk.Output, n), errs: make([]error, n), ended: make(chan int, n), running: n}
	g.ctx, g.cancel = context.WithCancelCause(ctx)
	for i, o := range t.options {
		o.Env = board.Env(i)
		go func() {
			g.outputs[i], g.errs[i] = t.Generate(g.ctx, o)
			g.ended <- i
		}()
	}
	return g, nil
}

// play has the generators take their turns in a phase. It is over when the last
// gap is, or as soon as one of them has ended, which is an error.
func (g *generators) play(phase int, s slots.Schedule, usage *slotUsage) error {
	for place := range g.spots {
		for !g.board.Ready(place) {
			if err := g.pause(machine.NowUS() + 2000); err != nil {
				return err
			}
		}
	}
	s.StartUS = machine.NowUS() + 30_000
	g.played = s
	g.board.Begin(phase, s)
	usage.look()
	for _, turn := range s.Turns() {
		if err := g.pause((turn.ToUS + turn.QuietUS) / 2); err != nil {
			return err
		}
		usage.turn(turn)
	}
	return g.pause(s.EndUS())
}

// errEnded says that a generator ended before its turns were over.
var errEnded = errors.New("its generator ended before the others had their turns")

// pause waits until a moment, unless a generator ends or the user has enough.
// The others are then ended, too.
func (g *generators) pause(untilUS float64) error {
	timer := time.NewTimer(time.Duration((untilUS - machine.NowUS()) * float64(time.Microsecond)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-g.ctx.Done():
		g.board.GiveUp()
		return context.Cause(g.ctx)
	case place := <-g.ended:
		g.running--
		err := fmt.Errorf("%s: %w", g.spots[place].target.Name, errEnded)
		if g.errs[place] != nil {
			err = fmt.Errorf("%s: %w", g.spots[place].target.Name, g.errs[place])
		}
		g.board.GiveUp()
		g.cancel(err)
		return err
	}
}

// wait gives what the generators left when all have ended.
func (g *generators) wait() ([]wrk.Output, []error) {
	for ; g.running > 0; g.running-- {
		<-g.ended
	}
	return g.outputs, g.errs
}

// close ends generators that still run.
func (g *generators) close() {
	g.board.GiveUp()
	g.cancel(nil)
	g.wait()
	_ = g.board.Close()
}

func (g *generators) late() []slots.Late {
	var all []slots.Late
	for place := range g.spots {
		all = append(all, g.board.Late(place))
	}
	return all
}

// slotUsage is the CPU time that servers take, slot by slot.
type slotUsage struct {
	at      []*session
	last    []float64
	known   []bool
	seconds [][]float64 // by place, then round
}

func newUsage(at []*session) *slotUsage {
	n := len(at)
	return &slotUsage{at: at, last: make([]float64, n), known: make([]bool, n), seconds: make([][]float64, n)}
}

// look reads all clocks, right before the first slot.
func (u *slotUsage) look() {
	if u == nil {
		return
	}
	for i, at := range u.at {
		usage, err := at.server.Usage()
		u.last[i], u.known[i] = usage.CPUSeconds, err == nil
	}
}

// turn reads all clocks in the gap behind a slot, and keeps what its server took
// since the gap before.
func (u *slotUsage) turn(t slots.Turn) {
	if u == nil {
		return
	}
	before, known := u.last[t.Place], u.known[t.Place]
	u.look()
	if known && u.known[t.Place] {
		u.seconds[t.Place] = append(u.seconds[t.Place], u.last[t.Place]-before)
	}
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
