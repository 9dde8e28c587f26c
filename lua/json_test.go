package lua

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tidwall/gjson"
)

// jsonTexts are answers in which the interesting value hides from a plain search.
var jsonTexts = []string{
	`{"id":1}`, ` { "id" : "a" } `, `{"user":{"id":7,"name":"x"},"id":2}`, `{"id":{"id":3}}`,
	`{"note":"\"id\":9","id":4}`, `{"list":[{"id":5},{"id":6}],"id":7}`, `[{"id":8},{"id":9}]`,
	`{"id":null}`, `{"id":true}`, `{"id":-1.5e+3}`, `{"id":""}`, `{"id":"q\"\\\/\b\f\n\r\té😀"}`,
	`{"i\u0064":10}`, `{"a":[1,2,[3,4]],"n":[]}`, `{"id":[1,{"x":2}]}`, `{"other":1}`, `[]`, `{}`, `12`, `"text"`,
	"{\n  \"id\":\t11\n}", `{"id":1,"id":2}`, `{"x":"}]","id":"end"}`,
}

const showValue = `
local function show(read, text)
  local value, kind = read(text)
  return tostring(kind) .. "=" .. tostring(value)
end
`

// luaPath writes a gjson path as the arguments of json_value.
func luaPath(path string) string {
	keys := strings.Split(path, ".")
	for i, key := range keys {
		keys[i] = quote(key)
	}
	return strings.Join(keys, ", ")
}

// TestJSONReaderAgreesWithGJSON reads every text several times, so that both
// the exact walk and what was learned from it are used.
func TestJSONReaderAgreesWithGJSON(t *testing.T) {
	t.Parallel()
	paths := []string{"id", "user.id", "user.name", "id.id", "0.id", "1.id", "list.1.id", "list.#", "a.2.0", "n.#", "a.9", "#", "id.1.x"}
	for _, path := range paths {
		var chunk strings.Builder
		chunk.WriteString(preamble + part1(t, "json") + showValue + "local out, read = {}\n")
		var want []string
		for _, text := range jsonTexts {
			fmt.Fprintf(&chunk, "read = json_value(%s)\nfor _ = 1, 6 do out[#out + 1] = show(read, %s) end\n", luaPath(path), quote(text))
			want = append(want, wantJSON(text, path))
		}
		chunk.WriteString("return table.concat(out, '\\0')")
		for i, got := range strings.Split(evaluate(t, chunk.String())[0], "\x00") {
			if got != want[i/6] {
				t.Errorf("reading %d, %s of %s = %q, want %q", i%6+1, path, jsonTexts[i/6], got, want[i/6])
			}
		}
	}
}

// The whole answer is a value too, and only decimal digits are an index.
func TestJSONReaderRootAndIndexes(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"": "array=[[1],2]", `"0", "0"`: "number=1", `"0x0"`: "nil=nil", `"00"`: "nil=nil", `"1e0"`: "nil=nil", `"-1"`: "nil=nil", `" 1"`: "nil=nil",
	} {
		chunk := preamble + part1(t, "json") + showValue + "local read = json_value(" + args + ")\nread('[[1],2]')\nreturn show(read, '[[1],2]')"
		if got := evaluate(t, chunk)[0]; got != want {
			t.Errorf("json_value(%s) reads %s, want %s", args, got, want)
		}
	}
}

// TestJSONReaderNoticesOtherShapes gives a reader answers of another shape than
// those it learned from: it may be wrong until it looks again at the 256th,
// and never after.
func TestJSONReaderNoticesOtherShapes(t *testing.T) {
	t.Parallel()
	chunk := preamble + part1(t, "json") + showValue + `
local read = json_value("id")
for _ = 1, 10 do show(read, '{"x":"' .. _ .. '","id":1}') end
for _ = 1, 256 do show(read, '{"y":{"a":"","id":2},"id":3}') end
return show(read, '{"y":{"a":"","id":2},"id":3}'), show(read, '{"x":"","id":1}'), show(read, '{"id":4}')`
	for i, want := range []string{"number=3", "number=1", "number=4"} {
		if got := evaluate(t, chunk)[i]; got != want {
			t.Errorf("answer %d: %s, want %s", i+1, got, want)
		}
	}
}

// wantJSON is what gjson finds, as kind=value.
func wantJSON(text, path string) string {
	v := gjson.Get(text, path)
	switch {
	case !v.Exists():
		return "nil=nil"
	case strings.HasSuffix(path, "#"):
		return "number=" + v.String()
	case v.Type == gjson.String:
		return "string=" + v.String()
	case v.Type == gjson.Number:
		return "number=" + v.Raw
	case v.Type == gjson.Null:
		return "null=null"
	case v.IsBool():
		return "boolean=" + v.Raw
	case v.IsArray():
		return "array=" + v.Raw
	}
	return "object=" + v.Raw
}

// FuzzJSONReader holds that answers of one shape are read right whatever their
// values are: the case of one step of a scenario.
func FuzzJSONReader(f *testing.F) {
	f.Add("plain", `"id":9,"id":`, 7)
	f.Add("", "\\\"\u0000é😀", -1)
	f.Add(`{"id":`, `},"id":1}`, 0)
	f.Fuzz(func(t *testing.T, first, second string, number int) {
		var chunk strings.Builder
		chunk.WriteString(preamble + part1(t, "json") + showValue + "local id, name = json_value('id'), json_value('user', 'name')\nlocal out = {}\n")
		var want []string
		for i, pair := range [][2]string{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}, {first, second}, {second, first}} {
			before, _ := json.Marshal(pair[0])
			name, _ := json.Marshal(pair[1])
			text := fmt.Sprintf(`{"note":%s,"user":{"id":0,"name":%s},"id":%d}`, before, name, number+i)
			fmt.Fprintf(&chunk, "out[#out + 1] = show(id, %s) out[#out + 1] = show(name, %s)\n", quote(text), quote(text))
			want = append(want, wantJSON(text, "id"), wantJSON(text, "user.name"))
		}
		chunk.WriteString("return unpack(out)")
		for i, got := range evaluate(t, chunk.String()) {
			if got != want[i] {
				t.Errorf("value %d of %q, %q = %q, want %q", i, first, second, got, want[i])
			}
		}
	})
}
