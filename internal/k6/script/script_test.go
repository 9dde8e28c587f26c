package script

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/golden"
	"taskbench/scenarios"
)

// Generated scripts, without what is the same in all of them.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"everything", "values", "mix", "request", "control", "journeys"} {
		s, err := scenarios.LoadFile("testdata/same/"+name+".yaml", false)
		if err != nil {
			t.Fatal(err)
		}
		o := Options{Target: "rust", URL: "http://localhost:3001/base/", Seed: 42}
		script := generate(t, s, o)
		if again := generate(t, s, o); again != script {
			t.Errorf("%s: another script at the second time", name)
		}
		golden.Check(t, "testdata/"+name+".js", own(t, script))
	}
}

// The schedule of a rate is on top of a script, too.
func TestGoldenRate(t *testing.T) {
	t.Parallel()
	s, err := scenarios.LoadFile("testdata/same/request.yaml", false)
	if err != nil {
		t.Fatal(err)
	}
	plan := &arrivals.Plan{Stages: []arrivals.Stage{{Duration: time.Second, From: 0, To: 100}, {Duration: 2 * time.Second, From: 100, To: 100}}, Arrival: arrivals.Poisson}
	golden.Check(t, "testdata/rate.js", own(t, generate(t, s, Options{Seed: 42, Rate: plan, Duration: 3 * time.Second})))
}

// own cuts off what all scripts have.
func own(t *testing.T, script string) string {
	t.Helper()
	text, _, found := strings.Cut(script, runtimeMark)
	if !found {
		t.Fatal("no mark before the runtime")
	}
	return text
}

// Every built-in scenario can be measured with k6.
func TestBuiltins(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios.BuiltinNames() {
		s, err := scenarios.Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{"rust", "windjammer"} {
			if text, err := Generate(s.For(target), Options{Target: target}); err != nil || !bytes.Contains(text, []byte("export default function ()")) {
				t.Errorf("%s for %s: %v", name, target, err)
			}
		}
	}
}
