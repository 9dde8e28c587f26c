package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/search"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
)

// Search is what Runner.Search is to look for.
type Search struct {
	search.Plan                   // Start 0: what one virtual user reaches
	Objective   []scenarios.Bound // what is to hold at the rate
	// Judge says what a trial shows under the objective; Told is called with every one.
	Judge func(t *results.Trial, ask search.Ask, users int, objective []results.Expectation) results.Sought
	Told  func(ask search.Ask, trial results.Trial, bounds search.Bounds)
}

// searching is a search while it is carried out.
type searching struct {
	*campaign
	Search
	done     []search.Measured
	sessions []*session // of the repeat at hand, by target; nil: its server is not up
	repeat   int        // at hand, from 0; -1: none yet
	failures []int      // trials in a row without figures, by target
}

// Search looks for the highest rate at which an objective holds on each target of a
// plan, repeat by repeat; a repeat has servers of its own, which are up together and
// take turns, or come one after the other where they cannot be. The plan has one
// cell, whose rate is the first that is tried. Documents are saved after every trial.
//
// A scenario that the survey refuses is not loaded. When ctx ends, what was measured
// is kept, and the error says so.
func (r *Runner) Search(ctx context.Context, p Plan, survey Survey, docs []*results.Document, s Search) (err error) {
	k := &searching{Search: s, repeat: -1, sessions: make([]*session, len(docs)), failures: make([]int, len(docs))}
	k.campaign = &campaign{Runner: r, plan: p, survey: survey, docs: docs}
	k.begin()
	k.track.at.Unit = "repeat"
	k.Alone = k.Alone || k.oneAddress()
	k.record()
	if k.cells[0].over {
		return k.save()
	}
	defer func() { err = errors.Join(err, k.close(ctx), k.save()) }()
	for ask, more := k.Next(k.done); more; ask, more = k.Next(k.done) {
		if err := k.ask(ctx, ask); err != nil {
			return err
		}
	}
	for _, d := range docs {
		d.Complete = true
	}
	return nil
}

// record puts into the documents what is looked for, and how.
func (k *searching) record() {
	if k.Start == 0 {
		k.Start = min(max(1/max(k.survey.busy(k.cells[0].Cell), time.Microsecond).Seconds(), k.Goal.Least), k.Goal.Most)
	}
	g := k.Goal
	for _, d := range k.docs {
		d.Scenarios[0].Search = &results.Search{
			Objective: bounds("", k.Objective), WidthFraction: g.Width, ExceedFraction: g.Exceed,
			InitialS: g.Initial.Seconds(), FinalS: g.Final.Seconds(), SumS: g.Sum.Seconds(),
			LeastPS: g.Least, MostPS: g.Most, StartPS: k.Start, Alone: k.Alone,
		}
	}
}

// oneAddress reports whether two targets listen at one.
func (k *searching) oneAddress() bool {
	seen := map[string]bool{}
	for _, t := range k.plan.Targets {
		if seen[address(t.URL)] {
			return true
		}
		seen[address(t.URL)] = true
	}
	return false
}

// ask measures one trial and keeps it.
func (k *searching) ask(ctx context.Context, ask search.Ask) error {
	name := k.plan.Targets[ask.Target].Name
	if ctx.Err() != nil {
		return fmt.Errorf("interrupted in repeat %d of %d: what was measured is kept", ask.Repeat+1, k.Repeats)
	}
	session, err := k.up(ctx, ask)
	if err != nil {
		return err
	}
	cell := k.at(ask)
	s := spot{cell: cell, index: ask.Target, target: k.plan.Targets[ask.Target], pair: ask.Repeat + 1, position: len(k.done) + 1}
	trial := k.trial(ctx, s, func() (results.Trial, error) { return k.load(ctx, s, session) })
	if trial.Interrupted {
		return fmt.Errorf("interrupted in repeat %d of %d: what was measured is kept", ask.Repeat+1, k.Repeats)
	}
	k.keepSought(ask, cell.Connections, &trial)
	if trial.Ended != nil || session.gone() != "" {
		err = k.down(ctx, ask.Target) // the next trial starts it again
	}
	if trial.Error != "" && trial.Ended == nil && trial.WindowS == 0 {
		if k.failures[ask.Target]++; k.failures[ask.Target] > maxFailuresInARow {
			return errors.Join(fmt.Errorf("%s: %d trials in a row brought no figures: %s", name, k.failures[ask.Target], trial.Error), err)
		}
	} else {
		k.failures[ask.Target] = 0
	}
	return err
}

