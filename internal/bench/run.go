package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"taskbench/internal/check"
	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// Runner carries plans out. Its fields are the seams to the world. Run gives each
// trial a server of its own, Soak all windows of a target the same one.
type Runner struct {
	Wrk      wrk.Installation
	Generate func(context.Context, wrk.Options) (wrk.Output, error) // wrk.Run
	Open     func(context.Context, server.Spec) (Server, error)     // nil: server.Open
	Save     func(*results.Document) error                          // called for every target after every pair
	Progress func(Event)
	Now      func() time.Time
	Dir      string   // where scripts are kept while they run
	Hosts    []Host   // behind Generate, in the order of their shares; none: this machine alone
	Apart    []string // where hosts differ from each other, a sentence each, for the record
	Beside   string   // another run that goes on at the same time, for the record; "": none
	Live     bool     // whether scripts are asked to tell each second what they count, for Progress

	// Probes measure what else is of interest around each load; the CPU time and
	// resident memory of the server are always watched.
	Probes []Probe

	// Script writes what Generate runs, for a generator that is not wrk, and takes no
	// turns with others. nil: Lua.
	Script func(*scenarios.Scenario, lua.Options) (Script, error)

	// Trial measures a target in a way of its own, instead of by wrk's load. nil: by that.
	Trial func(ctx context.Context, t server.Spec, c Cell, seed int64) (results.Trial, error)

	// Available is the memory, in bytes, that servers can still take; nil:
	// machine.AvailableBytes.
	Available func() (bytes uint64, known bool)

	// Decided is asked after every pair whether its cell needs no more; when
	// verdicts may be looked at is for it to know. nil: never.
	Decided func([]*results.Document, Cell) bool
	// Split chooses how long the slots of a cell's further pairs are, from how its
	// pairs scatter: of is its place, what a pair costs and the length so far, least
	// and most are bounds, in seconds. Not ok: it cannot be told yet. nil: never.
	Split func(docs []*results.Document, cell int, of results.Split, least, most float64) (results.Split, bool)
	// Deadline is when the run is to be over: no pair is begun that would not fit,
	// but the first of each cell, and cells share the time. Zero: never.
	Deadline time.Time
	// Once gives the rule of a run for which the deadline leaves few pairs; nil: the
	// plan stays as it is.
	Once Judged
}

// Script is what a generator runs, and how it is called with it.
type Script struct {
	Text    []byte
	Ext     string // of its file, with the dot
	Command lua.Command
}

// maxFailuresInARow is how often a target may fail before its cell is given
// up: the next trial would only fail the same way.
const maxFailuresInARow = 2

// campaign is a plan while it is carried out.
type campaign struct {
	*Runner
	plan   Plan
	survey Survey
	docs   []*results.Document // one for each target, in the plan's order
	cells  []*cellRun
	track  *tracker
	kept   map[place]*check.Users // what setups made, for later pairs

	closings map[place]*closing // of servers that run on behind their trials

	corrected   bool // what there is time for is known from pairs
	notTogether bool // the servers cannot be up together, as a pair has shown
}

// cellRun is where a cell stands.
type cellRun struct {
	Cell
	index    int          // in the plan, and in every document
	done     map[int]bool // pairs that are complete
	now      int          // how many of them were measured by this process
	foreseen int          // how many there will be, as far as there is time
	failures []int        // in a row, by target
	over     bool         // refused, decided or given up
	inTurn   string       // why it is not measured in slots; "" when it is, or may be

	took      time.Duration // by its pairs; an estimate of those of an earlier process
	tookNow   time.Duration // of took: by this process
	once      time.Duration // of tookNow: what further pairs need not do again, as setups whose virtual users are kept
	checked   time.Duration // of its last pair: what it took to see whether servers keep up what they do in slots
	costs     []cost        // of its pairs in slots, since this process began
	slot, gap time.Duration // of a cell without a warm-up, as the pair before asks for; 0: not known
}

// spot is a place in a run: one target in one pair of one cell.
type spot struct {
	cell           *cellRun
	index          int // of the target in the plan
	target         server.Spec
	pair, position int // from 1
}

// Run measures the plan into docs, one document for each target, in the plan's
// order; they are saved after every pair. It goes round, as next says. Pairs that
// are in the documents already are not measured again.
//
// Scenarios that the survey refuses are not loaded. The error says why the run
// could not go on; why one trial has no figures stands in that trial. When the
// deadline ended it, stopped says so and the documents stay incomplete.
func (r *Runner) Run(ctx context.Context, p Plan, survey Survey, docs []*results.Document) (stopped string, err error) {
	c := &campaign{Runner: r, plan: p, survey: survey, docs: docs}
	c.begin()
	defer func() {
		if c.closeAll(ctx) {
			err = errors.Join(err, c.save())
		}
	}()
	c.announce()
	for {
		cell, late := c.next()
		if late {
			return c.outOfTime()
		}
		if cell == nil {
			break
		}
		began := c.Now()
		if err := c.measurePair(ctx, cell, c.pairOf(cell)); err != nil {
			return "", errors.Join(err, c.save())
		}
		cell.took += c.Now().Sub(began)
		cell.tookNow += c.Now().Sub(began)
		cell.now++
		c.correct()
	}
	for _, d := range docs {
		d.Complete = true
	}
	c.track.finish()
	return "", c.save()
}

