package bench

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/lua"
	"taskbench/results"
)

// DefaultStretch is for how long servers are loaded without pauses where there is
// the time for it.
const DefaultStretch = slots.DefaultStretch

// sustains finds out whether servers keep up what they do in slots when there are
// no pauses. In the first pair's warm-up each is loaded for a stretch, and the pair's
// slots are held against that. Where they differ, that may be the machine: further
// stretches, with slots of their own, tell.
type sustains struct {
	length time.Duration
	think  bool
	looks  [][]slots.Tally // of the last stretch, by place; none: there was none
	paces  [][]slots.Paces // by place, stretch by stretch
	as     []slots.Aspect  // by place, in what they differ
	beyond time.Duration   // what it took beyond the warm-up
	most   int             // stretches
}

// newSustains is nil but for the first pair of a cell.
func newSustains(plan Plan, spots []spot) *sustains {
	cell, length := spots[0].cell, plan.Stretch
	if length <= 0 || len(cell.done) > 0 {
		return nil
	}
	n, most := len(spots), slots.MostStretches
	if plan.Pairs == 1 { // a look at servers takes no minute
		most = slots.FewStretches
	}
	return &sustains{
		length: length, most: most, think: lua.Thinks(cell.Scenario) || cell.Rate.Open(),
		looks: make([][]slots.Tally, n), paces: make([][]slots.Paces, n), as: make([]slots.Aspect, n),
	}
}

// leastInSlots is for how long a warm-up is in slots before its stretch: servers
// get warm, and how late answers come is seen.
const leastInSlots = 500 * time.Millisecond

// within puts a stretch into a warm-up, which is longer where it must.
func (s *sustains) within(warmup time.Duration, schedule func(time.Duration) slots.Schedule) slots.Schedule {
	if s == nil {
		return schedule(warmup)
	}
	before := schedule(max(warmup-s.length, min(warmup, leastInSlots)))
	with := before.WithStretch(s.length)
	s.beyond += max(0, with.Length()-schedule(warmup).Length())
	return with
}

// took is for how long servers were loaded beyond what any pair needs.
func (s *sustains) took() time.Duration {
	if s == nil {
		return 0
	}
	return s.beyond
}

// differ reports whether it is known of a server that it does in slots what it
// does not keep up, or cannot do in slots what it does without pauses.
func (s *sustains) differ() bool {
	return s != nil && slices.ContainsFunc(s.as, func(a slots.Aspect) bool { return a != "" })
}

// lookAt looks again and again at what is counted in the second half of a stretch.
func (g *generators) lookAt(t slots.Turn) error {
	g.lateness.leave()
	const every = float64(slots.LookEvery / time.Microsecond)
	var looks []slots.Tally
	for at := (t.FromUS + t.ToUS) / 2; at <= t.ToUS; at += every {
		if err := g.pause(at); err != nil {
			return err
		}
		looks = append(looks, g.board.Tally(t.Place, machine.NowUS()))
	}
	g.turns.sustains.looks[t.Place] = looks
	return nil
}

// sustain finds out whether servers keep up what they did in their slots, and
// writes into the documents what they did both ways.
func (t *turns) sustain(ctx context.Context, shares []share) error {
	s := t.sustains
	if s == nil {
		return nil
	}
	began := t.Now()
	if s.looks[0] != nil {
		s.add(shares)
	}
	for s.open() && !t.usage.putsOff() && t.timeToLook(s.length) { // put off work is known without
		if err := t.again(ctx, *shares[0].run.schedule); err != nil {
			return err
		}
	}
	s.beyond += t.Now().Sub(began)
	if len(s.paces[0]) > 0 {
		t.recordSustained()
	}
	return nil
}

// timeToLook reports whether a further stretch leaves half of the time that there is,
// for pairs. Of a run without a deadline it always does.
func (t *turns) timeToLook(stretch time.Duration) bool {
	n := time.Duration(len(t.spots))
	takes := aroundPair + n*(stretch+time.Duration(withGaps*float64(slotsAfter)))
	return t.Deadline.IsZero() || 2*takes <= t.Deadline.Sub(t.Now())
}

