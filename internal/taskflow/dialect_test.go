package taskflow

import (
	"fmt"
	"strings"
	"testing"
)

// TestWindjammer018 asks where 0.18 answers as nobody else does.
func TestWindjammer018(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ method, path, body, want string }{
		{"PATCH", "/api/v1/projects/1", `{"name":"n"}`, "200 message"},
		{"POST", "/api/v1/projects/1/members", `{"user_id":4,"role":"member"}`, "201 added_at message"},
		{"PATCH", "/api/v1/tasks/1", `{"status":"done"}`, "200 message"},
		{"POST", "/api/v1/tasks/1/assign", `{"user_id":3}`, "200 message"},
		{"DELETE", "/api/v1/tasks/1", "", "200 message"},
		{"GET", "/api/v1/tasks/search?status=done&assigned_to=9", "", "200 [" + taskShape + "]"}, // neither is read
		{"GET", "/api/v1/tasks/search?q=ONE", "", "200 [" + taskShape + "]"},
		{"GET", "/api/v1/tasks/search?q=two", "", "200 []"},
	} {
		w := newWorld(t, Config{Dialect: Windjammer018})
		got := w.owner.do(c.method, c.path, c.body)
		if have := fmt.Sprintf("%d %s", got.status, shape(t, got.body)); have != c.want {
			t.Errorf("%s %s: got %q, want %q", c.method, c.path, have, c.want)
		}
	}
	w := newWorld(t, Config{Dialect: Windjammer018})
	if got := w.owner.must(201, "POST", "/api/v1/projects/1/tasks", `{"title":"t","status":"done"}`)["status"]; got != "open" {
		t.Errorf("a new task is %v", got)
	}
	w.owner.token = "Bearer " + w.owner.token
	w.owner.must(401, "GET", "/api/v1/auth/me", "")
}

func TestSearchIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Config{Dialect: Windjammer018})
	for range 60 {
		w.owner.must(201, "POST", "/api/v1/projects/1/tasks", `{"title":"many"}`)
	}
	body := w.owner.do("GET", "/api/v1/tasks/search?q=many", "").body
	if n := strings.Count(body, `"many"`); n != 50 || !strings.Contains(body, `"id":61,`) {
		t.Errorf("%d tasks found, of which the newest must be one", n)
	}
}

func TestDialectNames(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]Dialect{"Rust": Rust, "windjammer": Windjammer, "windjammer-0.16": Windjammer016, "windjammer-0.17": Windjammer018, "Windjammer-0.18": Windjammer018} {
		if got, err := ParseDialect(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
