package scenarios

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"taskbench/internal/source"
)

type object = map[string]any

// places are where the tables of the format stand in a scenario: a whole file
// around a mapping, and what that mapping has at least.
var places = map[string]struct {
	file  func(object) object
	least object
}{
	"scenario":   {func(m object) object { return m }, object{"name": "x", "request": "GET /"}},
	"load":       {inRequest("load"), object{}},
	"think":      {func(m object) object { return inRequest("load")(object{"think": m}) }, object{"mean": "1ms"}},
	"stage":      {func(m object) object { return inRequest("load")(object{"stages": []any{m}}) }, object{"duration": "1s", "rate": "5/s"}},
	"feeder":     {func(m object) object { return inRequest("data")(object{"d": m}) }, object{"file": "d.csv"}},
	"setup":      {inRequestList("setup"), object{"name": "s", "request": "GET /"}},
	"setupRules": {inRequest("setup"), object{"steps": []any{object{"name": "s", "request": "GET /"}}}},
	"step":       {func(m object) object { return object{"name": "x", "flow": []any{m}} }, object{"name": "s", "request": "GET /"}},
	"mix":        {func(m object) object { return object{"name": "x", "mix": []any{m}} }, object{"name": "s", "request": "GET /"}},
	"request":    {func(m object) object { return object{"name": "x", "request": m} }, object{"request": "GET /"}},
	"journey":    {func(m object) object { return object{"name": "x", "mix": []any{m}} }, object{"name": "j", "flow": []any{object{"name": "s", "request": "GET /"}}}},
	"each": {func(m object) object {
		return object{"name": "x", "flow": []any{object{"name": "a", "request": "GET /", "capture": object{"ids": "ids"}}, object{"name": "s", "request": "GET /", "for_each": m}}}
	}, object{"list": "${ids}"}},
	"repeat": {func(m object) object { return object{"name": "x", "request": object{"request": "GET /", "repeat": m}} }, object{}},
	"retry":  {func(m object) object { return object{"name": "x", "request": object{"request": "GET /", "retry": m}} }, object{"times": 3}},
	"expect": {func(m object) object { return object{"name": "x", "request": object{"request": "GET /", "expect": m}} }, object{}},
	"matcher": {func(m object) object {
		return object{"name": "x", "request": object{"request": "GET /", "expect": object{"json": object{"a": m}}}}
	}, object{"equals": "y"}},
	"textMatcher": {func(m object) object {
		return object{"name": "x", "request": object{"request": "GET /", "expect": object{"body": m}}}
	}, object{"equals": "y"}},
	"graphql": {func(m object) object {
		return object{"name": "x", "request": object{"request": "POST /", "graphql": m}}
	}, object{"query": "{a}"}},
	"part": {func(m object) object {
		return object{"name": "x", "request": object{"request": "POST /", "multipart": object{"p": m}}}
	}, object{}},
	"tls": {inRequest("tls"), object{}},
	"profile": {func(m object) object {
		return object{"name": "x", "request": "GET /", "vars": object{"a": 1}, "profiles": object{"ci": m}}
	}, object{}},
	"captureFrom": {func(m object) object {
		return object{"name": "x", "flow": []any{object{"name": "s", "request": "GET /", "capture": object{"c": m}}}}
	}, object{"json": "a"}},
	"expected": {inFlow("expected"), object{}},
	"bounds":   {func(m object) object { return inFlow("expected")(object{"steps": object{"s": m}}) }, object{}},
	"override": {func(m object) object { return inFlow("overrides")(object{"t": m}) }, object{}},
	"changes":  {func(m object) object { return inFlow("overrides")(object{"t": object{"steps": object{"s": m}}}) }, object{}},
}

func inRequest(key string) func(object) object {
	return func(m object) object { return object{"name": "x", "request": "GET /", key: m} }
}

func inRequestList(key string) func(object) object {
	return func(m object) object { return object{"name": "x", "request": "GET /", key: []any{m}} }
}

