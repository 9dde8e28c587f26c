package stats

import (
	"math"
	"slices"
	"taskbench/compare/finding"
)

// StartFloor is how much two starts of one program may differ by, as a fraction:
// where things lie in memory, and what a system gives a process for its life, is
// drawn once a start. Two starts of one server differed by 2.3 ± 0.6 % in CPU
// time per answer; Mytkowicz and others (Producing Wrong Data Without Doing
// Anything Obviously Wrong, 2009) have more.
const StartFloor = 0.02

// withhold takes back differences that are not shown to be larger than their floor:
// those whose interval reaches within it. Other rows are stated beside a primary one
// in their direction only, as ever. c is the cell that the claims are of.
func (claims CellClaims) withhold(c Cell) {
	var ways []Verdict
	for i := range claims.Primary {
		if claims.Primary[i].withhold(c.Primary[i]); claims.Primary[i].different() {
			ways = append(ways, claims.Primary[i].Verdict)
		}
	}
	for i := range claims.Other {
		claims.Other[i].withhold(c.Other[i])
		if claims.Other[i].different() && !slices.Contains(ways, claims.Other[i].Verdict) {
			claims.Other[i].back(c.Other[i].Floor)
		}
	}
}

func (c Claim) different() bool { return c.Stated && (c.Verdict == Faster || c.Verdict == Slower) }

func (c *Claim) withhold(r Row) {
	if c.different() && r.Judgement.reaches(r.Floor) {
		c.back(r.Floor)
	}
}

// reaches reports whether the interval reaches within a floor.
func (j Judgement) reaches(floor float64) bool {
	least := math.Log1p(floor)
	return floor > 0 && math.Log(j.CI.Low) < least && math.Log(j.CI.High) > -least
}

// within says that a difference is not stated for its floor.
func (j Judgement) within(floor float64) finding.Finding {
	return finding.Finding{Code: finding.WithinFloor, Values: finding.Values{"low": j.CI.Low, "high": j.CI.High, "floor_fraction": floor}}
}

// back takes a difference back.
func (c *Claim) back(floor float64) { c.Stated, c.Verdict, c.Floor = false, Inconclusive, floor }
