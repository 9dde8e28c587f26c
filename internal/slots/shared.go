package slots

import "math"

// Apart are the paces of all servers, stretch by stretch, without what they share:
// where all of them are faster without pauses, or all slower, that is the machine, or
// how the load was made, as far as the one that differs least shows it.
func Apart(all [][]Paces) [][]Paces {
	out := make([][]Paces, len(all))
	for i, paces := range all {
		out[i] = append([]Paces{}, paces...)
	}
	for n := range out[0] {
		for _, of := range []Aspect{Rate, mean, Wait} {
			if by := shared(all, n, of); by != 1 {
				for i := range out {
					out[i][n].Stretch.scale(of, by)
				}
			}
		}
	}
	return out
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
