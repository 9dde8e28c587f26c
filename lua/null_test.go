package lua

import (
	"net/http"
	"slices"
	"testing"
	"testing/fstest"

	"taskbench/scenarios"
)

// A null has no text: a capture of it that is put into a header, a path or a longer
// string is not met, and what it would have opened is not asked for. Where it stands
// for itself in JSON it is a value as any other.
func TestCapturedNull(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		use, answer string
		met         bool
	}{
		"in a header":            {"headers: {Authorization: 'Bearer ${v}'}", `{"v":null}`, false},
		"in a path":              {"path: '/${v}'", `{"v":null}`, false},
		"in a string of JSON":    {"json: {a: 'x ${v}'}", `{"v":null}`, false},
		"alone in JSON":          {"json: {a: '${v}'}", `{"v":null}`, true},
		"both ways":              {"headers: {X: '${v}'}, json: {a: '${v}'}", `{"v":null}`, false},
		"the word, in a header":  {"headers: {X: '${v}'}", `{"v":"null"}`, true},
		"a number, in a header":  {"headers: {X: '${v}'}", `{"v":0}`, true},
		"nothing, in a header":   {"headers: {X: '${v}'}", `{}`, false},
		"an empty text, as path": {"path: '/${v}'", `{"v":""}`, true},
	} {
		s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte("name: s\nflow:\n  - {name: a, request: GET /, capture: {v: v}}\n  - {name: b, method: POST, path: /, " + c.use + "}\n")}}, "s.yaml")
		if err != nil { // path is there twice
			s, err = scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte("name: s\nflow:\n  - {name: a, request: GET /, capture: {v: v}}\n  - {name: b, method: POST, " + c.use + "}\n")}}, "s.yaml")
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		asked := 0
		exchanges, err := DryRun(s, Options{Connections: 1, Seed: 1}, func([]byte) (int, http.Header, []byte, error) {
			asked++
			return 200, http.Header{"Content-Type": {"application/json"}}, []byte(c.answer), nil
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		met := !slices.Contains(exchanges[0].Unmet, "capture:v")
		if met != c.met || (asked == 2) != c.met {
			t.Errorf("%s: met %t after %d requests, want %t: %v", name, met, asked, c.met, exchanges[0].Unmet)
		}
	}
}
