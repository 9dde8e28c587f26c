package check

import (
	"strings"
	"testing"
	"testing/fstest"

	"taskbench/internal/server"
	"taskbench/scenarios"
)

// Overrides that a server's answers may call for are compiled and rehearsed without
// any server, for every target: what is wrong in them is found before a run is.
func TestScenarioRehearsesEveryVariant(t *testing.T) {
	t.Parallel()
	const tooLarge = "{body: {matches: 'a{1000}b{1000}c{1000}d{1000}e{1000}f{1000}g{1000}h{1000}i{1000}j{1000}'}}"
	for name, c := range map[string]struct {
		overrides string
		wrong     bool
	}{
		"none":                {"", false},
		"of a name":           {"overrides: {wj: {steps: {a: {expect: " + tooLarge + "}}}}", true},
		"of another name":     {"overrides: {other: {steps: {a: {expect: " + tooLarge + "}}}}", false},
		"of an answer":        {"overrides: {x: {when: {a: 401}, steps: {a: {expect: " + tooLarge + "}}}}", true},
		"of the second":       {"overrides: {x: {when: {a: 401}, vars: {v: b}}, y: {when: {a: 400}, steps: {a: {expect: " + tooLarge + "}}}}", true},
		"of answers, in tune": {"overrides: {x: {when: {a: 401}, vars: {v: b}}, y: {when: {a: 400}, steps: {a: {expect: {status: 400}}}}}", false},
	} {
		s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte("name: s\nvars: {v: a}\nflow: [{name: a, request: 'GET /${v}'}]\n" + c.overrides)}}, "s.yaml")
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		err = Scenario(s, []server.Spec{{Name: "rust"}, {Name: "wj"}})
		if wrong := err != nil && strings.Contains(err.Error(), "is too large"); wrong != c.wrong || err != nil && !wrong {
			t.Errorf("%s: %v", name, err)
		}
	}
}
