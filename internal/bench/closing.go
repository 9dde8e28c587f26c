package bench

import (
	"context"
	"slices"
	"time"

	"taskbench/internal/check"
)

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
