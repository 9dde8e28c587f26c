package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/internal/pgtest"
	"taskbench/internal/taskflow"
)

// open is a store in a database of the test's own.
func open(t *testing.T, url string, patience time.Duration) *store {
	t.Helper()
	s, err := openStore(t.Context(), url, 5, patience)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.pool.Close)
	return s
}

const empty = "TRUNCATE users, projects, project_members, tasks RESTART IDENTITY CASCADE"

func (s *store) empty(t *testing.T) {
	t.Helper()
	if _, err := s.pool.Exec(t.Context(), empty); err != nil {
		t.Fatal(err)
	}
}

type answer struct {
	status int
	body   string
}

func do(server http.Handler, authorization, method, path, body string) answer {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	w := httptest.NewRecorder()
	server.ServeHTTP(w, r)
	return answer{w.Code, w.Body.String()}
}

func register(name string) string {
	return fmt.Sprintf(`{"username":%q,"email":"%s@example.com","password":%q}`, name, name, taskflow.SeededPassword)
}

const signup = "/api/v1/auth/register"

// TestAnswersAsInMemory plays requests at random against a server in memory and
// one with a database: but for times and tokens they answer alike.
func TestAnswersAsInMemory(t *testing.T) {
	s := open(t, pgtest.Start(t), time.Minute)
	for _, dialect := range []taskflow.Dialect{taskflow.Rust, taskflow.Windjammer, taskflow.Windjammer016, taskflow.Windjammer018} {
		t.Run(dialect.String(), func(t *testing.T) {
			s.empty(t)
			config := taskflow.Config{Dialect: dialect, Secret: []byte("the same")}
			memory := taskflow.New(config)
			config.Store = s
			database := taskflow.New(config)
			do(database, "", "POST", signup, register(taskflow.SeededUsername)) // whom the one in memory has
			p := player{t: t, sides: [2]http.Handler{memory, database}, dice: rand.New(rand.NewPCG(1, 2))}
			for _, name := range []string{"ann", "bob", "eve"} {
				p.play("", "POST", signup, register(name))
			}
			for range 400 {
				p.playAny(dialect)
			}
		})
	}
}

type player struct {
	t     *testing.T
	sides [2]http.Handler
	dice  *rand.Rand
	users []string // their tokens
}

var (
	changing = regexp.MustCompile(`"(created_at|updated_at|joined_at|token|added_at)":"[^"]*"`)
	issued   = regexp.MustCompile(`"token":"([^"]*)"`)
)

func (p *player) play(authorization, method, path, body string) {
	p.t.Helper()
	var got [2]answer
	for i, side := range p.sides {
		got[i] = do(side, authorization, method, path, body)
		if i == 0 && path == signup {
			if m := issued.FindStringSubmatch(got[i].body); m != nil {
				p.users = append(p.users, m[1])
			}
		}
		got[i].body = changing.ReplaceAllString(got[i].body, `"$1":""`)
	}
	if got[0] != got[1] {
		p.t.Fatalf("%s %s %s\nin memory: %d %s\nPostgreSQL: %d %s", method, path, body, got[0].status, got[0].body, got[1].status, got[1].body)
	}
}

// some is a number of a record that may exist.
func (p *player) some() int { return 1 + p.dice.IntN(6) }

func (p *player) pick(words ...string) string { return words[p.dice.IntN(len(words))] }

func (p *player) playAny(dialect taskflow.Dialect) {
	p.t.Helper()
	token := p.pick(p.users...)
	if dialect != taskflow.Windjammer018 {
		token = "Bearer " + token
	}
	project, task, user := fmt.Sprintf("/api/v1/projects/%d", p.some()), fmt.Sprintf("/api/v1/tasks/%d", p.some()), 1+p.dice.IntN(4)
	status, priority := p.pick("todo", "done", "wrong"), p.pick("low", "high")
	moves := []struct{ method, path, body string }{
		{"POST", "/api/v1/projects", `{"name":"p"}`},
		{"POST", "/api/v1/projects", `{"name":"","description":"d"}`},
		{"GET", "/api/v1/projects", ""},
		{"GET", project, ""},
		{"PATCH", project, `{"name":"q","description":"d"}`},
		{"PATCH", project, `{"description":"e"}`},
		{"DELETE", project, ""},
		{"POST", project + "/members", fmt.Sprintf(`{"user_id":%d,"role":"%s"}`, p.some(), p.pick("member", "admin", "guest"))},
		{"DELETE", fmt.Sprintf("%s/members/%d", project, p.some()), ""},
		{"POST", project + "/tasks", fmt.Sprintf(`{"title":"%s","priority":"%s","assigned_to":%d}`, p.pick("a_b", "A%B", `a\\b`), priority, user)},
		{"POST", project + "/tasks", fmt.Sprintf(`{"title":"t","status":"%s"}`, status)},
		{"GET", project + "/tasks", ""},
		{"GET", task, ""},
		{"PATCH", task, fmt.Sprintf(`{"status":"%s","assigned_to":%d}`, status, p.some())},
		{"DELETE", task, ""},
		{"POST", task + "/assign", fmt.Sprintf(`{"user_id":%d}`, p.some())},
		{"GET", fmt.Sprintf("/api/v1/tasks/search?status=%s&assigned_to=%d&q=a_", status, user), ""},
		{"GET", "/api/v1/tasks/search?priority=" + priority + "&q=%25b", ""},
		{"GET", "/api/v1/auth/me", ""},
		{"GET", "/api/v1/users", ""},
		{"PATCH", fmt.Sprintf("/api/v1/users/%d", user), `{"full_name":"F","email":"` + p.pick("f@example.com", "bob@example.com") + `"}`},
		{"DELETE", fmt.Sprintf("/api/v1/users/%d", p.pick3()), ""},
		{"POST", "/api/v1/auth/login", register(p.pick("ann", "bob"))},
		{"POST", signup, register(p.pick("ann", "dan"))},
	}
	m := moves[p.dice.IntN(len(moves))]
	p.play(token, m.method, m.path, m.body)
}

