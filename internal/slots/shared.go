package slots

import (
	"math"
	"slices"
)

// Apart are the paces of all servers, stretch by stretch, without what they share:
// where all of them are faster without pauses, or all slower, that is the machine, or
// how the load was made, as far as the one that differs least shows it. What a limit
// does is the server's own, though another has the same.
func Apart(all [][]Paces) [][]Paces {
	out := make([][]Paces, len(all))
	for i, paces := range all {
		out[i] = slices.Clone(paces)
		for _, of := range []Aspect{Rate, mean, Wait} {
			if limited(paces, of) {
				continue
			}
			for n := range paces {
				out[i][n].Stretch.scale(of, shared(all, n, of))
			}
		}
	}
	return out
}

// steadyParts is the factor within which a pace stays that is not the machine's.
const steadyParts = 1.1

// limited reports whether a server is slower without pauses in all stretches, and as
// slow in each: a limit is kept by the clock, and neighbours come and go.
func limited(paces []Paces, of Aspect) bool {
	least, most, answers := math.Inf(1), 0.0, math.Inf(1)
	for _, p := range paces {
		speed := p.Stretch.speed(of)
		if !(speed < p.Slots.speed(of)) {
			return false
		}
		least, most, answers = min(least, speed), max(most, speed), min(answers, float64(p.Stretch.Answers))
	}
	return most/least <= steadyParts*math.Exp(sigmas*math.Sqrt(2/max(1, answers)))
}

// shared is the factor by which all servers are faster in slots than in the n-th
// stretch, or slower, at least; 1 where they differ in opposite ways, or one is not known.
func shared(all [][]Paces, n int, of Aspect) float64 {
	least, sign := math.Inf(1), 0.0
	for _, paces := range all {
		by := math.Log(paces[n].Slots.speed(of) / paces[n].Stretch.speed(of))
		if math.IsNaN(by) || math.IsInf(by, 0) || sign*by < 0 {
			return 1
		}
		sign, least = math.Copysign(1, by), min(least, math.Abs(by))
	}
	return math.Exp(sign * least)
}

// scale makes a pace so many times as fast.
func (p *Pace) scale(of Aspect, by float64) {
	switch of {
	case Rate:
		p.PerS *= by
	case mean:
		p.MeanPS *= by
	case Wait:
		p.WaitUS /= by
	}
}
