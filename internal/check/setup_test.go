package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/scenarios"
)

const registers = `
name: registers
load: {connections: 9, duration: 1s, timeout: 1s}
setup:
  steps:
    - {name: register, request: POST /register, json: {user: "u-${run}-${vu}"}, expect: {status: 201}, capture: {token: token}}
flow:
  - {name: use, request: "GET /use?name=${iteration}", headers: {Authorization: "Bearer ${token}"}, expect: {status: 200}}
`

// desk is a server at which virtual users register.
type desk struct {
	sync.Mutex
	now, most, asked int
	answer           func(n int, w http.ResponseWriter) // to the n'th registration, from 1
	takes            bool                               // whether tokens are accepted
	used             []string
}

// registrations are those so far; the handler of one that nobody answered may
// still be there.
func (d *desk) registrations() int {
	d.Lock()
	defer d.Unlock()
	return d.asked
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	d.Lock()
	defer d.Unlock()
	if r.URL.Path == "/use" {
		d.used = append(d.used, r.URL.RawQuery+" "+r.Header.Get("Authorization"))
		if !d.takes {
			w.WriteHeader(401)
		}
		return
	}
	d.asked++
	d.now++
	d.most = max(d.most, d.now)
	n := d.asked
	d.Unlock()
	time.Sleep(2 * time.Millisecond)
	d.Lock()
	d.now--
	if d.answer != nil {
		d.answer(n, w)
		return
	}
	w.WriteHeader(201)
	fmt.Fprintf(w, `{"token":"of %s"}`, strings.Trim(strings.SplitN(string(body), ":", 2)[1], `"}`))
}

// atDesk is the setup of nine virtual users, with what stands beside its steps.
func atDesk(t *testing.T, d *desk, rules string) Setup {
	t.Helper()
	text := strings.Replace(registers, "setup:\n", "setup:\n"+rules, 1)
	s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte(text)}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	at := httptest.NewServer(d)
	t.Cleanup(at.Close)
	return Setup{Scenario: s, Target: server.Spec{Name: "rust", URL: at.URL}, Run: "r1",
		Options: lua.Options{URL: at.URL, Connections: 9, Seed: 1}}
}

func TestSetup(t *testing.T) {
	t.Parallel()
	d := &desk{takes: true}
	s := atDesk(t, d, "  at_once: 3\n")
	var told []string
	s.Progress = func(ready, users int, left time.Duration) {
		told = append(told, fmt.Sprint(ready, "/", users, left > 0))
	}
	users, err := s.Do(context.Background())
	if err != nil || d.asked != 9 || d.most > 3 || len(users.Lines) != 9 || users.Run != "r1" {
		t.Fatalf("%d asked, %d at once, %+v, %v", d.asked, d.most, users, err)
	}
	if told[0] != "1/9 true" || told[8] != "9/9 false" {
		t.Errorf("told %v", told)
	}
	users.Iterations = 7
	path := filepath.Join(t.TempDir(), "users")
	if err := users.Write(path); err != nil {
		t.Fatal(err)
	}
	info, _ := os.Stat(path)
	text, _ := os.ReadFile(path)
	lines := strings.Split(string(text), "\n")
	if info.Mode().Perm() != 0o600 || len(lines) != 10 || lines[8] != "7 got_header.token=of%20u-r1-9" {
		t.Errorf("%v, %q", info.Mode(), lines)
	}
	if err := s.Try(context.Background(), users); err != nil || fmt.Sprint(d.used) != "[name=8 Bearer of u-r1-1]" {
		t.Errorf("used %q, %v", d.used, err)
	}
	d.takes = false
	if err := s.Try(context.Background(), users); !errors.Is(err, errRefused) {
		t.Errorf("a token that is no longer accepted: %v", err)
	}
}

func TestSetupOnceForAll(t *testing.T) {
	t.Parallel()
	d := &desk{}
	users, err := atDesk(t, d, "  once: true\n").Do(context.Background())
	if err != nil || d.asked != 1 || len(users.Lines) != 9 || users.Lines[8] != users.Lines[0] {
		t.Errorf("%d asked, %q, %v", d.asked, users.Lines, err)
	}
}

func TestSetupFails(t *testing.T) {
	t.Parallel()
	from := func(nth, status int, text string) func(int, http.ResponseWriter) {
		return func(n int, w http.ResponseWriter) {
			if n < nth {
				w.WriteHeader(201)
				_, _ = io.WriteString(w, `{"token":"t"}`)
				return
			}
			http.Error(w, text, status)
		}
	}
	once := func(n int, w http.ResponseWriter) {
		from(map[bool]int{true: n, false: n + 1}[n == 4 || n == 5], 503, "later")(n, w)
	}
	hangUp := func(int, http.ResponseWriter) { panic(http.ErrAbortHandler) }
	cases := []struct {
		name, rules string
		answer      func(int, http.ResponseWriter)
		asked       int
		want        string
	}{
		{"an answer", "", from(5, 500, "Database error"), 5, "setup failed at virtual user 5 of 9 (4 were ready): step register got 500 Database error, not as expected (status)"},
		{"an answer that stays", "  retries: 2\n", from(5, 500, "Database error"), 7, "of 9 (4 were ready): step register got 500 Database error, not as expected (status), asked 3 times"},
		{"what more asking does not change", "  retries: 2\n", from(1, 400, "no such field"), 1, "virtual user 1 of 9 (0 were ready): step register got 400 no such field"},
		{"later", "  retries: 2\n", once, 11, ""},
		{"no answer", "", hangUp, 4, "virtual user 1 of 9 (0 were ready): step register: the server closed the connection without an answer, asked 4 times"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := &desk{answer: c.answer}
			_, err := atDesk(t, d, "  at_once: 1\n"+c.rules).Do(context.Background())
			if asked := d.registrations(); asked != c.asked || (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%d asked, %v", asked, err)
			}
		})
	}
}

// Who has enough does not wait for answers that are still to come.
func TestSetupIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	release := make(chan struct{})
	d := &desk{answer: func(n int, _ http.ResponseWriter) {
		if n == 1 {
			cancel()
		}
		<-release
	}}
	s := atDesk(t, d, "  at_once: 1\n")
	_, err := s.Do(ctx)
	close(release)
	if asked := d.registrations(); !errors.Is(err, context.Canceled) || asked > 1 {
		t.Errorf("%d asked, %v", asked, err)
	}
}
