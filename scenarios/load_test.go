package scenarios

import (
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"taskbench/internal/source"
)

// mustLoad loads a scenario from text, with files beside it.
func mustLoad(t *testing.T, text string, files ...string) *Scenario {
	t.Helper()
	s, err := loadText(text, files...)
	if err != nil {
		t.Fatalf("\n%v", err)
	}
	return s
}

// loadText loads a scenario; files are name and content by turns.
func loadText(text string, files ...string) (*Scenario, error) {
	fsys := fstest.MapFS{"s.yaml": {Data: []byte(text)}}
	for i := 0; i+1 < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return LoadFS(fsys, "s.yaml")
}

var noPositions = cmpopts.IgnoreTypes(source.Position{})

const whole = `
name: whole
title: Everything at once
description: One of each.
tags: [a, b]
load:
  connections: [2, 8]
  threads: 2
  duration: 1m30s
  warmup: 0
  timeout: 500ms
  think: {mean: 20ms, distribution: exponential}
vars: {base: /api/v1, limit: 5, who: "vu ${vu}"}
data:
  people: {file: people.csv, pick: unique}
setup:
  - name: login
    request: POST ${raw(base)}/login
    form: {user: "${people.email}", tag: [a b, "c&d"]}
    capture: {token: data.token, id: "regex:/id=([0-9]+)/", ct: header:Content-Type, sid: cookie:sid}
flow:
  - name: list
    method: GET
    path: ${raw(base)}/items/${id}?limit=${limit}&q=${who}
    headers: {Authorization: "Bearer ${token}", X-Id: 7}
    think: 5ms
    expect:
      status: [200, 3xx, 404-406]
      json: {items.#: 3, "a\\.b": {matches: ^x}, gone: absent, n: null, t: {type: array, contains: q}}
      headers: {Content-Type: {contains: json}, X-Count: 3}
      body: [{contains: items}, {matches: "(?s)^.+$"}]
expected:
  p99.9: < 10ms
  flow_p95: 1.5s
  throughput: "> 2.5k/s"
  errors: 0%
  steps: {list: {mean: <= 250us, errors: < 0.1%}}
`

func TestWhole(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, whole, "people.csv", "email,name\na@x,A\n\"b\n@x\",B\n1,2\n2,3\n4,5\n6,7\n7,8\n8,9\n")
	lit := func(s string) Part { return Part{Literal: s} }
	capture := func(name string, e Escape) Part { return Part{Ref: &Ref{Kind: RefCapture, Name: name, Escape: e}} }
	five := Think{Mean: 5 * time.Millisecond, Distribution: Fixed}
	want := &Scenario{
		Name: "whole", Title: "Everything at once", Description: "One of each.", Tags: []string{"a", "b"}, Mode: Flow,
		Load: Load{
			Connections: []int{2, 8}, Threads: 2, Duration: 90 * time.Second, Timeout: 500 * time.Millisecond,
			Think: Think{Mean: 20 * time.Millisecond, Distribution: Exponential},
		},
		Vars: map[string]Value{"base": "/api/v1", "limit": int64(5), "who": "vu ${vu}"},
		Data: s.Data,
		Setup: []Step{{
			Name: "login", Weight: 1, Method: "POST", Path: Template{lit("/api/v1/login")},
			Body: Body{Kind: FormBody, ContentType: "application/x-www-form-urlencoded", Content: Template{
				lit("user="), {Ref: &Ref{Kind: RefColumn, Name: "people", Column: "email", Escape: EscapeURL}}, lit("&tag=a%20b&tag=c%26d"),
			}},
			Captures: []Capture{
				{Name: "token", Kind: CaptureJSON, Source: "data.token", Path: JSONPath{"data", "token"}},
				{Name: "id", Kind: CaptureRegex, Source: "id=([0-9]+)"},
				{Name: "ct", Kind: CaptureHeader, Source: "Content-Type"},
				{Name: "sid", Kind: CaptureCookie, Source: "sid"},
			},
		}},
		Steps: []Step{{
			Name: "list", Weight: 1, Method: "GET",
			Path: Template{
				lit("/api/v1/items/"), capture("id", EscapeURL), lit("?limit=5&q=vu%20"),
				{Ref: &Ref{Kind: RefBuiltin, Name: "vu", Escape: EscapeURL}},
			},
			Headers: []Header{
				{Name: "Authorization", Value: Template{lit("Bearer "), capture("token", EscapeNone)}},
				{Name: "X-Id", Value: Template{lit("7")}},
			},
			Think: &five,
			Expect: Expect{
				Statuses: []StatusRange{{200, 200}, {300, 399}, {404, 406}},
				JSON: []JSONMatch{
					{Label: "items.#", Path: JSONPath{"items", "#"}, Match: Match{Kind: MatchEquals, Value: int64(3)}},
					{Label: `a\.b`, Path: JSONPath{"a.b"}, Match: Match{Kind: MatchRegex, Text: "^x"}},
					{Label: "gone", Path: JSONPath{"gone"}, Match: Match{Kind: MatchAbsent}},
					{Label: "n", Path: JSONPath{"n"}, Match: Match{Kind: MatchEquals}},
					{Label: "t", Path: JSONPath{"t"}, Match: Match{Kind: MatchType, Text: "array"}},
					{Label: "t", Path: JSONPath{"t"}, Match: Match{Kind: MatchContains, Text: "q"}},
				},
				Headers: []HeaderMatch{
					{Name: "Content-Type", Match: Match{Kind: MatchContains, Text: "json"}},
					{Name: "X-Count", Match: Match{Kind: MatchEquals, Value: "3"}},
				},
				Body: []Match{{Kind: MatchContains, Text: "items"}, {Kind: MatchRegex, Text: "(?s)^.+$"}},
			},
		}},
		Expected: Expected{
			Bounds: []Bound{
				{Metric: "p99.9", Op: "<", Limit: 10_000, Text: "< 10ms"},
				{Metric: "flow_p95", Op: "<=", Limit: 1_500_000, Text: "1.5s"},
				{Metric: "throughput", Op: ">", Limit: 2500, Text: "> 2.5k/s"},
				{Metric: "errors", Op: "<=", Limit: 0, Text: "0%"},
			},
			Steps: map[string][]Bound{"list": {
				{Metric: "mean", Op: "<=", Limit: 250, Text: "<= 250us"},
				{Metric: "errors", Op: "<", Limit: 0.001, Text: "< 0.1%"},
			}},
		},
		File: "s.yaml", Text: []byte(whole), Hash: s.Hash,
	}
	if diff := cmp.Diff(want, s, noPositions, cmpopts.IgnoreUnexported(Scenario{}, Feeder{})); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	people := s.Data["people"]
	if len(people.Rows) != 8 || people.Rows[1][0] != "b\n@x" || people.Pick != Unique {
		t.Errorf("data: %+v", people)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, "name: tiny\nrequest: GET /\n")
	if diff := cmp.Diff(DefaultLoad, s.Load); diff != "" {
		t.Errorf("load: -want +got\n%s", diff)
	}
	if s.Title != "tiny" || s.Steps[0].Name != "tiny" || s.Mode != Request || s.Steps[0].Weight != 1 {
		t.Errorf("got %+v", s)
	}
	if s := mustLoad(t, "name: tiny\nload: {warmup: 1s}\nrequest: {path: /}\n"); s.Load.Connections[0] != 16 || s.Steps[0].Method != "GET" {
		t.Errorf("got %+v", s)
	}
}

