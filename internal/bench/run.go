package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"taskbench/internal/target"
	"taskbench/results"
	"taskbench/wrk"
)

// Server is a running target, as far as a benchmark needs to know it.
type Server interface {
	Identity(context.Context) target.Identity
	Stop(context.Context) error
}

// Runner carries plans out. Its fields are the seams to the world.
type Runner struct {
	Wrk      wrk.Installation
	Generate func(context.Context, wrk.Options) (wrk.Output, error) // wrk.Run
	Open     func(context.Context, target.Spec) (Server, error)
	Save     func(*results.Document) error // called for every target after every pair
	Progress func(Event)
	Now      func() time.Time
	Dir      string // where scripts are kept while they run
}

// maxFailuresInARow is how often a target may fail before its cell is given
// up: the next trial would only fail the same way.
const maxFailuresInARow = 2

// spot is a place in a run: one target in one pair of one cell.
type spot struct {
	cell           Cell
	cellIndex      int
	target         target.Spec
	pair, position int // from 1
}

// Run measures the plan into docs, one document for each target, in the
// plan's order; they are saved after every pair. Scenarios that the survey refuses
// are not loaded. It returns an error when it cannot go on; why one trial has no
// figures stands in that trial.
func (r *Runner) Run(ctx context.Context, p Plan, survey Survey, docs []*results.Document) error {
	cells := p.Cells()
	track := newTracker(p, survey, cells, r.Progress, r.Now)
	for i, cell := range cells {
		for t, d := range docs {
			d.Scenarios = append(d.Scenarios, cell.measurement(p, survey, p.Targets[t]))
		}
		if survey.Refused(cell.scenario) != "" {
			continue
		}
		if err := r.runCell(ctx, p, i, cell, docs, track); err != nil {
			return errors.Join(err, r.save(docs))
		}
	}
	for _, d := range docs {
		d.Complete = true
	}
	track.finish()
	return r.save(docs)
}

func (r *Runner) runCell(ctx context.Context, p Plan, index int, cell Cell, docs []*results.Document, track *tracker) error {
	failures := make([]int, len(p.Targets))
	for pair := 1; pair <= p.Pairs; pair++ {
		for position, t := range p.order(index, pair) {
			s := spot{cell: cell, cellIndex: index, target: p.Targets[t], pair: pair, position: position + 1}
			trial := r.trial(ctx, p, s, track)
			failures[t] = countFailures(failures[t], trial)
			m := &docs[t].Scenarios[len(docs[t].Scenarios)-1]
			m.Trials = append(m.Trials, trial)
			if ctx.Err() != nil {
				return fmt.Errorf("interrupted in %s, pair %d of %d: what was measured is kept", cell.Name(), pair, p.Pairs)
			}
			track.done(cell, 1)
		}
		if err := r.save(docs); err != nil {
			return err
		}
		if gaveUp(failures) {
			track.done(cell, (p.Pairs-pair)*len(p.Targets))
			return nil
		}
	}
	return nil
}

func countFailures(before int, t results.Trial) int {
	if t.Error == "" {
		return 0
	}
	return before + 1
}

func gaveUp(failures []int) bool {
	for _, n := range failures {
		if n >= maxFailuresInARow {
			return true
		}
	}
	return false
}

func (r *Runner) save(docs []*results.Document) error {
	var errs []error
	for _, d := range docs {
		errs = append(errs, r.Save(d))
	}
	return errors.Join(errs...)
}
