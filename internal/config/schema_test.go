package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"taskbench/internal/hosts"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("taskbench.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("taskbench.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

type object = map[string]any

// tables are the mappings of the format, each with a file around it.
func tables() map[string]struct {
	keys []yamlfile.Key
	file func(object) object
} {
	type place = struct {
		keys []yamlfile.Key
		file func(object) object
	}
	return map[string]place{
		"root":       {rootKeys(nil, "", nil, new(Config)), func(m object) object { return m }},
		"run":        {runKeys(nil, new(Config)), func(m object) object { return object{"run": m} }},
		"host":       {hostKeys(nil, new(hosts.Host)), func(m object) object { return object{"hosts": []any{m}} }},
		"hosts here": {hereKeys(nil, nil), func(m object) object { return object{"hosts": m} }},
		"target": {targetKeys(nil, "", new(server.Spec)), func(m object) object {
			if m["url"] == nil {
				m["url"] = "http://localhost:1"
			}
			return object{"targets": object{"a": m}}
		}},
	}
}

// someValues are one of every kind and of every form that some key has, right and wrong.
var someValues = []any{
	nil, true, false, 3, 0, -1, 2.5, 70_000, "x", "", "/p", "10ms", "0", "10", "10 parsecs", "1m 30s", "auto", "taskflow", "halves", "0:1", "http://h", "https://h:1/", "ftp://h",
	[]any{}, []any{"x"}, []any{3}, []any{3, 3}, []any{""}, []any{nil}, []any{object{}},
	object{}, object{"a": "x"}, object{"a": 3}, object{"a": nil}, object{"a": object{}}, object{"a": object{"url": "http://h"}}, object{"a/b": object{"url": "http://h"}}, object{"a": object{"zzz": 1}},
	object{"a=b": "x"}, object{"pairs": 3}, object{"pairs": "many"}, object{"seed": -1}, object{"zzz": 1},
}

// What the reader takes, the schema takes; what is wrong in a type, in a word of
// a few or in a key, both refuse.
func TestSchemaAndReaderAgree(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	taken := map[bool]int{}
	for name, table := range tables() {
		names := []string{"zzz"}
		for _, k := range table.keys {
			names = append(names, k.Name)
			if k.About == "" || k.Form == nil {
				t.Errorf("%s: %s has no description or form", name, k.Name)
			}
		}
		for _, key := range names {
			for _, v := range someValues {
				text, err := json.Marshal(table.file(object{key: v}))
				if err != nil {
					t.Fatal(err)
				}
				_, read := Parse(FileName, text)
				doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
				if err != nil {
					t.Fatal(err)
				}
				checked := schema.Validate(doc)
				taken[checked == nil]++
				switch {
				case read == nil && checked != nil:
					t.Errorf("the reader takes what the schema refuses: %s\n%v", text, checked)
				case read != nil && checked == nil && !needsMore(read):
					t.Errorf("the schema takes what the reader refuses: %s\n%v", text, read)
				}
			}
		}
	}
	if taken[true] < 150 || taken[false] < 300 {
		t.Errorf("%d documents fit and %d do not: too few to say anything", taken[true], taken[false])
	}
}

// needsMore reports whether all that the reader says takes more than a schema
// knows: the rest of the file, this machine, lengths of time, what a URL names.
func needsMore(err error) bool {
	var list source.List
	return errors.As(err, &list) && !slices.ContainsFunc(list, func(e *source.Error) bool {
		for _, words := range []string{"is none of the targets", "pin:", "must be at ", "has no port", "has a path", "names no host"} {
			if strings.Contains(e.Message, words) {
				return false
			}
		}
		return true
	})
}

// The sample of docs/configuration.md and what init writes fit.
func TestSchemaOfWhatIsWritten(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	var text bytes.Buffer
	if err := Default().Write(&text); err != nil {
		t.Fatal(err)
	}
	doc := plain(yamlfile.NewReader(FileName, text.Bytes()).Parse())
	if err := schema.Validate(doc); err != nil {
		t.Errorf("%v\n%s", err, &text)
	}
	for _, wrong := range []object{{"suite": "taskflow", "scenarios": "x"}, {"targets": object{"a": object{"start": "x"}}}} {
		if schema.Validate(map[string]any(wrong)) == nil {
			t.Errorf("%v fits", wrong)
		}
	}
}

// plain is a file's tree as JSON has it; numbers stay text.
func plain(n *yamlfile.Node) any {
	switch n.Kind {
	case yamlfile.Mapping:
		m := object{}
		for _, p := range n.Pairs {
			m[p.Key] = plain(p.Value)
		}
		return m
	case yamlfile.Sequence:
		list := []any{}
		for _, item := range n.Items {
			list = append(list, plain(item))
		}
		return list
	}
	return n.Text
}