func TestAnchorsAndMerges(t *testing.T) {
	t.Parallel()
	s := mustLoad(t, `
name: anchors
mix:
  - &read
    name: read
    weight: 2.5
    request: GET /a
    headers: &auth {Authorization: token}
  - {<<: *read, name: again, request: GET /b}
  - {name: third, request: GET /c, headers: *auth}
`)
	if len(s.Steps) != 3 || s.Steps[1].Weight != 2.5 || s.Steps[1].Path.String() != "/b" || s.Steps[2].Headers[0].Value.String() != "token" {
		t.Errorf("got %+v", s.Steps)
	}
}

// Positions of references are those of the "${" itself, however the text
// around it is written.
func TestReferencePositions(t *testing.T) {
	t.Parallel()
	text := "\ufeffname: p\r\n# ü\r\nrequest:\r\n  request: POST /a/${vu}/$${x}/${seq}\r\n" +
		"  headers: {A: \"ü${run}\", B: 'it''s ${uuid}'}\r\n  body: >\r\n    folded\r\n    ${now}\r\n"
	step := mustLoad(t, text).Steps[0]
	got := map[string]source.Position{}
	for _, tmpl := range []Template{step.Path, step.Headers[0].Value, step.Headers[1].Value, step.Body.Content} {
		for _, p := range tmpl {
			if p.Ref != nil {
				got[p.Ref.Name] = p.Ref.Pos
			}
		}
	}
	want := map[string]source.Position{
		"vu": {File: "s.yaml", Line: 4, Column: 20}, "seq": {File: "s.yaml", Line: 4, Column: 32},
		"run": {File: "s.yaml", Line: 5, Column: 19}, "uuid": {File: "s.yaml", Line: 5, Column: 38},
		"now": {File: "s.yaml", Line: 8, Column: 5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestLoadFileReadsBesideIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("load/s.yaml", "name: s\ndata: {p: {file: ../p.csv}}\nrequest: {request: 'POST /${p.a}', body_file: b.json}\n")
	write("p.csv", "a\n1\n")
	write("load/b.json", `{"literal": "${vu}"}`)
	s, err := LoadFile(filepath.Join(dir, "load", "s.yaml"), true)
	if err != nil {
		t.Fatal(err)
	}
	body := s.Steps[0].Body
	if text, ok := body.Content.Constant(); !ok || text != `{"literal": "${vu}"}` || body.ContentType != "application/json" || body.Kind != RawBody {
		t.Errorf("body_file is sent as it is: %+v", body)
	}
}

func TestLoadCheck(t *testing.T) {
	t.Parallel()
	if err := DefaultLoad.Check(); err != nil {
		t.Errorf("the default load: %v", err)
	}
	bad := Load{Connections: []int{0, 4}, Threads: 5, Duration: time.Millisecond, Warmup: -1, Timeout: time.Hour}
	want := `connections must be from 1 to 60000, not 0

5 threads cannot share 4 connections
hint: lower threads, or leave it to auto

duration must be from 100ms to 24h, not 1ms

warmup must be from 0s to 24h, not -1ns

timeout must be from 1ms to 2m, not 1h0m0s`
	err := bad.Check()
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
