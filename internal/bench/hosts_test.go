package bench

import (
	"strings"
	"testing"
	"time"

	"taskbench/internal/machine"
	"taskbench/results"
	"taskbench/wrk"
)

// A generator's limit is that of the place nearest to it, and what takes from the
// server and from others on this machine is only what runs here.
func TestWhereHostsSend(t *testing.T) {
	t.Parallel()
	host := func(name string, cores int, here bool) Host {
		return Host{Host: results.Host{Name: name, Cores: cores}, Here: here}
	}
	share := func(name string, seconds float64) wrk.Share {
		return wrk.Share{Host: name, CPU: time.Duration(seconds * float64(time.Second))}
	}
	mine := len(machine.CPUs())
	for name, c := range map[string]struct {
		hosts   []Host
		shares  []wrk.Share
		threads int
		cores   int
		busy    float64
		hereCPU float64
		here    bool
	}{
		"two others, of which one is at its limit": {[]Host{host("a", 8, false), host("b", 2, false)}, []wrk.Share{share("a", 8), share("b", 3.8)}, 100, 2, 1.9, 0, false},
		"threads are the limit":                    {[]Host{host("a", 8, false), host("b", 8, false)}, []wrk.Share{share("a", 1.8), share("b", 1)}, 1, 1, 0.9, 0, false},
		"processes here share its cores":           {[]Host{host("local 1", mine, true), host("local 2", mine, true)}, []wrk.Share{share("local 1", 1), share("local 2", 0.5)}, 1000, mine, 0.75, 1.5, true},
		"one here, one elsewhere":                  {[]Host{host("local 1", mine, true), host("b", 1, false)}, []wrk.Share{share("local 1", 0.2), share("b", 1.9)}, 1000, 1, 0.95, 0.2, true},
	} {
		g := sendingOf(Run{Hosts: c.hosts, Output: wrk.Output{Wall: 2 * time.Second, Shares: c.shares}, Options: wrk.Options{Threads: c.threads, Connections: 1000}})
		if g.cores != c.cores || g.busy != c.busy || g.hereCPU != c.hereCPU || (len(g.here) > 0) != c.here {
			t.Errorf("%s: %+v, want %d cores, %g busy, %g s here", name, g, c.cores, c.busy, c.hereCPU)
		}
	}
}

// A resumed run goes on from where its load came from.
func TestSameHosts(t *testing.T) {
	t.Parallel()
	a, b := Host{Host: results.Host{Name: "bench@a", WrkVersion: "4.2.0"}}, Host{Host: results.Host{Name: "bench@b", WrkVersion: "4.2.0"}}
	newer := b
	newer.WrkVersion = "4.3.0"
	pinned := b
	pinned.CPUs = []int{0, 1}
	doc := func(list ...Host) []*results.Document {
		return []*results.Document{{Session: "s", Plan: results.Plan{Hosts: len(list)}, Environment: results.Environment{Hosts: recordedHosts(list)}}}
	}
	for name, c := range map[string]struct {
		was  []*results.Document
		now  []Host
		want string
	}{
		"the same":           {doc(a, b), []Host{a, b}, ""},
		"none, and none":     {doc(), nil, ""},
		"one less":           {doc(a, b), []Host{a}, `in the stored run: "bench@a, bench@b"`},
		"this machine alone": {doc(a, b), nil, `configured now:    "this machine alone"`},
		"another":            {doc(a, a), []Host{a, b}, "what sends the load is not what it was"},
		"another wrk":        {doc(a, b), []Host{a, newer}, "wrk on bench@b was 4.2.0, and is 4.3.0 now"},
		"other cores":        {doc(a, b), []Host{a, pinned}, `"bench@a, bench@b on CPUs 0-1"`},
	} {
		err := SameHosts(c.was, c.now)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
