package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskbench/internal/taskflow"
)

//go:embed schema.sql
var schema string

// errDatabase is all that a client is told of what goes wrong behind the server.
const errDatabase = told("Database error")

// told is an error as the real server spells it.
type told string

func (t told) Error() string { return string(t) }

var _ taskflow.Store = (*store)(nil)

// store is a taskflow.Store in PostgreSQL, behind a small pool. What waits for
// one of its connections waits in line, and is refused after a while.
type store struct {
	pool     *pgxpool.Pool
	patience time.Duration
}

// openStore connects to a database and loads the schema where its tables are not there.
func openStore(ctx context.Context, url string, connections int32, patience time.Duration) (*store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, err
	}
	config.MaxConns = connections
	config.ConnConfig.RuntimeParams["client_min_messages"] = "warning"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	s := &store{pool, patience}
	if err := s.load(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// load makes the tables. Two servers that start at once must not both make them.
func (s *store) load(ctx context.Context) error {
	return pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock(20260101)"); err != nil {
			return fmt.Errorf("reach the database: %w", err)
		}
		if _, err := tx.Exec(ctx, schema); err != nil {
			return fmt.Errorf("load the schema: %w", err)
		}
		return nil
	})
}

// with does something over one connection of the pool, and hides what goes wrong.
func (s *store) with(ctx context.Context, do func(*pgxpool.Conn) error) error {
	wait, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	c, err := s.pool.Acquire(wait)
	if err == nil {
		defer c.Release()
		err = do(c)
	}
	return hidden(err)
}

// hidden is an error as a client sees it: what the API refuses is told as it
// is, what the database says is logged.
func hidden(err error) error {
	var refused refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused):
		return refused.error
	}
	log.Printf("database: %v", err)
	return errDatabase
}

// refusal is an error that a client is told.
type refusal struct{ error }

// one reads a record, or refuses where there is none.
func one[R any](ctx context.Context, c *pgxpool.Conn, read func(pgx.CollectableRow) (R, error), none error, sql string, args ...any) (R, error) {
	rows, _ := c.Query(ctx, sql, args...) // its error is that of the rows
	r, err := pgx.CollectExactlyOneRow(rows, read)
	if errors.Is(err, pgx.ErrNoRows) {
		return r, refusal{none}
	}
	return r, err
}

func all[R any](ctx context.Context, c *pgxpool.Conn, read func(pgx.CollectableRow) (R, error), sql string, args ...any) ([]R, error) {
	rows, _ := c.Query(ctx, sql, args...) // its error is that of the rows
	return pgx.CollectRows(rows, read)
}

// PostgreSQL's codes for what its constraints refuse.
const (
	uniqueViolation     = "23505"
	foreignKeyViolation = "23503"
)

// broke tells whether an error is of a constraint, by code and name; any name for "".
func broke(err error, code, constraint string) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == code && (constraint == "" || pg.ConstraintName == constraint)
}
