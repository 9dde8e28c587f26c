package scenarios

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/goccy/go-yaml"

	"taskbench/internal/yamlfile"
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
	common := regexp.MustCompile("(?ms)^```yaml common.yaml\n(.*?)^```$").FindStringSubmatch(string(text))
	if common == nil {
		t.Fatal("there is no included file")
	}
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
			"s.yaml":      {Data: []byte(content)},
			"people.csv":  {Data: []byte("email,password\na@x,1\nb@x,2\n")},
			"common.yaml": {Data: []byte(common[1])},
			"cases.jsonl": {Data: []byte(`{"path": "/items/1", "status": 200, "name": "chair", "price": 10}`)},
			"photo.png":   {Data: []byte("x")},
			"pages.csv":   {Data: []byte("path\n/hats\nhttps://shop.example/shoes?size=42\n")},
			"big.json":    {Data: []byte("{}")},
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
	for name := range functions {
		words = append(words, "${"+name+"(")
	}
	for _, name := range append(modifiers, "item") {
		words = append(words, "${"+name+"(")
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

// loadRow is a line of the table of loads: key, range, default.
var loadRow = regexp.MustCompile("(?m)^\\| `(\\w+)` \\|.*\\| (\\S+) to (\\S+) \\| (\\S+) \\|$")

// The ranges and defaults of loads are those of docs/scenarios.md: both ends are
// taken, and what lies beyond is not.
func TestDocumentedLoads(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/scenarios.md")
	if err != nil {
		t.Fatal(err)
	}
	take := func(key, value string) error {
		_, err := LoadFS(fstest.MapFS{"s.yaml": {Data: []byte("name: s\nrequest: GET /\nload: {" + key + ": " + value + "}\n")}}, "s.yaml")
		return err
	}
	beyond := map[string][]string{
		"connections": {"0", "60001"}, "duration": {"99ms", "24h1ms"}, "warmup": {"-1ms", "24h1ms"},
		"timeout": {"999us", "120001ms"}, "think": {"-1ms", "1h1ms"},
	}
	defaults := map[string]string{
		"connections": fmt.Sprint(DefaultLoad.Connections[0]), "duration": yamlfile.FormatDuration(DefaultLoad.Duration),
		"warmup": yamlfile.FormatDuration(DefaultLoad.Warmup), "timeout": yamlfile.FormatDuration(DefaultLoad.Timeout), "think": "none",
	}
	rows := 0
	for _, row := range loadRow.FindAllStringSubmatch(string(text), -1) {
		key, ends := row[1], row[2:4]
		if beyond[key] == nil {
			continue // threads: to as many as connections
		}
		rows++
		if row[4] != defaults[key] {
			t.Errorf("%s: %s by default, documented is %s", key, defaults[key], row[4])
		}
		for i, end := range ends {
			if err := take(key, end); err != nil {
				t.Errorf("%s: %s is documented, and refused: %v", key, end, err)
			}
			if take(key, beyond[key][i]) == nil {
				t.Errorf("%s: %s is taken, documented is from %s to %s", key, beyond[key][i], ends[0], ends[1])
			}
		}
	}
	if rows != len(beyond) {
		t.Errorf("%d rows of the table of loads, want %d", rows, len(beyond))
	}
	for mean, ok := range map[string]bool{"1h": true, "1h1ms": false} {
		if err := take("think", "{mean: "+mean+", distribution: exponential}"); (err == nil) != ok {
			t.Errorf("think: mean %s: %v", mean, err)
		}
	}
}
