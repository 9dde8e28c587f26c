package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/slots"
	"taskbench/scenarios"
	"taskbench/wrk"
)

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
	enough  []chan struct{}
	ended   chan int // places, as their generators end
	running int

	lateness lateness      // of the last phase that was played
	before   []slots.Tally // by place, when that began
}

// generators starts one for each target.
func (t *turns) generators(ctx context.Context) (*generators, error) {
	board, err := slots.New(filepath.Join(t.Dir, "board"), len(t.spots))
	if err != nil {
		return nil, err
	}
	n := len(t.spots)
	g := &generators{turns: t, board: board, fromUS: machine.NowUS(), outputs: make([]wrk.Output, n), errs: make([]error, n), ended: make(chan int, n), running: n, before: make([]slots.Tally, n)}
	g.ctx, g.cancel = context.WithCancelCause(ctx)
	for i, o := range t.options {
		env, enough := board.Env(i), make(chan struct{})
		maps.Copy(env, o.Env)
		o.Env, o.Enough = env, enough
		g.enough = append(g.enough, enough)
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
	g.lateness, g.before = newLateness(g.board), g.tallies()
	if usage != nil {
		usage.look()
	}
	of := newSharpening(g)
	for _, turn := range s.Turns() {
		if turn.Stretch {
			if err := g.lookAt(turn); err != nil {
				return err
			}
			continue
		}
		if err := g.pause((turn.ToUS + turn.QuietUS) / 2); err != nil {
			return err
		}
		g.lateness.turn(turn)
		if usage != nil {
			usage.turn(turn)
			of.turn(turn)
		}
	}
	return g.pause(s.EndUS())
}

// tallies are those of all places, now.
func (g *generators) tallies() (all []slots.Tally) {
	for place := range g.spots {
		all = append(all, g.board.Tally(place, machine.NowUS()))
	}
	return all
}

// endedEarly is a generator that ended before its last slot: there is no pair.
type endedEarly struct {
	target string
	why    error
	died   bool // its server did, which is why
}

func (e *endedEarly) Error() string {
	if e.died {
		return fmt.Sprintf("%s: %v", e.target, e.why)
	}
	return fmt.Sprintf("the generator of %s ended early: %v", e.target, e.why)
}

func (e *endedEarly) Unwrap() error { return e.why }

// early is the error of a generator that has ended, with what its script or wrk
// says of it.
func (g *generators) early(place int) error {
	s, why := g.spots[place], g.errs[place]
	if trial, _, err := figures(g.outputs[place], s.cell.Scenario.For(s.target.Name)); why == nil && trial.Error != "" {
		why = errors.New(trial.Error)
	} else if why == nil {
		why = cmp.Or(err, errors.New("its script did not wait for its slots"))
	}
	died := g.at[place].died(why)
	return &endedEarly{s.target.Name, died, died != why}
}

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
		if g.hadItsTime(place) {
			return g.pause(untilUS)
		}
		err := g.early(place)
		g.board.GiveUp()
		g.cancel(err)
		return err
	}
}

// hadItsTime reports whether a generator that has ended did so behind its last slot,
// as it should: on a busy machine it may be this program that is late.
func (g *generators) hadItsTime(place int) bool {
	return g.board.Over(place) && machine.NowUS() >= g.played.EndUS()
}

// endPatience is how long behind the last gap scripts may take to end their
// runs: they wait for open answers for a second, and for iterations to be
// finished as long as that may take.
func (g *generators) endPatience() time.Duration {
	return 2*time.Second + max(time.Second, min(scenarios.MostFinish, g.options[0].Linger))
}

// letEnd waits until all scripts have ended their runs. In a generator all of
// whose virtual users wait for answers that do not come, no script is ever
// called: it is told that its time is over, and then counts what is open.
func (g *generators) letEnd() {
	late := time.NewTimer(g.endPatience())
	defer late.Stop()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for patient := true; patient && g.running > 0 && !g.allOver(); {
		select {
		case <-g.ended:
			g.running--
		case <-look.C:
		case <-late.C:
			patient = false
		case <-g.ctx.Done():
			return
		}
	}
	for place := range g.spots {
		if !g.board.Over(place) {
			close(g.enough[place])
		}
	}
}

func (g *generators) allOver() bool {
	for place := range g.spots {
		if !g.board.Over(place) {
			return false
		}
	}
	return true
}

// wait gives what the generators left when all have ended.
func (g *generators) wait() ([]wrk.Output, []error) {
	if g.running > 0 {
		g.letEnd()
	}
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

// late is how late answers came behind slots in the last phase: of every place,
// slot by slot.
func (g *generators) late() [][]slots.Late {
	g.lateness.look()
	return g.lateness.turns
}

// lateness is how late answers come behind slots.
type lateness struct {
	board *slots.Board
	place int            // whose slot was last; -1: nobody's
	last  []slots.Late   // by place, what was known behind its slot before
	turns [][]slots.Late // by place
}

func newLateness(b *slots.Board) lateness {
	l := lateness{board: b, place: -1, turns: make([][]slots.Late, b.Places)}
	for place := range b.Places {
		l.last = append(l.last, b.Late(place))
	}
	return l
}

// turn looks at the place whose slot was before: all that answers to it in time
// has done so when another's slot is over, too.
func (l *lateness) turn(t slots.Turn) {
	if t.Place != l.place {
		l.look()
		l.place = t.Place
	}
}

// leave looks at the place whose slot was before, and at none from then on.
func (l *lateness) leave() {
	l.look()
	l.place = -1
}

func (l *lateness) look() {
	if l.place < 0 {
		return
	}
	now := l.board.Late(l.place)
	l.turns[l.place] = append(l.turns[l.place], now.Since(l.last[l.place]))
	l.last[l.place] = now
}
