package script

import (
	"strings"
	"testing"

	"taskbench/internal/golden"
	"taskbench/scenarios"
)

// What k6 cannot do as wrk does is refused by its place, all at once.
func TestRefused(t *testing.T) {
	t.Parallel()
	s, err := scenarios.OfText("refused.yaml", []byte(`name: refused
flow:
  - name: path
    request: GET /a|b
  - name: escape
    request: GET /50%/off
  - name: trailer
    request: GET /
    headers: {Trailer: x}
  - name: group
    request: GET /
    capture: {a: 'regex:/(?:(x)|y)*z/', b: {header: Location, regex: '(a*)*'}}
    expect: {body: {matches: '(?:(x)|y)*z'}}
`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := Generate(s, Options{})
	if err == nil || text != nil {
		t.Fatalf("it is not refused: %v", err)
	}
	golden.Check(t, "testdata/refused.txt", err.Error()+"\n")
}

// A path that a row or the server has a part in is one for k6, too.
func TestPathsOfReferences(t *testing.T) {
	t.Parallel()
	s, err := scenarios.OfText("paths.yaml", []byte(`name: paths
load: {connections: 1}
vars: {api: /api/v1}
flow:
  - {name: a, request: "GET ${raw(api)}/x?q=${vu}&r=a%2Fb,c:d@e", capture: {next: next}}
  - {name: b, request: "GET ${raw(next)}"}
`))
	if err != nil {
		t.Fatal(err)
	}
	script := generate(t, s, Options{})
	for _, want := range []string{"path: `${BASE}/api/v1/x?q=${vu}&r=a%2Fb,c:d@e`", "path: `${got_path.next}`"} {
		if !strings.Contains(script, want) {
			t.Errorf("no %s", want)
		}
	}
}
