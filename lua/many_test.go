package lua

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"taskbench/scenarios"
)

// chainOf is a scenario with as many vars and captures as steps.
func chainOf(n int) string {
	var b, steps strings.Builder
	b.WriteString("name: many\nvars:\n  base: /api\n")
	for i := range n {
		fmt.Fprintf(&b, "  v%d: \"${base}-${vu}\"\n", i)
		fmt.Fprintf(&steps, "  - name: s%d\n    request: POST /x/${v%d}\n    json: {a: \"${v%d}\", b: \"${v0}\", c: \"${base}\", d: \"${uuid}\"}\n", i, i, i)
		fmt.Fprintf(&steps, "    expect: {status: 201, json: {id: exists}}\n    capture: {c%d: id}\n", i)
		if i > 0 {
			fmt.Fprintf(&steps, "    headers: {X-Last: \"${c%d}\"}\n", i-1)
		}
	}
	return b.String() + "flow:\n" + steps.String()
}

// checkMany does what `check` does for a scenario of n steps, and counts what
// that takes, in bytes of memory asked for.
func checkMany(t *testing.T, n int) float64 {
	t.Helper()
	text := fstest.MapFS{"many.yaml": {Data: []byte(chainOf(n))}}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	s, err := scenarios.LoadFS(text, "many.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Connections: 1, Seed: 1}
	script, err := Generate(s.For("rust"), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := Check("many.lua", script); err != nil {
		t.Fatal(err)
	}
	if err := Rehearse(s.For("rust"), o); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// TestManySteps: four times the steps are about four times the work. It does
// not run beside other tests, whose memory would count.
func TestManySteps(t *testing.T) {
	checkMany(t, 10) // what is made once
	few, many := checkMany(t, 150), checkMany(t, 600)
	t.Logf("150 steps %.1f MB, 600 steps %.1f MB", few/1e6, many/1e6)
	if many > 6*few {
		t.Errorf("150 steps take %.1f MB, 600 steps %.1f MB: more than in proportion", few/1e6, many/1e6)
	}
}

// TestManyReferences: vars that are named often do not refer to each other often.
func TestManyReferences(t *testing.T) {
	if _, err := scenarios.LoadFS(fstest.MapFS{"many.yaml": {Data: []byte(chainOf(900))}}, "many.yaml"); err != nil {
		t.Error(err)
	}
}