// begin lays the cells out in the documents, or finds them there.
func (c *campaign) begin() {
	for t, d := range c.docs {
		if fresh(d) {
			c.survey.record(d, t, c.plan.Targets[t])
		}
	}
	for i, cell := range c.plan.Cells {
		run := &cellRun{Cell: cell, index: i, failures: make([]int, len(c.docs))}
		for t, d := range c.docs {
			if i == len(d.Scenarios) {
				d.Scenarios = append(d.Scenarios, cell.measurement(c.plan, c.survey, t))
			}
		}
		run.done, run.inTurn = completePairs(c.docs, i), c.docs[0].Scenarios[i].InTurn
		c.plan.Cells[i].needs = iterationsTake(c.survey.took(cell), cell.Connections)
		run.Duration = c.firstLength(run)
		run.over = refused(c.docs, i) || c.decided(run)
		run.took = time.Duration(len(run.done)*len(c.docs)) * run.takes()
		c.cells = append(c.cells, run)
	}
	for _, cell := range c.cells {
		cell.foreseen = c.foresee(cell, c.plan.Pairs)
	}
	c.track = newTracker(c)
}

// refused reports whether a cell must not be loaded: what one target answered
// wrongly leaves nothing to hold the others against.
func refused(docs []*results.Document, cell int) bool {
	return slices.ContainsFunc(compared(docs), func(d *results.Document) bool { return d.Scenarios[cell].Refused != "" })
}

// measurePair measures all targets once: in slots where that can be, else one
// after the other.
func (c *campaign) measurePair(ctx context.Context, cell *cellRun, pair int) error {
	if ctx.Err() != nil {
		return interrupted(cell.Cell, pair, c.plan.Pairs)
	}
	began := c.Now()
	var spots []spot
	for position, t := range c.plan.order(cell.index, pair) {
		if !c.dropped(cell, t) {
			spots = append(spots, spot{cell: cell, index: t, target: c.plan.Targets[t], pair: pair, position: position + 1})
		}
	}
	inSlots := c.measureInSlots(ctx, spots)
	c.keep(spots, inSlots...)
	for _, s := range spots[len(inSlots):] {
		if ctx.Err() != nil {
			break
		}
		c.keep([]spot{s}, c.trial(ctx, s, func() (results.Trial, error) { return c.measure(ctx, s) }))
	}
	if ctx.Err() != nil && !completePairs(c.docs, cell.index)[pair] {
		return interrupted(cell.Cell, pair, c.plan.Pairs)
	}
	cell.done[pair] = true
	if len(inSlots) > 0 {
		c.divide(cell, pair, c.Now().Sub(began))
	}
	c.settle(cell, pair)
	return c.save()
}

// keep puts trials that ended together into their targets' documents.
func (c *campaign) keep(spots []spot, trials ...results.Trial) {
	for i, trial := range trials {
		if !trial.Interrupted {
			c.track.count(spots[i].cell.Cell, 1)
		}
	}
	for i, trial := range trials {
		s := spots[i]
		m := &c.docs[s.index].Scenarios[s.cell.index]
		m.Trials = append(m.Trials, trial)
		s.cell.failures[s.index]++
		if trial.Error == "" {
			s.cell.failures[s.index] = 0
		}
		if !trial.Interrupted {
			c.track.at.Target = s.target.Name
			c.track.brought(trial)
		}
	}
}

func interrupted(c Cell, pair, pairs int) error {
	return fmt.Errorf("interrupted in %s, pair %d of %d: what was measured is kept", c.Name(), pair, pairs)
}

// settle ends a cell that needs no more pairs.
func (c *campaign) settle(cell *cellRun, pair int) {
	for t, n := range cell.failures {
		if n >= maxFailuresInARow && pair < c.plan.Pairs {
			s := results.Stop{Code: results.GivenUp, Scenario: cell.Scenario.Name, Connections: cell.Connections, Pairs: pair, Failures: n}
			switch trials := c.docs[t].Scenarios[cell.index].Trials; {
			case !c.dropped(cell, t):
				cell.over = true
				stop(c.docs[t:t+1], s)
			case trials[len(trials)-1].Pair == pair: // only now
				c.track.skip(cell.Cell, cell.foreseen-len(cell.done))
				stop(c.docs[t:t+1], s)
			}
		}
	}
	cell.over = cell.over || c.decided(cell)
	if cell.over {
		c.track.skip(cell.Cell, (cell.foreseen-len(cell.done))*len(c.docs))
		cell.foreseen = len(cell.done)
	}
}

// dropped reports whether a cell goes on without a target: the floor, of which no verdict
// is, where it only failed or answers wrongly.
func (c *campaign) dropped(cell *cellRun, t int) bool {
	isFloor := c.plan.Floor != "" && c.plan.Targets[t].Name == c.plan.Floor
	return isFloor && (cell.failures[t] >= maxFailuresInARow || c.docs[t].Scenarios[cell.index].Refused != "")
}

// decided asks whether a cell needs no more pairs.
func (c *campaign) decided(cell *cellRun) bool {
	return c.Decided != nil && len(cell.done) > 0 && c.Decided(c.docs, cell.Cell)
}

// outOfTime keeps what there is, and says how much is missing.
func (c *campaign) outOfTime() (string, error) {
	s := results.Stop{Code: results.TimeUp, Pairs: c.plan.Pairs}
	for _, cell := range c.cells {
		if c.wants(cell) {
			s.Pairs, s.MostPairs = min(s.Pairs, len(cell.done)), max(s.MostPairs, len(cell.done))
		}
	}
	stop(c.docs, s)
	c.track.finish()
	return s.Text(c.plan.Pairs), c.save()
}

func stop(docs []*results.Document, s results.Stop) {
	for _, d := range docs {
		d.Stops = append(d.Stops, s)
	}
}

func (c *campaign) save() error {
	var errs []error
	for _, d := range c.docs {
		errs = append(errs, c.Save(d))
	}
	return errors.Join(errs...)
}
