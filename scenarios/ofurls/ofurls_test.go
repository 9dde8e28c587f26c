package ofurls

import (
	"strings"
	"testing"

	"taskbench/scenarios"
)

// What is made of paths is a scenario like any other, and sends them as they are.
func TestOfGets(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		paths []string
		name  string
	}{
		{[]string{"/"}, "get"},
		{[]string{"/health", "/health"}, "get-health"},
		{[]string{"/api/v1/Items/7?limit=10&q=a%20b", "/api/v1/Items/7?limit=20"}, "get-api-v1-items-7"},
		{[]string{"/old", "/new", "/old"}, "get"},
		{[]string{"/a:", `/"quoted"`, "/${env(HOME)}", "/-"}, "get"},
		{[]string{"/" + strings.Repeat("long-", 30)}, "get-long-long-long-long-long-long-long-l"},
	} {
		var gets []Get
		for i, p := range c.paths {
			gets = append(gets, Get{string(rune('a' + i)), p})
		}
		s, err := scenarios.OfText("x", Text(gets, nil))
		if err != nil {
			t.Errorf("%q: %v\n%s", c.paths, err, Text(gets, nil))
			continue
		}
		if s.Name != c.name {
			t.Errorf("%q is named %s, want %s", c.paths, s.Name, c.name)
		}
		for _, g := range gets {
			step := s.For(g.Target).Steps[0]
			if len(step.Path) != 1 || step.Path[0].Literal != g.Path || step.Method != "GET" {
				t.Errorf("%s is asked %s %v, want GET %s", g.Target, step.Method, step.Path, g.Path)
			}
		}
	}
}

// The statuses that are good are written where there are some.
func TestOfGetsStatuses(t *testing.T) {
	t.Parallel()
	s, err := scenarios.OfText("x", Text([]Get{{"a", "/"}}, []int{200, 404}))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Steps[0].Expect.Statuses; len(got) != 2 || got[1] != (scenarios.StatusRange{Low: 404, High: 404}) {
		t.Errorf("%v", got)
	}
}

// FuzzOfGets: whatever a path is made of, the text is a scenario that sends it.
func FuzzOfGets(f *testing.F) {
	for _, seed := range []string{"/", "/a:b?c=d", "/'\"", "/${a}", "/$${", "/%F0%9F%8E%89", "/~user/[1]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, path string) {
		for _, c := range path {
			if c <= ' ' || c > '~' || c == '#' {
				t.Skip("no path that can be sent")
			}
		}
		if !strings.HasPrefix(path, "/") {
			t.Skip("no path")
		}
		gets := []Get{{"a", "/"}, {"b", path}}
		s, err := scenarios.OfText("x", Text(gets, nil))
		if err != nil {
			t.Fatalf("%v\n%s", err, Text(gets, nil))
		}
		if got := s.For("b").Steps[0].Path; len(got) != 1 || got[0].Literal != path {
			t.Errorf("%q became %v", path, got)
		}
	})
}
