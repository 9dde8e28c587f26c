package scenarios

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	schema "github.com/santhosh-tekuri/jsonschema/v6"
)

func TestBuiltins(t *testing.T) {
	t.Parallel()
	want := []string{"auth", "health", "high-concurrency", "projects", "tasks", "workflow"}
	if diff := cmp.Diff(want, BuiltinNames()); diff != "" {
		t.Fatalf("-want +got\n%s", diff)
	}
	for _, name := range want {
		s, err := Builtin(name)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if s.Name != name || s.Description == "" || s.Title == s.Name || !slices.Contains(s.Tags, "taskflow") {
			t.Errorf("%s: name %q, title %q, description %q, tags %v", name, s.Name, s.Title, s.Description, s.Tags)
		}
		if err := s.Load.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.HasPrefix(s.Text, []byte("# ")) {
			t.Errorf("%s: people copy these files; start with a comment that explains it", name)
		}
		checkRegistrations(t, s)
	}
}

// A fixed username can be registered once: every registration must differ by
// run and virtual user, and within a flow by iteration.
func checkRegistrations(t *testing.T, s *Scenario) {
	t.Helper()
	for i, step := range slices.Concat(s.Setup, s.Steps) {
		if !strings.HasSuffix(step.Path.String(), "/auth/register") {
			continue
		}
		needed := []string{"${run}", "${vu}"}
		if i >= len(s.Setup) {
			needed = append(needed, "${iteration}")
		}
		for _, ref := range needed {
			if !strings.Contains(step.Body.Content.String(), ref) {
				t.Errorf("%s: step %s registers without %s", s.Name, step.Name, ref)
			}
		}
	}
}

// What a flow creates it deletes, so that lists do not grow while it runs.
func TestBuiltinFlowsCleanUp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"projects", "tasks", "workflow"} {
		s, err := Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{"rust", "windjammer", "other"} {
			open := 0
			for _, step := range s.For(target).Steps {
				switch {
				case step.Method == "DELETE":
					open--
				case step.Method == "POST" && !strings.HasSuffix(step.Path.String(), "/assign"):
					open++
				}
			}
			if open != 0 {
				t.Errorf("%s on %s leaves %d objects behind each iteration", name, target, open)
			}
		}
	}
}

// No name decides what a built-in scenario takes of a server, and what a server's
// answers decide is shown.
func TestBuiltinsKnowServersByTheirAnswers(t *testing.T) {
	t.Parallel()
	for name, step := range map[string]string{"auth": "me", "projects": "create", "tasks": "project", "workflow": "create-project"} {
		s, err := Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{"rust", "windjammer", "bare-token"} {
			if got := s.For(target).Overridden(); len(got) > 0 {
				t.Errorf("%s: for a target called %s: %q", name, target, got)
			}
		}
		if s.Answered("rust", map[string]int{step: 201}) || !s.Answered("rust", map[string]int{step: 401}) {
			t.Errorf("%s: 401 to %s is what calls for a bare token", name, step)
		}
		got := s.For("rust").Adapted()
		if want := `overrides "bare-token" apply, because step "` + step + `" is answered with 401`; len(got) == 0 || got[0] != want {
			t.Errorf("%s: %q, want %q first", name, got, want)
		}
		if got := s.For("windjammer").Overridden(); len(got) > 0 {
			t.Errorf("%s: what one answers is not another's: %q", name, got)
		}
	}
}

