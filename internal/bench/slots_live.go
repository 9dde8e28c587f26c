package bench

import (
	"math"
	"slices"
	"time"

	"taskbench/internal/slots"
	"taskbench/results"
)

// SlotsProgress is how far a pair in slots is, and how the first candidate does
// against the baseline: log ratios of good answers a second, for the one who
// watches; no verdict rests on them.
type SlotsProgress struct {
	Candidate string
	Part      float64   // of the pair's slots that are over, from 0 to 1
	Pairs     []float64 // of each pair that is over
	Rounds    []float64 // of each round of this pair that is over: of requests sent
}

// sharpening follows a pair while it is measured.
type sharpening struct {
	*generators
	base, cand int // places; equal: nobody is to be told
	so         SlotsProgress
	told       time.Time
}

// oftenEnough is how often somebody who watches is told.
const oftenEnough = 250 * time.Millisecond

func newSharpening(g *generators) *sharpening {
	s := &sharpening{generators: g}
	if !g.Live {
		return s
	}
	base := g.plan.baseline()
	s.base = slices.IndexFunc(g.spots, func(s spot) bool { return s.index == base })
	candidate := 0
	if base == 0 {
		candidate = 1
	}
	s.cand = slices.IndexFunc(g.spots, func(s spot) bool { return s.index == candidate })
	of := g.spots[s.cand]
	s.so.Candidate = of.target.Name
	s.so.Pairs = ratiosSoFar(g.docs[base].Scenarios[of.cell.index].Trials, g.docs[candidate].Scenarios[of.cell.index].Trials)
	return s
}

// turn tells what a round that is over adds.
func (s *sharpening) turn(t slots.Turn) {
	order := s.played.Order[t.Round]
	if s.base == s.cand || t.Place != order[len(order)-1] {
		return
	}
	if base, cand := s.board.Sent(s.base, t.Round), s.board.Sent(s.cand, t.Round); base > 0 && cand > 0 {
		s.so.Rounds = append(s.so.Rounds, math.Log(float64(cand)/float64(base)))
	}
	s.so.Part = float64(t.Round+1) / float64(s.played.Rounds())
	if now := s.Now(); now.Sub(s.told) >= oftenEnough {
		s.told = now
		so := s.so
		so.Rounds = slices.Clone(so.Rounds)
		s.track.slots(so)
	}
}

// ratiosSoFar are the log ratios of throughput in the pairs that are over.
func ratiosSoFar(base, cand []results.Trial) (logs []float64) {
	for _, b := range base {
		i := slices.IndexFunc(cand, func(t results.Trial) bool { return t.Pair == b.Pair })
		if i >= 0 && b.Counts() && cand[i].Counts() && b.ThroughputPS > 0 && cand[i].ThroughputPS > 0 {
			logs = append(logs, math.Log(cand[i].ThroughputPS/b.ThroughputPS))
		}
	}
	return logs
}
