package check

import (
	"context"
	"errors"
	"time"

	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/scenarios"
)

// Queue is virtual users of one target. They send one request at a time, all
// over one connection, each when it is told to.
type Queue struct {
	line  *line
	lua   *lua.Users
	setup int // steps
	count int
}

// patience is how long an answer may take, and longest the whole of what users
// do: a server that is being recorded is some fifty times slower.
const (
	patience = 10 * time.Minute
	longest  = 24 * time.Hour
)

// NewQueue makes so many users of the scenario, as the target's overrides make it.
func NewQueue(ctx context.Context, s *scenarios.Scenario, t server.Spec, count int, seed int64) (*Queue, error) {
	s = s.For(t.Name)
	u := &Queue{line: &line{ctx: ctx, address: t.URL, timeout: patience}, setup: len(s.Setup), count: count}
	var err error
	u.lua, err = lua.NewUsers(s, lua.Options{Target: t.Name, URL: t.URL, Connections: count, Seed: seed, Duration: longest, Warmup: -1, Timeout: patience})
	if err != nil {
		return nil, err
	}
	if err := u.line.open(); err != nil {
		return nil, server.NotAnswering(t, err)
	}
	return u, nil
}

// Close closes the connection.
func (u *Queue) Close() { u.line.close() }

// Setup sends the setup of every user, one after the other.
func (u *Queue) Setup() error {
	for user := range u.count {
		for range u.setup {
			if _, err := u.Next(user); err != nil {
				return err
			}
		}
	}
	return nil
}

// Next has a user, from 0, send its next request. An answer that is not as the
// scenario expects is an error.
func (u *Queue) Next(user int) (Answer, error) {
	a, err := u.lua.Next(user, u.line.exchange)
	if err == nil && len(a.Unmet) > 0 {
		err = errors.New(Unexpected(a))
	}
	return a, err
}

// Traffic is how many bytes went to the server and came from it since the
// connection was first opened, headers included and encryption not.
func (u *Queue) Traffic() (sent, received int64) { return u.line.sent, u.line.received }
