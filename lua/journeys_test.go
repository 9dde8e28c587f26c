package lua

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"taskbench/internal/luavm"
	"taskbench/scenarios"
)

const shopping = `
name: shopping
load: {connections: 3, duration: 500ms, warmup: 0s}
mix:
  - name: browse
    weight: 8
    flow:
      - {name: list, request: GET /items}
      - {name: one, request: GET /items/1}
  - name: buy
    weight: 2
    flow:
      - {name: job, request: POST /job, capture: {j: job}}
      - {name: see, request: "GET /job/${j}", repeat: 2}
`

// What a server sees of a mix of journeys is whole journeys, of one after the other,
// drawn by weight; figures are told of each, and of each of its steps.
func TestJourneysOnWrk(t *testing.T) {
	s := newTrace(t, func(s *trace, w http.ResponseWriter, r *http.Request) string {
		fmt.Fprint(w, `{"job": 7}`)
		return r.Method + r.URL.Path
	})
	b := runWrk(t, loadText(t, shopping), Options{URL: s.URL, Seed: 3})
	counts := s.follows(t, "GET/items GET/items/1 |POST/job GET/job/7 GET/job/7 ")
	browse, buy := b.Journeys[0], b.Journeys[1]
	if browse.Name != "browse" || buy.Name != "buy" || browse.Failed+buy.Failed > 0 || b.Iterations != nil {
		t.Errorf("%+v", b.Journeys)
	}
	if browse.Completed > counts["GET/items/1"] || browse.Latency.Count != browse.Completed || browse.Latency.SumUS/float64(browse.Completed) < b.Steps[0].Latency.SumUS/float64(b.Steps[0].Answers) {
		t.Errorf("%+v", browse)
	}
	if b.Steps[3].Name != "buy.see" || b.Steps[3].Answers+6 < 2*buy.Completed {
		t.Errorf("%+v", b.Steps[3])
	}
	all := float64(browse.Completed + buy.Completed) // drawn: 0.8 of at least some hundred
	if share := float64(browse.Completed) / all; all > 200 && (share < 0.6 || share > 0.95) {
		t.Errorf("%.2f of %.0f iterations browse", share, all)
	}
}

// A journey that fails is over, and the next one is another iteration.
func TestJourneysThatFail(t *testing.T) {
	t.Parallel()
	var paths []string
	exchanges, err := DryRun(loadText(t, shopping), Options{}, func(raw []byte) (int, http.Header, []byte, error) {
		path := readRequest(t, raw).URL.Path
		paths = append(paths, path)
		if path == "/items" {
			return 500, nil, nil, nil
		}
		return 200, nil, []byte(`{"job": 1}`), nil
	})
	if want := "/items /job /job/1 /job/1"; err != nil || strings.Join(paths, " ") != want || exchanges[0].Step != "browse.list" {
		t.Errorf("%q, %v", paths, err)
	}
}

// sends is what a script sends in the embedded VM, so many requests.
func sends(t *testing.T, s *scenarios.Scenario, o Options, requests int) (all []string) {
	t.Helper()
	script := generateEmbedded(t, s, o)
	p, err := luavm.New("s.lua", []byte(script), luavm.Config{
		URL: "http://localhost", Threads: o.Connections, Connections: o.Connections, Host: true, Clock: luavm.NewVirtualClock(),
		Env: func(name string) (string, bool) { return "r", name == "TASKBENCH_RUN" },
	})
	if err == nil {
		err = p.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	_, err = p.Run(t.Context(), func(_ int, raw []byte) (luavm.Answer, error) {
		line, _, _ := strings.Cut(string(raw), " HTTP/1.1")
		all = append(all, line)
		return luavm.Answer{Status: 200, Body: []byte(`{"job": 7}`)}, nil
	}, requests)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The same seed draws the same journeys, and another one others.
func TestJourneysAreRepeated(t *testing.T) {
	t.Parallel()
	s := loadText(t, shopping)
	draw := func(seed int64) string {
		return strings.Join(sends(t, s, Options{Connections: 1, Seed: seed}, 60), "\n")
	}
	if first := draw(1); first != draw(1) || first == draw(2) {
		t.Error("what is drawn does not follow from the seed")
	}
}

// 50 journeys with 200 steps, each in every way that a step can be sent: LuaJIT takes
// the script, and it is no work of seconds to make.
func TestManyJourneys(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("name: many\nmix:\n")
	for j := range 50 {
		fmt.Fprintf(&b, "  - name: j%d\n    flow:\n      - {name: a, request: GET /, capture: {x: x, ids: ids, next: next}}\n", j)
		b.WriteString("      - {name: b, request: \"GET /b/${each.id}\", for_each: \"${ids}\", retry: 2}\n")
		b.WriteString("      - {name: c, request: \"GET /c/${x}\", if: \"${next} exists\", redirects: 2}\n")
		b.WriteString("      - {name: d, request: \"GET /d/${x}\", repeat: {until: {json: {state: done}}, max: 3}}\n")
	}
	s := loadText(t, b.String())
	script := generate(t, s, Options{URL: "http://localhost"})
	if err := Check("many.lua", []byte(script)); err != nil {
		t.Error(err)
	}
	if err := Rehearse(s, Options{}); err != nil {
		t.Error(err)
	}
}
