package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const overridden = `
name: o
vars: {user: ann, prefix: /v1}
setup:
  - {name: login, request: POST /login, json: {u: "${user}"}, capture: {token: token}}
flow:
  - name: create
    request: POST ${raw(prefix)}/items
    headers: {Authorization: "Bearer ${token}", X-A: a}
    json: {n: 1}
    expect: {status: 201}
  - {name: touch, request: PATCH /items}
  - {name: delete, request: DELETE /items, expect: {status: [200, 204]}}
overrides:
  rust:
    vars: {user: bob}
    steps:
      login: {capture: {token: data.token}}
      create: {path: /v2/items, headers: {x-a: b}, form: {n: 1}, expect: {status: 2xx, json: {id: exists}}}
      touch: {skip: true}
      delete: {request: POST /items/delete}
`

func TestFor(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, overridden)
	before := s.Hash
	rust := s.For("rust")
	want := []string{
		`var user is "bob" instead of "ann"`,
		`step "login" sends another body`,
		`step "login" captures token from data.token instead of token from token`,
		`step "create" sends POST /v2/items instead of POST /v1/items`,
		`step "create" sends other headers`,
		`step "create" sends another body`,
		`step "create" expects status 2xx, json id exists instead of status 201`,
		`step "touch" is left out`,
		`step "delete" sends POST /items/delete instead of DELETE /items`,
	}
	if diff := cmp.Diff(want, rust.Overridden()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := shape(rust.Setup[0].Body.Content); got != `{"u":"bob"}` {
		t.Errorf("the var is not in: %s", got)
	}
	create := rust.Steps[0]
	if create.Method != "POST" || create.Body.Kind != FormBody || len(create.Headers) != 2 || create.Headers[1].Value.String() != "b" {
		t.Errorf("create: %+v", create)
	}
	if delete := rust.Steps[1]; delete.Name != "delete" || delete.Expect.String() != "status 200 or 204" {
		t.Errorf("what is not overridden must stay: %+v", delete)
	}
	if len(s.Steps) != 3 || s.Overridden() != nil || s.Steps[0].Path.String() != "/v1/items" {
		t.Error("the scenario itself was changed")
	}
	if rust.Hash != before {
		t.Error("targets of one scenario share its hash")
	}
	override := s.Overrides["rust"]
	if !override.Steps["touch"].Skip || *override.Steps["delete"].Method != "POST" || override.Vars["user"] != "bob" {
		t.Errorf("summary: %+v", override)
	}
}

func TestForKeepsTheLoadOfFlags(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, overridden)
	s.Load.Connections = []int{3}
	if got := s.For("rust").Load.Connections[0]; got != 3 {
		t.Errorf("connections %d", got)
	}
	if other := s.For("go"); len(other.Steps) != 3 || len(other.Overridden()) != 0 {
		t.Errorf("a target without overrides gets the scenario as it is: %+v", other)
	}
}

func TestHash(t *testing.T) {
	t.Parallel()
	text := strings.TrimPrefix(overridden, "\n")
	base := mustLoad(t, text).Hash
	same := map[string]func(string) string{
		"title and comment": func(s string) string { return "# hello\ntitle: other\ntags: [x]\n" + s },
		"load level":        func(s string) string { return "load: {connections: 99, duration: 1s}\n" + s },
		"expected":          func(s string) string { return s + "expected: {p95: < 1ms}\n" },
		"key order": func(s string) string {
			return strings.Replace(s, "{name: touch, request: PATCH /items}", "{request: PATCH /items, name: touch}", 1)
		},
		"name of a var": func(s string) string { return strings.NewReplacer("prefix", "base").Replace(s) },
	}
	for name, change := range same {
		if got := mustLoad(t, change(text)).Hash; got != base {
			t.Errorf("%s must not change the hash", name)
		}
	}
	replace := func(old, new string) func(string) string {
		return func(s string) string {
			if !strings.Contains(s, old) {
				t.Errorf("no %q to replace", old)
			}
			return strings.Replace(s, old, new, 1)
		}
	}
	differ := map[string]func(string) string{
		"var":              replace("user: ann", "user: ben"),
		"body":             replace("json: {n: 1}", "json: {n: 2}"),
		"type in body":     replace("json: {n: 1}", `json: {n: "1"}`),
		"header":           replace("X-A: a", "X-A: c"),
		"path":             replace("PATCH /items", "PATCH /items/"),
		"expectation":      replace("status: 201", "status: 200"),
		"capture":          replace("{token: token}", "{token: jwt}"),
		"think":            func(s string) string { return "load: {think: 1ms}\n" + s },
		"timeout":          func(s string) string { return "load: {timeout: 1s}\n" + s },
		"override":         replace("user: bob", "user: rob"),
		"override's steps": replace("{skip: true}", "{request: PUT /items}"),
	}
	seen := map[string]string{base: "the scenario"}
	for name, change := range differ {
		got := mustLoad(t, change(text)).Hash
		if other, taken := seen[got]; taken {
			t.Errorf("%s hashes like %s", name, other)
		}
		seen[got] = name
	}
}

