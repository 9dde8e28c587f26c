package scenarios

import (
	"slices"
	"strings"
	"testing"
)

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
		s, err := loadText("name: x\n" + c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.LeavesBehind(), "\n"); (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s\n%q, want %q", c.text, got, c.want)
		}
	}
	for _, name := range BuiltinNames() {
		s, err := Builtin(name)
		if err != nil || s.LeavesBehind() != nil {
			t.Errorf("%s: %q, %v", name, s.LeavesBehind(), err)
		}
		if grows := slices.Equal(s.Grows, []string{"users"}); grows != (name == "auth") {
			t.Errorf("%s: grows %v", name, s.Grows)
		}
	}
}
