package taskflow

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
)

// check reports a value that is not allowed, and a missing title where one is needed.
func (d Draft) check(needed bool) error {
	if needed || d.Title != nil {
		if err := required("title", text(d.Title)); err != nil {
			return err
		}
	}
	if err := oneOf("status", d.Status, statuses); err != nil {
		return err
	}
	return oneOf("priority", d.Priority, priorities)
}

func (s *Server) listTasks(c *call) reply {
	return all[*Task](s)(s.store.TasksOf(c.ctx(), c.actor, c.id("id")))
}

func (s *Server) createTask(c *call) reply {
	var in Draft
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if err := in.check(true); err != nil {
		return bad(err)
	}
	if s.config.Dialect.manners().opensTasks {
		open := "open"
		in.Status = &open
	}
	return one[*Task](s, http.StatusCreated)(s.store.AddTask(c.ctx(), c.actor, c.id("id"), in))
}

// taskChanged answers a change of a task.
func (s *Server) taskChanged(t *Task, err error) reply {
	if err == nil && s.config.Dialect.manners().taskMessages {
		return message("task updated")
	}
	return one[*Task](s, http.StatusOK)(t, err)
}

func (s *Server) getTask(c *call) reply {
	return one[*Task](s, http.StatusOK)(s.store.Task(c.ctx(), c.actor, c.id("id")))
}

func (s *Server) changeTask(c *call) reply {
	var in Draft
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if err := in.check(false); err != nil {
		return bad(err)
	}
	return s.taskChanged(s.store.ChangeTask(c.ctx(), c.actor, c.id("id"), in))
}

func (s *Server) dropTask(c *call) reply {
	if err := s.store.DropTask(c.ctx(), c.actor, c.id("id")); err != nil {
		return s.config.Dialect.refuse(err)
	}
	return s.config.Dialect.gone("task deleted")
}

func (s *Server) assignTask(c *call) reply {
	var in struct {
		UserID *int64 `json:"user_id"`
	}
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if in.UserID == nil {
		return bad(fmt.Errorf("user_id is required"))
	}
	return s.taskChanged(s.store.ChangeTask(c.ctx(), c.actor, c.id("id"), Draft{AssignedTo: in.UserID}))
}

func (s *Server) searchTasks(c *call) reply {
	by, err := s.config.Dialect.search(c.request.URL.Query())
	if err != nil {
		return bad(err)
	}
	return all[*Task](s)(s.store.SearchTasks(c.ctx(), by))
}

// maxFound bounds what a search for a text finds.
const maxFound = 50

// search reads what is looked for.
func (d Dialect) search(query url.Values) (Search, error) {
	if d.manners().searchByText {
		return Search{Title: query.Get("q"), Limit: maxFound}, nil
	}
	by := Search{Status: query.Get("status"), Priority: query.Get("priority")}
	if by.Status != "" {
		if err := oneOf("status", &by.Status, statuses); err != nil {
			return by, err
		}
	}
	if by.Priority != "" {
		if err := oneOf("priority", &by.Priority, priorities); err != nil {
			return by, err
		}
	}
	if who := query.Get("assigned_to"); who != "" {
		id, err := strconv.ParseInt(who, 10, 64)
		if err != nil || id <= 0 {
			return by, fmt.Errorf("assigned_to is %q, want a user id", who)
		}
		by.Assignee = id
	}
	return by, nil
}
