package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"taskbench/internal/cmd/lab"
	"taskbench/internal/hosts"
	"taskbench/internal/k6"
	"taskbench/internal/server"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// way is how load is sent.
type way struct {
	name     string
	dir      string
	generate func(context.Context, wrk.Options) (wrk.Output, error)
	write    func(*scenarios.Scenario, lua.Options) ([]byte, lua.Command, error) // the script
	suffix   string
	several  bool
}

// newWays are wrk alone and in processes and, where it is installed, k6 alike.
func newWays(ctx context.Context, processes int) (ways []way, end func(), err error) {
	dir, err := os.MkdirTemp("", "hostbench-")
	if err != nil {
		return nil, nil, err
	}
	fleet, err := hosts.Open(ctx, lab.Processes(processes))
	if err != nil {
		os.RemoveAll(dir)
		return nil, nil, err
	}
	end = func() { fleet.Close(); os.RemoveAll(dir) }
	ways = []way{
		{"wrk", dir, wrk.Run, writeLua, "lua", false},
		{fmt.Sprintf("wrk, %d processes", processes), dir, fleet.Generate, writeLua, "lua", true},
	}
	found, err := k6.Find("")
	if err != nil {
		fmt.Fprintln(os.Stderr, "without k6:", err)
		return ways, end, nil
	}
	for _, n := range []int{1, processes} {
		name := "k6"
		if n > 1 {
			name = fmt.Sprintf("k6, %d processes", n)
		}
		ways = append(ways, way{name, dir, k6.Engine{K6: found, Processes: n}.Generate, k6.Script, "js", n > 1})
	}
	return ways, end, nil
}

func writeLua(s *scenarios.Scenario, o lua.Options) ([]byte, lua.Command, error) {
	text, err := lua.Generate(s, o)
	return text, lua.CommandFor(s, o), err
}

// measure sends a short load and a long one: what each further request costs is in
// what they differ by.
func (w way) measure(ctx context.Context, s *scenarios.Scenario, users int, url string, d time.Duration) (c cost, err error) {
	short, err := w.send(ctx, s, users, url, time.Second)
	if err != nil {
		return c, err
	}
	long, err := w.send(ctx, s, users, url, d)
	if err != nil {
		return c, err
	}
	c.perS, c.userKB = long.perS, long.userKB
	c.eachUS = (long.cpuUS - short.cpuUS) / (long.requests - short.requests)
	if w.several {
		c.userKB = 0
	}
	return c, nil
}

// sent is what came of one load.
type sent struct{ cpuUS, requests, perS, userKB float64 }

func (w way) send(ctx context.Context, s *scenarios.Scenario, users int, url string, d time.Duration) (sent, error) {
	o := lua.Options{Target: "reference", URL: url, Connections: users, Duration: d, Warmup: 500 * time.Millisecond, Seed: 1}
	text, command, err := w.write(s, o)
	if err != nil {
		return sent{}, err
	}
	path := filepath.Join(w.dir, s.Name+"."+w.suffix)
	if err := os.WriteFile(path, text, 0o600); err != nil {
		return sent{}, err
	}
	out, err := w.generate(ctx, wrk.Options{
		URL: url, Script: path, Threads: command.Threads, Connections: command.Connections,
		Duration: time.Duration(command.Seconds) * time.Second, Timeout: time.Duration(command.TimeoutSeconds) * time.Second, Linger: time.Duration(command.LingerSeconds) * time.Second,
		RunName: fmt.Sprintf("h%x", time.Now().UnixNano()), Seed: 1,
	})
	if err != nil {
		return sent{}, err
	}
	block, err := parse.ReadBlock(out.Block)
	if err != nil {
		return sent{}, err
	}
	var answers uint64
	for _, step := range block.Steps {
		answers += step.Answers
	}
	if answers == 0 || block.Window.LengthUS == 0 || block.Wrk.Requests == 0 {
		return sent{}, errors.New("nothing was answered")
	}
	return sent{
		cpuUS: float64((out.UserCPU + out.SystemCPU).Microseconds()), requests: float64(block.Wrk.Requests),
		perS: float64(answers) / (block.Window.LengthUS / 1e6), userKB: float64(out.MaxResidentSize) / 1024 / float64(users),
	}, nil
}

// startServer starts the reference server, and waits until it answers.
func startServer(ctx context.Context) (url string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	address, err := lab.FreeAddress()
	if err != nil {
		return "", nil, err
	}
	up, err := server.Open(ctx, server.Spec{Name: "reference", URL: "http://" + address, Start: fmt.Sprintf("%q serve --addr %s", self, address), Ready: "/health"})
	if err != nil {
		return "", nil, err
	}
	return "http://" + address, func() { _ = up.Stop(context.WithoutCancel(ctx)) }, nil
}
