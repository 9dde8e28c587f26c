package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"time"

	"taskbench/compare"
	"taskbench/internal/bench"
	"taskbench/internal/machine"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

// lab is what runs are made with.
type lab struct {
	runner   *bench.Runner
	scenario *scenarios.Scenario
	self     string
	dir      string
}

func newLab(a asked) (*lab, error) {
	installation, err := wrk.Find("")
	if err != nil {
		return nil, err
	}
	scenario, err := scenarios.Builtin(a.scenario)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "aabench-")
	if err != nil {
		return nil, err
	}
	return &lab{scenario: scenario, self: self, dir: dir, runner: &bench.Runner{
		Wrk: installation, Generate: wrk.Run, Dir: dir, Now: time.Now,
		Save:     func(*results.Document) error { return nil },
		Progress: func(bench.Event) {},
	}}, nil
}

func (l *lab) close() { os.RemoveAll(l.dir) }

// run measures the server against one that is slower by a share, and compares.
func (l *lab) run(ctx context.Context, a asked, share string, seed int64) (*compare.Comparison, error) {
	list := []*scenarios.Scenario{l.scenario}
	p := bench.Plan{
		Session: fmt.Sprintf("aa%x", time.Now().Unix()), Baseline: "base", Scenarios: list, Pairs: a.pairs, Seed: seed,
		Rule:  compare.NewRule(a.pairs, false, false, compare.DefaultMargin),
		Cells: bench.NewCells(list, bench.Overrides{Connections: []int{a.users}, Duration: a.duration, Warmup: &a.warmup}),
	}
	if a.pin {
		p.ServerCPUs, p.GeneratorCPUs, _ = machine.Split() // one core alone cannot be divided, and is shared
	}
	for _, side := range []struct{ name, slow string }{{"base", "0%"}, {"candidate", share}} {
		address, err := freeAddress()
		if err != nil {
			return nil, err
		}
		p.Targets = append(p.Targets, server.Spec{Name: side.name, URL: "http://" + address, CPUs: p.ServerCPUs,
			Start: fmt.Sprintf("%q serve --addr %s --slow %s", l.self, address, side.slow)})
	}
	survey, err := l.runner.Survey(ctx, p)
	if err != nil {
		return nil, err
	}
	docs := bench.Documents(p, results.Environment{}, survey, time.Now())
	if _, err := l.runner.Run(ctx, p, survey, docs); err != nil {
		return nil, err
	}
	return compare.New([]results.Document{*docs[0], *docs[1]}, compare.Options{Baseline: p.Baseline})
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}
