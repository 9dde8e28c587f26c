package taskflow

import (
	"context"
	"errors"
)

// Store is where a server keeps its data. It is safe for concurrent use. Lists
// are newest first, but for AllUsers. The actor is the user who asks: what it may
// not see or change is refused with one of the errors below; any other error is
// answered with status 500.
type Store interface {
	// AddUser gives a new user its id; its username and e-mail must be new. hash
	// is called once for its password's hash, after a first look whether they are.
	AddUser(ctx context.Context, u User, hash func() ([]byte, error)) (*User, error)
	User(ctx context.Context, id int64) (*User, error)
	UserNamed(ctx context.Context, name string) (*User, error)
	UserMailed(ctx context.Context, email string) (*User, error)
	AllUsers(ctx context.Context) ([]*User, error)
	// RenameUser changes what is given of a user's full name and e-mail.
	RenameUser(ctx context.Context, actor, id int64, fullName, email *string) (*User, error)
	// DropUser deletes a user with its projects and memberships, and unassigns its tasks.
	DropUser(ctx context.Context, actor, id int64) error

	AddProject(ctx context.Context, owner int64, name string, description *string) (*Project, error)
	Project(ctx context.Context, actor, id int64) (*Project, error)
	// ProjectsOf lists what a user owns or is a member of.
	ProjectsOf(ctx context.Context, actor int64) ([]*Project, error)
	// ChangeProject sets what is given of a project's name and description.
	ChangeProject(ctx context.Context, actor, id int64, name, description *string) (*Project, error)
	// DropProject deletes a project with its members and tasks.
	DropProject(ctx context.Context, actor, id int64) error
	AddMember(ctx context.Context, actor, id, userID int64, role string) (Member, error)
	DropMember(ctx context.Context, actor, id, userID int64) error

	AddTask(ctx context.Context, actor, projectID int64, d Draft) (*Task, error)
	Task(ctx context.Context, actor, id int64) (*Task, error)
	TasksOf(ctx context.Context, actor, projectID int64) ([]*Task, error)
	// SearchTasks finds tasks of all projects, as the real servers do.
	SearchTasks(ctx context.Context, s Search) ([]*Task, error)
	ChangeTask(ctx context.Context, actor, id int64, d Draft) (*Task, error)
	DropTask(ctx context.Context, actor, id int64) error
}

// Draft is what a request says of a task; nil leaves as it is.
type Draft struct {
	Title       *string `json:"title"`
	Description *string `json:"description"`
	Status      *string `json:"status"`
	Priority    *string `json:"priority"`
	AssignedTo  *int64  `json:"assigned_to"`
}

// What a task is that is not told otherwise.
const (
	DefaultStatus   = "todo"
	DefaultPriority = "medium"
)

// Search is what tasks are looked for by; the zero value of a field asks for anything.
type Search struct {
	Status, Priority string
	Assignee         int64
	Title            string // a part of it, in any case
	Limit            int    // the newest so many
}

// What a store refuses. The server turns these into statuses.
var (
	ErrNoSuchUser     = errors.New("user not found")
	ErrNoSuchProject  = errors.New("project not found")
	ErrNoSuchTask     = errors.New("task not found")
	ErrNoSuchMember   = errors.New("member not found")
	ErrProjectAccess  = errors.New("no access to this project")
	ErrTaskAccess     = errors.New("no access to this task")
	ErrNotOwner       = errors.New("only the owner may do this")
	ErrNotSelf        = errors.New("only the user may do this")
	ErrUsernameTaken  = errors.New("username is taken")
	ErrEmailTaken     = errors.New("email is taken")
	ErrMemberTwice    = errors.New("user is already a member of the project")
	ErrSeededUserGone = errors.New("the first user cannot be deleted")
)
