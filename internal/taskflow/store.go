package taskflow

import (
	"sync"
	"time"
)

// store is the Store in memory. One lock covers
// it: no operation under it does more than a few tree operations, but for
// those that answer with a list, which only collect pointers.
type store struct {
	dialect Dialect
	now     func() time.Time

	mu       sync.RWMutex
	users    list[*account]
	byName   map[string]*account
	byEmail  map[string]*account
	projects map[int64]*folder
	tasks    map[int64]*Task
	search   taskIndex
	last     struct{ user, project, task int64 } // the newest ids given
}

// account is a user and the projects it owns or is a member of.
type account struct {
	user     *User
	projects list[*folder]
}

// folder is a project with what belongs to it. The owner is no member unless added.
type folder struct {
	project *Project
	members map[int64]Member
	tasks   list[*Task]
}

func newStore(d Dialect, now func() time.Time) *store {
	return &store{
		dialect:  d,
		now:      now,
		byName:   map[string]*account{},
		byEmail:  map[string]*account{},
		projects: map[int64]*folder{},
		tasks:    map[int64]*Task{},
		search:   taskIndex{},
	}
}

func (s *store) stamp() string { return Stamp(s.now()) }

// owned finds a project for a change that only its owner may make.
func (s *store) owned(actor, id int64) (*folder, error) {
	f := s.projects[id]
	switch {
	case f == nil:
		return nil, ErrNoSuchProject
	case f.project.OwnerID != actor:
		return nil, ErrNotOwner
	}
	return f, nil
}

// reachable finds a project for its owner and its members.
func (s *store) reachable(actor, id int64) (*folder, error) {
	f := s.projects[id]
	switch {
	case f == nil:
		return nil, ErrNoSuchProject
	case !f.admits(actor):
		return nil, ErrProjectAccess
	}
	return f, nil
}

func (f *folder) admits(actor int64) bool {
	if f.project.OwnerID == actor {
		return true
	}
	_, in := f.members[actor]
	return in
}

// manages reports whether the actor may change who belongs to the project.
func (f *folder) manages(actor int64) bool {
	role := f.members[actor].Role
	return f.project.OwnerID == actor || role == "owner" || role == "admin"
}
