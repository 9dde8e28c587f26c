package lua

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// How a Location is followed, from POST /a/b?q=1 with a body.
func TestRedirectTargets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status   int
		location string
		want     string // request line; "": it is not followed, and an error
		body     string
	}{
		{302, "/x?y=1", "GET /x?y=1", ""},
		{301, "c", "GET /a/c", ""},
		{303, "?z=2", "GET /a/b?z=2", ""},
		{303, "../../c/./d/..", "GET /c/", ""},
		{302, "//localhost/x", "GET /x", ""},
		{302, "HTTP://LOCALHOST:80", "GET /", ""},
		{307, "/x#frag", "POST /x", `{"a":1}`},
		{308, "http://localhost/x y", "POST /x%20y", `{"a":1}`},
		{302, "/x\u00e9", "GET /x%C3%A9", ""},
		{302, "http://elsewhere/x", "", ""},
		{302, "https://localhost/x", "", ""},
		{302, "mailto:x@y", "", ""},
	} {
		var got []request
		exchanges, err := DryRun(loadText(t, `
name: hops
request: {request: "POST /a/b?q=1", json: {a: 1}, headers: {X-Own: v}, redirects: 1}
`), Options{URL: "http://localhost"}, func(raw []byte) (int, http.Header, []byte, error) {
			got = append(got, readRequest(t, raw))
			if len(got) > 1 {
				return 200, nil, nil, nil
			}
			return c.status, http.Header{"location": {c.location}}, nil, nil
		})
		if err != nil {
			t.Fatal(c.location, err)
		}
		if c.want == "" {
			if len(got) != 1 || !slices.Equal(exchanges[0].Unmet, []string{"redirects: at most 1, to this server"}) {
				t.Errorf("%s: %d requests, unmet %q", c.location, len(got), exchanges[0].Unmet)
			}
			continue
		}
		r := got[len(got)-1]
		if line := r.Method + " " + r.URL.RequestURI(); line != c.want || r.body != c.body || r.Header.Get("X-Own") != "v" || len(exchanges[1].Unmet) > 0 {
			t.Errorf("%d %s: %s %q, unmet %q", c.status, c.location, line, r.body, exchanges[1].Unmet)
		}
		if (r.Header.Get("Content-Type") != "") != (c.body != "") {
			t.Errorf("%d %s: content type %q", c.status, c.location, r.Header.Get("Content-Type"))
		}
	}
}

// Setup steps may be sent more than once, too: in a script of its own, and one user
// after the other.
func TestControlOfSetup(t *testing.T) {
	t.Parallel()
	s := loadText(t, `
name: x
setup:
  - {name: login, request: GET /login, redirects: 1, capture: {ids: ids, hint: hint}}
  - {name: ready, request: GET /ready, repeat: {until: {json: {ok: true}}, max: 5}}
  - {name: extra, if: "${hint} exists", request: GET /extra}
flow:
  - {name: a, request: GET /a}
  - {name: b, for_each: "${ids}", request: "GET /b/${each}"}
`)
	looks := 0
	var paths []string
	do := func(raw []byte) (int, http.Header, []byte, error) {
		path := readRequest(t, raw).URL.Path
		paths = append(paths, path)
		switch path {
		case "/login":
			return 302, http.Header{"Location": {"/home"}}, nil, nil
		case "/home":
			return 200, nil, []byte(`{"ids": [1, 2]}`), nil
		case "/ready":
			looks++
			return 200, nil, fmt.Appendf(nil, `{"ok": %t}`, looks%2 == 0), nil
		}
		return 200, nil, nil, nil
	}
	const setup, iteration = "/login /home /ready /ready", " /a /b/1 /b/2"
	if _, err := DryRun(s, Options{}, do); err != nil || strings.Join(paths, " ") != setup+iteration {
		t.Errorf("%q, %v", paths, err)
	}
	paths = nil
	one, err := NewPart(s, s.Setup, Options{Connections: 2}, "r", 0)
	if err != nil {
		t.Fatal(err)
	}
	var line string
	for user := range 2 {
		var last Exchange
		if line, last, err = one.User(user+1, do); err != nil || line == "" {
			t.Fatal(last, err)
		}
	}
	if got := strings.Join(paths, " "); got != setup+" "+setup {
		t.Errorf("%s", got)
	}
	paths = nil
	if _, err := DryRunOf(line, "r", s, Options{}, do); err != nil || " "+strings.Join(paths, " ") != iteration {
		t.Errorf("%q, %v", paths, err)
	}
	paths = nil
	users, err := NewUsers(s, Options{Connections: 1}, "r", []string{line})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{1, 2, 1, 2} {
		if e, answers, err := users.Next(0, do); err != nil || answers != want {
			t.Errorf("%s: %d answers, want %d, %v", e.Step, answers, want, err)
		}
	}
}
