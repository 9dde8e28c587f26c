package script

import (
	"os"
	"path/filepath"
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
  - name: control
    request: GET /
    headers: {X-Odd: "a\x01b"}
  - name: host
    request: GET /
    headers: {Host: ""}
  - name: word
    request: GET ${raw(pick(/a, /b|c))}
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

// Rows that stand in a path as they are must be sent as they are.
func TestRowsInPaths(t *testing.T) {
	t.Parallel()
	for row, problem := range map[string]string{
		"/a%2Fb/[c];d=e,f:@!$&'()*+~?g|h{i}": "",
		"http://shop.test/a?b":               "",
		"/a|b":                               `row 2 of rows.csv has "/a|b", and k6 would not send that as it is`,
		"/a%zz":                              `row 2 of rows.csv has "/a%zz"`,
		"http://shop.test/a^b":               `row 2 of rows.csv has "http://shop.test/a^b"`,
	} {
		folder := t.TempDir()
		for name, text := range map[string]string{
			"rows.csv":      "path,x\nhttp://shop.test/ok,1\n\"" + row + "\",2\n",
			"scenario.yaml": "name: rows\nload: {connections: 1}\ndata: {rows: {file: rows.csv}}\nflow:\n  - {name: go, request: \"GET ${raw(rows.path)}\"}\n",
		} {
			if strings.HasPrefix(row, "/") {
				text = strings.ReplaceAll(text, "http://shop.test/ok", "/ok")
			}
			if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		s, err := scenarios.LoadFile(filepath.Join(folder, "scenario.yaml"), false)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Generate(s, Options{})
		if (err == nil) != (problem == "") || err != nil && (!strings.Contains(err.Error(), problem) || !strings.Contains(err.Error(), "scenario.yaml:5:5: ")) {
			t.Errorf("%q: %v, want %q", row, err, problem)
		}
	}
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