// add holds a stretch against the slots right after.
func (s *sustains) add(shares []share) {
	for i, share := range shares {
		p := slots.Paces{Stretch: slots.StretchPace(s.looks[i])}
		if b := share.run.Block; b != nil && b.Slots != nil {
			p.Slots = slots.SlotsPace(b.Slots.Counted, b.Slots.SpanUS, share.before, share.after)
		}
		s.paces[i] = append(s.paces[i], p)
	}
}

// open reports whether another stretch is needed: all of the servers may be what
// they seem in slots, and one of them is not known to be.
func (s *sustains) open() (open bool) {
	if len(s.paces[0]) == 0 {
		return true
	}
	for i, paces := range slots.Apart(s.paces) {
		differ, more := slots.Judge(paces, s.think)
		s.as[i] = differ
		open = open || more
	}
	return open && !s.differ() && len(s.paces[0]) < s.most
}

// slotsAfter is for how long each server has slots after a further stretch.
const slotsAfter = 1600 * time.Millisecond

// again has all servers do a stretch and some slots once more, in generators of
// their own.
func (t *turns) again(ctx context.Context, as slots.Schedule) error {
	t.phase(Sustaining)
	n := len(t.sustains.paces[0])
	for i, at := range t.at {
		if at.crew.users == nil {
			t.options[i].RunName = t.plan.runName(t.spots[i].cell.index, t.spots[i].pair, t.spots[i].position) + "s" + strconv.Itoa(n)
			continue
		}
		if err := at.crew.handOver(&t.options[i]); err != nil {
			return err
		}
	}
	g, err := t.generators(ctx)
	if err != nil {
		return err
	}
	defer g.close()
	phase := int64(2 + 2*n)
	if err := g.play(0, t.schedule(as.Slot, as.Slot, as.Gap, phase).WithStretch(t.sustains.length), nil); err != nil {
		return err
	}
	if err := g.play(1, t.schedule(min(slotsAfter, t.spots[0].cell.Duration), as.Slot, as.Gap, phase+1), nil); err != nil {
		return err
	}
	shares, err := g.shares()
	for i, at := range t.at {
		at.crew.Record(ctx, &results.Trial{}, shares[i].run)
	}
	t.sustains.add(shares)
	return err
}

// shares waits for what the generators leave, and reads it.
func (g *generators) shares() ([]share, error) {
	after := g.tallies()
	outputs, errs := g.wait()
	shares := make([]share, len(outputs))
	for i, out := range outputs {
		_, block, err := figures(out, g.spots[i].cell.Scenario)
		shares[i] = share{run: Run{Output: out, Block: block}, before: g.before[i], after: after[i]}
		errs[i] = errors.Join(errs[i], err)
	}
	return shares, errors.Join(errs...)
}

// recordSustained writes what each server did both ways into its document.
func (t *turns) recordSustained() {
	for i, spot := range t.spots {
		of := results.Sustained{StretchS: t.sustains.length.Seconds(), Stretches: len(t.sustains.paces[i]), TookS: t.sustains.beyond.Seconds(), Differ: string(t.sustains.as[i])}
		of.Without = meanPace(t.sustains.paces[i], func(p slots.Paces) slots.Pace { return p.Stretch })
		of.InSlots = meanPace(t.sustains.paces[i], func(p slots.Paces) slots.Pace { return p.Slots })
		t.docs[spot.index].Scenarios[spot.cell.index].Sustained = &of
	}
}

// meanPace is the mean over stretches: of rates and waits the geometric one, as
// they are judged by their ratios.
func meanPace(all []slots.Paces, of func(slots.Paces) slots.Pace) (mean results.Pace) {
	logRate, logWait, n := 0.0, 0.0, float64(len(all))
	for _, paces := range all {
		p := of(paces)
		logRate += math.Log(p.MeanPS) / n
		logWait += math.Log(p.WaitUS) / n
		mean.WrongFraction += p.Wrong / n
		mean.LostFraction += p.Lost / n
	}
	mean.PerS = math.Exp(logRate)
	if wait := math.Exp(logWait); wait > 0 {
		mean.WaitUS = &wait
	}
	return mean
}
