//go:build linux

package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/machine"
	"taskbench/lua"
	"taskbench/parse"
	"taskbench/scenarios"
	"taskbench/wrk"
)

const warmup = time.Second

// load sends a scenario's iterations, at a rate or in closed loops, from the second
// core of two.
func (b *bench) load(ctx context.Context, s *server, text string, plan arrivals.Plan, users int) (*parse.Block, error) {
	scenario, err := scenarios.OfText("ratebench", []byte("name: ratebench\n"+text))
	if err != nil {
		return nil, err
	}
	installation, err := wrk.Find("")
	if err != nil {
		return nil, err
	}
	options := lua.Options{URL: s.url, Connections: users, Duration: b.duration, Warmup: warmup, Rate: &plan, Seed: 1}
	script, err := lua.Generate(scenario, options)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(b.dir, "script.lua")
	if err := os.WriteFile(path, script, 0o600); err != nil {
		return nil, err
	}
	command := lua.CommandFor(scenario, options)
	var cpus []int
	if all := machine.CPUs(); len(all) > 1 {
		cpus = all[1:2]
	}
	out, err := wrk.Run(ctx, wrk.Options{
		Path: installation.Path, URL: s.url, Script: path, Threads: command.Threads, Connections: command.Connections,
		Duration: time.Duration(command.Seconds) * time.Second, Timeout: time.Duration(command.TimeoutSeconds) * time.Second,
		Linger: time.Duration(command.LingerSeconds) * time.Second, OutFile: filepath.Join(b.dir, "block.json"), RunName: "ratebench", Seed: 1, CPUs: cpus,
	})
	if err != nil {
		return nil, err
	}
	if len(out.Block) == 0 {
		return nil, fmt.Errorf("the script handed over no figures: %s", out.Stderr)
	}
	return parse.ReadBlock(out.Block)
}

// noise is the standard deviation of how late iterations were sent that had a
// virtual user, and the mean, in µs.
func noise(r *parse.BlockRate) (sd, mean float64) {
	n := math.Max(1, float64(r.OnTime))
	mean = r.LagSumUS / n
	return math.Sqrt(math.Max(0, r.LagSquares/n-mean*mean)), mean
}

// The bars of rates.
const (
	rateBar  = 0.001 // of the mean rate
	timerBar = 600   // µs by which single requests scatter behind their moments
	flowBar  = 100   // µs of flows
)

// rates sends constant rates, and holds the mean of what arrived against them.
func rates(ctx context.Context, b *bench) error {
	fmt.Fprintln(b.out, "constant rates: what arrived by the server's own clock, and how late iterations were sent")
	for _, of := range []struct {
		rate  float64
		users int
		text  string
		bar   float64
	}{
		{100, 16, "request: GET /health", timerBar}, {1000, 16, "request: GET /health", timerBar},
		{10000, 24, "request: GET /health", timerBar}, {30000, 32, "request: GET /health", timerBar},
		{1000, 16, "flow: [{name: one, request: GET /health}]", flowBar},
	} {
		if err := b.oneRate(ctx, of.rate, of.users, of.text, of.bar); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) oneRate(ctx context.Context, rate float64, users int, text string, bar float64) error {
	s, err := b.start()
	if err != nil {
		return err
	}
	defer s.stop()
	block, err := b.load(ctx, s, text, arrivals.Plan{Rate: rate}, users)
	if err != nil {
		return err
	}
	at, err := s.arrivals(block.Window.OpenedUS, block.Window.OpenedUS+block.Window.LengthUS)
	if err != nil {
		return err
	}
	mean := 0.0
	if n := len(at); n > 1 {
		mean = float64(n-1) / (at[n-1] - at[0]) * 1e6
	}
	what := fmt.Sprintf("%s at %s", block.Mode, arrivals.Text(rate))
	b.held(math.Abs(mean/rate-1) <= rateBar, what, "mean rate %.2f/s (%+.3f %%), %d due, %d never sent", mean, 100*(mean/rate-1), block.Rate.Due, block.Rate.Unsent)
	sd, lag := noise(block.Rate)
	b.held(sd <= bar, what, "sent %.0f µs late in the mean, standard deviation %.0f µs (bar %.0f µs), of the %.0f %% that were not due already", lag, sd, bar, 100*float64(block.Rate.OnTime)/math.Max(1, float64(block.Rate.Due)))
	return nil
}
