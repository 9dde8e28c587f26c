package taskflow

// addUser stores a new user and gives it its id. Username and e-mail must be new.
func (s *store) addUser(u user) (*user, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.free(u.Username, u.Email); err != nil {
		return nil, err
	}
	s.last.user++
	u.ID = s.last.user
	u.CreatedAt = s.stamp()
	u.json = encode(u)
	a := &account{user: &u}
	s.users.set(u.ID, a)
	s.byName[u.Username] = a
	s.byEmail[u.Email] = a
	return a.user, nil
}

// available reports whether a username and an e-mail may still be registered.
func (s *store) available(username, email string) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.free(username, email)
}

func (s *store) free(username, email string) error {
	if s.byName[username] != nil {
		return errUsernameTaken
	}
	if s.byEmail[email] != nil {
		return errEmailTaken
	}
	return nil
}

func (s *store) user(id int64) (*user, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.users.get(id)
	if !ok {
		return nil, errNoSuchUser
	}
	return a.user, nil
}

func (s *store) userNamed(name string) (*user, error)   { return s.userIn(s.byName, name) }
func (s *store) userMailed(email string) (*user, error) { return s.userIn(s.byEmail, email) }

func (s *store) userIn(names map[string]*account, name string) (*user, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if a := names[name]; a != nil {
		return a.user, nil
	}
	return nil, errNoSuchUser
}

// allUsers lists every user, oldest first.
func (s *store) allUsers() []*user {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]*user, 0, s.users.len())
	s.users.each(func(a *account) bool {
		out = append(out, a.user)
		return true
	})
	return out
}

// renameUser changes what is given of a user's full name and e-mail.
func (s *store) renameUser(actor, id int64, fullName, email *string) (*user, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.users.get(id)
	switch {
	case !ok:
		return nil, errNoSuchUser
	case actor != id:
		return nil, errNotSelf
	}
	u := *a.user
	if email != nil && *email != u.Email {
		if s.byEmail[*email] != nil {
			return nil, errEmailTaken
		}
		delete(s.byEmail, u.Email)
		u.Email = *email
		s.byEmail[u.Email] = a
	}
	if fullName != nil {
		u.FullName = fullName
	}
	u.json = encode(u)
	a.user = &u
	return a.user, nil
}

// dropUser deletes a user with its projects and memberships, and unassigns its
// tasks. The first user stays: the real servers act as user 1.
func (s *store) dropUser(actor, id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.users.get(id)
	switch {
	case !ok:
		return errNoSuchUser
	case actor != id:
		return errNotSelf
	case id == seededUser:
		return errSeededUserGone
	}
	for _, f := range newestFirst(&a.projects) {
		if f.project.OwnerID == id {
			s.dropFolder(f)
		} else {
			delete(f.members, id)
		}
	}
	for _, t := range s.search.find(filter{assignee: id}) {
		changed := *t
		changed.AssignedTo = nil
		s.replaceTask(t, &changed)
	}
	s.users.drop(id)
	delete(s.byName, a.user.Username)
	delete(s.byEmail, a.user.Email)
	return nil
}
