package lua

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"taskbench/scenarios"
)

// Users go through a flow side by side, each with what it captured itself.
func TestUsersSideBySide(t *testing.T) {
	t.Parallel()
	s, err := scenarios.OfText("two", []byte(`
name: two
setup:
  - {name: login, request: POST /login, json: {user: "u${vu}"}, expect: {status: 200}, capture: {token: token}}
flow:
  - {name: create, request: POST /items, headers: {X: "${token}"}, expect: {status: 200}, capture: {id: id}}
  - {name: get, request: "GET /items/${id}", headers: {X: "${token}"}, expect: {status: 200}}
`))
	if err != nil {
		t.Fatal(err)
	}
	const users = 4
	u, err := NewUsers(s, Options{Connections: users, Duration: time.Hour, Timeout: time.Minute}, "r1", nil)
	if err != nil {
		t.Fatal(err)
	}
	made := 0
	do := func(raw []byte) (int, http.Header, []byte, error) {
		r := readRequest(t, raw)
		switch {
		case r.URL.Path == "/login":
			user, _ := object(t, r.body)["user"].(string)
			return 200, nil, fmt.Appendf(nil, `{"token":"t-%s"}`, user), nil
		case r.Method == http.MethodPost:
			made++
			return 200, nil, fmt.Appendf(nil, `{"id":"%s-%d"}`, r.Header.Get("X"), made), nil
		}
		if !strings.HasPrefix(r.URL.Path, "/items/"+r.Header.Get("X")+"-") {
			t.Errorf("%s asks for %s", r.Header.Get("X"), r.URL.Path)
		}
		return 200, nil, nil, nil
	}
	var steps []string
	for range 5 { // setup, and two iterations
		for user := range users {
			e, _, err := u.Next(user, do)
			if err != nil || len(e.Unmet) > 0 {
				t.Fatal(e.Step, e.Unmet, err)
			}
			if user == 0 {
				steps = append(steps, e.Step)
			}
		}
	}
	if want := []string{"login", "create", "get", "create", "get"}; !slices.Equal(steps, want) || made != 2*users {
		t.Errorf("%q, %d items", steps, made)
	}
}
