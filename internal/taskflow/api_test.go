package taskflow

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// client drives a server in memory, as one user.
type client struct {
	t      testing.TB
	server http.Handler
	token  string
	id     int64
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (c *client) do(method, path, body string) answer {
	c.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if c.token != "" {
		r.Header.Set("Authorization", c.scheme()+c.token)
	}
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	return answer{w.Code, w.Result().Header, w.Body.String()}
}

// scheme is what stands before a token.
func (c *client) scheme() string {
	if s, ok := c.server.(*Server); ok && s.config.Dialect == Windjammer018 {
		return ""
	}
	return "Bearer "
}

// must is do, for steps that have to have a status.
func (c *client) must(status int, method, path, body string) map[string]any {
	c.t.Helper()
	got := c.do(method, path, body)
	if got.status != status {
		c.t.Fatalf("%s %s %s: status %d, want %d: %s", method, path, body, got.status, status, got.body)
	}
	return parsed(c.t, got.body)
}

func parsed(t testing.TB, body string) map[string]any {
	t.Helper()
	if body == "" || body[0] == '[' {
		return nil
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(body), &out); err != nil {
		t.Fatalf("answer is not JSON: %v: %q", err, body)
	}
	return out
}

// as adds a user, with the password of the first one, and is its client.
func as(t testing.TB, s *Server, name string) *client {
	t.Helper()
	first, err := s.store.User(t.Context(), seededUser)
	if err != nil {
		t.Fatal(err)
	}
	u, err := s.store.AddUser(t.Context(), User{Username: name, Email: name + "@example.com", Role: "user"}, func() ([]byte, error) { return first.Hash, nil })
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, server: s, token: s.tokens.sign(u.ID), id: u.ID}
}

// world is a server with an owner (2), a member (3) and a stranger (4), a
// project (1) of the owner with the member in it, and a task (1).
type world struct {
	server                          *Server
	nobody, owner, member, stranger *client
}

func newWorld(t testing.TB, config Config) world {
	s := New(config)
	w := world{s, &client{t: t, server: s}, as(t, s, "owner"), as(t, s, "member"), as(t, s, "stranger")}
	w.owner.must(201, "POST", "/api/v1/projects", `{"name":"first","description":"d"}`)
	w.owner.must(201, "POST", "/api/v1/projects/1/members", `{"user_id":3,"role":"member"}`)
	w.owner.must(201, "POST", "/api/v1/projects/1/tasks", `{"title":"one"}`)
	return w
}

// who picks the client of a case by name.
func (w world) who(name string) *client {
	return map[string]*client{"": w.nobody, "owner": w.owner, "member": w.member, "stranger": w.stranger}[name]
}

// shape is the sorted top-level keys of an answer: "a b c", "[]" and "[a b c]"
// for arrays, "" for no body.
func shape(t testing.TB, body string) string {
	t.Helper()
	if body == "" {
		return ""
	}
	var value any
	if err := json.Unmarshal([]byte(body), &value); err != nil {
		t.Fatalf("answer is not JSON: %v: %q", err, body)
	}
	if list, ok := value.([]any); ok {
		if len(list) == 0 {
			return "[]"
		}
		return "[" + keys(list[0]) + "]"
	}
	return keys(value)
}

func keys(v any) string {
	text, _ := json.Marshal(v) // sorted
	var names []string
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	depth, key := 0, true
	for {
		token, err := decoder.Token()
		if err != nil {
			return strings.Join(names, " ")
		}
		switch x := token.(type) {
		case json.Delim:
			if x == '{' || x == '[' {
				depth++
			} else {
				depth--
			}
			key = true
		default:
			if depth == 1 {
				if key {
					names = append(names, fmt.Sprint(x))
				}
				key = !key
			}
		}
	}
}

const (
	projectRust = "created_at description id name owner_id updated_at"
	projectWJ   = "created_at description id name owner_id"
	taskShape   = "assigned_to created_at description id priority project_id status title updated_at"
	userShape   = "created_at email full_name id role username"
)

