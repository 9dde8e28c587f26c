package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskbench/internal/taskflow"
)

const userColumns = "id, username, email, password_hash, full_name, role, created_at"

func readUser(row pgx.CollectableRow) (*taskflow.User, error) {
	var u taskflow.User
	var made time.Time
	err := row.Scan(&u.ID, &u.Username, &u.Email, &u.Hash, &u.FullName, &u.Role, &made)
	u.CreatedAt = taskflow.Stamp(made)
	return &u, err
}

// AddUser keeps its connection while the password is hashed, so that many
// registrations at once use up the pool, as they do on the real server.
func (s *store) AddUser(ctx context.Context, u taskflow.User, hash func() ([]byte, error)) (added *taskflow.User, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		if err := free(ctx, c, u); err != nil {
			return err
		}
		hashed, err := hash()
		if err != nil {
			return err
		}
		added, err = one(ctx, c, readUser, nil,
			"INSERT INTO users (username, email, password_hash, full_name, role) VALUES ($1, $2, $3, $4, $5) RETURNING "+userColumns,
			u.Username, u.Email, string(hashed), u.FullName, u.Role)
		return taken(err)
	})
	return added, err
}

// free refuses a username and an e-mail that are somebody's.
func free(ctx context.Context, c *pgxpool.Conn, u taskflow.User) error {
	var name, email bool
	err := c.QueryRow(ctx, "SELECT EXISTS (SELECT FROM users WHERE username = $1), EXISTS (SELECT FROM users WHERE email = $2)", u.Username, u.Email).Scan(&name, &email)
	switch {
	case err != nil:
		return err
	case name:
		return refusal{taskflow.ErrUsernameTaken}
	case email:
		return refusal{taskflow.ErrEmailTaken}
	}
	return nil
}

// taken is the refusal of a name that somebody took in the meantime.
func taken(err error) error {
	switch {
	case broke(err, uniqueViolation, "users_username_key"):
		return refusal{taskflow.ErrUsernameTaken}
	case broke(err, uniqueViolation, "users_email_key"):
		return refusal{taskflow.ErrEmailTaken}
	}
	return err
}

func (s *store) User(ctx context.Context, id int64) (*taskflow.User, error) {
	return s.userWhere(ctx, "id = $1", id)
}

func (s *store) UserNamed(ctx context.Context, name string) (*taskflow.User, error) {
	return s.userWhere(ctx, "username = $1", name)
}

func (s *store) UserMailed(ctx context.Context, email string) (*taskflow.User, error) {
	return s.userWhere(ctx, "email = $1", email)
}

func (s *store) userWhere(ctx context.Context, condition string, value any) (u *taskflow.User, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		u, err = one(ctx, c, readUser, taskflow.ErrNoSuchUser, "SELECT "+userColumns+" FROM users WHERE "+condition, value)
		return err
	})
	return u, err
}

func (s *store) AllUsers(ctx context.Context) (users []*taskflow.User, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		users, err = all(ctx, c, readUser, "SELECT "+userColumns+" FROM users ORDER BY id")
		return err
	})
	return users, err
}

func (s *store) RenameUser(ctx context.Context, actor, id int64, fullName, email *string) (u *taskflow.User, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		if err := self(ctx, c, actor, id); err != nil {
			return err
		}
		u, err = one(ctx, c, readUser, taskflow.ErrNoSuchUser,
			"UPDATE users SET full_name = coalesce($2, full_name), email = coalesce($3, email) WHERE id = $1 RETURNING "+userColumns, id, fullName, email)
		return taken(err)
	})
	return u, err
}

// self refuses what only the user may do to itself.
func self(ctx context.Context, c *pgxpool.Conn, actor, id int64) error {
	var there bool
	err := c.QueryRow(ctx, "SELECT EXISTS (SELECT FROM users WHERE id = $1)", id).Scan(&there)
	switch {
	case err != nil:
		return err
	case !there:
		return refusal{taskflow.ErrNoSuchUser}
	case actor != id:
		return refusal{taskflow.ErrNotSelf}
	}
	return nil
}

// first is the user that the servers act as.
const first = 1

func (s *store) DropUser(ctx context.Context, actor, id int64) error {
	return s.with(ctx, func(c *pgxpool.Conn) error {
		if err := self(ctx, c, actor, id); err != nil {
			return err
		}
		if id == first {
			return refusal{taskflow.ErrSeededUserGone}
		}
		_, err := c.Exec(ctx, "DELETE FROM users WHERE id = $1", id)
		return err
	})
}
