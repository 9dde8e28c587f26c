package stats

import (
	"math"
	"slices"
)

// StartFloor is how much two starts of one program may differ by, as a fraction:
// where things lie in memory, and what a system gives a process for its life, is
// drawn once a start. Two starts of one server differed by 2.3 ± 0.6 % in CPU
// time per answer; Mytkowicz and others (Producing Wrong Data Without Doing
// Anything Obviously Wrong, 2009) have more.
const StartFloor = 0.02

// Withhold takes back differences that are not shown to be larger than a floor,
// the smallest that means anything, as a fraction: those whose interval reaches
// within it. Other rows are stated beside a primary one in their direction only,
// as ever. c is the cell that the claims are of.
func (claims CellClaims) Withhold(c Cell, floor float64) {
	var ways []Verdict
	for i := range claims.Primary {
		if claims.Primary[i].withhold(c.Primary[i], floor); claims.Primary[i].different() {
			ways = append(ways, claims.Primary[i].Verdict)
		}
	}
	for i := range claims.Other {
		claims.Other[i].withhold(c.Other[i], floor)
		if claims.Other[i].different() && !slices.Contains(ways, claims.Other[i].Verdict) {
			claims.Other[i].back(floor)
		}
	}
}

func (c Claim) different() bool { return c.Stated && (c.Verdict == Faster || c.Verdict == Slower) }

func (c *Claim) withhold(r Row, floor float64) {
	low, high := math.Log(r.Judgement.CI.Low), math.Log(r.Judgement.CI.High)
	if least := math.Log1p(floor); c.different() && low < least && high > -least {
		c.back(floor)
	}
}

// back takes a difference back.
func (c *Claim) back(floor float64) { c.Stated, c.Verdict, c.Floor = false, Inconclusive, floor }
