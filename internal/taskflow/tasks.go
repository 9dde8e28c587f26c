package taskflow

import (
	"fmt"
	"net/http"
	"strconv"
)

// check reports a value that is not allowed, and a missing title where one is needed.
func (d draft) check(needed bool) error {
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
	tasks, err := s.store.tasksOf(c.actor, c.id("id"))
	if err != nil {
		return s.config.Dialect.refuse(err)
	}
	return object(http.StatusOK, array(tasks))
}

func (s *Server) createTask(c *call) reply {
	var in draft
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if err := in.check(true); err != nil {
		return bad(err)
	}
	return s.taskReply(http.StatusCreated)(s.store.addTask(c.actor, c.id("id"), in))
}

// taskReply answers with a task, or with why there is none.
func (s *Server) taskReply(status int) func(*task, error) reply {
	return func(t *task, err error) reply {
		if err != nil {
			return s.config.Dialect.refuse(err)
		}
		return object(status, t.json)
	}
}

func (s *Server) getTask(c *call) reply {
	return s.taskReply(http.StatusOK)(s.store.task(c.actor, c.id("id")))
}

func (s *Server) changeTask(c *call) reply {
	var in draft
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if err := in.check(false); err != nil {
		return bad(err)
	}
	return s.taskReply(http.StatusOK)(s.store.changeTask(c.actor, c.id("id"), in))
}

func (s *Server) dropTask(c *call) reply {
	if err := s.store.dropTask(c.actor, c.id("id")); err != nil {
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
	return s.taskReply(http.StatusOK)(s.store.changeTask(c.actor, c.id("id"), draft{AssignedTo: in.UserID}))
}

func (s *Server) searchTasks(c *call) reply {
	query := c.request.URL.Query()
	f := filter{status: query.Get("status"), priority: query.Get("priority")}
	if f.status != "" {
		if err := oneOf("status", &f.status, statuses); err != nil {
			return bad(err)
		}
	}
	if f.priority != "" {
		if err := oneOf("priority", &f.priority, priorities); err != nil {
			return bad(err)
		}
	}
	if who := query.Get("assigned_to"); who != "" {
		id, err := strconv.ParseInt(who, 10, 64)
		if err != nil || id <= 0 {
			return bad(fmt.Errorf("assigned_to is %q, want a user id", who))
		}
		f.assignee = id
	}
	return object(http.StatusOK, array(s.store.searchTasks(f)))
}
