package taskflow

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// TestTokens refuses what only looks like a token of this server.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := New(Config{})
	now := time.Now()
	claims := func(sub string, expires time.Time) jwt.RegisteredClaims {
		return jwt.RegisteredClaims{Subject: sub, ExpiresAt: jwt.NewNumericDate(expires)}
	}
	sign := func(method jwt.SigningMethod, key any, c jwt.Claims) string {
		text, err := jwt.NewWithClaims(method, c).SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	secret := s.config.Secret
	good := sign(jwt.SigningMethodHS256, secret, claims("1", now.Add(time.Hour)))
	cases := []struct {
		name, header string
		status       int
	}{
		{"good", "Bearer " + good, 200},
		{"no scheme", good, 401},
		{"another scheme", "Basic " + good, 401},
		{"garbage", "Bearer garbage", 401},
		{"empty", "Bearer ", 401},
		{"expired", "Bearer " + sign(jwt.SigningMethodHS256, secret, claims("1", now.Add(-time.Hour))), 401},
		{"never expires", "Bearer " + sign(jwt.SigningMethodHS256, secret, jwt.RegisteredClaims{Subject: "1"}), 401},
		{"another secret", "Bearer " + sign(jwt.SigningMethodHS256, []byte("x"), claims("1", now.Add(time.Hour))), 401},
		{"another method", "Bearer " + sign(jwt.SigningMethodHS384, secret, claims("1", now.Add(time.Hour))), 401},
		{"unsigned", "Bearer " + sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, claims("1", now.Add(time.Hour))), 401},
		{"unknown user", "Bearer " + sign(jwt.SigningMethodHS256, secret, claims("99", now.Add(time.Hour))), 401},
		{"no user", "Bearer " + sign(jwt.SigningMethodHS256, secret, claims("x", now.Add(time.Hour))), 401},
		{"of an earlier server", "Bearer " + New(Config{}).tokens.sign(1), 401},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/api/v1/auth/me", nil)
			r.Header.Set("Authorization", c.header)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code != c.status {
				t.Errorf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
		})
	}
}

func TestHealthSaysWhoAnswers(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_700_000_000, 0)
	s := newServer(Config{Dialect: Windjammer, Slow: 0.08, Stall: Stall{200 * time.Millisecond, 10 * time.Second}},
		func() time.Time { return now }, func(time.Duration) {})
	c := &client{t: t, server: s}
	want := `{"status":"healthy","timestamp":1700000000,"version":"0.1.0","server":"taskbench reference server",` +
		`"dialect":"windjammer","switches":"--slow 8% --stall 200ms/10s","bcrypt_cost":4}`
	if got := c.do("GET", "/health", "").body; got != want {
		t.Errorf("health:\n got %s\nwant %s", got, want)
	}
}

// TestWorkflow follows one project through its life, values included.
func TestWorkflow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Config{})
	task := w.owner.must(201, "POST", "/api/v1/projects/1/tasks", `{"title":"two","priority":"high","assigned_to":3}`)
	for key, want := range map[string]any{
		"id": 2.0, "project_id": 1.0, "title": "two", "status": "todo", "priority": "high", "assigned_to": 3.0, "description": nil,
	} {
		if task[key] != want {
			t.Errorf("task has %s %v, want %v", key, task[key], want)
		}
	}
	wantTasks(t, w.owner, "/api/v1/projects/1/tasks", "two one")
	wantTasks(t, w.stranger, "/api/v1/tasks/search?assigned_to=3", "two")
	w.member.must(200, "PATCH", "/api/v1/tasks/1", `{"status":"done","description":"now"}`)
	wantTasks(t, w.owner, "/api/v1/tasks/search?status=done", "one")
	wantTasks(t, w.owner, "/api/v1/tasks/search?status=todo", "two")
	w.owner.must(200, "POST", "/api/v1/tasks/1/assign", `{"user_id":3}`)
	wantTasks(t, w.owner, "/api/v1/tasks/search?assigned_to=3", "two one")
	wantTasks(t, w.owner, "/api/v1/tasks/search?assigned_to=3&priority=high", "two")
	w.owner.must(204, "DELETE", "/api/v1/tasks/2", "")
	wantTasks(t, w.owner, "/api/v1/tasks/search", "one")
	w.owner.must(204, "DELETE", "/api/v1/projects/1", "")
	wantTasks(t, w.owner, "/api/v1/tasks/search", "")
	w.owner.must(404, "GET", "/api/v1/tasks/1", "")
	if got := w.member.do("GET", "/api/v1/projects", "").body; got != "[]" {
		t.Errorf("the member still has projects: %s", got)
	}
}

func wantTasks(t *testing.T, c *client, path, want string) {
	t.Helper()
	var tasks []struct{ Title string }
	if err := json.Unmarshal([]byte(c.do("GET", path, "").body), &tasks); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, x := range tasks {
		titles = append(titles, x.Title)
	}
	if got := strings.Join(titles, " "); got != want {
		t.Errorf("%s: tasks %q, want %q", path, got, want)
	}
}

// TestDeletedUser takes what it owns along, and what it had of others back.
func TestDeletedUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Config{Dialect: Windjammer})
	w.member.must(201, "POST", "/api/v1/projects", `{"name":"second"}`)
	w.owner.must(200, "POST", "/api/v1/tasks/1/assign", `{"user_id":3}`)
	w.member.must(200, "DELETE", "/api/v1/users/3", "")
	w.member.must(401, "GET", "/api/v1/auth/me", "")
	w.owner.must(404, "GET", "/api/v1/projects/2", "")
	if got := w.owner.must(200, "GET", "/api/v1/tasks/1", "")["assigned_to"]; got != nil {
		t.Errorf("the task is assigned to %v, want nobody", got)
	}
	checkStore(t, w.server.store.(*store))
	as(t, w.server, "member") // the name is free again
	first := &client{t: t, server: w.server, token: w.server.tokens.sign(seededUser)}
	first.must(403, "DELETE", "/api/v1/users/1", "")
}

// TestConcurrency lets many clients work at once; the race detector and the
// final consistency are the test.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	s := New(Config{Observe: true, ErrorRate: 0, Slow: 0.01})
	var wg sync.WaitGroup
	for i := range 8 {
		c := as(t, s, fmt.Sprintf("user%d", i))
		wg.Go(func() {
			for range 25 {
				p := c.must(201, "POST", "/api/v1/projects", `{"name":"p"}`)["id"]
				tasks := fmt.Sprintf("/api/v1/projects/%v/tasks", p)
				id := c.must(201, "POST", tasks, `{"title":"t"}`)["id"]
				c.must(200, "GET", "/api/v1/tasks/search?status=todo", "")
				c.must(200, "PATCH", fmt.Sprintf("/api/v1/tasks/%v", id), `{"status":"done"}`)
				c.must(200, "GET", tasks, "")
				c.must(204, "DELETE", fmt.Sprintf("/api/v1/projects/%v", p), "")
			}
			c.must(200, "GET", StatsPath, "")
		})
	}
	wg.Wait()
	kept := s.store.(*store)
	checkStore(t, kept)
	if len(kept.tasks) != 0 || len(kept.projects) != 0 || len(kept.search) != 0 {
		t.Errorf("%d tasks, %d projects, %d index lists are left of what was all deleted",
			len(kept.tasks), len(kept.projects), len(kept.search))
	}
}
