package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"taskbench/internal/server"
	"taskbench/results"
)

// SoakServer is a server that is under load for long: what it holds is
// sampled, and what it wrote last is told when it dies.
type SoakServer interface {
	Server
	OpenFiles() (*int, error)
	LogTail(lines int) string // "" when it is not known
}

// Soak puts each target of a plan under constant load, one after the other, in
// windows that follow each other without pause: a run of the generator each,
// with fresh connections, against the server that was opened for the first.
// The plan has one cell, whose duration is a window's, and its pairs are windows.
type Soak struct {
	*Runner
	Open func(context.Context, server.Spec) (SoakServer, error) // instead of the runner's
	Hz   float64                                                // samples a second of what a server holds; > 0
}

// soaking is a soak while it is carried out.
type soaking struct {
	*campaign
	open      func(context.Context, server.Spec) (SoakServer, error)
	hz        float64
	reset     string
	warm, hot *cellRun // the first window, and all others, which need no warm-up
}

// Run soaks every target into its document, which is saved after every window.
// A target that dies, or whose windows fail twice in a row, keeps what there is;
// the others still have their turn, and the error tells. So it does when ctx
// ends, at once.
//
// A scenario that the survey refuses is not loaded.
func (s Soak) Run(ctx context.Context, p Plan, survey Survey, docs []*results.Document) error {
	k := &soaking{open: s.Open, hz: s.Hz, reset: p.Reset}
	p.Reset = "" // once for each target, not before every window
	k.campaign = &campaign{Runner: s.Runner, plan: p, survey: survey, docs: docs}
	k.begin()
	k.track.at.Unit = "window"
	k.warm = k.cells[0]
	if k.warm.over {
		return k.save()
	}
	hot := *k.warm
	hot.Warmup = 0
	k.hot = &hot
	k.track.planned -= time.Duration(len(docs)*(p.Pairs-1)) * k.warm.Warmup // which the tracker took all windows to have
	var errs []error
	for t := range docs {
		if ctx.Err() == nil {
			errs = append(errs, k.target(ctx, t))
		}
	}
	k.track.finish()
	return errors.Join(errs...)
}

// target soaks one target.
func (k *soaking) target(ctx context.Context, t int) (err error) {
	spec := k.plan.Targets[t]
	if err := reset(ctx, k.reset, spec, k.hot.Scenario.Name); err != nil {
		return err
	}
	server, err := k.open(ctx, spec)
	if err != nil {
		return err
	}
	defer func() { // not ctx: a server is stopped after an interrupt too
		if stopErr := server.Stop(context.WithoutCancel(ctx)); stopErr != nil {
			err = errors.Join(err, fmt.Errorf("%s did not stop: %w", spec.Name, stopErr))
		}
	}()
	recorder := Record(held{server}, k.hz)
	defer recorder.End(0, 0, 0, 0)
	return k.windows(ctx, t, server, recorder)
}

// windows measures until the last one, or until it is no use to go on.
func (k *soaking) windows(ctx context.Context, t int, soaked SoakServer, recorder *Recorder) error {
	// Every trial opens the server and stops it: here it only borrows it.
	borrowed := *k.Runner
	borrowed.Open = func(context.Context, server.Spec) (Server, error) { return lent{soaked}, nil }
	k.Runner = &borrowed
	doc, failures := k.docs[t], 0
	m := &doc.Scenarios[0]
	for n := 1; n <= k.plan.Pairs; n++ {
		trial, gone := k.window(ctx, spot{cell: k.cell(n), target: k.plan.Targets[t], pair: n, position: t + 1}, recorder)
		failures++
		if trial.Error == "" {
			failures = 0
		}
		var ended error
		switch {
		case ctx.Err() != nil:
			ended = fmt.Errorf("interrupted in window %d of %d of %s: what was measured is kept", n, k.plan.Pairs, doc.Implementation)
		case gone != "":
			trial.Error = gone
			ended = k.died(soaked, doc, n, gone, m.Trials, trial)
		case failures >= maxFailuresInARow:
			ended = fmt.Errorf("%s: given up after window %d of %d, %d failures in a row: %s", doc.Implementation, n, k.plan.Pairs, failures, trial.Error)
		}
		m.Trials = append(m.Trials, trial)
		if ended == nil {
			k.track.done(k.cell(n).Cell, trial)
		}
		doc.Complete = ended == nil && n == k.plan.Pairs
		if err := errors.Join(ended, k.Save(doc)); err != nil {
			k.track.skip(k.cell(n).Cell, 1)
			k.track.skip(k.hot.Cell, k.plan.Pairs-n)
			return err
		}
	}
	return nil
}

// cell is what the n-th window is measured for.
func (k *soaking) cell(n int) *cellRun {
	if n == 1 {
		return k.warm
	}
	return k.hot
}

// window measures once, and says how the server's process ended where it did.
func (k *soaking) window(ctx context.Context, s spot, recorder *Recorder) (_ results.Trial, gone string) {
	from := recorder.Elapsed()
	trial := k.trial(ctx, s)
	if at, lost := recorder.Gone(); lost {
		gone = fmt.Sprintf("the server's process ended %s into the soak", time.Duration(at*float64(time.Second)).Round(100*time.Millisecond))
	}
	profile := recorder.Cut(from, recorder.Elapsed(), s.cell.Duration, 0)
	trial.Memory = &profile
	return trial, gone
}

// tailLines are enough to see why a server died.
const tailLines = 5

// died tells when a server died, after how much work, and what it wrote last.
func (k *soaking) died(server SoakServer, doc *results.Document, n int, gone string, before []results.Trial, last results.Trial) error {
	answers := last.Answers
	for _, t := range before {
		answers += t.Answers
	}
	err := fmt.Errorf("%s: %s, in window %d of %d, after %d answers that were counted", doc.Implementation, gone, n, k.plan.Pairs, answers)
	if tail := server.LogTail(tailLines); tail != "" {
		err = fmt.Errorf("%w\nthe end of what it wrote:\n%s", err, tail)
	}
	return err
}

// held is a soaked server as it is sampled: of what costs more than Usage the
// open files only. To read proportional memory takes the longer the more a
// server leaks, and the server waits meanwhile.
type held struct{ SoakServer }

// Memory counts the open files.
func (h held) Memory() (server.Memory, error) {
	n, err := h.OpenFiles()
	return server.Memory{OpenFiles: n}, err
}

// lent is a server that outlives the trials made with it.
type lent struct{ Server }

// Stop leaves it running.
func (lent) Stop(context.Context) error { return nil }