// pick3 is mostly nobody: users who go take everything along.
func (p *player) pick3() int {
	if p.dice.IntN(20) == 0 {
		return p.some()
	}
	return 99
}

// TestPoolTimeout: who finds no free connection is answered 500 after a while,
// as by the real server, and the server is well again once there is one.
func TestPoolTimeout(t *testing.T) {
	s := open(t, pgtest.Start(t), time.Minute)
	const connections = 5
	hashing, release, done := make(chan bool), make(chan bool), make(chan error)
	for i := range connections {
		go func() {
			_, err := s.AddUser(t.Context(), taskflow.User{Username: fmt.Sprint(i), Email: fmt.Sprint(i), Role: "user"}, func() ([]byte, error) {
				hashing <- true
				<-release
				return []byte("hash"), nil
			})
			done <- err
		}()
	}
	for range connections {
		<-hashing
	}
	s.patience = time.Millisecond // none of the connections is given back before that, however slow the machine
	server := taskflow.New(taskflow.Config{Store: s, OneActor: true})
	want := answer{500, `{"error":"Database error"}`}
	if got := do(server, "", "POST", signup, register("late")); got != want {
		t.Errorf("with no connection free: %+v", got)
	}
	close(release)
	for range connections {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	s.patience = time.Minute
	if got := do(server, "", "POST", signup, register("late")); got.status != 201 {
		t.Errorf("with all free: %+v", got)
	}
}

// TestActsAsUserOne: whatever the token says, user 1 acts, and must exist; a
// token outlives a reset.
func TestActsAsUserOne(t *testing.T) {
	s := open(t, pgtest.Start(t), time.Minute)
	server := taskflow.New(taskflow.Config{Store: s, OneActor: true})
	create := func(token string) (status int, owner int64) {
		got := do(server, "Bearer "+token, "POST", "/api/v1/projects", `{"name":"p"}`)
		var p struct {
			OwnerID int64 `json:"owner_id"`
		}
		if err := json.Unmarshal([]byte(got.body), &p); err != nil {
			t.Fatal(err)
		}
		return got.status, p.OwnerID
	}
	var token string
	for _, name := range []string{"ann", "bob"} {
		token = issued.FindStringSubmatch(do(server, "", "POST", signup, register(name)).body)[1]
	}
	steps := []struct {
		before     func()
		wantStatus int
		wantOwner  int64
	}{
		{func() {}, 201, 1},
		{func() { s.empty(t) }, 500, 0},
		{func() { do(server, "", "POST", signup, register("new")) }, 201, 1},
	}
	for i, step := range steps {
		step.before()
		if status, owner := create(token); status != step.wantStatus || owner != step.wantOwner {
			t.Errorf("step %d: status %d, owner %d", i, status, owner)
		}
	}
}

// TestOptions: the variables of the real servers stand for flags that are not given.
func TestOptions(t *testing.T) {
	t.Parallel()
	env := func(name string) string {
		return map[string]string{"PORT": "3001", "DATABASE_URL": "postgresql://db/x", "JWT_SECRET": "s"}[name]
	}
	o, err := read([]string{"--dialect", "windjammer-0.17", "--slow", "8%", "--bcrypt-cost", "12"}, env, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	want := []any{"127.0.0.1:3001", "postgresql://db/x", "s", taskflow.Windjammer018, 0.08, 12, 5, 30 * time.Second}
	if diff := cmp.Diff(want, []any{o.address, o.database, string(o.server.Secret), o.server.Dialect, o.server.Slow, o.server.BcryptCost, o.connections, o.patience}); diff != "" {
		t.Error(diff)
	}
	for _, wrong := range []string{"--pool=0", "--pool-timeout=0s", "--dialect=go", "--slow=8", "--bcrypt-cost=3"} {
		if _, err := read([]string{wrong}, env, io.Discard); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
}
