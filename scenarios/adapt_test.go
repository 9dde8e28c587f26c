package scenarios

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const adaptive = `
name: a
vars: {scheme: "Bearer "}
flow:
  - {name: create, request: POST /items, headers: {Authorization: "${scheme}x"}, expect: {status: 201, json: {id: exists}}}
  - {name: delete, request: DELETE /items, expect: {status: 204}}
overrides:
  named: {steps: {delete: {expect: {status: 200}}}}
  old: {when: {create: 401, delete: [404, 5xx]}, vars: {scheme: "old "}}
  bare: {when: {create: 4xx}, vars: {scheme: ""}}
`

func TestAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		target   string
		statuses map[string]int
		want     string // the first sentence
	}{
		{"x", map[string]int{"create": 201, "delete": 404}, ""},
		{"x", nil, ""},
		{"x", map[string]int{"create": 403}, `overrides "bare" apply, because step "create" is answered with 4xx`},
		{"x", map[string]int{"create": 401}, `overrides "bare" apply, because step "create" is answered with 4xx`}, // delete was not asked
		{"x", map[string]int{"create": 401, "delete": 503}, `overrides "old" apply, because step "create" is answered with 401 and step "delete" is answered with 404 or 5xx`},
		{"bare", map[string]int{"create": 403}, `overrides "bare" apply, because step "create" is answered with 4xx`},
		{"named", map[string]int{"create": 201}, ""},
		{"named", map[string]int{"create": 403}, `overrides "bare" apply, because step "create" is answered with 4xx`},
	} {
		s := mustLoad(t, adaptive)
		copied := *s
		if got := copied.Answered(c.target, c.statuses); got != strings.HasPrefix(c.want, "overrides") {
			t.Errorf("%s %v: %v", c.target, c.statuses, got)
		}
		if got := s.For(c.target).Steps[1].Expect.String(); c.target == "named" && got != "status 200" {
			t.Errorf("what is named's by its name is lost: %s", got)
		}
		first := ""
		if got := s.For(c.target).Overridden(); len(got) > 0 && strings.HasPrefix(got[0], "overrides") {
			first = got[0]
		}
		if first != c.want {
			t.Errorf("%s %v: %q, want %q", c.target, c.statuses, first, c.want)
		}
		again := mustLoad(t, adaptive)
		again.Recall(c.target, s.For(c.target).Overridden())
		if diff := cmp.Diff(s.For(c.target).Overridden(), again.For(c.target).Overridden()); diff != "" {
			t.Errorf("%s %v: a stored run is remembered as another (-was +is)\n%s", c.target, c.statuses, diff)
		}
		if s.Answered(c.target, map[string]int{"create": 401, "delete": 500}) && first != "" {
			t.Errorf("%s changes its overrides once it has some", c.target)
		}
	}
}

// What when: says enters the hash, and mistakes in it are told.
func TestWhen(t *testing.T) {
	t.Parallel()
	if a, b := mustLoad(t, adaptive).Hash, mustLoad(t, strings.Replace(adaptive, "create: 4xx", "create: 403", 1)).Hash; a == b {
		t.Error("another condition has the same hash")
	}
	for wrong, want := range map[string]string{"{}": "when names no step", "{creat: 401}": `no step "creat"`, "{create: 99}": "a status is a number", "401": "when must be"} {
		if _, err := loadText(strings.Replace(adaptive, "{create: 4xx}", wrong, 1)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("when: %s: %v", wrong, err)
		}
	}
}

// An expectation written as YAML is read again as the same.
func TestExpectYAML(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"{status: 200}", "{status: [200, 2xx, 201-204]}", "{json: {id: exists, a.b: absent, \"0.id\": 5, n: null, t: \"x\"}}",
		"{status: 201, json: {s: {matches: \"^(a|b)$\"}, k: {type: \"string\"}, c: {contains: \"a, b: {c}\"}, e: {equals: exists}}}",
		"{headers: {X-A: \"1\"}, body: [{contains: \"a\\nb\"}, {matches: \"c\"}]}", "{json: {t: {contains: \"a\", matches: \"b\"}}}",
	} {
		load := func(expect string) Expect {
			return mustLoad(t, "name: x\nrequest: {request: GET /, expect: "+expect+"}\n").Steps[0].Expect
		}
		before := load(text)
		again := load(before.YAML())
		if before.String() != again.String() {
			t.Errorf("%s is written as %s, which is %s", text, before.YAML(), again)
		}
	}
}

func TestWithOverrides(t *testing.T) {
	t.Parallel()
	accepted := []Acceptance{{"delete", Expect{Statuses: []StatusRange{{200, 200}}}}}
	const flow = "name: x   # mine\nflow:\n  - {name: delete, request: DELETE /, expect: {status: 204}}"
	for _, c := range []struct{ before, want string }{
		{flow, flow + "\n\noverrides:\n  wj:\n    steps:\n      delete: {expect: {status: 200}}\n"},
		{flow + "\noverrides:  # so\n\n    rust: {steps: {delete: {expect: {status: 2xx}}}}\n",
			flow + "\noverrides:  # so\n    wj:\n      steps:\n        delete: {expect: {status: 200}}\n\n    rust: {steps: {delete: {expect: {status: 2xx}}}}\n"},
	} {
		got := string(WithOverrides([]byte(c.before), "wj", accepted))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if s := mustLoad(t, got); s.For("wj").Steps[0].Expect.String() != "status 200" {
			t.Errorf("it does not say what it should:\n%s", got)
		}
	}
	for _, there := range []string{"\noverrides: {rust: {steps: {delete: {expect: {status: 200}}}}}\n", "\noverrides:\n  wj: {steps: {delete: {expect: {status: 2xx}}}}\n"} {
		if _, err := loadText(string(WithOverrides([]byte(flow+there), "wj", accepted))); err == nil {
			t.Errorf("what stands there already is lost: %s", there)
		}
	}
}
