package lua

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/scenarios"
)

// newcomers draws in setup what its flow draws, too, and captures for every kind
// of place.
const newcomers = `
name: newcomers
load: {connections: 3, duration: 1s, warmup: 0s}
setup:
  - name: register
    request: POST /register
    json: {id: "${uuid}", number: "${seq}", user: "u-${run}-${vu}"}
    expect: {status: 201}
    capture: {odd: odd, id: id, session: "cookie:session"}
flow:
  - name: use
    request: POST /use/${odd}
    headers: {X-Odd: "${odd}", Cookie: "session=${session}"}
    json: {id: "${uuid}", number: "${seq}", odd: "${odd}", inside: "<${odd}>", typed: "${id}", int: "${int(id)}", name: "${run}-${vu}-${iteration}"}
    expect: {status: 200}
`

func loadText(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte(text)}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What a setup outside wrk made of a virtual user arrives in its flow as if the
// script had done it; what the setup drew is drawn no more.
func TestSetupIsHandedOver(t *testing.T) {
	t.Parallel()
	s := loadText(t, newcomers)
	o := Options{URL: "http://h", Connections: 3, Seed: 5}
	setup, err := NewPart(s, s.Setup, o, "r9", 0)
	if err != nil {
		t.Fatal(err)
	}
	drawn := map[any]bool{}
	draw := func(m map[string]any, key string) {
		if drawn[m[key]] {
			t.Errorf("%s %v came twice", key, m[key])
		}
		drawn[m[key]] = true
	}
	for user := 1; user <= 3; user++ {
		line, _, err := setup.User(user, func(raw []byte) (int, http.Header, []byte, error) {
			m := object(t, readRequest(t, raw).body)
			draw(m, "id")
			draw(m, "number")
			if want := fmt.Sprintf("u-r9-%d", user); m["user"] != want {
				t.Errorf("user %v, want %s", m["user"], want)
			}
			return 201, http.Header{"Set-Cookie": {"session=s1"}}, []byte(`{"odd":"a b=\"%\\.é\n","id":7}`), nil
		})
		if err != nil || strings.Contains(line, "\n") {
			t.Fatal(line, err)
		}
		if user > 1 {
			continue // of whom a dry run is none
		}
		_, made, _ := strings.Cut(line, " ")
		asked := 0
		exchanges, err := DryRunOf("40 "+made, "r9", s, o, func(raw []byte) (int, http.Header, []byte, error) {
			asked++
			r := readRequest(t, raw)
			m := object(t, r.body)
			draw(m, "id")
			delete(m, "id")
			delete(m, "number")
			odd := "a b=\"%\\.é\n"
			want := map[string]any{"odd": odd, "inside": "<" + odd + ">", "typed": float64(7), "int": float64(7), "name": "r9-1-41"}
			if fmt.Sprint(m) != fmt.Sprint(want) || r.URL.Path != "/use/"+odd || r.Header.Get("Cookie") != "session=s1" || r.Header.Get("X-Odd") != "a b=\"%\\.é" {
				t.Errorf("%v\n%v\n%q %v", m, want, r.URL.Path, r.Header)
			}
			return 200, nil, nil, nil
		})
		if err != nil || asked != 1 || len(exchanges) != 1 || exchanges[0].Unmet != nil {
			t.Errorf("%d asked, %+v, %v", asked, exchanges, err)
		}
	}
}

