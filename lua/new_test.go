package lua

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"taskbench/scenarios"
)

// A scenario of all words at once is a script that LuaJIT takes, in slots too, and
// runs through its callbacks.
func TestAllWordsAtOnce(t *testing.T) {
	t.Parallel()
	s := load(t, "new")
	for _, slots := range []int{0, 2} {
		script := generate(t, s, Options{URL: "http://localhost:3000", Slots: slots})
		if err := Check("new.lua", []byte(script)); err != nil {
			t.Errorf("%d slots: %v", slots, err)
		}
	}
	if err := Rehearse(s, Options{}); err != nil {
		t.Error(err)
	}
}

// What old scenarios do not use is not in their scripts.
func TestOldScriptsHaveNothingNew(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"flow", "mix", "request", "inspected"} {
		script := generate(t, load(t, name), Options{})
		for _, part := range []string{"json_query", "as_list", "all_matches", "as_raw", "base64", "hmac_sha256", "time_iso", "head_lines", "plain_body", "same_json"} {
			if strings.Contains(script, part) {
				t.Errorf("%s: the script has %s", name, part)
			}
		}
	}
}

// Many steps and rows are compiled in time proportional to them: no faster than that,
// and nobody waits.
func TestManyRowsAndSteps(t *testing.T) {
	t.Parallel()
	var rows, steps strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&rows, "{\"id\": %d, \"name\": \"row %d\", \"status\": 200, \"in\": {\"x\": [%d]}}\n", i, i, i)
	}
	for i := range 200 {
		fmt.Fprintf(&steps, "  - {use: base, name: s%d, capture: {c%d: 'items.#(id==%d).id', l%d: items.#.id}, json: {a: '${p.in}', b: '${item(p.in.x)}', c: 'x${p.name}'}}\n", i, i, i, i)
	}
	text := "name: many\nheaders: {A: b, X: '${base64(k:k)}'}\nexpect: {status: 2xx}\nvars: {k: v}\ndata: {p: {file: p.jsonl}}\nsteps:\n  - {name: base, request: 'POST /${p.id}'}\nflow:\n" + steps.String()
	began := time.Now()
	s, err := scenarios.LoadFS(fstest.MapFS{"s.yaml": {Data: []byte(text)}, "p.jsonl": {Data: []byte(rows.String())}}, "s.yaml")
	if err != nil {
		t.Fatal(err)
	}
	loaded := time.Now()
	script := generate(t, s, Options{})
	t.Logf("loaded in %v, compiled in %v, %d kB", loaded.Sub(began), time.Since(loaded), len(script)/1024)
	if len(s.Steps) != 200 || !strings.Contains(script, "row 4999") {
		t.Errorf("%d steps", len(s.Steps))
	}
}
