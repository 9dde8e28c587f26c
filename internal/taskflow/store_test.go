package taskflow

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

// checkStore holds every index against the records it is made from.
func checkStore(t *testing.T, s *store) {
	t.Helper()
	wantIndex := taskIndex{}
	inProjects := 0
	for id, x := range s.tasks {
		wantIndex.add(x)
		if got, ok := s.projects[x.ProjectID].tasks.get(id); !ok || got != x {
			t.Errorf("task %d is not, or not as it is now, in project %d", id, x.ProjectID)
		}
	}
	for id, f := range s.projects {
		inProjects += f.tasks.len()
		checkReach(t, s, id, f)
	}
	if inProjects != len(s.tasks) {
		t.Errorf("projects have %d tasks, the store %d", inProjects, len(s.tasks))
	}
	if len(wantIndex) != len(s.search) {
		t.Errorf("the index has %d lists, want %d", len(s.search), len(wantIndex))
	}
	for f := range wantIndex {
		if got, want := s.search.find(f), wantIndex.find(f); !slices.Equal(got, want) {
			t.Errorf("search %+v finds %d tasks, want %d", f, len(got), len(want))
		}
	}
	if len(s.byName) != s.users.len() || len(s.byEmail) != s.users.len() {
		t.Errorf("%d users, %d names, %d e-mails", s.users.len(), len(s.byName), len(s.byEmail))
	}
}

// checkReach: a project is on the lists of its owner and members, and of nobody else.
func checkReach(t *testing.T, s *store, id int64, f *folder) {
	t.Helper()
	s.users.each(func(a *account) bool {
		got, listed := a.projects.get(id)
		if listed != f.admits(a.user.ID) || listed && got != f {
			t.Errorf("user %d: project %d listed %t, admitted %t", a.user.ID, id, listed, f.admits(a.user.ID))
		}
		return true
	})
	for member := range f.members {
		if _, ok := s.users.get(member); !ok {
			t.Errorf("project %d has the deleted user %d as a member", id, member)
		}
	}
}

// FuzzStore plays any sequence of operations; the indexes stay consistent.
// Each operation is three bytes: what, and two operands.
func FuzzStore(f *testing.F) {
	f.Add([]byte{0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 0, 0, 3, 0, 7, 4, 0, 0, 5, 0, 1, 6, 0, 0, 7, 0, 0, 8, 0, 1})
	f.Add([]byte{0, 1, 0, 1, 1, 0, 5, 0, 2, 2, 1, 2, 8, 1, 0, 3, 0, 9, 7, 0, 0})
	f.Fuzz(func(t *testing.T, program []byte) {
		s := newStore(Rust, func() time.Time { return time.Unix(0, 0) })
		for i := range 4 {
			if _, err := s.AddUser(t.Context(), User{Username: fmt.Sprint(i), Email: fmt.Sprint(i)}, func() ([]byte, error) { return nil, nil }); err != nil {
				t.Fatal(err)
			}
		}
		for len(program) >= 3 {
			play(t.Context(), s, program[0], int64(program[1]), int64(program[2]))
			program = program[3:]
		}
		checkStore(t, s)
	})
}

// play does one operation; errors are as good as successes.
func play(ctx context.Context, s *store, what byte, a, b int64) {
	actor, other := a%5+1, b%5+1
	project, task := b%8+1, b%16+1
	status, priority, assignee := statuses[b%4], priorities[b/4%4], other
	switch what % 10 {
	case 0:
		_, _ = s.AddProject(ctx, actor, "p", nil)
	case 1:
		_, _ = s.AddTask(ctx, actor, project, Draft{Status: &status, Priority: &priority})
	case 2:
		_, _ = s.AddTask(ctx, actor, project, Draft{Status: &status, AssignedTo: &assignee})
	case 3:
		_, _ = s.ChangeTask(ctx, actor, task, Draft{Status: &status, Priority: &priority})
	case 4:
		_, _ = s.ChangeTask(ctx, actor, task, Draft{AssignedTo: &assignee})
	case 5:
		_, _ = s.AddMember(ctx, actor, project, other, "admin")
	case 6:
		_ = s.DropTask(ctx, actor, task)
	case 7:
		_ = s.DropProject(ctx, actor, project)
	case 8:
		_ = s.DropMember(ctx, actor, project, other)
	case 9:
		_ = s.DropUser(ctx, actor, actor)
	}
}

// FuzzBody sends any body to every endpoint that reads one: it is answered,
// never with a 500.
func FuzzBody(f *testing.F) {
	for _, body := range []string{
		``, `null`, `{}`, `[]`, `"x"`, `{"name":"x"}`, `{"title":"t","status":"done","priority":"low","assigned_to":1}`,
		`{"user_id":3,"role":"admin"}`, `{"username":"a","email":"b","password":"12345678"}`, "{\"name\":\"\xff\x00\"}",
		`{"title":{"x":1}}`, `{"user_id":1e400}`, `{"user_id":9223372036854775808}`, `{"name":"\ud800"}`,
	} {
		f.Add(body)
	}
	targets := []string{
		"POST /api/v1/auth/register", "POST /api/v1/auth/login", "POST /api/v1/auth/logout",
		"PATCH /api/v1/users/2", "POST /api/v1/projects", "PATCH /api/v1/projects/1",
		"POST /api/v1/projects/1/members", "POST /api/v1/projects/1/tasks", "PATCH /api/v1/tasks/1", "POST /api/v1/tasks/1/assign",
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, dialect := range []Dialect{Rust, Windjammer} {
			w := newWorld(t, Config{Dialect: dialect})
			for _, target := range targets {
				var method, path string
				if _, err := fmt.Sscan(target, &method, &path); err != nil {
					t.Fatal(err)
				}
				got := w.owner.do(method, path, body)
				if got.status >= 500 && got.body != `{"error":"`+ErrMemberTwice.Error()+`"}` {
					t.Errorf("%s with %q: %d %s", target, body, got.status, got.body)
				}
				shape(t, got.body) // JSON, or nothing
			}
			checkStore(t, w.server.store.(*store))
		}
	})
}
