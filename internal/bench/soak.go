package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/results"
)

// soaking is a soak while it is carried out.
type soaking struct {
	*campaign
	reset     string
	warm, hot *cellRun // the first window, and all others, which need no warm-up
}

// Soak puts each target of a plan under constant load, one after the other, in
// windows that follow each other without pause: a run of the generator each,
// with fresh connections, against one server. The plan has one cell, whose
// duration is a window's, and its pairs are windows. Documents are saved after
// every window.
//
// A target that dies, or whose windows fail twice in a row, keeps what there is;
// the others still have their turn, and the error tells. So it does when ctx
// ends, at once.
//
// A scenario that the survey refuses is not loaded.
func (r *Runner) Soak(ctx context.Context, p Plan, survey Survey, docs []*results.Document) error {
	k := &soaking{reset: p.Reset}
	p.Reset = "" // once for each target, not before every window
	k.campaign = &campaign{Runner: r, plan: p, survey: survey, docs: docs}
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
	if k.closeAll(ctx) {
		errs = append(errs, k.save())
	}
	k.track.finish()
	return errors.Join(errs...)
}

// target soaks one target.
func (k *soaking) target(ctx context.Context, t int) (err error) {
	spec := k.plan.Targets[t]
	k.track.phase(spot{cell: k.warm, target: spec, pair: 1, position: t + 1}, Starting)
	if err := server.Reset(ctx, k.reset, spec, k.hot.Scenario.Name); err != nil {
		return err
	}
	session, err := k.open(ctx, spec, k.hot.Cell)
	if err != nil {
		return err
	}
	defer func() {
		if stopErr := session.close(ctx); stopErr != nil {
			err = errors.Join(err, fmt.Errorf("%s did not stop: %w", spec.Name, stopErr))
		}
	}()
	return k.windows(ctx, t, session)
}

// windows measures until the last one, or until it is no use to go on.
func (k *soaking) windows(ctx context.Context, t int, session *session) error {
	doc, failures := k.docs[t], 0
	m := &doc.Scenarios[0]
	for n := 1; n <= k.plan.Pairs; n++ {
		s := spot{cell: k.cell(n), index: t, target: k.plan.Targets[t], pair: n, position: t + 1}
		trial := k.trial(ctx, s, func() (results.Trial, error) { return k.load(ctx, s, session) })
		failures++
		if trial.Error == "" {
			failures = 0
		}
		var ended error
		gone := session.gone()
		switch {
		case ctx.Err() != nil:
			ended = fmt.Errorf("interrupted in window %d of %d of %s: what was measured is kept", n, k.plan.Pairs, doc.Implementation)
		case gone != "":
			trial.Error, trial.Hint = gone, ""
			ended = k.died(session.server, doc, n, gone, m.Trials, trial)
		case failures >= maxFailuresInARow:
			ended = source.WithHint(fmt.Errorf("%s: given up after window %d of %d, %d failures in a row: %s", doc.Implementation, n, k.plan.Pairs, failures, trial.Error), trial.Hint)
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

// gone says how a server's process ended, where it did.
func (s *session) gone() string {
	if _, err := s.server.Usage(); err == nil || !s.known {
		return ""
	}
	at := machine.NowUS()
	if s.watch.seen.lost {
		at = s.watch.seen.lostUS
	}
	return fmt.Sprintf("the server's process ended %s into the soak", time.Duration((at-s.openedUS)*float64(time.Microsecond)).Round(100*time.Millisecond))
}

// died tells when a server died, after how much work, and what it wrote last.
func (k *soaking) died(server Server, doc *results.Document, n int, gone string, before []results.Trial, last results.Trial) error {
	answers := last.Answers
	for _, t := range before {
		answers += t.Answers
	}
	return diedOf(fmt.Errorf("%s: %s, in window %d of %d, after %d answers that were counted", doc.Implementation, gone, n, k.plan.Pairs, answers), server)
}
