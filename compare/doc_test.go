package compare_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/words"
	"taskbench/results"
)

// docs/results.md names every key of the comparison's JSON and CSV.
func TestDocumentationNamesEveryKey(t *testing.T) {
	t.Parallel()
	var quoted []string
	for _, name := range []string{"results.md", "findings.md"} {
		text, err := os.ReadFile("../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(string(text), -1) {
			quoted = append(quoted, m[1])
		}
	}
	var load map[string]any
	if err := decodeInto(results.Load{Think: "x"}, &load); err != nil {
		t.Fatal(err)
	}
	known := func(key string) bool { _, ofLoad := load[key]; return ofLoad || slices.Contains(quoted, key) }
	for name, build := range cases {
		c, err := New(build(), lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var value any
		if err := json.Unmarshal([]byte(printed(t, c, writers["json"])), &value); err != nil {
			t.Fatal(err)
		}
		for _, k := range keysOf(value) {
			if !known(k) && !strings.ContainsAny(k, "0123456789") && k != "body" && k != "status" {
				t.Errorf("%s: key %q is not in docs/results.md", name, k)
			}
		}
	}
	for _, column := range words.Load(&Comparison{Targets: []lineup.Target{{}}}).Records.Header {
		if !known(column) {
			t.Errorf("column %q is not in docs/results.md", column)
		}
	}
}

func decodeInto(from, to any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, to)
}

// keysOf collects the keys of all objects within a JSON value.
func keysOf(value any) []string {
	var all []string
	switch v := value.(type) {
	case map[string]any:
		for k, inner := range v {
			all = append(append(all, k), keysOf(inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, keysOf(inner)...)
		}
	}
	return all
}
