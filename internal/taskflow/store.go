package taskflow

import (
	"errors"
	"sync"
	"time"
)

// store holds all data of a server, safe for concurrent use. One lock covers
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
	tasks    map[int64]*task
	search   taskIndex
	last     struct{ user, project, task int64 } // the newest ids given
}

// account is a user and the projects it owns or is a member of.
type account struct {
	user     *user
	projects list[*folder]
}

// folder is a project with what belongs to it. The owner is no member unless added.
type folder struct {
	project *project
	members map[int64]member
	tasks   list[*task]
}

// What a store refuses. The server turns these into statuses.
var (
	errNoSuchUser     = errors.New("user not found")
	errNoSuchProject  = errors.New("project not found")
	errNoSuchTask     = errors.New("task not found")
	errNoSuchMember   = errors.New("member not found")
	errProjectAccess  = errors.New("no access to this project")
	errTaskAccess     = errors.New("no access to this task")
	errNotOwner       = errors.New("only the owner may do this")
	errNotSelf        = errors.New("only the user may do this")
	errUsernameTaken  = errors.New("username is taken")
	errEmailTaken     = errors.New("email is taken")
	errMemberTwice    = errors.New("user is already a member of the project")
	errSeededUserGone = errors.New("the first user cannot be deleted")
)

func newStore(d Dialect, now func() time.Time) *store {
	return &store{
		dialect:  d,
		now:      now,
		byName:   map[string]*account{},
		byEmail:  map[string]*account{},
		projects: map[int64]*folder{},
		tasks:    map[int64]*task{},
		search:   taskIndex{},
	}
}

func (s *store) stamp() string { return stamp(s.now()) }

// owned finds a project for a change that only its owner may make.
func (s *store) owned(actor, id int64) (*folder, error) {
	f := s.projects[id]
	switch {
	case f == nil:
		return nil, errNoSuchProject
	case f.project.OwnerID != actor:
		return nil, errNotOwner
	}
	return f, nil
}

// reachable finds a project for its owner and its members.
func (s *store) reachable(actor, id int64) (*folder, error) {
	f := s.projects[id]
	switch {
	case f == nil:
		return nil, errNoSuchProject
	case !f.admits(actor):
		return nil, errProjectAccess
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
