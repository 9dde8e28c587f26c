package hosts

import (
	"context"
	"slices"
	"strings"
	"testing"
)

// Two names may be one machine: their sum is that of its cores, and not of two.
func TestOneMachine(t *testing.T) {
	t.Parallel()
	at := func(name, ssh, boot string, cpus ...int) Facts {
		return Facts{Host: Host{Name: name, SSH: ssh, CPUs: cpus}, Boot: boot}
	}
	for name, c := range map[string]struct {
		list []Facts
		want string
	}{
		"two machines":       {[]Facts{at("a", "a", "x"), at("b", "b", "y")}, ""},
		"two names":          {[]Facts{at("a", "a", "x"), at("c", "c", "y"), at("b", "b", "x")}, "host b: it is on one machine with a, and shares its cores"},
		"this machine":       {[]Facts{at("local-1", "", "x"), at("a", "localhost", "x")}, "host a: it is on one machine with local-1, and shares its cores"},
		"processes":          {[]Facts{at("local-1", "", "x"), at("local-2", "", "x")}, ""},
		"nobody tells":       {[]Facts{at("a", "a", ""), at("b", "b", "")}, ""},
		"cores of their own": {[]Facts{at("a", "a", "x", 0, 1), at("b", "b", "x", 2, 3)}, ""},
		"a core in common":   {[]Facts{at("a", "a", "x", 0, 1), at("b", "b", "x", 1, 2)}, "host b: it is on one machine with a, and shares its cores"},
		"cores of one":       {[]Facts{at("a", "a", "x", 0, 1), at("b", "b", "x")}, "host b: it is on one machine with a, and shares its cores"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if said := differences(c.list); strings.Join(said, "; ") != c.want {
				t.Errorf("%q, want %q", said, c.want)
			}
		})
	}
}

// The namespaces of the tests are such hosts.
func TestOneMachineIsSeen(t *testing.T) {
	t.Parallel()
	l := inLab(t)
	f, err := Open(context.Background(), []Host{{Name: "a", SSH: l.host(t, 0)}, {Name: "b", SSH: l.host(t, 1)}})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !slices.Contains(f.Warnings(), "host b: it is on one machine with a, and shares its cores") {
		t.Errorf("%q", f.Warnings())
	}
}
