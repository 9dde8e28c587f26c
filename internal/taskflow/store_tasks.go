package taskflow

// draft is what a request says of a task; nil leaves as it is.
type draft struct {
	Title       *string `json:"title"`
	Description *string `json:"description"`
	Status      *string `json:"status"`
	Priority    *string `json:"priority"`
	AssignedTo  *int64  `json:"assigned_to"`
}

func (d draft) applyTo(t *task) {
	set(&t.Title, d.Title)
	set(&t.Status, d.Status)
	set(&t.Priority, d.Priority)
	if d.Description != nil {
		t.Description = d.Description
	}
	if d.AssignedTo != nil {
		t.AssignedTo = d.AssignedTo
	}
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (s *store) addTask(actor, projectID int64, d draft) (*task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.reachable(actor, projectID)
	if err != nil {
		return nil, err
	}
	if err := s.assignable(d.AssignedTo); err != nil {
		return nil, err
	}
	s.last.task++
	t := &task{ID: s.last.task, ProjectID: projectID, Status: "todo", Priority: "medium"}
	t.CreatedAt = s.stamp()
	t.UpdatedAt = t.CreatedAt
	d.applyTo(t)
	t.json = encode(t)
	s.insertTask(f, t)
	return t, nil
}

func (s *store) assignable(userID *int64) error {
	if userID == nil {
		return nil
	}
	if _, ok := s.users.get(*userID); !ok {
		return errNoSuchUser
	}
	return nil
}

func (s *store) insertTask(f *folder, t *task) {
	s.tasks[t.ID] = t
	f.tasks.set(t.ID, t)
	s.search.add(t)
}

// reachableTask finds a task for those who may reach its project.
func (s *store) reachableTask(actor, id int64) (*task, *folder, error) {
	t := s.tasks[id]
	if t == nil {
		return nil, nil, errNoSuchTask
	}
	f := s.projects[t.ProjectID]
	if !f.admits(actor) {
		return nil, nil, errTaskAccess
	}
	return t, f, nil
}

func (s *store) task(actor, id int64) (*task, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, _, err := s.reachableTask(actor, id)
	return t, err
}

// tasksOf lists the tasks of a project, newest first.
func (s *store) tasksOf(actor, projectID int64) ([]*task, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, err := s.reachable(actor, projectID)
	if err != nil {
		return nil, err
	}
	return newestFirst(&f.tasks), nil
}

// searchTasks finds tasks of all projects, as the real servers do, newest first.
func (s *store) searchTasks(f filter) []*task {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.search.find(f)
}

func (s *store) changeTask(actor, id int64, d draft) (*task, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	old, _, err := s.reachableTask(actor, id)
	if err != nil {
		return nil, err
	}
	if err := s.assignable(d.AssignedTo); err != nil {
		return nil, err
	}
	changed := *old
	d.applyTo(&changed)
	s.replaceTask(old, &changed)
	return &changed, nil
}

// replaceTask puts a changed record in the place of the old one, everywhere.
func (s *store) replaceTask(old, changed *task) {
	changed.UpdatedAt = s.stamp()
	changed.json = encode(changed)
	s.search.remove(old)
	s.insertTask(s.projects[old.ProjectID], changed)
}

func (s *store) dropTask(actor, id int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, f, err := s.reachableTask(actor, id)
	if err != nil {
		return err
	}
	s.search.remove(t)
	f.tasks.drop(id)
	delete(s.tasks, id)
	return nil
}
