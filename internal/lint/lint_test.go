package lint

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"taskbench/scenarios"
)

// Each rule finds what it is for, at its place, and nothing in its neighbour.
func TestRules(t *testing.T) {
	t.Parallel()
	const calm = "load: {warmup: 2s}\n"
	const good = ", expect: {status: 200}"
	for _, c := range []struct{ text, want string }{
		{calm + "request: {request: GET /" + good + "}", ""},
		{"request: {request: GET /" + good + "}", ""}, // the warm-up is 2s where nothing says another
		{calm + "request: GET /", "no-expectation"},
		{calm + "flow: [{name: a, request: GET /, capture: {x: x}}, {name: b, request: \"GET /${x}\"" + good + "}]", ""},
		{calm + "request: {request: GET /, expect: {json: {a: exists}}}", ""},
		{"load: {warmup: 0s}\nrequest: {request: GET /" + good + "}", "short-warmup"},
		{"load: {warmup: 2s, think: 3s}\nrequest: {request: GET /" + good + "}", "short-warmup"},
		{"load: {warmup: 2s}\nflow: [{name: a, request: GET /" + good + ", repeat: {times: 5, wait: 1s}}]", "short-warmup"},
		{"load: {warmup: 2s, think: 1500ms}\nflow: [{name: a, request: GET /" + good + "}, {name: b, request: GET /b" + good + "}]", "short-warmup"},
		{calm + "request: {request: GET /, expect: {status: 100-599}}", "never-fails"},
		{calm + "request: {request: GET /, expect: {status: [2xx, 3xx, 4xx, 5xx]}}", "never-fails"},
		{calm + "request: {request: GET /, expect: {status: [2xx, 4xx, 5xx]}}", ""},
		{calm + "request: {request: GET /, expect: {status: 200, body: {matches: '.*'}}}", "never-fails"},
		{calm + "request: {request: GET /, expect: {status: 200, json: {a: {matches: 'x?'}}}}", "never-fails"},
		{calm + "request: {request: GET /, expect: {status: 200, json: {a: {matches: '^x?$'}}}}", ""},
		{calm + "request: {request: GET /" + good + ", repeat: {until: {status: 2xx}, max: 3, wait: 1s}}", "never-fails"},
		{calm + "request: {request: GET /, expect: {status: [200, 404]}, repeat: {until: {status: 200}, max: 3, wait: 1s}}", ""},
		{calm + "request: {request: GET /" + good + ", repeat: {until: {json: {a: 1}}, max: 3}}", "busy-polling"},
		{calm + "request: {request: GET /" + good + ", repeat: {until: {json: {a: 1}}, max: 3, wait: 10ms}}", ""},
		{calm + "request: {request: POST /a, expect: {status: 201}}", "grows"},
		{calm + "grows: [things]\nrequest: {request: POST /a, expect: {status: 201}}", ""},
		{calm + "request: {request: POST /api/login, json: {user: a, password: b}" + good + "}", "passwords"},
		{calm + "request: {request: POST /auth/token, form: {password: b}" + good + "}", "passwords"},
		{calm + "setup: [{name: in, request: POST /login, json: {password: b}" + good + "}]\nrequest: {request: GET /" + good + "}", ""},
		{calm + "request: {request: GET /login" + good + "}", ""},
		{calm + "lint: {passwords: because}\nrequest: {request: POST /login, json: {password: b}" + good + "}", "passwords (because)"},
		{calm + "lint: {passwords: because}\nrequest: {request: GET /" + good + "}", "lint"},
		{calm + "lint: {password: because}\nrequest: {request: GET /" + good + "}", "lint"},
		{created(`"u"`), "fixed-names ${iteration}"},
		{created(`"${vu}-${run}"`), "fixed-names ${iteration}"},
		{created(`"${run}-${iteration}"`), "fixed-names ${vu}"},
		{created(`"${vu}-${iteration}"`), "fixed-names ${run}"},
		{created(`"${run}-${vu}-${iteration}"`), ""},
		{created(`"${run}-${seq}"`), ""},
		{created(`"${uuid}"`), ""},
		{created(`"${name}"`), "fixed-names ${iteration}"},
		{inSetup(`"${run}-${vu}"`), ""},
		{inSetup(`"${run}"`), "fixed-names ${vu}"},
		{inSetup(`"bench-${vu}"`), "fixed-names ${run}"},
	} {
		var got []string
		for _, f := range Of(load(t, "name: x\n"+c.text)) {
			word := f.Rule
			if f.Why != "" {
				word += " (" + f.Why + ")"
			}
			if _, reference, found := strings.Cut(f.Problem.Hint, "build it from "); found {
				word += " " + reference
			}
			got = append(got, word)
			if f.Problem.Pos.Line < 1 || f.Problem.Hint == "" || f.Problem.Excerpt == "" {
				t.Errorf("%s\n%+v", c.text, f.Problem)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s\n%q, want %q", c.text, got, c.want)
		}
	}
}

// A status that each row expects is an expectation.
func TestExpectationByRow(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"s.yaml":    {Data: []byte("name: x\nload: {warmup: 2s}\ndata: {cases: {file: cases.csv}}\nrequest: {request: \"GET /${cases.path}\", expect: {status: \"${cases.status}\"}}\n")},
		"cases.csv": {Data: []byte("path,status\na,200\nb,404\n")},
	}
	s, err := scenarios.LoadFS(files, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if found := Of(s); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func created(email string) string {
	return "load: {warmup: 2s}\ngrows: [users]\nvars: {name: fixed}\nrequest: {request: POST /users, json: {nested: {email: " + email + "}, note: same}, expect: {status: 201}}"
}

func inSetup(email string) string {
	return "load: {warmup: 2s}\nsetup: [{name: in, request: POST /users, form: {email: " + email + ", b: c}, expect: {status: 201}}]\nrequest: {request: GET /, expect: {status: 200}}"
}

// The rules that the documentation lists are all that there are.
func TestDocsListRules(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range Rules {
		if row := "| `" + r.Name + "` | " + r.About + " |"; !strings.Contains(string(text), row) {
			t.Errorf("docs/scenarios.md does not have %s", row)
		}
	}
}
