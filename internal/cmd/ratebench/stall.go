//go:build linux

package main

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/parse"
)

// A server that answers nothing for 200 ms of each second, and else within delay.
const (
	stallRate   = 1000.0
	stallUsers  = 64
	stallLength = 200 * time.Millisecond
	stallEvery  = time.Second
	stallDelay  = 5 * time.Millisecond
	stallBar    = 0.03 // of each percentile
)

var percentiles = []float64{50, 75, 90, 95, 99, 99.9}

// stalls holds latencies of a server that stalls against a simulation of the
// schedule, and shows what closed loops say of it.
func stalls(ctx context.Context, b *bench) error {
	fmt.Fprintf(b.out, "a server that answers nothing for %v of each second, else after %v, at %s\n", stallLength, stallDelay, arrivals.Text(stallRate))
	full, _, err := b.stalled(ctx, arrivals.Plan{})
	if err != nil {
		return err
	}
	calm, _, err := b.stalled(ctx, arrivals.Plan{Rate: stallRate}, "-delay", stallDelay.String())
	if err != nil {
		return err
	}
	stall := fmt.Sprintf("%v/%v", stallLength, stallEvery)
	open, s, err := b.stalled(ctx, arrivals.Plan{Rate: stallRate}, "-delay", stallDelay.String(), "-stall", stall)
	if err != nil {
		return err
	}
	closed, _, err := b.stalled(ctx, arrivals.Plan{}, "-delay", stallDelay.String(), "-stall", stall)
	if err != nil {
		return err
	}
	work := full.Window.LengthUS / float64(full.Steps[0].Answers) // where it has no pause between two
	expected := simulate(open.Window.OpenedUS-s.madeUS, open.Window.LengthUS, work, &calm.Rate.Service[0])
	for _, p := range percentiles {
		want, got := expected[min(len(expected)-1, int(math.Ceil(p/100*float64(len(expected))))-1)], percentile(open.Steps[0].Latency, p)
		b.held(math.Abs(got/want-1) <= stallBar, fmt.Sprintf("p%v", p), "%.2f ms, simulated %.2f ms (%+.1f %%); closed loops say %.2f ms",
			got/1000, want/1000, 100*(got/want-1), percentile(closed.Steps[0].Latency, p)/1000)
	}
	return nil
}

func (b *bench) stalled(ctx context.Context, plan arrivals.Plan, args ...string) (*parse.Block, *server, error) {
	s, err := b.start(args...)
	if err != nil {
		return nil, nil, err
	}
	defer s.stop()
	block, err := b.load(ctx, s, "flow: [{name: one, request: GET /health}]", plan, stallUsers)
	return block, s, err
}

func percentile(l *parse.BlockLatency, p float64) float64 {
	return float64(l.HDR().ValueAtPercentile(p))
}

// simulate is what the arrivals of a window wait for their answers, in µs and in
// order: each is taken by the first virtual user that is free. opened is when the
// window opened, in µs since the server counts its stalls; usual is what answers
// take without them, which is drawn from, and work the part of it in which the
// server's one core is busy. The stalls are those of the reference server: a request
// waits them out before its delay, and behind it.
func simulate(opened, length, work float64, usual *parse.BlockLatency) []float64 {
	draws, takes, mean := rand.New(rand.NewPCG(1, 2)), usual.HDR(), usual.SumUS/float64(usual.Count)
	busy := math.Inf(-1) // until when the core is
	free := make([]float64, stallUsers)
	waitOut := func(at float64) float64 {
		if every, stall := us(stallEvery), us(stallLength); at >= every && math.Mod(at, every) < stall {
			return at - math.Mod(at, every) + stall
		}
		return at
	}
	var waits []float64
	from := opened - us(warmup)
	for k := range free {
		free[k] = from
	}
	for i := 0; ; i++ {
		due := from + float64(i)*1e6/stallRate
		if due >= opened+length {
			break
		}
		k := slices.Index(free, slices.Min(free))
		begins := math.Max(due, free[k])
		busy = math.Max(busy, waitOut(waitOut(begins)+mean-work)) + work
		free[k] = busy + float64(takes.ValueAtPercentile(100*draws.Float64())) - mean
		if due >= opened {
			waits = append(waits, free[k]-due)
		}
	}
	slices.Sort(waits)
	return waits
}

func us(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
