package scenarios

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"
)

var fenced = regexp.MustCompile("(?ms)^```yaml( fragment)?\n(.*?)^```$")

// Every scenario of the documentation loads and fits the schema; fragments are
// YAML, and load as part of a small scenario.
func TestDocs(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	schema := compiledSchema(t)
	blocks := fenced.FindAllStringSubmatch(string(text), -1)
	if len(blocks) < 10 {
		t.Fatalf("found %d blocks of YAML", len(blocks))
	}
	for _, block := range blocks {
		content := block[2]
		if block[1] != "" {
			content = complete(t, content)
		}
		fsys := fstest.MapFS{
			"s.yaml":     {Data: []byte(content)},
			"people.csv": {Data: []byte("email,password\na@x,1\nb@x,2\n")},
			"big.json":   {Data: []byte("{}")},
		}
		if _, err := LoadFS(fsys, "s.yaml"); err != nil {
			t.Errorf("%v\nin\n%s", err, content)
		}
		if err := validate(t, schema, []byte(content)); err != nil {
			t.Errorf("%v\nin\n%s", err, content)
		}
	}
}

// complete makes a scenario of a fragment: a section of one, or of its step.
func complete(t *testing.T, fragment string) string {
	t.Helper()
	var top map[string]any
	if err := yaml.Unmarshal([]byte(fragment), &top); err != nil {
		t.Fatalf("%v\nin\n%s", err, fragment)
	}
	if _, ofStep := top["expect"]; ofStep {
		indented := "  " + strings.ReplaceAll(strings.TrimSpace(fragment), "\n", "\n  ")
		return "name: fragment\nrequest:\n  request: GET /\n" + indented + "\n"
	}
	return "name: fragment\nrequest: GET /\n" + fragment
}

// The built-in references and the metrics the documentation lists are all
// there are.
func TestDocsListEverything(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for name := range builtins {
		words = append(words, "${"+name)
	}
	for metric, q := range metricsOf(false) {
		if q == latency {
			words = append(words, "`"+metric+"`")
		}
	}
	words = append(words, Methods...)
	for _, word := range words {
		if !strings.Contains(string(text), word) {
			t.Errorf("docs/scenarios.md does not name %s", word)
		}
	}
}
