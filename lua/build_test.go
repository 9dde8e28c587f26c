package lua

import (
	"time"

	"taskbench/scenarios"
)

// Short forms for scenarios that tests build in Go.

func text(s string) scenarios.Template { return scenarios.Template{{Literal: s}} }

// tmpl joins literals and references to a template.
func tmpl(parts ...any) scenarios.Template {
	var out scenarios.Template
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			out = append(out, scenarios.Part{Literal: p})
		case scenarios.Part:
			out = append(out, p)
		}
	}
	return out
}

func capture(name string, e scenarios.Escape) scenarios.Part {
	return scenarios.Part{Ref: &scenarios.Ref{Kind: scenarios.RefCapture, Name: name, Escape: e}}
}

func column(feeder, name string, e scenarios.Escape) scenarios.Part {
	return scenarios.Part{Ref: &scenarios.Ref{Kind: scenarios.RefColumn, Name: feeder, Column: name, Escape: e}}
}

func builtin(e scenarios.Escape, name string, args ...string) scenarios.Part {
	return scenarios.Part{Ref: &scenarios.Ref{Kind: scenarios.RefBuiltin, Name: name, Args: args, Escape: e}}
}

func status(codes ...int) scenarios.Expect {
	var e scenarios.Expect
	for _, code := range codes {
		e.Statuses = append(e.Statuses, scenarios.StatusRange{Low: code, High: code})
	}
	return e
}

func jsonBody(t scenarios.Template) scenarios.Body {
	return scenarios.Body{Kind: scenarios.JSONBody, ContentType: "application/json", Content: t}
}

func fromJSON(name string, path ...string) scenarios.Capture {
	return scenarios.Capture{Name: name, Kind: scenarios.CaptureJSON, Path: path}
}

func from(kind scenarios.CaptureKind, name, source string) scenarios.Capture {
	return scenarios.Capture{Name: name, Kind: kind, Source: source}
}

func get(name, path string, e scenarios.Expect) scenarios.Step {
	return scenarios.Step{Name: name, Method: "GET", Path: text(path), Expect: e, Weight: 1}
}

// scenario has short times, so that a test that runs it is over soon.
func scenario(mode scenarios.Mode, steps ...scenarios.Step) *scenarios.Scenario {
	return &scenarios.Scenario{
		Name: "sample", Title: "A sample", File: "sample.yaml", Hash: "c0ffee", Mode: mode, Steps: steps,
		Load: scenarios.Load{Connections: []int{4}, Duration: time.Second, Warmup: 200 * time.Millisecond, Timeout: 5 * time.Second},
	}
}

// bearer is the header that carries a captured token.
func bearer() []scenarios.Header {
	return []scenarios.Header{{Name: "Authorization", Value: tmpl("Bearer ", capture("token", ""))}}
}

// projects is a flow with everything usual: setup, captures, statuses.
func projects() *scenarios.Scenario {
	s := scenario(scenarios.Flow,
		scenarios.Step{Name: "create", Method: "POST", Path: text("/projects"), Headers: bearer(),
			Body:     jsonBody(tmpl(`{"name":"bench `, builtin("json", "vu"), "-", builtin("json", "iteration"), `","description":"from taskbench"}`)),
			Expect:   status(201),
			Captures: []scenarios.Capture{fromJSON("project_id", "id"), fromJSON("owner", "owner_id")}},
		scenarios.Step{Name: "list", Method: "GET", Path: tmpl("/projects?owner=", capture("owner", "url")), Headers: bearer(), Expect: status(200)},
		scenarios.Step{Name: "delete", Method: "DELETE", Path: tmpl("/projects/", capture("project_id", "url")), Headers: bearer(), Expect: status(200, 204)},
	)
	s.Name, s.Title, s.Description = "projects", "Project CRUD", "Create, list and delete a project."
	s.Setup = []scenarios.Step{{Name: "register", Method: "POST", Path: text("/register"),
		Body:     jsonBody(tmpl(`{"username":"`, builtin("json", "run"), "-", builtin("json", "vu"), `"}`)),
		Expect:   status(201),
		Captures: []scenarios.Capture{fromJSON("token", "token")}}}
	return s
}
