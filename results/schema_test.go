package results

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/tidwall/gjson"
)

func TestJSONSchema(t *testing.T) {
	t.Parallel()
	text, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	schema := compile(t, text)
	whole, err := Encode(sampleDocument(t, "rust", "s1"))
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(value(t, whole)); err != nil {
		t.Errorf("a full document is not valid: %v", err)
	}
	for name, broken := range map[string]string{
		"missing key": strings.Replace(string(whole), `"session"`, `"sesion"`, 1),
		"wrong type":  strings.Replace(string(whole), `"schema": 1`, `"schema": "1"`, 1),
		"negative":    strings.Replace(string(whole), `"answers": 8000`, `"answers": -8000`, 1),
	} {
		if schema.Validate(value(t, []byte(broken))) == nil {
			t.Errorf("%s: valid", name)
		}
	}
	if got := gjson.GetBytes(text, "$defs.Trial.properties.throughput_per_s.description").Str; got != "good answers in the window over its length" {
		t.Errorf("description %q", got)
	}
}

// TestSchemaDescribes holds that what is measured beside speed is explained,
// every key.
func TestSchemaDescribes(t *testing.T) {
	t.Parallel()
	text, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"MemoryUse", "MemorySeries", "MemoryDetails", "CPUProfile", "HotFunction", "CPUUse", "CoreUse", "HeapProfile", "AllocationSite",
	} {
		properties := gjson.GetBytes(text, "$defs."+name+".properties")
		if len(properties.Map()) == 0 {
			t.Errorf("%s has no properties", name)
		}
		properties.ForEach(func(key, value gjson.Result) bool {
			if value.Get("description").Str == "" {
				t.Errorf("%s.%s has no description", name, key.Str)
			}
			return true
		})
	}
}

func compile(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("document.json", value(t, text)); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("document.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func value(t *testing.T, text []byte) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