func compiledSchema(t *testing.T) *schema.Schema {
	t.Helper()
	text, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := schema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := schema.NewCompiler()
	c.DefaultDraft(schema.Draft2020)
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// validate checks YAML text against the schema, as an editor does.
func validate(t *testing.T, s *schema.Schema, text []byte) error {
	t.Helper()
	asJSON, err := yaml.YAMLToJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := schema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(doc)
}

func TestSchema(t *testing.T) {
	t.Parallel()
	s := compiledSchema(t)
	for _, name := range BuiltinNames() {
		text, err := embedded.ReadFile(name + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, text := range []string{whole, overridden} {
		if err := validate(t, s, []byte(text)); err != nil {
			t.Errorf("%v in\n%s", err, text)
		}
	}
	for name, text := range map[string]string{
		"unknown key":      "name: x\nrequest: GET /\ntitel: y\n",
		"unknown step key": "name: x\nflow: [{name: a, request: GET /, header: {}}]\n",
		"weight in a flow": "name: x\nflow: [{name: a, request: GET /, weight: 1}]\n",
		"no name":          "request: GET /\n",
		"no steps":         "name: x\n",
		"two modes":        "name: x\nrequest: GET /\nflow: [{name: a, request: GET /}]\n",
		"bad method":       "name: x\nrequest: FETCH /\n",
		"bad duration":     "name: x\nload: {duration: soon}\nrequest: GET /\n",
		"bad status":       "name: x\nrequest: {request: GET /, expect: {status: 20}}\n",
		"bad matcher":      "name: x\nrequest: {request: GET /, expect: {json: {a: {equls: 1}}}}\n",
		"unknown metric":   "name: x\nrequest: GET /\nexpected: {p96: < 1ms}\n",
	} {
		if validate(t, s, []byte(text)) == nil {
			t.Errorf("%s is accepted by the schema", name)
		}
		if _, err := loadText(text); err == nil {
			t.Errorf("%s is accepted by the loader", name)
		}
	}
}

// What the documentation shows as a scenario, an editor takes for one.
func TestSchemaAcceptsTheDocs(t *testing.T) {
	t.Parallel()
	s := compiledSchema(t)
	found := 0
	for _, page := range []string{"../README.md", "../docs/scenarios.md", "../docs/design.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1) {
			if !regexp.MustCompile(`(?m)^name:`).Match(block[1]) {
				continue // a part of one
			}
			if found++; validate(t, s, block[1]) != nil {
				t.Errorf("%s: %v in\n%s", page, validate(t, s, block[1]), block[1])
			}
		}
	}
	if found == 0 {
		t.Error("no scenario found")
	}
}

// Casts, raw() and numbers as text are all right for an editor.
func TestSchemaAcceptsReferences(t *testing.T) {
	t.Parallel()
	text := "name: x\ndata: {p: {file: p.csv}}\nvars: {base: /api, n: 1.50}\nexpected: {p95: < 10ms, throughput: 1000/s, errors: 0}\n" +
		"flow:\n  - name: a\n    request: GET ${raw(base)}/${raw(p.path)}\n    json: {a: \"${int(p.a)}\", b: [\"${bool(p.b)}\"], c: \"${number(n)}\", d: \"${json(p.d)}\", e: \"${text(n)}\"}\n" +
		"    expect: {status: [200, 2xx], json: {\"items[0].id\": \"${n}\", \"data['x']\": exists, \"$.n\": 1}}\n"
	if err := validate(t, compiledSchema(t), []byte(text)); err != nil {
		t.Error(err)
	}
	open := func(string, int64) ([]byte, error) { return []byte("path;a;b;d\nx/y;1;true;[1]\n"), nil }
	if _, err := parse("x.yaml", []byte(text), "", open); err != nil {
		t.Errorf("the loader does not take it: %v", err)
	}
}

// A limit is written in decimal, as every number is.
func TestLimitsInDecimal(t *testing.T) {
	t.Parallel()
	for _, limit := range []string{"throughput: 010/s", "throughput: 0x1F/s", "throughput: 1_000/s", "throughput: 1:30/s", "errors: 010%", "errors: 00", "throughput: 01k/s"} {
		if _, err := loadText("name: x\nrequest: GET /\nexpected: {" + limit + "}\n"); err == nil || !strings.Contains(err.Error(), "is no limit for") {
			t.Errorf("%s: %v", limit, err)
		}
	}
	for _, limit := range []string{"throughput: 0.5k/s", "throughput: 10/s", "throughput: '> 0'", "errors: 0", "errors: 0.1%", "errors: 10%"} {
		if _, err := loadText("name: x\nrequest: GET /\nexpected: {" + limit + "}\n"); err != nil {
			t.Errorf("%s: %v", limit, err)
		}
	}
}

func TestSchemaIsStable(t *testing.T) {
	t.Parallel()
	a, errA := JSONSchema()
	b, errB := JSONSchema()
	if errA != nil || errB != nil || !bytes.Equal(a, b) || !json.Valid(a) {
		t.Errorf("%v %v", errA, errB)
	}
}
