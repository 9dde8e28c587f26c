package check

import (
	"context"
	"errors"
	"strconv"
	"time"

	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/scenarios"
)

// Queue is virtual users of one target. They send one request at a time, all
// over one connection, each when it is told to.
type Queue struct {
	line *line
	lua  *lua.Users
}

// patience is how long an answer may take, and longest the whole of what users
// do: a server that is being recorded is some fifty times slower.
const (
	patience = 10 * time.Minute
	longest  = 24 * time.Hour
)

// NewQueue makes so many users of the scenario, as the target's overrides make it, and
// sends their setup: of the first for all, where the scenario says once.
func NewQueue(ctx context.Context, s *scenarios.Scenario, t server.Spec, count int, seed int64) (*Queue, error) {
	variant := *s.For(t.Name)
	variant.Load.Timeout = patience
	o := lua.Options{Target: t.Name, URL: t.URL, Connections: count, Seed: seed, Duration: longest, Warmup: -1, Timeout: patience}
	users := Users{Run: strconv.FormatInt(time.Now().UnixMicro(), 36)}
	if len(variant.Setup) > 0 {
		var err error
		if users, err = (Setup{Scenario: &variant, Target: t, Options: o, Run: users.Run}).Do(ctx); err != nil {
			return nil, err
		}
	}
	u := &Queue{line: &line{ctx: ctx, address: t.URL, timeout: patience}}
	var err error
	if u.lua, err = lua.NewUsers(&variant, o, users.Run, users.Lines); err != nil {
		return nil, err
	}
	if err := u.line.open(); err != nil {
		return nil, server.NotAnswering(t, err)
	}
	return u, nil
}

// Close closes the connection.
func (u *Queue) Close() { u.line.close() }

// Next has a user, from 0, send its next step: how many answers it had, which is one
// where it is not repeated. An answer that is not as the scenario expects is an error.
func (u *Queue) Next(user int) (Answer, int, error) {
	a, answers, err := u.lua.Next(user, u.line.exchange)
	if err == nil && len(a.Unmet) > 0 {
		err = errors.New(Unexpected(a))
	}
	return a, answers, err
}

// Traffic is how many bytes went to the server and came from it since the
// connection was first opened, headers included and encryption not.
func (u *Queue) Traffic() (sent, received int64) { return u.line.sent, u.line.received }
