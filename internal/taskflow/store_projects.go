package taskflow

import "context"

func (s *store) AddProject(_ context.Context, owner int64, name string, description *string) (*Project, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.users.get(owner)
	if !ok {
		return nil, ErrNoSuchUser
	}
	s.last.project++
	now := s.stamp()
	p := Project{ID: s.last.project, OwnerID: owner, Name: name, Description: description, CreatedAt: now}
	f := &folder{}
	s.setProject(f, p, now)
	s.projects[p.ID] = f
	a.projects.set(p.ID, f)
	return f.project, nil
}

// setProject gives a folder its new project record.
func (s *store) setProject(f *folder, p Project, now string) {
	p.UpdatedAt, p.json = now, nil
	p.json = p.text(s.dialect)
	f.project = &p
}

func (s *store) Project(_ context.Context, actor, id int64) (*Project, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, err := s.reachable(actor, id)
	if err != nil {
		return nil, err
	}
	return f.project, nil
}

func (s *store) ProjectsOf(_ context.Context, actor int64) ([]*Project, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.users.get(actor)
	if !ok {
		return nil, nil
	}
	out := make([]*Project, 0, a.projects.len())
	a.projects.newest(func(f *folder) bool {
		out = append(out, f.project)
		return true
	})
	return out, nil
}

func (s *store) ChangeProject(_ context.Context, actor, id int64, name, description *string) (*Project, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.owned(actor, id)
	if err != nil {
		return nil, err
	}
	p := *f.project
	if name != nil {
		p.Name = *name
	}
	if description != nil {
		p.Description = description
	}
	s.setProject(f, p, s.stamp())
	return f.project, nil
}

func (s *store) DropProject(_ context.Context, actor, id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.owned(actor, id)
	if err != nil {
		return err
	}
	s.dropFolder(f)
	return nil
}

func (s *store) dropFolder(f *folder) {
	f.tasks.each(func(t *Task) bool {
		s.search.remove(t)
		delete(s.tasks, t.ID)
		return true
	})
	for id := range f.members {
		s.forgetFolder(id, f)
	}
	s.forgetFolder(f.project.OwnerID, f)
	delete(s.projects, f.project.ID)
}

// forgetFolder takes a project off a user's list.
func (s *store) forgetFolder(id int64, f *folder) {
	if a, ok := s.users.get(id); ok {
		a.projects.drop(f.project.ID)
	}
}

func (s *store) AddMember(_ context.Context, actor, id, userID int64, role string) (Member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.reachable(actor, id)
	if err != nil {
		return Member{}, err
	}
	a, known := s.users.get(userID)
	_, twice := f.members[userID]
	switch {
	case !f.manages(actor):
		return Member{}, ErrNotOwner
	case !known:
		return Member{}, ErrNoSuchUser
	case twice:
		return Member{}, ErrMemberTwice
	}
	if f.members == nil {
		f.members = map[int64]Member{}
	}
	m := Member{ProjectID: id, UserID: userID, Role: role, JoinedAt: s.stamp()}
	f.members[userID] = m
	a.projects.set(id, f)
	return m, nil
}

func (s *store) DropMember(_ context.Context, actor, id, userID int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.reachable(actor, id)
	if err != nil {
		return err
	}
	if !f.manages(actor) && actor != userID {
		return ErrNotOwner
	}
	if _, in := f.members[userID]; !in {
		return ErrNoSuchMember
	}
	delete(f.members, userID)
	if f.project.OwnerID != userID {
		s.forgetFolder(userID, f)
	}
	return nil
}