// A setup goes on with the step that failed, and with the next user anew.
func TestSetupGoesOn(t *testing.T) {
	t.Parallel()
	s := projects()
	again := s.Setup[0]
	again.Name, again.Path = "again", text("/again")
	s.Setup = append(s.Setup, again)
	setup, err := NewPart(s, s.Setup, Options{Connections: 2}, "r", 0)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	user := func(number, status int) string {
		line, last, err := setup.User(number, func(raw []byte) (int, http.Header, []byte, error) {
			path := readRequest(t, raw).URL.Path
			paths = append(paths, path)
			if path == "/again" {
				return status, nil, []byte(`{"token":"t"}`), nil
			}
			return 201, nil, []byte(`{"token":"t"}`), nil
		})
		if err != nil || (line == "") != slices.Equal(last.Unmet, []string{"status"}) {
			t.Errorf("%q, %+v, %v", line, last, err)
		}
		return line
	}
	if user(1, 503) != "" || user(1, 201) == "" || user(2, 503) != "" || user(1, 201) == "" {
		t.Error("which users are ready?")
	}
	want := []string{"/register", "/again", "/again", "/register", "/again", "/register", "/again"}
	if !slices.Equal(paths, want) {
		t.Errorf("asked %v", paths)
	}
}

// newcomerServer counts who registers, and who uses what with which name.
type newcomerServer struct {
	*httptest.Server
	sync.Mutex
	now, most, registered int
	names                 []string
	numbers               map[any]bool
	cookies               map[string]bool
}

func serveNewcomers(t *testing.T) *newcomerServer {
	s := &newcomerServer{cookies: map[string]bool{}, numbers: map[any]bool{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.Lock()
		defer s.Unlock()
		if r.URL.Path != "/register" {
			s.cookies[r.Header.Get("Cookie")] = true
			m := object(t, string(body))
			s.names, s.numbers[m["number"]] = append(s.names, m["name"].(string)), true
			return
		}
		s.registered++
		s.now++
		s.most = max(s.most, s.now)
		s.Unlock()
		time.Sleep(20 * time.Millisecond)
		s.Lock()
		s.now--
		w.Header().Set("Set-Cookie", fmt.Sprintf("session=s%d", s.registered))
		w.WriteHeader(201)
		_, _ = io.WriteString(w, `{"odd":"x","id":7}`)
	}))
	t.Cleanup(s.Close)
	return s
}

// On wrk, virtual users that are handed over do not register, and each goes on
// as who it is.
func TestHandedOverOnWrk(t *testing.T) {
	t.Parallel()
	server := serveNewcomers(t)
	path := filepath.Join(t.TempDir(), "users")
	lines := ""
	for user := range 3 {
		lines += fmt.Sprintf("90 drawn.numbers=1 got_header.session=s%d got_header.odd=o got_int.id=7 got_json.odd=o got_url.odd=o got_value.id=7 got_value.odd=%%22o%%22\n", user)
	}
	if err := os.WriteFile(path, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	b := runWrk(t, loadText(t, newcomers), Options{URL: server.URL}, "TASKBENCH_USERS="+path, "TASKBENCH_RUN=r9")
	if server.registered != 0 || b.VirtualUsersReady != 3 || b.Window.LengthUS <= 0 || b.Steps[0].Good == 0 || b.Setup[0].Answers != 0 {
		t.Errorf("%d registered, %+v", server.registered, b)
	}
	if len(server.numbers) != len(server.names) || server.numbers[3.0] || !server.numbers[5.0] {
		t.Errorf("%d numbers for %d requests, those of setup among them", len(server.numbers), len(server.names))
	}
	if len(server.cookies) != 3 || !server.cookies["session=s2"] || !slices.Contains(server.names, "r9-3-91") || slices.Contains(server.names, "r9-3-90") {
		t.Errorf("sessions %v, names begin with %v", server.cookies, server.names[:min(len(server.names), 9)])
	}
}

// By hand, a script sets its virtual users up itself, few at once.
func TestFewSetUpAtOnceOnWrk(t *testing.T) {
	t.Parallel()
	server := serveNewcomers(t)
	s := loadText(t, strings.Replace(newcomers, "connections: 3", "connections: 12", 1))
	s.SetupRules.AtOnce = 2
	b := runWrk(t, s, Options{URL: server.URL})
	if b.VirtualUsersReady != 12 || server.registered%12 != 0 || server.most > 2 || b.Steps[0].Good == 0 {
		t.Errorf("%d registered, %d at once, %+v", server.registered, server.most, b)
	}
}
