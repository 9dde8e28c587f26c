package main

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskbench/internal/taskflow"
)

const projectColumns = "id, owner_id, name, description, created_at, updated_at"

func readProject(row pgx.CollectableRow) (*taskflow.Project, error) {
	var p taskflow.Project
	var made, changed time.Time
	err := row.Scan(&p.ID, &p.OwnerID, &p.Name, &p.Description, &made, &changed)
	p.CreatedAt, p.UpdatedAt = taskflow.Stamp(made), taskflow.Stamp(changed)
	return &p, err
}

// AddProject fails in the database where its owner does not exist.
func (s *store) AddProject(ctx context.Context, owner int64, name string, description *string) (p *taskflow.Project, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		p, err = one(ctx, c, readProject, nil, "INSERT INTO projects (owner_id, name, description) VALUES ($1, $2, $3) RETURNING "+projectColumns, owner, name, description)
		return err
	})
	return p, err
}

// reach is a project with the actor's place in it: "" for none.
func reach(ctx context.Context, c *pgxpool.Conn, actor, id int64) (p *taskflow.Project, role string, err error) {
	p, err = one(ctx, c, readProject, taskflow.ErrNoSuchProject, "SELECT "+projectColumns+" FROM projects WHERE id = $1", id)
	if err != nil || p.OwnerID == actor {
		return p, "owner", err
	}
	roles, err := all(ctx, c, pgx.RowTo[string], "SELECT role FROM project_members WHERE project_id = $1 AND user_id = $2", id, actor)
	switch {
	case err != nil:
		return nil, "", err
	case len(roles) == 0:
		return nil, "", refusal{taskflow.ErrProjectAccess}
	}
	return p, roles[0], nil
}

func (s *store) Project(ctx context.Context, actor, id int64) (p *taskflow.Project, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		p, _, err = reach(ctx, c, actor, id)
		return err
	})
	return p, err
}

func (s *store) ProjectsOf(ctx context.Context, actor int64) (projects []*taskflow.Project, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		projects, err = all(ctx, c, readProject, "SELECT "+projectColumns+` FROM projects
			WHERE owner_id = $1 OR id IN (SELECT project_id FROM project_members WHERE user_id = $1) ORDER BY id DESC`, actor)
		return err
	})
	return projects, err
}

// owned refuses what only a project's owner may do.
func owned(ctx context.Context, c *pgxpool.Conn, actor, id int64) error {
	p, err := one(ctx, c, readProject, taskflow.ErrNoSuchProject, "SELECT "+projectColumns+" FROM projects WHERE id = $1", id)
	if err == nil && p.OwnerID != actor {
		return refusal{taskflow.ErrNotOwner}
	}
	return err
}

func (s *store) ChangeProject(ctx context.Context, actor, id int64, name, description *string) (p *taskflow.Project, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		if err := owned(ctx, c, actor, id); err != nil {
			return err
		}
		p, err = one(ctx, c, readProject, taskflow.ErrNoSuchProject,
			"UPDATE projects SET name = coalesce($2, name), description = coalesce($3, description), updated_at = now() WHERE id = $1 RETURNING "+projectColumns, id, name, description)
		return err
	})
	return p, err
}

func (s *store) DropProject(ctx context.Context, actor, id int64) error {
	return s.with(ctx, func(c *pgxpool.Conn) error {
		if err := owned(ctx, c, actor, id); err != nil {
			return err
		}
		_, err := c.Exec(ctx, "DELETE FROM projects WHERE id = $1", id)
		return err
	})
}

// managers are the places from which members are taken in.
var managers = []string{"owner", "admin"}

func (s *store) AddMember(ctx context.Context, actor, id, userID int64, role string) (taskflow.Member, error) {
	m := taskflow.Member{ProjectID: id, UserID: userID, Role: role}
	err := s.with(ctx, func(c *pgxpool.Conn) error {
		_, place, err := reach(ctx, c, actor, id)
		if err != nil {
			return err
		}
		if !slices.Contains(managers, place) {
			return refusal{taskflow.ErrNotOwner}
		}
		var made time.Time
		err = c.QueryRow(ctx, "INSERT INTO project_members (project_id, user_id, role) VALUES ($1, $2, $3) RETURNING created_at", id, userID, role).Scan(&made)
		m.JoinedAt = taskflow.Stamp(made)
		switch {
		case broke(err, uniqueViolation, ""):
			return refusal{taskflow.ErrMemberTwice}
		case broke(err, foreignKeyViolation, ""):
			return refusal{taskflow.ErrNoSuchUser}
		}
		return err
	})
	return m, err
}

func (s *store) DropMember(ctx context.Context, actor, id, userID int64) error {
	return s.with(ctx, func(c *pgxpool.Conn) error {
		_, place, err := reach(ctx, c, actor, id)
		if err != nil {
			return err
		}
		if !slices.Contains(managers, place) && actor != userID {
			return refusal{taskflow.ErrNotOwner}
		}
		done, err := c.Exec(ctx, "DELETE FROM project_members WHERE project_id = $1 AND user_id = $2", id, userID)
		if err == nil && done.RowsAffected() == 0 {
			return refusal{taskflow.ErrNoSuchMember}
		}
		return err
	})
}