func inFlow(key string) func(object) object {
	return func(m object) object {
		steps := []any{object{"name": "s", "request": "GET /"}, object{"name": "t", "request": "GET /"}}
		return object{"name": "x", "vars": object{"a": 1}, "flow": steps, key: m}
	}
}

// someValues are one of every kind and of every form that some key has, right and wrong.
var someValues = []any{
	nil, true, false, 3, 0, -1, 2.5, 1e9, "x", "GET /", "get /", "/p", "p", "10ms", "0", "10", "< 10ms", "10 parsecs", "auto", "200", "2xx", "9xx", "exists",
	"data.csv", "sequential", "exponential", "string", "POST", "HEAD", "random", "last", -2, "(x)",
	[]any{}, []any{"x"}, []any{3}, []any{3, 3}, []any{200, "2xx"}, []any{object{}}, []any{nil},
	object{}, object{"a": "x"}, object{"a": 3}, object{"a": nil}, object{"a": []any{}}, object{"a": object{"zzz": 1}},
	object{"mean": "1ms"}, object{"contains": "x"}, object{"type": "string"}, object{"a": object{"type": "string"}}, object{"a": []any{"x", 3}}, object{"a": []any{object{}}}, object{"file": "d.csv"}, object{"s": object{"skip": true}}, object{"s": object{"p50": "1ms"}},
}

// What is wrong in the type of a value, in a word of a few or in a key, the
// schema refuses and the loader refuses; what the loader takes, the schema takes.
func TestSchemaAndLoaderAgree(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	all := tables()
	all["scenario"] = new(reader).scenarioFields(new(Scenario), new(document))
	if left := slices.DeleteFunc(slices.Collect(maps.Keys(all)), func(name string) bool { return places[name].file != nil }); len(left) > 0 {
		t.Fatalf("nothing is known of where %v stand", left)
	}
	both := map[bool]int{}
	for name, table := range all {
		for _, key := range append(keysOf(table), "zzz") {
			for _, v := range someValues {
				text := fileWith(name, key, v)
				_, loaded := loadText(string(text), "d.csv", "a,b\n1,2\n", "data.csv", "a\n1\n", "x", "")
				checked := validate(t, schema, text)
				both[checked == nil]++
				switch {
				case loaded == nil && checked != nil:
					t.Errorf("%s: the loader takes what the schema refuses: %s\n%v", name, text, checked)
				case loaded != nil && checked == nil && ofShape(loaded):
					t.Errorf("%s: the schema takes what the loader refuses: %s\n%v", name, text, loaded)
				}
			}
		}
	}
	if both[true] < 300 || both[false] < 300 {
		t.Errorf("%d documents fit and %d do not: too few to say anything", both[true], both[false])
	}
}

// fileWith is a file in which a mapping has one more key, or another value of one.
func fileWith(place, key string, value any) []byte {
	p := places[place]
	m := maps.Clone(p.least)
	switch key {
	case "method":
		m["path"] = "/"
		delete(m, "request")
	case "path", "flow", "mix":
		delete(m, "request")
	}
	m[key] = value
	text, err := json.Marshal(p.file(m))
	if err != nil {
		panic(err)
	}
	return text
}

// ofShape reports whether a loader's problem is one of those that need nothing
// but the value: its type, a word, a key.
func ofShape(err error) bool {
	var list source.List
	if !errors.As(err, &list) {
		return true
	}
	return slices.ContainsFunc(list, func(e *source.Error) bool {
		for _, words := range []string{"unknown key", "unknown method", "unknown pick", "unknown distribution", "unknown metric", "must be ", "cannot be compared ", "needs a", "the list of"} {
			if strings.Contains(e.Message, words) && !strings.Contains(e.Message, "must be at ") { // lengths of time are compared by the loader alone
				return !strings.Contains(e.Message, "the file must be") // what another file holds is not of the value's shape
			}
		}
		return false
	})
}