// keepSought judges a trial, and puts it into its target's document.
func (k *searching) keepSought(ask search.Ask, users int, trial *results.Trial) {
	sought := k.Judge(trial, ask, users, bounds("", k.Objective))
	trial.Sought = &sought
	trial.Wrk = nil // hundreds of trials, whose output says nothing that is not in their figures
	k.done = append(k.done, search.Measured{Target: ask.Target, Repeat: ask.Repeat, Trial: search.Trial{
		Rate: ask.Rate, Length: ask.Length, Exceeded: len(sought.Exceeded) > 0, Carried: sought.CarriedPS, Void: sought.Void != "",
	}})
	m := &k.docs[ask.Target].Scenarios[0]
	m.Trials = append(m.Trials, *trial)
	k.Told(ask, *trial, k.Goal.Bounds(search.Of(k.done, ask.Target, ask.Repeat)))
	if err := k.Save(k.docs[ask.Target]); err != nil {
		k.docs[ask.Target].Warnings = append(k.docs[ask.Target].Warnings, err.Error())
	}
}

// mostUsers is how many virtual users a trial has at most for the answers that an
// objective lets wait; more is up to the scenario.
const mostUsers = 64

// at is the cell of a trial: its rate, its length, and as many virtual users as the
// rate takes. Where the scenario says how many, it has those.
func (k *searching) at(ask search.Ask) *cellRun {
	cell := *k.cells[0]
	cell.Rate = arrivals.Plan{Rate: ask.Rate, Arrival: cell.Rate.Arrival}
	cell.Duration = max(ask.Length, min(longestTrial, time.Duration(k.answers()/ask.Rate*float64(time.Second))))
	if cell.AutoUsers {
		cell.Connections = max(k.plan.Hosts, cell.Rate.Users(k.survey.busy(cell.Cell)), min(mostUsers, int(math.Ceil(ask.Rate*k.longest().Seconds()))))
	}
	return &cell
}

// beyondEach is how many answers are to lie beyond a percentile of the objective,
// so that it is one; longestTrial bounds what that takes at low rates.
const (
	beyondEach   = 5
	longestTrial = time.Minute
)

// answers is how many a trial needs for the objective's percentiles.
func (k *searching) answers() float64 {
	most := 0.0
	for _, b := range k.Objective {
		if p, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimPrefix(b.Metric, "flow_"), "p"), 64); err == nil && p < 100 {
			most = max(most, beyondEach/(1-p/100))
		}
	}
	return most
}

// longest is how long the objective lets an answer take.
func (k *searching) longest() time.Duration {
	longest := 0.0
	for _, b := range k.Objective {
		if b.Metric != "errors" {
			longest = max(longest, b.Limit)
		}
	}
	return time.Duration(longest * float64(time.Microsecond))
}

// up has a target's server up in the repeat at hand: one for all of its trials.
func (k *searching) up(ctx context.Context, ask search.Ask) (*session, error) {
	if ask.Repeat != k.repeat {
		if err := k.close(ctx); err != nil {
			return nil, err
		}
		k.repeat = ask.Repeat
	}
	if k.Alone {
		for t := range k.sessions {
			if t != ask.Target {
				if err := k.down(ctx, t); err != nil {
					return nil, err
				}
			}
		}
	}
	if at := k.sessions[ask.Target]; at != nil {
		if users := k.at(ask).Connections; at.crew.users != nil && len(at.crew.users.Lines) < users {
			at.crew.users = nil // more are to be set up
		}
		return at, nil
	}
	return k.open(ctx, ask)
}

// open starts a server. Where it does not start beside others, it may need what there
// is once: from then on they come one after the other.
func (k *searching) open(ctx context.Context, ask search.Ask) (*session, error) {
	spec, cell := k.plan.Targets[ask.Target], k.cells[0]
	if err := server.Reset(ctx, k.plan.Reset, spec, cell.Scenario.Name); err != nil {
		return nil, err
	}
	at, err := k.campaign.open(ctx, spec, cell.Cell)
	if err != nil && spec.Start != "" && k.others() && ctx.Err() == nil {
		k.Alone = true
		for _, d := range k.docs {
			d.Scenarios[0].Search.Alone = true
		}
		if err := k.close(ctx); err != nil {
			return nil, err
		}
		at, err = k.campaign.open(ctx, spec, cell.Cell)
	}
	k.sessions[ask.Target] = at
	return at, err
}

// others reports whether any server is up.
func (k *searching) others() bool {
	for _, s := range k.sessions {
		if s != nil {
			return true
		}
	}
	return false
}

// down stops a target's server.
func (k *searching) down(ctx context.Context, target int) error {
	at := k.sessions[target]
	if at == nil {
		return nil
	}
	k.sessions[target] = nil
	if err := at.close(ctx); err != nil {
		return fmt.Errorf("%s did not stop: %w", k.plan.Targets[target].Name, err)
	}
	return nil
}

func (k *searching) close(ctx context.Context) error {
	var errs []error
	for t := range k.sessions {
		errs = append(errs, k.down(ctx, t))
	}
	return errors.Join(errs...)
}
