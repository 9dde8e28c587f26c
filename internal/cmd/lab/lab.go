// Package lab measures the reference server against itself, or against one that
// is wrong by a known amount, as taskbench measures any two servers: for programs
// that hold taskbench against the truth. Nothing is stored.
//
// The program that uses it must be its own server: called as "PROGRAM serve …" it
// is taskbench (see Serve).
package lab

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync"
	"time"

	"taskbench/compare/verdict"
	"taskbench/internal/bench"
	"taskbench/internal/cli"
	"taskbench/internal/cli/console"
	"taskbench/internal/hosts"
	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// Serve is the whole program where it was called as taskbench: as the server
// under test, or as a run of its own, and not as what measures. It returns for the
// latter.
func Serve() {
	if len(os.Args) > 1 && (os.Args[1] == "serve" || os.Args[1] == "run") {
		os.Exit(cli.Run(context.Background(), console.System()))
	}
}

// Lab is what runs are made with. It must be closed.
type Lab struct {
	runner *bench.Runner
	self   string
	send   func(context.Context, wrk.Options) (wrk.Output, error)

	mu      sync.Mutex
	outputs map[string]Output
}

// Output is what the last run of the generator against a URL left, and when it
// was begun, in µs of the system's monotonic clock.
type Output struct {
	wrk.Output
	FromUS float64
}

// New finds wrk, and a folder for what is needed meanwhile.
func New() (*Lab, error) {
	installation, err := wrk.Find("")
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "lab-")
	if err != nil {
		return nil, err
	}
	l := &Lab{self: self, send: wrk.Run, outputs: map[string]Output{}}
	l.runner = &bench.Runner{
		Wrk: installation, Generate: l.generate, Dir: dir, Now: time.Now,
		Save:     func(*results.Document) error { return nil },
		Progress: func(bench.Event) {},
	}
	return l, nil
}

func (l *Lab) generate(ctx context.Context, o wrk.Options) (wrk.Output, error) {
	from := machine.NowUS()
	out, err := l.send(ctx, o)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outputs[o.URL] = Output{out, from}
	return out, err
}

// Through has another generator than wrk.Run send what is to come. script writes what
// it runs; nil: what wrk runs.
func (l *Lab) Through(send func(context.Context, wrk.Options) (wrk.Output, error), script func(*scenarios.Scenario, lua.Options) (bench.Script, error)) {
	l.send, l.runner.Script = send, script
}

// Last is what the generator left of its last run against a URL.
func (l *Lab) Last(url string) Output {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.outputs[url]
}

// Close removes the folder.
func (l *Lab) Close() { os.RemoveAll(l.runner.Dir) }

// Run is a run to be made: fresh servers for every pair.
type Run struct {
	Scenario  *scenarios.Scenario
	Users     int
	Pairs     int
	Duration  time.Duration
	Warmup    time.Duration
	Seed      int64
	Pin       bool // servers and wrk on cores of their own, where there are two
	InSlots   bool // targets take turns of a fraction of a second; else each has whole trials
	Base      Side
	Candidate Side
}

// Side is one of the two servers.
type Side struct {
	Flags string // of the reference server, "--slow 10%"
	Start string // the command of another server, to which its address is added; "": the reference server
	URL   string // of a server that runs already, and goes on to; "": one is started for each pair
}

// names are what the two sides are called.
var names = [2]string{"base", "candidate"}

// Measure makes a run, and gives the documents of both sides.
func (l *Lab) Measure(ctx context.Context, r Run) ([]results.Document, error) {
	p, err := l.plan(r)
	if err != nil {
		return nil, err
	}
	survey, err := l.runner.Survey(ctx, p)
	if err != nil {
		return nil, err
	}
	docs := bench.Documents(p, results.Environment{}, survey, time.Now())
	if _, err := l.runner.Run(ctx, p, survey, docs); err != nil {
		return nil, err
	}
	return []results.Document{*docs[0], *docs[1]}, nil
}

func (l *Lab) plan(r Run) (bench.Plan, error) {
	list := []*scenarios.Scenario{r.Scenario}
	p := bench.Plan{
		Session: fmt.Sprintf("lab%x", time.Now().UnixNano()), Baseline: names[0], Scenarios: list, Pairs: r.Pairs, Seed: r.Seed, InSlots: r.InSlots,
		Rule:  verdict.NewRule(r.Pairs, false, false, verdict.DefaultMargin),
		Cells: bench.NewCells(list, bench.Overrides{Connections: []int{r.Users}, Duration: r.Duration, Warmup: &r.Warmup}),
	}
	if r.Pin {
		p.ServerCPUs, p.GeneratorCPUs, _ = machine.Split() // one core alone cannot be divided, and is shared
	}
	for i, side := range []Side{r.Base, r.Candidate} {
		if side.URL != "" {
			p.Targets = append(p.Targets, server.Spec{Name: names[i], URL: side.URL})
			continue
		}
		address, err := FreeAddress()
		if err != nil {
			return p, err
		}
		start := fmt.Sprintf("%q serve --addr %s %s", l.self, address, side.Flags)
		if side.Start != "" {
			start = side.Start + " " + address
		}
		p.Targets = append(p.Targets, server.Spec{Name: names[i], URL: "http://" + address, CPUs: p.ServerCPUs, Start: start})
	}
	return p, nil
}

// Processes are so many of this machine, to send as hosts do.
func Processes(n int) []hosts.Host {
	list := make([]hosts.Host, n)
	for i := range list {
		list[i].Name = results.LocalHost(i + 1)
	}
	return list
}

// FreeAddress is one of this machine on which nobody listens.
func FreeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
