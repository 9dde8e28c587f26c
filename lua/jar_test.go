package lua

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// cookieStep is a request of a scenario with a jar, what it is answered with, and
// the cookies that it must come with.
type cookieStep struct{ path, set, want string }

// What servers set is sent back as browsers do: by path, until it expires.
func TestCookies(t *testing.T) {
	t.Parallel()
	date := func(d time.Duration) string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	for name, steps := range map[string][]cookieStep{
		"kept, and set anew":     {{"/a", "a=1", ""}, {"/a", "a=2; Path=/; HttpOnly", "a=1"}, {"/b", "", "a=2"}},
		"values as they are":     {{"/", "a=x=y==; Path=/", ""}, {"/", `b="q q"`, "a=x=y=="}, {"/", "", `a=x=y==; b="q q"`}},
		"by path":                {{"/shop/cart/x", "c=1", ""}, {"/shop/cart", "s=2; path=/shop", "c=1"}, {"/shop/cart/y", "", "c=1; s=2"}, {"/shop", "", "s=2"}, {"/shopping", "", ""}},
		"a path with a slash":    {{"/", "a=1; Path=/x/", ""}, {"/x", "", ""}, {"/x/", "", "a=1"}, {"/x/y?z=/", "", "a=1"}},
		"no path of its own":     {{"/x/y", "a=1; Path=relative", ""}, {"/x/z", "", "a=1"}, {"/y", "", ""}},
		"over at once":           {{"/", "a=1", ""}, {"/", "a=; Max-Age=0", "a=1"}, {"/", "", ""}},
		"expired":                {{"/", "a=1", ""}, {"/", "a=; expires=Thu, 01 Jan 1970 00:00:00 GMT", "a=1"}, {"/", "", ""}},
		"not yet":                {{"/", "a=1; Expires=" + date(time.Hour), ""}, {"/", "", "a=1"}},
		"old dates":              {{"/", "a=1; Expires=Sunday, 06-Nov-94 08:49:37 GMT", ""}, {"/", "b=1; Expires=Sun Nov  6 08:49:37 1994", ""}, {"/", "", ""}},
		"age goes before a date": {{"/", "a=1; Expires=" + date(-time.Hour) + "; Max-Age=60", ""}, {"/", "", "a=1"}},
		"a date nobody can read": {{"/", "a=1; Expires=soon", ""}, {"/", "", "a=1"}},
		"no name":                {{"/", "=1", ""}, {"/", "nothing", ""}, {"/", "; Path=/", ""}, {"/", "", ""}},
		"an empty value":         {{"/", "a=; Path=/", ""}, {"/", "", "a="}},
	} {
		var flow strings.Builder
		for i, s := range steps {
			fmt.Fprintf(&flow, "  - {name: s%d, request: GET %s}\n", i, s.path)
		}
		at := 0
		_, err := DryRun(loadText(t, "name: jar\ncookies: on\nflow:\n"+flow.String()), Options{}, func(raw []byte) (int, http.Header, []byte, error) {
			r, s := readRequest(t, raw), steps[at]
			at++
			if got := r.Header.Get("Cookie"); got != s.want || len(r.Header["Cookie"]) > 1 {
				t.Errorf("%s: request %d, %s: cookies %q, want %q", name, at, s.path, r.Header["Cookie"], s.want)
			}
			if s.set == "" {
				return 200, nil, nil, nil
			}
			return 200, http.Header{"set-cookie": {s.set}}, nil, nil
		})
		if err != nil || at != len(steps) {
			t.Error(name, at, err)
		}
	}
}

// A form login with CSRF, as browsers go through it: two cookies at once, a redirect
// that sets a third, and a logout at the end, of a virtual user that was set up outside
// the script.
func TestLoginWithCookies(t *testing.T) {
	t.Parallel()
	s := loadText(t, `
name: login
cookies: on
redirects: 3
setup:
  - {name: form, request: GET /login, capture: {csrf: 'regex:/name="csrf" value="([^"]+)"/'}}
  - {name: post, request: POST /login, form: {csrf: "${csrf}"}, expect: {status: 200, body: welcome}}
flow:
  - {name: home, request: GET /home, headers: {cookie: theme=dark}, expect: {status: 200}}
after:
  - {name: logout, request: POST /logout}
`)
	var log []string
	do := func(raw []byte) (int, http.Header, []byte, error) {
		r := readRequest(t, raw)
		log = append(log, r.Method+" "+r.URL.Path+" "+r.Header.Get("Cookie"))
		switch r.Method + r.URL.Path {
		case "GET/login":
			return 200, http.Header{"Set-Cookie": {"sid=s1; Path=/; HttpOnly", "lang=en; Path=/"}}, []byte(`<input name="csrf" value="t">`), nil
		case "POST/login":
			return 302, http.Header{"Set-Cookie": {"auth=ok; Path=/"}, "Location": {"/home"}}, nil, nil
		}
		return 200, nil, []byte("welcome"), nil
	}
	const all = "auth=ok; lang=en; sid=s1"
	want := []string{"GET /login ", "POST /login lang=en; sid=s1", "GET /home " + all, "GET /home " + all + "; theme=dark", "POST /logout " + all}
	if _, err := DryRun(s, Options{}, do); err != nil || strings.Join(log, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q, %v", log, err)
	}
	setup, err := NewPart(s, s.Setup, Options{Connections: 2}, "r", 0)
	if err != nil {
		t.Fatal(err)
	}
	var line string
	for user := range 2 { // nobody has the cookies of the one before
		log = nil
		if line, _, err = setup.User(user+1, do); err != nil || log[0] != want[0] {
			t.Fatalf("%q, %v", log, err)
		}
	}
	log = nil
	if _, err := DryRunOf(line, "r", s, Options{}, do); err != nil || log[0] != want[3] {
		t.Errorf("%q, %v", log, err)
	}
	after, err := NewPart(s, s.After, Options{Connections: 2}, "r", 2)
	if err != nil {
		t.Fatal(err)
	}
	log = nil
	after.Come(line)
	if _, _, err := after.User(1, do); err != nil || log[0] != want[4] {
		t.Errorf("%q, %v", log, err)
	}
}

// Each virtual user has a jar of its own, under wrk too, and several cookies that are
// set at once are all in it.
func TestCookiesOnWrk(t *testing.T) {
	s := newTrace(t, func(s *trace, w http.ResponseWriter, r *http.Request) string {
		if r.URL.Path == "/in" {
			w.Header().Add("Set-Cookie", "a="+r.RemoteAddr+"; Path=/")
			w.Header().Add("Set-Cookie", "b=2; Path=/out")
			return "in"
		}
		if cookies := r.Header.Get("Cookie"); cookies != "b=2; a="+r.RemoteAddr {
			return cookies
		}
		return "out"
	})
	runWrk(t, loadText(t, `
name: jar
cookies: on
load: {connections: 3, duration: 300ms, warmup: 0s}
flow:
  - {name: in, request: GET /in}
  - {name: out, request: GET /out}
`), Options{URL: s.URL})
	s.follows(t, "in out ")
}
