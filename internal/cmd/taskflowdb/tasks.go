package main

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"taskbench/internal/taskflow"
)

const taskColumns = "id, project_id, title, description, status, priority, assigned_to, created_at, updated_at"

func readTask(row pgx.CollectableRow) (*taskflow.Task, error) {
	var t taskflow.Task
	var made, changed time.Time
	err := row.Scan(&t.ID, &t.ProjectID, &t.Title, &t.Description, &t.Status, &t.Priority, &t.AssignedTo, &made, &changed)
	t.CreatedAt, t.UpdatedAt = taskflow.Stamp(made), taskflow.Stamp(changed)
	return &t, err
}

func (s *store) AddTask(ctx context.Context, actor, projectID int64, d taskflow.Draft) (t *taskflow.Task, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		if _, _, err := reach(ctx, c, actor, projectID); err != nil {
			return err
		}
		t, err = one(ctx, c, readTask, nil,
			"INSERT INTO tasks (project_id, title, description, status, priority, assigned_to) VALUES ($1, $2, $3, coalesce($4, $7), coalesce($5, $8), $6) RETURNING "+taskColumns,
			projectID, d.Title, d.Description, d.Status, d.Priority, d.AssignedTo, taskflow.DefaultStatus, taskflow.DefaultPriority)
		return assigned(err)
	})
	return t, err
}

// assigned is the refusal of a task for somebody who does not exist.
func assigned(err error) error {
	if broke(err, foreignKeyViolation, "tasks_assigned_to_fkey") {
		return refusal{taskflow.ErrNoSuchUser}
	}
	return err
}

// reachTask finds a task for those who may reach its project.
func reachTask(ctx context.Context, c *pgxpool.Conn, actor, id int64) (*taskflow.Task, error) {
	t, err := one(ctx, c, readTask, taskflow.ErrNoSuchTask, "SELECT "+taskColumns+" FROM tasks WHERE id = $1", id)
	if err != nil {
		return nil, err
	}
	if _, _, err = reach(ctx, c, actor, t.ProjectID); errors.Is(err, refusal{taskflow.ErrProjectAccess}) {
		return nil, refusal{taskflow.ErrTaskAccess}
	}
	return t, err
}

func (s *store) Task(ctx context.Context, actor, id int64) (t *taskflow.Task, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		t, err = reachTask(ctx, c, actor, id)
		return err
	})
	return t, err
}

func (s *store) TasksOf(ctx context.Context, actor, projectID int64) (tasks []*taskflow.Task, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		if _, _, err := reach(ctx, c, actor, projectID); err != nil {
			return err
		}
		tasks, err = all(ctx, c, readTask, "SELECT "+taskColumns+" FROM tasks WHERE project_id = $1 ORDER BY id DESC", projectID)
		return err
	})
	return tasks, err
}

// noLimit stands for as many as there are.
const noLimit = 1 << 62

func (s *store) SearchTasks(ctx context.Context, by taskflow.Search) (tasks []*taskflow.Task, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		tasks, err = all(ctx, c, readTask, "SELECT "+taskColumns+` FROM tasks
			WHERE ($1 = '' OR status = $1) AND ($2 = '' OR priority = $2) AND ($3 = 0 OR assigned_to = $3) AND title ILIKE $4
			ORDER BY id DESC LIMIT $5`, by.Status, by.Priority, by.Assignee, "%"+likeText.Replace(by.Title)+"%", cmp.Or(by.Limit, noLimit))
		return err
	})
	return tasks, err
}

// likeText takes their meaning from the signs that LIKE knows.
var likeText = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func (s *store) ChangeTask(ctx context.Context, actor, id int64, d taskflow.Draft) (t *taskflow.Task, err error) {
	err = s.with(ctx, func(c *pgxpool.Conn) error {
		if _, err := reachTask(ctx, c, actor, id); err != nil {
			return err
		}
		t, err = one(ctx, c, readTask, taskflow.ErrNoSuchTask, `UPDATE tasks SET title = coalesce($2, title), description = coalesce($3, description),
			status = coalesce($4, status), priority = coalesce($5, priority), assigned_to = coalesce($6, assigned_to), updated_at = now()
			WHERE id = $1 RETURNING `+taskColumns, id, d.Title, d.Description, d.Status, d.Priority, d.AssignedTo)
		return assigned(err)
	})
	return t, err
}

func (s *store) DropTask(ctx context.Context, actor, id int64) error {
	return s.with(ctx, func(c *pgxpool.Conn) error {
		if _, err := reachTask(ctx, c, actor, id); err != nil {
			return err
		}
		_, err := c.Exec(ctx, "DELETE FROM tasks WHERE id = $1", id)
		return err
	})
}