// TestHashSeesEveryPart: a scenario in which everything is said that an answer
// can be held to; each part of it alone changes the hash.
func TestHashSeesEveryPart(t *testing.T) {
	t.Parallel()
	const text = `name: parts
setup:
  - {name: enter, request: POST /in, capture: {id: a.b}}
mix:
  - name: get
    weight: 2
    request: GET /a/${seq}/${id}
    headers: {X-Sent: x}
    expect: {status: [200, 2xx], headers: {X-Kind: {contains: js}}, json: {a.b: {matches: "^1"}}, body: {contains: ok}}
  - name: put
    request: PUT /b
    body: text
    expect: {status: 201}
    think: 5ms
`
	base := mustLoad(t, text).Hash
	seen := map[string]string{base: "nothing"}
	for _, c := range [][2]string{
		{"X-Kind", "X-Other"}, {"contains: js", "contains: xml"}, {"contains: js", "matches: js"}, {"X-Sent", "X-Asked"}, {"X-Sent: x", "X-Sent: y"},
		{"a.b: {", "a.c: {"}, {`matches: "^1"`, `matches: "^2"`}, {`matches: "^1"`, `contains: "^1"`}, {"contains: ok", "contains: fine"}, {"200, 2xx", "200"},
		{"id: a.b", "id: a.c"}, {"weight: 2", "weight: 3"}, {"name: put", "name: set"}, {"body: text", "body: test"},
		{"PUT", "POST"}, {"5ms", "6ms"}, {"5ms", "{mean: 5ms, distribution: uniform}"}, {"${seq}", "${vu}"}, {"status: 201", "status: 202"},
	} {
		if !strings.Contains(text, c[0]) {
			t.Errorf("no %q to change", c[0])
		}
		got := mustLoad(t, strings.Replace(text, c[0], c[1], 1)).Hash
		if other, taken := seen[got]; taken {
			t.Errorf("%q to %q hashes like %s", c[0], c[1], other)
		}
		seen[got] = c[1]
	}
}

func TestHashSeesDataFiles(t *testing.T) {
	t.Parallel()
	text := "name: d\ndata: {p: {file: p.csv}}\nrequest: {request: 'POST /${p.a}', body_file: b.bin}\n"
	a := mustLoad(t, text, "p.csv", "a\n1\n", "b.bin", "\xff")
	b := mustLoad(t, text, "p.csv", "a\n2\n", "b.bin", "\xff")
	c := mustLoad(t, text, "p.csv", "a\n1\n", "b.bin", "\xfe")
	if a.Hash == b.Hash || a.Hash == c.Hash || len(a.Hash) != 64 {
		t.Errorf("hashes %s %s %s", a.Hash, b.Hash, c.Hash)
	}
}

func TestExpectationsTakeVars(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, `
name: v
vars: {n: 5, who: ann, none: ~}
request:
  request: GET /
  expect: {json: {a: "${n}", b: "${ who }", c: "n is ${n}", d: "${none}", e: {contains: "${who}"}}}
`)
	want := "status below 400, json a equals 5, json b equals \"ann\", json c equals \"n is 5\", json d equals null, json e contains \"ann\""
	if got := s.Steps[0].Expect.String(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// A single request without a name has the scenario's, for overrides too.
func TestOverrideOfANamelessRequest(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, "name: x\nrequest: GET /a\noverrides: {b: {steps: {x: {request: GET /b}}}}\n")
	if got := s.For("b").Steps[0].Path.String(); got != "/b" {
		t.Errorf("it sends %s", got)
	}
	if got := s.For("b").Overridden(); len(got) != 1 {
		t.Errorf("differences: %q", got)
	}
}
