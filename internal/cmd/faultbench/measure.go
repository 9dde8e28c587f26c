//go:build linux

package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing/fstest"
	"time"

	"taskbench/lua"
	"taskbench/parse"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

const (
	connections = 4
	timeout     = 500 * time.Millisecond
	head        = "title: A server that is faulty\nload: {connections: 4, duration: 1s, warmup: 0s, timeout: 500ms}\n"
)

// modes are the forms a script has, each as a scenario; answers are looked at
// in all but the first.
var modes = []struct{ name, text string }{
	{"request", head + "request: GET /a\n"},
	{"request, looked at", head + "request: {request: GET /a, expect: {status: 200, body: ok}}\n"},
	{"mix", head + `mix:
  - {name: a, request: GET /a, weight: 2, expect: {status: 200, body: ok}}
  - {name: b, request: GET /b, weight: 1, expect: {status: 200}}
`},
	{"flow", head + `flow:
  - {name: a, request: GET /a, expect: {status: 200, body: ok}, capture: {word: "regex:/(o.)/"}}
  - {name: b, request: "GET /b?${word}", expect: {status: 200}}
`},
}

// outcome holds the tool's account of one run against the server's.
type outcome struct {
	fault, mode string
	trial       results.Trial
	requests    int // by the server's count, in the window
	faulty      int
}

// wrong are answers that were neither right nor in time.
func (o outcome) wrong() uint64 { return o.trial.Answers - o.trial.Good }

// off is by how many faults the two accounts differ.
func (o outcome) off() int { return int(o.trial.Failures()) - o.faulty }

// agrees allows what was on its way when the window opened and closed: one
// request a connection. What the server allows is never a fault, and there are
// never more good answers than requests.
func (o outcome) agrees() bool {
	switch good := int(o.trial.Good); {
	case good == 0 || o.trial.Error != "" || good > o.requests+connections:
		return false
	case o.faulty == 0:
		return o.trial.Failures() == 0
	}
	return o.trial.Failures() > 0 && math.Abs(float64(o.off())) <= connections
}

// measure runs wrk against a server with a fault.
func measure(ctx context.Context, f fault, mode, text, dir string) (outcome, error) {
	o := outcome{fault: f.name, mode: mode}
	s, err := newServer(f)
	if err != nil {
		return o, err
	}
	defer s.Close()
	block, err := load(ctx, "http://"+s.Addr().String(), text, dir)
	if err != nil {
		return o, fmt.Errorf("%s, %s: %w", f.name, mode, err)
	}
	if o.trial, err = results.NewTrial(block, results.Circumstances{}); err != nil {
		return o, err
	}
	from, to := int64(0), int64(math.MaxInt64) // wrk's whole run
	if block.Mode != "request" {
		from = int64(block.Window.OpenedUS)
		to = from + int64(block.Window.LengthUS)
	}
	o.requests, o.faulty = s.counted(from, to)
	return o, nil
}

func load(ctx context.Context, url, text, dir string) (*parse.Block, error) {
	const name = "faulty.yaml"
	s, err := scenarios.LoadFS(fstest.MapFS{name: {Data: []byte("name: faulty\n" + text)}}, name)
	if err != nil {
		return nil, err
	}
	options := lua.Options{URL: url}
	script, err := lua.Generate(s, options)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "faulty.lua")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		return nil, err
	}
	c := lua.CommandFor(s, options)
	out, err := wrk.Run(ctx, wrk.Options{
		URL: url, Script: path, Threads: c.Threads, Connections: c.Connections,
		Duration: time.Duration(c.Seconds) * time.Second, Timeout: time.Duration(c.TimeoutSeconds) * time.Second,
		Linger: time.Duration(c.LingerSeconds) * time.Second, OutFile: filepath.Join(dir, "block.json"),
	})
	if err != nil {
		return nil, err
	}
	return parse.ReadBlock(out.Block)
}
