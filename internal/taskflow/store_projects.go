package taskflow

func (s *store) addProject(owner int64, name string, description *string) (*project, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.users.get(owner)
	if !ok {
		return nil, errNoSuchUser
	}
	s.last.project++
	now := s.stamp()
	p := project{ID: s.last.project, OwnerID: owner, Name: name, Description: description, CreatedAt: now}
	f := &folder{}
	s.setProject(f, p, now)
	s.projects[p.ID] = f
	a.projects.set(p.ID, f)
	return f.project, nil
}

// setProject gives a folder its new project record.
func (s *store) setProject(f *folder, p project, now string) {
	if s.dialect == Rust {
		p.UpdatedAt = now
	}
	p.json = encode(p)
	f.project = &p
}

func (s *store) project(actor, id int64) (*project, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, err := s.reachable(actor, id)
	if err != nil {
		return nil, err
	}
	return f.project, nil
}

// projectsOf lists what a user owns or is a member of, newest first.
func (s *store) projectsOf(actor int64) []*project {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.users.get(actor)
	if !ok {
		return nil
	}
	out := make([]*project, 0, a.projects.len())
	a.projects.newest(func(f *folder) bool {
		out = append(out, f.project)
		return true
	})
	return out
}

// changeProject sets what is given of a project's name and description.
func (s *store) changeProject(actor, id int64, name, description *string) (*project, error) {
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

// dropProject deletes a project with its members and tasks.
func (s *store) dropProject(actor, id int64) error {
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
	f.tasks.each(func(t *task) bool {
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

func (s *store) addMember(actor, id, userID int64, role string) (member, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.reachable(actor, id)
	if err != nil {
		return member{}, err
	}
	a, known := s.users.get(userID)
	_, twice := f.members[userID]
	switch {
	case !f.manages(actor):
		return member{}, errNotOwner
	case !known:
		return member{}, errNoSuchUser
	case twice:
		return member{}, errMemberTwice
	}
	if f.members == nil {
		f.members = map[int64]member{}
	}
	m := member{ProjectID: id, UserID: userID, Role: role, JoinedAt: s.stamp()}
	f.members[userID] = m
	a.projects.set(id, f)
	return m, nil
}

func (s *store) dropMember(actor, id, userID int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.reachable(actor, id)
	if err != nil {
		return err
	}
	if !f.manages(actor) && actor != userID {
		return errNotOwner
	}
	if _, in := f.members[userID]; !in {
		return errNoSuchMember
	}
	delete(f.members, userID)
	if f.project.OwnerID != userID {
		s.forgetFolder(userID, f)
	}
	return nil
}
