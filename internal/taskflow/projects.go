package taskflow

import "net/http"

func (s *Server) listProjects(c *call) reply {
	return all[*Project](s)(s.store.ProjectsOf(c.ctx(), c.actor))
}

// projectInput is the body of a creation or a change; nil leaves as it is.
type projectInput struct {
	Name        *string `json:"name"`
	Description *string `json:"description"`
}

// check reports a name that is empty, and one that is missing where it must not be.
func (in projectInput) check(needed bool) error {
	if in.Name == nil && !needed {
		return nil
	}
	return required("name", text(in.Name))
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (s *Server) createProject(c *call) reply {
	var in projectInput
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if err := in.check(true); err != nil {
		return bad(err)
	}
	return one[*Project](s, http.StatusCreated)(s.store.AddProject(c.ctx(), c.actor, *in.Name, in.Description))
}

func (s *Server) getProject(c *call) reply {
	return one[*Project](s, http.StatusOK)(s.store.Project(c.ctx(), c.actor, c.id("id")))
}

func (s *Server) changeProject(c *call) reply {
	var in projectInput
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if err := in.check(false); err != nil {
		return bad(err)
	}
	p, err := s.store.ChangeProject(c.ctx(), c.actor, c.id("id"), in.Name, in.Description)
	if err != nil {
		return s.config.Dialect.refuse(err)
	}
	return s.config.Dialect.changed(http.StatusOK, p.text(s.config.Dialect), "project updated")
}

func (s *Server) dropProject(c *call) reply {
	if err := s.store.DropProject(c.ctx(), c.actor, c.id("id")); err != nil {
		return s.config.Dialect.refuse(err)
	}
	return s.config.Dialect.gone("project deleted")
}

func (s *Server) addMember(c *call) reply {
	var in struct {
		UserID int64  `json:"user_id"`
		Role   string `json:"role"`
	}
	if err := c.read(&in); err != nil {
		return bad(err)
	}
	if err := oneOf("role", &in.Role, roles); err != nil {
		return bad(err)
	}
	m, err := s.store.AddMember(c.ctx(), c.actor, c.id("id"), in.UserID, in.Role)
	if err != nil {
		return s.config.Dialect.refuse(err)
	}
	return s.config.Dialect.joined(m)
}

func (s *Server) dropMember(c *call) reply {
	if err := s.store.DropMember(c.ctx(), c.actor, c.id("id"), c.id("user_id")); err != nil {
		return s.config.Dialect.refuse(err)
	}
	return s.config.Dialect.gone("member removed")
}
