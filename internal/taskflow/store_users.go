package taskflow

import "context"

func (s *store) AddUser(_ context.Context, u User, hash func() ([]byte, error)) (*User, error) {
	err := s.available(u.Username, u.Email)
	if err != nil {
		return nil, err
	}
	if u.Hash, err = hash(); err != nil { // not under the lock: it takes long
		return nil, err
	}
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
		return ErrUsernameTaken
	}
	if s.byEmail[email] != nil {
		return ErrEmailTaken
	}
	return nil
}

func (s *store) User(_ context.Context, id int64) (*User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.users.get(id)
	if !ok {
		return nil, ErrNoSuchUser
	}
	return a.user, nil
}

func (s *store) UserNamed(_ context.Context, name string) (*User, error) {
	return s.userIn(s.byName, name)
}
func (s *store) UserMailed(_ context.Context, email string) (*User, error) {
	return s.userIn(s.byEmail, email)
}

func (s *store) userIn(names map[string]*account, name string) (*User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if a := names[name]; a != nil {
		return a.user, nil
	}
	return nil, ErrNoSuchUser
}

func (s *store) AllUsers(_ context.Context) ([]*User, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]*User, 0, s.users.len())
	s.users.each(func(a *account) bool {
		out = append(out, a.user)
		return true
	})
	return out, nil
}

func (s *store) RenameUser(_ context.Context, actor, id int64, fullName, email *string) (*User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.users.get(id)
	switch {
	case !ok:
		return nil, ErrNoSuchUser
	case actor != id:
		return nil, ErrNotSelf
	}
	u := *a.user
	if email != nil && *email != u.Email {
		if s.byEmail[*email] != nil {
			return nil, ErrEmailTaken
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

// DropUser keeps the first user: the real servers act as user 1.
func (s *store) DropUser(_ context.Context, actor, id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.users.get(id)
	switch {
	case !ok:
		return ErrNoSuchUser
	case actor != id:
		return ErrNotSelf
	case id == seededUser:
		return ErrSeededUserGone
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