// TestAPI asks every endpoint. Each case runs on a fresh world; want is "status
// shape" for both of the first dialects, or for each. 0.16 answers as Rust does.
func TestAPI(t *testing.T) {
	t.Parallel()
	const p, k = "/api/v1/projects", "/api/v1/tasks"
	both := func(want string) [2]string { return [2]string{want, want} }
	cases := []struct {
		name, who, method, path, body string
		want                          [2]string // rust, windjammer
	}{
		{"health", "", "GET", "/health", "", both("200 bcrypt_cost dialect server status switches timestamp version")},
		{"register", "", "POST", "/api/v1/auth/register", `{"username":"n","email":"n@e","password":"12345678","full_name":"N"}`, both("201 token user")},
		{"register with a long password", "", "POST", "/api/v1/auth/register", `{"username":"n","email":"n@e","password":"` + strings.Repeat("x", 100) + `"}`, both("201 token user")},
		{"register without username", "", "POST", "/api/v1/auth/register", `{"email":"n@e","password":"12345678"}`, both("400 error")},
		{"register without email", "", "POST", "/api/v1/auth/register", `{"username":"n","password":"12345678"}`, both("400 error")},
		{"register without password", "", "POST", "/api/v1/auth/register", `{"username":"n","email":"n@e"}`, both("400 error")},
		{"register with a short password", "", "POST", "/api/v1/auth/register", `{"username":"n","email":"n@e","password":"1234567"}`, both("400 error")},
		{"register a taken username", "", "POST", "/api/v1/auth/register", `{"username":"owner","email":"n@e","password":"12345678"}`, both("400 error")},
		{"register a taken email", "", "POST", "/api/v1/auth/register", `{"username":"n","email":"owner@example.com","password":"12345678"}`, both("400 error")},
		{"register what is not JSON", "", "POST", "/api/v1/auth/register", `{"username":`, both("400 error")},
		{"register nothing", "", "POST", "/api/v1/auth/register", ``, both("400 error")},
		{"register a number as a name", "", "POST", "/api/v1/auth/register", `{"username":1,"email":"n@e","password":"12345678"}`, both("400 error")},
		{"login with all three", "", "POST", "/api/v1/auth/login", `{"username":"owner","email":"owner@example.com","password":"bench-Passw0rd"}`, both("200 token user")},
		{"login by username", "", "POST", "/api/v1/auth/login", `{"username":"owner","password":"bench-Passw0rd"}`, [2]string{"200 token user", "400 error"}},
		{"login by email", "", "POST", "/api/v1/auth/login", `{"email":"owner@example.com","password":"bench-Passw0rd"}`, [2]string{"400 error", "200 token user"}},
		{"login as the first user", "", "POST", "/api/v1/auth/login", `{"username":"taskbench","email":"taskbench@example.com","password":"bench-Passw0rd"}`, both("200 token user")},
		{"login with a wrong password", "", "POST", "/api/v1/auth/login", `{"username":"owner","email":"owner@example.com","password":"wrong-Passw0rd"}`, both("401 error")},
		{"login as an unknown user", "", "POST", "/api/v1/auth/login", `{"username":"x","email":"x@e","password":"bench-Passw0rd"}`, both("401 error")},
		{"me", "owner", "GET", "/api/v1/auth/me", "", both("200 " + userShape)},
		{"me without a token", "", "GET", "/api/v1/auth/me", "", [2]string{"400 error", "401 error"}},
		{"logout", "owner", "POST", "/api/v1/auth/logout", "", [2]string{"204 ", "200 message"}},

		{"users", "owner", "GET", "/api/v1/users", "", [2]string{"200 []", "200 [" + userShape + "]"}},
		{"user", "owner", "GET", "/api/v1/users/3", "", both("200 " + userShape)},
		{"unknown user", "owner", "GET", "/api/v1/users/99", "", both("404 error")},
		{"user that is no number", "owner", "GET", "/api/v1/users/x", "", both("404 error")},
		{"rename user", "owner", "PATCH", "/api/v1/users/2", `{"full_name":"O"}`, [2]string{"200 message", "200 " + userShape}},
		{"rename another user", "owner", "PATCH", "/api/v1/users/3", `{"full_name":"O"}`, [2]string{"200 message", "403 error"}},
		{"take another's email", "owner", "PATCH", "/api/v1/users/2", `{"email":"member@example.com"}`, [2]string{"200 message", "400 error"}},
		{"empty email", "owner", "PATCH", "/api/v1/users/2", `{"email":""}`, [2]string{"200 message", "400 error"}},
		{"rename unknown user", "owner", "PATCH", "/api/v1/users/99", `{"full_name":"O"}`, [2]string{"200 message", "404 error"}},
		{"delete user", "owner", "DELETE", "/api/v1/users/2", "", both("200 message")},
		{"delete another user", "owner", "DELETE", "/api/v1/users/3", "", [2]string{"200 message", "403 error"}},
		{"delete unknown user", "owner", "DELETE", "/api/v1/users/99", "", [2]string{"200 message", "404 error"}},

		{"projects", "owner", "GET", p, "", [2]string{"200 [" + projectRust + "]", "200 [" + projectWJ + "]"}},
		{"projects of a member", "member", "GET", p, "", [2]string{"200 [" + projectRust + "]", "200 [" + projectWJ + "]"}},
		{"projects of a stranger", "stranger", "GET", p, "", both("200 []")},
		{"projects without a token", "", "GET", p, "", [2]string{"400 error", "401 error"}},
		{"create project", "owner", "POST", p, `{"name":"x","unknown":1}`, [2]string{"201 " + projectRust, "201 " + projectWJ}},
		{"create project without a name", "owner", "POST", p, `{"description":"x"}`, both("400 error")},
		{"create project with a blank name", "owner", "POST", p, `{"name":" "}`, both("400 error")},
		{"create project from an array", "owner", "POST", p, `[]`, both("400 error")},
		{"create too large a project", "owner", "POST", p, `{"name":"` + strings.Repeat("x", maxBody) + `"}`, both("400 error")},
		{"project", "owner", "GET", p + "/1", "", [2]string{"200 " + projectRust, "200 " + projectWJ}},
		{"project of a member", "member", "GET", p + "/1", "", [2]string{"200 " + projectRust, "200 " + projectWJ}},
		{"project of another", "stranger", "GET", p + "/1", "", [2]string{"403 error", "404 error"}},
		{"unknown project", "owner", "GET", p + "/99", "", both("404 error")},
		{"change project", "owner", "PATCH", p + "/1", `{"name":"y"}`, [2]string{"200 " + projectRust, "200 message"}},
		{"change project's description", "owner", "PATCH", p + "/1", `{"description":"y"}`, [2]string{"200 " + projectRust, "200 message"}},
		{"change project to no name", "owner", "PATCH", p + "/1", `{"name":""}`, both("400 error")},
		{"change project by garbage", "owner", "PATCH", p + "/1", `x`, both("400 error")},
		{"change project as a member", "member", "PATCH", p + "/1", `{"name":"y"}`, both("403 error")},
		{"change project of another", "stranger", "PATCH", p + "/1", `{"name":"y"}`, both("403 error")},
		{"change unknown project", "owner", "PATCH", p + "/99", `{"name":"y"}`, both("404 error")},
		{"delete project", "owner", "DELETE", p + "/1", "", [2]string{"204 ", "200 message"}},
		{"delete project as a member", "member", "DELETE", p + "/1", "", both("403 error")},
		{"delete unknown project", "owner", "DELETE", p + "/99", "", both("404 error")},

		{"add member", "owner", "POST", p + "/1/members", `{"user_id":4,"role":"admin"}`, [2]string{"201 joined_at project_id role user_id", "201 message"}},
		{"add the owner as member", "owner", "POST", p + "/1/members", `{"user_id":2,"role":"owner"}`, [2]string{"201 joined_at project_id role user_id", "201 message"}},
		{"add member twice", "owner", "POST", p + "/1/members", `{"user_id":3,"role":"admin"}`, both("500 error")},
		{"add member with a wrong role", "owner", "POST", p + "/1/members", `{"user_id":4,"role":"boss"}`, both("400 error")},
		{"add member by garbage", "owner", "POST", p + "/1/members", `4`, both("400 error")},
		{"add unknown member", "owner", "POST", p + "/1/members", `{"user_id":99,"role":"admin"}`, both("404 error")},
		{"add member as a member", "member", "POST", p + "/1/members", `{"user_id":4,"role":"admin"}`, both("403 error")},
		{"add member as a stranger", "stranger", "POST", p + "/1/members", `{"user_id":4,"role":"admin"}`, [2]string{"403 error", "404 error"}},
		{"remove member", "owner", "DELETE", p + "/1/members/3", "", [2]string{"204 ", "200 message"}},
		{"leave", "member", "DELETE", p + "/1/members/3", "", [2]string{"204 ", "200 message"}},
		{"remove another as a member", "member", "DELETE", p + "/1/members/2", "", both("403 error")},
		{"remove who is no member", "owner", "DELETE", p + "/1/members/4", "", both("404 error")},
		{"remove member of unknown project", "owner", "DELETE", p + "/99/members/4", "", both("404 error")},

		{"tasks of a project", "member", "GET", p + "/1/tasks", "", both("200 [" + taskShape + "]")},
		{"tasks of another's project", "stranger", "GET", p + "/1/tasks", "", [2]string{"403 error", "404 error"}},
		{"tasks of an unknown project", "owner", "GET", p + "/99/tasks", "", both("404 error")},
		{"create task", "member", "POST", p + "/1/tasks", `{"title":"t","status":"done","priority":"low","assigned_to":3}`, both("201 " + taskShape)},
		{"create task without a title", "owner", "POST", p + "/1/tasks", `{"status":"done"}`, both("400 error")},
		{"create task with a wrong status", "owner", "POST", p + "/1/tasks", `{"title":"t","status":"open"}`, both("400 error")},
		{"create task with a wrong priority", "owner", "POST", p + "/1/tasks", `{"title":"t","priority":"top"}`, both("400 error")},
		{"create task for an unknown user", "owner", "POST", p + "/1/tasks", `{"title":"t","assigned_to":99}`, both("404 error")},
		{"create task by garbage", "owner", "POST", p + "/1/tasks", `"t"`, both("400 error")},
		{"create task in another's project", "stranger", "POST", p + "/1/tasks", `{"title":"t"}`, [2]string{"403 error", "404 error"}},
		{"task", "owner", "GET", k + "/1", "", both("200 " + taskShape)},
		{"task of another", "stranger", "GET", k + "/1", "", both("403 error")},
		{"unknown task", "owner", "GET", k + "/99", "", both("404 error")},
		{"change task", "owner", "PATCH", k + "/1", `{"status":"in_progress"}`, both("200 " + taskShape)},
		{"change task to a wrong status", "owner", "PATCH", k + "/1", `{"status":"open"}`, both("400 error")},
		{"change task to no title", "owner", "PATCH", k + "/1", `{"title":""}`, both("400 error")},
		{"change task of another", "stranger", "PATCH", k + "/1", `{"status":"done"}`, both("403 error")},
		{"change task to an unknown user", "owner", "PATCH", k + "/1", `{"assigned_to":99}`, both("404 error")},
		{"change task by garbage", "owner", "PATCH", k + "/1", `{`, both("400 error")},
		{"delete task", "owner", "DELETE", k + "/1", "", [2]string{"204 ", "200 message"}},
		{"delete task of another", "stranger", "DELETE", k + "/1", "", both("403 error")},
		{"assign", "owner", "POST", k + "/1/assign", `{"user_id":3}`, both("200 " + taskShape)},
		{"assign to nobody", "owner", "POST", k + "/1/assign", `{}`, both("400 error")},
		{"assign to an unknown user", "owner", "POST", k + "/1/assign", `{"user_id":99}`, both("404 error")},
		{"assign by garbage", "owner", "POST", k + "/1/assign", `{"user_id":"3"}`, both("400 error")},
		{"search", "owner", "GET", k + "/search", "", both("200 [" + taskShape + "]")},
		{"search with what matches", "owner", "GET", k + "/search?status=todo&priority=medium&assigned_to=", "", both("200 [" + taskShape + "]")},
		{"search with what does not", "owner", "GET", k + "/search?status=done", "", both("200 []")},
		{"search for an assignee without tasks", "owner", "GET", k + "/search?assigned_to=3", "", both("200 []")},
		{"search with a wrong status", "owner", "GET", k + "/search?status=open", "", both("400 error")},
		{"search with a wrong priority", "owner", "GET", k + "/search?priority=top", "", both("400 error")},
		{"search with a wrong assignee", "owner", "GET", k + "/search?assigned_to=me", "", both("400 error")},
		{"no such path", "owner", "GET", "/api/v2/projects", "", both("404 error")},
		{"no such method", "owner", "PUT", p + "/1", `{}`, both("404 error")},
		{"no statistics unless asked for", "owner", "GET", StatsPath, "", both("404 error")},
	}
	for dialect, column := range map[Dialect]int{Rust: 0, Windjammer016: 0, Windjammer: 1} {
		for _, c := range cases {
			t.Run(dialect.String()+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, Config{Dialect: dialect})
				got := w.who(c.who).do(c.method, c.path, c.body)
				if have := fmt.Sprintf("%d %s", got.status, shape(t, got.body)); have != c.want[column] {
					t.Errorf("%s %s: got %q, want %q\n%s", c.method, c.path, have, c.want[column], got.body)
				}
				checkHeaders(t, got)
			})
		}
	}
}

// checkHeaders holds every answer to what all answers have.
func checkHeaders(t *testing.T, got answer) {
	t.Helper()
	if server := got.header.Get("Server"); server != "taskbench-reference/0.1.0" {
		t.Errorf("Server header %q", server)
	}
	wantType, wantLength := "application/json", fmt.Sprint(len(got.body))
	if got.body == "" {
		wantType, wantLength = "", ""
	}
	if have := got.header.Get("Content-Type"); have != wantType {
		t.Errorf("Content-Type %q, want %q", have, wantType)
	}
	if have := got.header.Get("Content-Length"); have != wantLength {
		t.Errorf("Content-Length %q, want %q", have, wantLength)
	}
}
