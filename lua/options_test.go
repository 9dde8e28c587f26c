package lua

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"taskbench/scenarios"
)

func TestCommandFor(t *testing.T) {
	t.Parallel()
	request := scenario(scenarios.Request, get("health", "/health", scenarios.Expect{}))
	flow := scenario(scenarios.Flow, get("a", "/a", scenarios.Expect{}))
	for _, c := range []struct {
		name string
		s    *scenarios.Scenario
		o    Options
		want Command
	}{
		{"request", request, Options{Connections: 16, Duration: 1500 * time.Millisecond, Warmup: time.Second}, Command{2, 16, 2, 3, 1, 5}},
		{"an odd number divides by one thread", request, Options{Connections: 7}, Command{1, 7, 1, 2, 1, 5}},
		{"threads asked for", request, Options{Connections: 12, Threads: 5}, Command{4, 12, 1, 2, 1, 5}},
		{"one connection", request, Options{Connections: 1}, Command{1, 1, 1, 2, 1, 5}},
		{"flow: a thread a connection, and time to spare", flow, Options{Connections: 50, Threads: 2}, Command{50, 50, 5, 6, 0, 5}},
		{"setup takes its time", projects(), Options{Connections: 100}, Command{100, 100, 45, 46, 0, 5}},
		{"long runs do not make wrk's histogram huge", flow, Options{Duration: time.Hour}, Command{4, 4, 3604, 60, 0, 5}},
		{"but longer timeouts do", flow, Options{Duration: time.Hour, Timeout: 2 * time.Minute}, Command{4, 4, 3604, 121, 0, 120}},
	} {
		if got := CommandFor(c.s, c.o); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	withPath := func(p scenarios.Part) *scenarios.Scenario {
		return scenario(scenarios.Request, scenarios.Step{Name: "a", Method: "GET", Path: tmpl("/", p)})
	}
	random := withPath(column("people", "email", "url"))
	random.Data = map[string]scenarios.Feeder{"people": {Pick: scenarios.Random}}
	unique := withPath(column("people", "email", "url"))
	unique.Data = map[string]scenarios.Feeder{"people": {Pick: scenarios.Unique}}
	setup := withPath(builtin("url", "uuid"))
	setup.Setup = []scenarios.Step{get("s", "/s", scenarios.Expect{})}
	for _, c := range []struct {
		name string
		s    *scenarios.Scenario
		want bool
	}{
		{"plain", withPath(scenarios.Part{Literal: "a"}), false},
		{"uuid", withPath(builtin("url", "uuid")), false},
		{"random rows", random, false},
		{"unique rows", unique, true},
		{"vu", withPath(builtin("url", "vu")), true},
		{"iteration", withPath(builtin("url", "iteration")), true},
		{"setup", setup, true},
		{"flow", scenario(scenarios.Flow, get("a", "/", scenarios.Expect{})), true},
		{"mix", scenario(scenarios.Mix, get("a", "/", scenarios.Expect{})), true},
	} {
		if got := Identity(c.s); got != c.want {
			t.Errorf("%s: %t, want %t", c.name, got, c.want)
		}
	}
}

// TestLimitsCannotBeHit makes scenarios far larger than anybody writes: LuaJIT
// allows 200 locals, 60 upvalues, 65536 constants a function.
func TestLimitsCannotBeHit(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*scenarios.Scenario{"many steps": manySteps(), "one large step": largeStep(), "a large body": largeBody(), "a large table": largeTable()} {
		script := generate(t, s, Options{URL: "http://localhost"})
		if err := Check(name, []byte(script)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		// LuaJIT loads it for good, and builds every request.
		stub := "wrk = { host = 'localhost' }\n"
		end := "\ndraw_rows() for k = 1, #ask do assert(type(ask[k]()) == 'string') end io.write('ok')"
		if got, ok := inLuaJIT(t, stub+script+end); ok && got != "ok" {
			t.Errorf("%s: luajit says %q", name, got)
		}
	}
}

func manySteps() *scenarios.Scenario {
	s := scenario(scenarios.Flow)
	for i := range 500 {
		step := scenarios.Step{Name: fmt.Sprintf("step %d", i), Method: "POST", Path: tmpl("/", builtin("url", "seq"), "/x")}
		if i > 0 {
			step.Body = jsonBody(tmpl(`{"id":`, capture(fmt.Sprintf("c%d-0", i-1), "jsonvalue"), "}"))
		}
		for c := range 2 {
			step.Captures = append(step.Captures, fromJSON(fmt.Sprintf("c%d-%d", i, c), "id"))
		}
		s.Steps = append(s.Steps, step)
	}
	return s
}

func largeStep() *scenarios.Scenario {
	first := get("first", "/", status(200))
	second := scenarios.Step{Name: "second", Method: "POST", Path: text("/")}
	for i := range 1000 {
		name := fmt.Sprintf("c %d", i)
		first.Captures = append(first.Captures, fromJSON(name, "a", fmt.Sprint(i)))
		first.Expect.JSON = append(first.Expect.JSON, scenarios.JSONMatch{Label: name, Path: scenarios.JSONPath{name}, Match: scenarios.Match{Kind: scenarios.MatchRegex, Text: "a(b)?c"}})
		second.Headers = append(second.Headers, scenarios.Header{Name: fmt.Sprintf("H%d", i), Value: tmpl(capture(name, ""))})
		second.Body.Content = append(second.Body.Content, tmpl("-", capture(name, "json"), builtin("json", "pick", "a", "b"), builtin("json", "env", "X"))...)
	}
	second.Body.Kind = scenarios.RawBody
	return scenario(scenarios.Flow, first, second)
}

func largeBody() *scenarios.Scenario {
	return scenario(scenarios.Request, scenarios.Step{Name: "a", Method: "PUT", Path: text("/"), Body: scenarios.Body{
		Kind: scenarios.RawBody, Content: text(strings.Repeat("line\r\n", 200_000)),
	}})
}

func largeTable() *scenarios.Scenario {
	s := scenario(scenarios.Flow, scenarios.Step{Name: "a", Method: "GET", Path: tmpl("/", column("t", "x", "url"))})
	rows := make([][]string, 60_000)
	for i := range rows {
		rows[i] = []string{fmt.Sprintf("%d\"\n", i)}
	}
	s.Data = map[string]scenarios.Feeder{"t": {Columns: []string{"x"}, Rows: rows, Pick: scenarios.Sequential}}
	return s
}

func TestExpressionTooLarge(t *testing.T) {
	t.Parallel()
	step := get("a", "/", scenarios.Expect{})
	step.Captures = []scenarios.Capture{from(scenarios.CaptureRegex, "x", "((a{100}){10}){20}")}
	if _, err := Generate(scenario(scenarios.Flow, step), Options{}); err == nil || !strings.Contains(err.Error(), "instructions") && !strings.Contains(err.Error(), "repeat") {
		t.Errorf("error %v", err)
	}
}
