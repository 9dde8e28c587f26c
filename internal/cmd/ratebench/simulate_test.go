//go:build linux

package main

import (
	"math"
	"math/rand/v2"
	"testing"

	"taskbench/parse"
)

// always is a histogram of one value.
func always(us float64) *parse.BlockLatency {
	exponent := math.Floor(math.Log2(us))
	bucket := uint64(64*exponent + math.Floor((us/math.Exp2(exponent)-1)*64))
	return &parse.BlockLatency{Count: 1, SumUS: us, MinUS: us, MaxUS: us, Buckets: [][2]uint64{{bucket, 1}}}
}

// TestSimulate: where nothing stalls each arrival takes what an answer takes; with
// stalls a fifth of them wait, evenly up to the length of one and what it takes to
// work them off.
func TestSimulate(t *testing.T) {
	calm := simulate(-10e6, 5e6, 50, always(8192))
	if n := len(calm); n != 5000 || calm[0] < 8100 || calm[n-1] > 8400 {
		t.Errorf("%d arrivals, from %g to %g µs, at 1000/s for 5 s", n, calm[0], calm[n-1])
	}
	stalled := simulate(10e6, 5e6, 50, always(8192))
	slow := 0
	for _, w := range stalled {
		if w > 9000 {
			slow++
		}
	}
	if slow < 1000 || slow > 1300 || stalled[len(stalled)-1] > 250000 || stalled[len(stalled)-1] < 190000 {
		t.Errorf("%d of 5000 waited, %g µs at most", slow, stalled[len(stalled)-1])
	}
}

// TestDistance: gaps that are exponential pass, equal ones do not.
func TestDistance(t *testing.T) {
	draws := rand.New(rand.NewPCG(1, 1))
	var poisson, constant []float64
	for range 2000 {
		poisson, constant = append(poisson, draws.ExpFloat64()*5000), append(constant, 5000)
	}
	if d := distance(poisson, 1.0/5000) * math.Sqrt(2000); d > ksBar {
		t.Errorf("exponential gaps are %g away", d)
	}
	if d := distance(constant, 1.0/5000) * math.Sqrt(2000); d < 5*ksBar {
		t.Errorf("equal gaps are %g away", d)
	}
}
