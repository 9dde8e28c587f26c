package lua

import (
	"strings"
	"testing"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/luavm"
	"taskbench/parse"
	"taskbench/scenarios"
)

// endShare is what a share tells that ended before its window.
func endShare(t *testing.T, s *scenarios.Scenario, o Options, place int) *parse.Block {
	t.Helper()
	_, count := ShareOf(o.Connections, place, 2)
	p, said, err := beginShare(t, s, o, count, shareEnv(place, 2, "TASKBENCH_OUT=block"), nil)
	if err == nil {
		_, err = p.Threads()[0].Request()
	}
	if err == nil {
		err = p.Done(luavm.Summary{Duration: time.Second})
	}
	if err != nil {
		t.Fatal(err, said)
	}
	text, _ := p.File("block")
	b, err := parse.ReadBlock(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Flags change a load and not the scenario's hash: shares of scripts for two loads
// are no run, however little they differ by.
func TestSharesOfAnotherLoad(t *testing.T) {
	t.Parallel()
	perSecond := func(n float64) *arrivals.Plan { return &arrivals.Plan{Rate: n} }
	poisson := perSecond(100)
	poisson.Arrival = arrivals.Poisson
	base := Options{Connections: 6, Duration: 2 * time.Second, Warmup: 500 * time.Millisecond, Timeout: time.Second}
	with := func(change func(*Options)) Options {
		o := base
		change(&o)
		return o
	}
	flow := loadText(t, "name: who\nflow:\n- {name: a, request: \"GET /${vu}\"}\n")
	for name, c := range map[string]struct {
		a, b Options
		want string // "": they are one run
	}{
		"the same":      {base, base, ""},
		"users":         {base, with(func(o *Options) { o.Connections = 7 }), "7 virtual users, "},
		"duration":      {base, with(func(o *Options) { o.Duration = 1950 * time.Millisecond }), "6 virtual users, 1.95 s behind"},
		"warm-up":       {base, with(func(o *Options) { o.Warmup = 480 * time.Millisecond }), "a warm-up of 0.48 s"},
		"timeout":       {base, with(func(o *Options) { o.Timeout = 900 * time.Millisecond }), "a timeout of 0.9 s"},
		"rate":          {with(func(o *Options) { o.Rate = perSecond(100) }), with(func(o *Options) { o.Rate = perSecond(101) }), "constant 101/s to 101/s in 2 s"},
		"arrival":       {with(func(o *Options) { o.Rate = perSecond(100) }), with(func(o *Options) { o.Rate = poisson }), "poisson 100/s to 100/s in 2 s"},
		"the same rate": {with(func(o *Options) { o.Rate = poisson }), with(func(o *Options) { o.Rate = poisson }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parse.MergeBlocks([]*parse.Block{endShare(t, flow, c.a, 1), endShare(t, flow, c.b, 2)})
			if c.want == "" && err == nil {
				return
			}
			if c.want == "" || err == nil || !strings.Contains(err.Error(), "ran another script: its load is ") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// So are those of a single request, whose script counts by wrk.
func TestSharesOfAnotherPlainLoad(t *testing.T) {
	t.Parallel()
	plain := loadText(t, "name: who\nrequest: GET /\n")
	o := Options{Connections: 6, Duration: 2 * time.Second}
	longer := o
	longer.Duration = 2050 * time.Millisecond
	_, err := parse.MergeBlocks([]*parse.Block{endShare(t, plain, o, 1), endShare(t, plain, longer, 2)})
	if err == nil || !strings.Contains(err.Error(), "its load is 6 virtual users, 2.05 s behind") {
		t.Error(err)
	}
}
