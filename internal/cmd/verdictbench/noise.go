package main

import (
	"math"
	"math/rand/v2"
)

// The noise model, an assumption: the real one comes from `taskbench
// calibrate`. A machine's state wanders (an AR(1) process in steps of one
// second), and each trial adds noise of its own.
const (
	pairs        = 20
	discardS     = 3
	measuredS    = 10
	tauS         = 60.0 // the state forgets half of itself in 42 s
	driftShare   = 0.70 // of the variance of one trial
	spikeChance  = 0.05 // in the noise with spikes: trials that lose 15 to 45 %
	spikeLow     = 0.15
	spikeHigh    = 0.45
	linearChange = 0.10 // in the noise with a trend: over the whole run
)

// pairNoise is what noise adds to the log throughput of both sides of a pair.
type pairNoise struct {
	base, cand float64 // in units of the CV
	baseSpike  float64 // log, whatever the CV
	candSpike  float64
	baseAt     float64 // place in the run, 0 … 1
	candAt     float64
}

// drift makes successive trials' machine states.
type drift struct {
	state, keep, push float64
	scale             float64 // gives a trial's mean state the variance driftShare
}

func newDrift(r *rand.Rand) *drift {
	keep := math.Exp(-1 / tauS)
	variance := 0.0 // of the mean of measuredS successive states of variance 1
	for i := range measuredS {
		for j := range measuredS {
			variance += math.Pow(keep, math.Abs(float64(i-j))) / (measuredS * measuredS)
		}
	}
	return &drift{state: r.NormFloat64(), keep: keep, push: math.Sqrt(1 - keep*keep), scale: math.Sqrt(driftShare / variance)}
}

// trial lets warm-up and measurement pass and gives the measured mean.
func (d *drift) trial(r *rand.Rand) float64 {
	sum := 0.0
	for s := range discardS + measuredS {
		d.state = d.keep*d.state + d.push*r.NormFloat64()
		if s >= discardS {
			sum += d.state
		}
	}
	return d.scale * sum / measuredS
}

// draw makes the noise of one run: pairs in random order within.
func draw(r *rand.Rand) []pairNoise {
	d := newDrift(r)
	white := math.Sqrt(1 - driftShare)
	run := make([]pairNoise, pairs)
	for i := range run {
		first, second := d.trial(r)+white*r.NormFloat64(), d.trial(r)+white*r.NormFloat64()
		p := pairNoise{base: first, cand: second, baseAt: 2 * float64(i), candAt: 2*float64(i) + 1}
		if r.IntN(2) == 1 {
			p = pairNoise{base: second, cand: first, baseAt: p.candAt, candAt: p.baseAt}
		}
		p.baseAt, p.candAt = p.baseAt/(2*pairs-1), p.candAt/(2*pairs-1)
		p.baseSpike, p.candSpike = spike(r), spike(r)
		run[i] = p
	}
	return run
}

// drawBlocks makes the noise of ten trials of one side, then ten of the other.
func drawBlocks(r *rand.Rand) []pairNoise {
	d := newDrift(r)
	white := math.Sqrt(1 - driftShare)
	blocks := make([]pairNoise, 10)
	for i := range blocks {
		blocks[i].base = d.trial(r) + white*r.NormFloat64()
	}
	for i := range blocks {
		blocks[i].cand = d.trial(r) + white*r.NormFloat64()
	}
	return blocks
}

func spike(r *rand.Rand) float64 {
	if r.Float64() >= spikeChance {
		return 0
	}
	return math.Log1p(-(spikeLow + (spikeHigh-spikeLow)*r.Float64()))
}
