package taskflow

import (
	"context"
	"slices"
	"strings"
)

func (d Draft) applyTo(t *Task) {
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

func (s *store) AddTask(_ context.Context, actor, projectID int64, d Draft) (*Task, error) {
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
	t := &Task{ID: s.last.task, ProjectID: projectID, Status: DefaultStatus, Priority: DefaultPriority}
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
		return ErrNoSuchUser
	}
	return nil
}

func (s *store) insertTask(f *folder, t *Task) {
	s.tasks[t.ID] = t
	f.tasks.set(t.ID, t)
	s.search.add(t)
}

// reachableTask finds a task for those who may reach its project.
func (s *store) reachableTask(actor, id int64) (*Task, *folder, error) {
	t := s.tasks[id]
	if t == nil {
		return nil, nil, ErrNoSuchTask
	}
	f := s.projects[t.ProjectID]
	if !f.admits(actor) {
		return nil, nil, ErrTaskAccess
	}
	return t, f, nil
}

func (s *store) Task(_ context.Context, actor, id int64) (*Task, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, _, err := s.reachableTask(actor, id)
	return t, err
}

func (s *store) TasksOf(_ context.Context, actor, projectID int64) ([]*Task, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	f, err := s.reachable(actor, projectID)
	if err != nil {
		return nil, err
	}
	return newestFirst(&f.tasks), nil
}

func (s *store) SearchTasks(_ context.Context, by Search) ([]*Task, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	found := s.search.find(filter{by.Status, by.Priority, by.Assignee})
	if by.Title != "" {
		title := strings.ToLower(by.Title)
		found = slices.DeleteFunc(found, func(t *Task) bool { return !strings.Contains(strings.ToLower(t.Title), title) })
	}
	if by.Limit > 0 && len(found) > by.Limit {
		found = found[:by.Limit]
	}
	return found, nil
}

func (s *store) ChangeTask(_ context.Context, actor, id int64, d Draft) (*Task, error) {
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
func (s *store) replaceTask(old, changed *Task) {
	changed.UpdatedAt = s.stamp()
	changed.json = encode(changed)
	s.search.remove(old)
	s.insertTask(s.projects[old.ProjectID], changed)
}

func (s *store) DropTask(_ context.Context, actor, id int64) error {
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
