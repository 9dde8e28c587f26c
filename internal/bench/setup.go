package bench

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"taskbench/internal/check"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/wrk"
)

// crew are the virtual users of a server, which are set up once while it runs,
// before any load and any probe. It is attached as a probe to record that.
type crew struct {
	users *check.Users // nil: not set up yet
	setup *results.Setup
	path  string // the file that the script is handed; "": none
	begun bool   // the script runs, or ran, and it is not known how much
}

// place is a cell at a target: those who are kept are kept by it.
type place struct{ cell, target int }

// setUp sees to it that a trial's virtual users are set up, and that its script
// finds them. What an earlier trial's setup made is used again while the server
// runs on, and where it is kept and the server still takes it.
func (c *campaign) setUp(ctx context.Context, s spot, at *session, o *wrk.Options) error {
	variant := s.cell.Scenario.For(s.target.Name)
	setup := check.Setup{
		Scenario: variant, Target: s.target, Run: o.RunName, Progress: c.track.settingUp,
		Options: s.cell.luaOptions(s.target, c.plan.trialSeed(s.cell.index, s.pair)),
	}
	if len(variant.Setup) == 0 {
		c.closes(s, at, setup, nil)
		return nil
	}
	c.track.phase(s, SettingUp)
	began, first := c.Now(), c.kept[place{s.cell.index, s.index}] == nil
	kept, err := c.findUsers(ctx, setup, s, at)
	if err != nil {
		return diedOf(err, at.server)
	}
	if first && c.kept[place{s.cell.index, s.index}] != nil {
		s.cell.once += c.Now().Sub(began)
	}
	c.closes(s, at, setup, at.crew.users)
	at.crew.setup = &results.Setup{Seconds: c.Now().Sub(began).Seconds(), Users: len(at.crew.users.Lines), Kept: kept}
	return at.crew.handOver(o)
}

// findUsers is whether the users are of an earlier trial.
func (c *campaign) findUsers(ctx context.Context, setup check.Setup, s spot, at *session) (kept bool, err error) {
	if at.crew.users != nil {
		return true, nil
	}
	key := place{s.cell.index, s.index}
	if before := c.kept[key]; before != nil {
		err := setup.Try(ctx, *before)
		before.Iterations++
		if err == nil {
			at.crew.users = before
			return true, nil
		}
	}
	users, err := setup.Do(ctx)
	if err != nil {
		return false, err
	}
	at.crew.users = &users
	if c.keeps(setup.Scenario.SetupRules.Keep, s.target) {
		if c.kept == nil {
			c.kept = map[place]*check.Users{}
		}
		c.kept[key] = &users
	}
	return false, nil
}

// keeps reports whether what a setup made may be there in the next pair: as the
// scenario says or, where it says nothing, if nothing happens to the server.
func (c *campaign) keeps(asked *bool, t server.Spec) bool {
	if asked != nil {
		return *asked
	}
	return t.Start == "" && c.plan.Reset == ""
}

// handOver has the script find the users.
func (u *crew) handOver(o *wrk.Options) error {
	u.path = strings.TrimSuffix(o.Script, filepath.Ext(o.Script)) + ".users"
	if err := u.users.Write(u.path); err != nil {
		return err
	}
	o.RunName, u.begun = u.users.Run, true
	o.Env = maps.Clone(o.Env)
	if o.Env == nil {
		o.Env = map[string]string{}
	}
	o.Env["TASKBENCH_USERS"] = u.path
	return nil
}

// Begin implements Attached.
func (u *crew) Begin(context.Context) {}

// End implements Attached.
func (u *crew) End(context.Context) {}

// Record implements Attached. Whatever the run asked may have been an iteration
// of each virtual user: the next one's begin behind them.
func (u *crew) Record(_ context.Context, t *results.Trial, run Run) {
	if u.users == nil {
		return
	}
	t.Setup = u.setup
	if b := run.Block; b != nil {
		u.begun = false
		u.users.Iterations += b.Wrk.Requests + b.Wrk.Errors.Read + b.Wrk.Errors.Write + b.Wrk.Errors.Connect
	}
}

// unknownIterations stand for those of a run that told nothing.
const unknownIterations = 1_000_000

// forget removes what accounts can be opened with.
func (u *crew) forget() {
	if u.begun {
		u.users.Iterations += unknownIterations
	}
	if u.path != "" {
		_ = os.Remove(u.path) // the folder goes, too
	}
}

// setUp sets up the virtual users of all targets, one target after the other.
func (t *turns) setUp(ctx context.Context) error {
	for i, s := range t.spots {
		if err := t.campaign.setUp(ctx, s, t.at[i], &t.options[i]); err != nil {
			return fmt.Errorf("%s: %w", s.target.Name, err)
		}
	}
	return nil
}

// settingUp tells how far a setup is, a few times a second at most.
func (t *tracker) settingUp(ready, users int, left time.Duration) {
	if ready < users && t.now().Sub(t.at.At) < tellEvery {
		return
	}
	t.at.Setup = SetupProgress{Ready: ready, Users: users, Left: left}
	t.tell()
}

const tellEvery = 200 * time.Millisecond

// closing is what a scenario sends at a target when all is measured: after, by each
// virtual user, and teardown.
type closing struct {
	setup check.Setup
	users check.Users
	stay  bool // virtual users go on in a later trial
	at    spot
}

// closes sees to it that a session ends with what the scenario says.
func (c *campaign) closes(s spot, at *session, setup check.Setup, users *check.Users) {
	if len(setup.Scenario.After)+len(setup.Scenario.Teardown) == 0 {
		return
	}
	x := &closing{setup: setup, at: s}
	if users != nil {
		x.users, x.setup.Run = *users, users.Run
	}
	key := place{s.cell.index, s.index}
	x.stay = c.kept[key] != nil
	at.ends = func(ctx context.Context) {
		if s.target.Start != "" {
			x.stay = false // nobody can ask it later
			c.leave(ctx, x, true)
			return
		}
		if c.closings == nil {
			c.closings = map[place]*closing{}
		}
		c.closings[key] = x
		if !x.stay {
			c.leave(ctx, x, false)
		}
	}
}

// mostLeave bounds what is waited for behind a measurement.
const mostLeave = 2 * time.Minute

// leave sends it, after an interrupt too. What does not go as expected changes no
// figure: it is said in the document.
func (c *campaign) leave(ctx context.Context, x *closing, down bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mostLeave)
	defer cancel()
	note := func(err error) {
		d := c.docs[x.at.index]
		if err != nil && !slices.Contains(d.Warnings, err.Error()) {
			d.Warnings = append(d.Warnings, err.Error())
		}
	}
	note(x.setup.Leave(ctx, x.users))
	if down {
		note(x.setup.TearDown(ctx, x.users))
	}
}

// closeAll ends what was measured at servers that run on.
func (c *campaign) closeAll(ctx context.Context) bool {
	for _, x := range c.closings {
		left := x.setup.Scenario
		if !x.stay { // they have
			without := *left
			without.After = nil
			x.setup.Scenario = &without
		}
		c.leave(ctx, x, true)
	}
	return len(c.closings) > 0
}
