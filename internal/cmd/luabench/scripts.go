//go:build linux

package main

import (
	"time"

	"taskbench/lua"
	"taskbench/scenarios"
)

// bench is one line of the table: a script against bare wrk with as many
// threads and connections.
type bench struct {
	name         string
	scenario     *scenarios.Scenario // nil: bare wrk
	connections  int
	bar          float64 // throughput relative to bare wrk that is expected
	instructions float64 // per request, at most; 0: none expected
	// inSlots has it take turns, alone on a board, and held against the script
	// without turns: what asking the clock and the board costs.
	inSlots bool
}

func benches() []bench {
	return []bench{
		{"request", request(scenarios.Expect{}), 16, 0.97, 0, false},
		{"request, each answer inspected", request(created(200)), 16, 0.88, 0, false},
		{"mix of two", mix(), 16, 0.80, 0, false},
		{"flow of three", flow(), 16, 0.72, 15000, false},
		{"flow of three", flow(), 50, 0.62, 0, false},
		{"slots: request, inspected", request(created(200)), 16, 0.97, 0, true},
		{"slots: mix of two", mix(), 16, 0.97, 0, true},
		{"slots: flow of three", flow(), 16, 0.97, 0, true},
	}
}

// generate writes a bench's script for a window of d, in slots of so many places;
// 0: in none.
func (b *bench) generate(url string, d time.Duration, places int) ([]byte, lua.Command, error) {
	o := lua.Options{URL: url, Connections: b.connections, Threads: b.connections, Duration: d, Warmup: 300 * time.Millisecond, Timeout: 5 * time.Second, Seed: 1, Slots: places}
	script, err := lua.Generate(b.scenario, o)
	return script, lua.CommandFor(b.scenario, o), err
}

func created(status int) scenarios.Expect {
	return scenarios.Expect{Statuses: []scenarios.StatusRange{{Low: status, High: status}}}
}

func literal(text string) scenarios.Part { return scenarios.Part{Literal: text} }

func ref(kind scenarios.RefKind, name string, e scenarios.Escape) scenarios.Part {
	return scenarios.Part{Ref: &scenarios.Ref{Kind: kind, Name: name, Escape: e}}
}

func bearer() []scenarios.Header {
	return []scenarios.Header{{Name: "Authorization", Value: scenarios.Template{literal("Bearer "), ref(scenarios.RefCapture, "token", "")}}}
}

func request(e scenarios.Expect) *scenarios.Scenario {
	return &scenarios.Scenario{Name: "request", Mode: scenarios.Request, Steps: []scenarios.Step{
		{Name: "list", Method: "GET", Path: scenarios.Template{literal("/projects")}, Expect: e},
	}}
}

func mix() *scenarios.Scenario {
	s := flow()
	s.Name, s.Mode = "mix", scenarios.Mix
	s.Steps = s.Steps[:2]
	s.Steps[0].Weight, s.Steps[1].Weight = 1, 9
	return s
}

// flow has three steps, two captures in the loop and one in setup, and
// expects a status of each.
func flow() *scenarios.Scenario {
	create := scenarios.Template{
		literal(`{"name":"bench `), ref(scenarios.RefBuiltin, "vu", scenarios.EscapeJSONString), literal("-"),
		ref(scenarios.RefBuiltin, "iteration", scenarios.EscapeJSONString), literal(`","description":"from taskbench"}`),
	}
	register := scenarios.Template{literal(`{"username":"bench-`), ref(scenarios.RefBuiltin, "vu", scenarios.EscapeJSONString), literal(`"}`)}
	return &scenarios.Scenario{
		Name: "flow", Mode: scenarios.Flow,
		Setup: []scenarios.Step{{
			Name: "register", Method: "POST", Path: scenarios.Template{literal("/register")},
			Body: scenarios.Body{Kind: scenarios.JSONBody, ContentType: "application/json", Content: register}, Expect: created(201),
			Captures: []scenarios.Capture{{Name: "token", Kind: scenarios.CaptureJSON, Path: scenarios.JSONPath{"token"}}},
		}},
		Steps: []scenarios.Step{
			{
				Name: "create", Method: "POST", Path: scenarios.Template{literal("/projects")}, Headers: bearer(),
				Body: scenarios.Body{Kind: scenarios.JSONBody, ContentType: "application/json", Content: create}, Expect: created(201),
				Captures: []scenarios.Capture{
					{Name: "project_id", Kind: scenarios.CaptureJSON, Path: scenarios.JSONPath{"id"}},
					{Name: "owner_id", Kind: scenarios.CaptureJSON, Path: scenarios.JSONPath{"owner_id"}},
				},
			},
			{
				Name: "list", Method: "GET", Headers: bearer(), Expect: created(200),
				Path: scenarios.Template{literal("/projects?owner="), ref(scenarios.RefCapture, "owner_id", scenarios.EscapeURL)},
			},
			{
				Name: "delete", Method: "DELETE", Headers: bearer(), Expect: created(204),
				Path: scenarios.Template{literal("/projects/"), ref(scenarios.RefCapture, "project_id", scenarios.EscapeURL)},
			},
		},
	}
}
