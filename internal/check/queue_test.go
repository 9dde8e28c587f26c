package check

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"taskbench/internal/server"
	"taskbench/scenarios"
)

// Users of a queue send one request at a time over one connection, step by step;
// what goes over it is counted to the byte, and an answer that is not as expected
// ends it.
func TestQueue(t *testing.T) {
	t.Parallel()
	var paths []string
	var mu sync.Mutex // users may be set up at once
	connections := map[string]bool{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		paths = append(paths, r.URL.Path)
		if r.URL.Path != "/login" {
			connections[r.RemoteAddr] = true
		}
		w.Header()["Date"] = nil
		if strings.HasPrefix(r.URL.Path, "/b") && len(paths) > 9 {
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer s.Close()
	scenario, err := scenarios.OfText("two", []byte(`
name: two
setup:
  - {name: login, request: GET /login, expect: {status: 200}}
flow:
  - {name: a, request: "GET /a${vu}", expect: {status: 200}}
  - {name: b, request: "GET /b${vu}", expect: {status: 200}}
`))
	if err != nil {
		t.Fatal(err)
	}
	q, err := NewQueue(t.Context(), scenario, server.Spec{Name: "x", URL: s.URL}, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	sentBefore, receivedBefore := q.Traffic()
	var sent int
	for range 2 {
		for user := range 3 {
			a, _, err := q.Next(user)
			if err != nil {
				t.Fatal(err)
			}
			sent += len(a.Request)
		}
	}
	sentAfter, receivedAfter := q.Traffic()
	const answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	if sentAfter-sentBefore != int64(sent) || receivedAfter-receivedBefore != 6*int64(len(answer)) {
		t.Errorf("%d bytes sent, %d received", sentAfter-sentBefore, receivedAfter-receivedBefore)
	}
	if got := strings.Join(paths, " "); got != "/login /login /login /a1 /a2 /a3 /b1 /b2 /b3" || len(connections) != 1 {
		t.Errorf("%s, over %d connections", got, len(connections))
	}
	if _, _, err := q.Next(0); err != nil {
		t.Fatal(err)
	}
	if _, _, err := q.Next(0); err == nil || !strings.Contains(err.Error(), "step b got status 418, not as expected (status)") {
		t.Errorf("%v", err)
	}
}

// Where a setup is once for all, one user's captures are everybody's, also in names of
// their own.
func TestQueueSetUpOnce(t *testing.T) {
	t.Parallel()
	var logins atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/login":
			if logins.Add(1) > 1 {
				w.WriteHeader(http.StatusConflict)
			}
			fmt.Fprint(w, `{"token": "t1"}`)
		case "/a/t1":
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer s.Close()
	for _, keep := range []string{"once: true", "{once: true, keep: true}"} {
		logins.Store(0)
		scenario, err := scenarios.OfText("two", []byte(`
name: two
setup:
  `+strings.Trim(strings.ReplaceAll(keep, ", ", "\n  "), "{}")+`
  steps:
    - {name: login, request: GET /login, expect: {status: 200}, capture: {token: token}}
flow:
  - {name: a, request: "GET /a/${token}", expect: {status: 200}}
`))
		if err != nil {
			t.Fatal(err)
		}
		q, err := NewQueue(t.Context(), scenario, server.Spec{Name: "x", URL: s.URL}, 3, 1)
		if err != nil {
			t.Fatal(err)
		}
		for user := range 3 {
			if _, _, err := q.Next(user); err != nil {
				t.Errorf("%s: user %d: %v", keep, user, err)
			}
		}
		q.Close()
	}
}
