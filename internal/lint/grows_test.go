package lint

import (
	"slices"
	"strings"
	"testing"

	"taskbench/scenarios"
)

func load(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.OfText("s.yaml", []byte(text))
	if err != nil {
		t.Fatalf("\n%v\nin\n%s", err, text)
	}
	return s
}

func TestLeavesBehind(t *testing.T) {
	t.Parallel()
	create, drop := "{name: a, request: POST /a, expect: {status: 201}}", "{name: d, request: DELETE /a}"
	for _, c := range []struct{ text, want string }{
		{"flow: [" + create + "]", "what a creates stays behind"},
		{"flow: [" + create + ", " + drop + "]", ""},
		{"flow: [" + create + ", {name: b, request: PUT /b, expect: {status: [200, 201]}}, " + drop + "]", "what a, b creates"},
		{"grows: [things]\nflow: [" + create + "]", ""},
		{"flow: [{name: login, request: POST /login, expect: {status: 200}}]", ""},
		{"setup: [" + create + "]\nrequest: GET /", ""},
		{"request: {request: POST /a, expect: {status: 201}}", "what x creates"},
	} {
		got := strings.Join(LeavesBehind(load(t, "name: x\n"+c.text)), "\n")
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s\n%q, want %q", c.text, got, c.want)
		}
	}
}

// The built-in scenarios are clean, or say why.
func TestBuiltin(t *testing.T) {
	t.Parallel()
	for _, name := range scenarios.BuiltinNames() {
		s, err := scenarios.Builtin(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range Of(s) {
			if f.Why == "" {
				t.Errorf("%s: %s: %v", name, f.Rule, f.Problem)
			}
		}
		if grows := slices.Equal(s.Grows, []string{"users"}); grows != (name == "auth") {
			t.Errorf("%s: grows %v", name, s.Grows)
		}
	}
}
