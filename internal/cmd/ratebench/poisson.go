//go:build linux

package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"taskbench/internal/arrivals"
)

// The bar of Poisson arrivals: what the distance of Kolmogorov and Smirnov exceeds
// in 1 of 100 cases, times the root of the number of gaps.
const ksBar = 1.63

// poisson holds the gaps between arrivals, by the server's own clock, against the
// exponential distribution of their rate.
func poisson(ctx context.Context, b *bench) error {
	fmt.Fprintln(b.out, "Poisson arrivals: gaps by the server's own clock against the exponential distribution (Kolmogorov-Smirnov)")
	for _, rate := range []float64{50, 200} {
		s, err := b.start()
		if err != nil {
			return err
		}
		block, err := b.load(ctx, s, "request: GET /health", arrivals.Plan{Rate: rate, Arrival: arrivals.Poisson}, 16)
		var at []float64
		if err == nil {
			at, err = s.arrivals(block.Window.OpenedUS, block.Window.OpenedUS+block.Window.LengthUS)
		}
		s.stop()
		if err != nil {
			return err
		}
		var gaps []float64
		for i := 1; i < len(at); i++ {
			gaps = append(gaps, at[i]-at[i-1])
		}
		d := distance(gaps, rate/1e6) * math.Sqrt(float64(len(gaps)))
		b.held(d <= ksBar, "poisson at "+arrivals.Text(rate), "%d gaps, distance × √n %.2f (bar %.2f)", len(gaps), d, ksBar)
	}
	return nil
}

// distance is the largest between the gaps' distribution and the exponential one.
func distance(gaps []float64, rate float64) float64 {
	slices.Sort(gaps)
	most, n := 0.0, float64(len(gaps))
	for i, gap := range gaps {
		f := 1 - math.Exp(-gap*rate)
		most = max(most, math.Abs(f-float64(i)/n), math.Abs(float64(i+1)/n-f))
	}
	return most
}
