package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const commonFile = `
vars: {base: /api, user: nobody}
headers: {Accept: application/json, X-Api-Key: abc}
expect: {status: 200, json: {error: absent}}
load: {duration: 5s, think: 3ms}
setup:
  - {name: login, request: "POST ${raw(base)}/login", json: {user: "${user}"}, capture: {token: token}}
steps:
  - name: list
    request: GET ${raw(base)}/items
    headers: {Authorization: "Bearer ${token}"}
    expect: {json: {"items.#": exists}}
  - {name: add, request: "POST ${raw(base)}/items", form: {a: 1}, expect: {status: 201}}
`

const composed = `
name: shop
include: common.yaml
vars: {user: ann}
headers: {accept: text/html}
load: {duration: 2s}
setup:
  - {name: warm, request: GET /warm}
flow:
  - use: list
  - {use: list, name: again, think: 1ms, headers: {X-Api-Key: ~, authorization: none}, expect: {json: {error: exists}}}
  - {use: add, path: /v2/items, method: PUT, json: {b: 2}}
  - {name: own, request: GET /own, expect: {status: 404, body: {contains: x}}}
overrides:
  rust: {steps: {own: {expect: {status: 410}}}}
profiles:
  ci: {load: {connections: [1, 2], duration: 1s}, vars: {user: ci}, targets: [rust]}
  big: {load: {connections: 100}}
`

// lines writes what a scenario sends and expects, a line each step.
func lines(steps []Step) []string {
	var out []string
	for _, s := range steps {
		text := s.Name + ": " + s.Method + " " + s.Path.String()
		for _, h := range s.Headers {
			text += " | " + h.Name + ": " + h.Value.String()
		}
		out = append(out, text+" | "+s.Body.Content.String()+" | "+s.Expect.String())
	}
	return out
}

// A scenario is put together of an included file, of steps that it uses by name, and
// of headers and expectations of all steps; what is said nearest to a step goes before.
func TestCompose(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{"s.yaml": {Data: []byte(composed)}, "common.yaml": {Data: []byte(commonFile)}}
	s, err := LoadFS(fsys, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	const all = "status 200, json error absent"
	want := []string{
		`login: POST /api/login | X-Api-Key: abc | accept: text/html | {"user":"ann"} | ` + all,
		"warm: GET /warm | X-Api-Key: abc | accept: text/html |  | " + all,
		"list: GET /api/items | X-Api-Key: abc | accept: text/html | Authorization: Bearer ${token} |  | status 200, json items.# exists, json error absent",
		"again: GET /api/items | accept: text/html | authorization: none |  | status 200, json error exists, json items.# exists",
		`add: PUT /v2/items | X-Api-Key: abc | accept: text/html | {"b":2} | status 201, json error absent`,
		`own: GET /own | X-Api-Key: abc | accept: text/html |  | status 404, json error absent, body contains "x"`,
	}
	if diff := cmp.Diff(want, append(lines(s.Setup), lines(s.Steps)...)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if got := s.For("rust").Steps[3].Expect.String(); got != "status 410, json error absent" {
		t.Errorf("the override expects %q", got)
	}
	if s.Load.Duration != 2*time.Second || s.Load.Think.Mean != 3*time.Millisecond || s.Steps[1].Think.Mean != time.Millisecond || s.Profile != "" || s.Targets != nil {
		t.Errorf("load %+v, profile %q, targets %q", s.Load, s.Profile, s.Targets)
	}
}

// A profile takes the place of what the file says, in its load and vars.
func TestProfile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"s.yaml": composed, "common.yaml": commonFile} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "s.yaml")
	base, err := LoadFile(file, false)
	if err != nil {
		t.Fatal(err)
	}
	ci, err := LoadProfile(file, "ci", false)
	if err != nil {
		t.Fatal(err)
	}
	if !cmp.Equal(ci.Load.Connections, []int{1, 2}) || ci.Load.Duration != time.Second || ci.Load.Think.Mean != 3*time.Millisecond || !cmp.Equal(ci.Targets, []string{"rust"}) || ci.Profile != "ci" {
		t.Errorf("load %+v, targets %q", ci.Load, ci.Targets)
	}
	if got := lines(ci.Setup)[0]; !strings.Contains(got, `"user":"ci"`) || ci.Hash == base.Hash {
		t.Errorf("%s sends %s", ci.Hash, got)
	}
	big, err := LoadProfile(file, "big", false)
	if err != nil || big.Hash != base.Hash || big.Load.Duration != 2*time.Second {
		t.Errorf("%v: the load is in the hash, or %+v", err, big.Load)
	}
	if err := CheckProfile("ci", []*Scenario{base}); err == nil || CheckProfile("ci", []*Scenario{base, ci}) != nil || CheckProfile("", nil) != nil {
		t.Errorf("none has it: %v", err)
	}
}

// What is common changes the hash as if it were written in each step.
func TestComposedHash(t *testing.T) {
	t.Parallel()
	load := func(text string) *Scenario {
		t.Helper()
		s, err := loadText(text)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	apart := load("name: x\nheaders: {A: b}\nexpect: {status: 200}\nrequest: GET /\n")
	written := load("name: x\nrequest: {request: GET /, headers: {A: b}, expect: {status: 200}}\n")
	if apart.Hash != written.Hash {
		t.Error("hashes differ")
	}
	if other := load("name: x\nheaders: {A: c}\nexpect: {status: 200}\nrequest: GET /\n"); other.Hash == apart.Hash {
		t.Error("another common header does not change the hash")
	}
}

// A mistake in an included file is shown where it is.
func TestMistakesOfIncludedFiles(t *testing.T) {
	t.Parallel()
	for common, want := range map[string]string{
		"steps:\n  - {name: a, request: GET items}\n": "common.yaml:2:28: a path must start with /: \"items\"\n    2 |   - {name: a, request: GET items}\n",
		"vars: {v: [1]}\n":                            "common.yaml:1:11: var v must be one value, not a list\n    1 | vars: {v: [1]}\n",
		"flow: []\n":                                  "common.yaml:1:1: an included file has no flow\n",
		"a: [\n":                                      "common.yaml:1:4: ",
		"steps: [{request: GET /}]\n":                 "common.yaml:1:9: a step of steps needs a name\n",
		"- a\n":                                       "common.yaml:1:1: the file must be a mapping of keys, not a list\n",
		"steps: [{name: a, request: 'GET /${nope}'}]\n": "common.yaml:1:32: ${nope} is not defined\n",
	} {
		_, err := LoadFS(fstest.MapFS{"s.yaml": {Data: []byte("name: s\ninclude: common.yaml\nflow:\n  - use: a\n")}, "common.yaml": {Data: []byte(common)}}, "s.yaml")
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", common, err, want)
		}
	}
}
