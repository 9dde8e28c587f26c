package stats

import (
	"fmt"
	"math"
	"slices"
)

// Plan says before the first pair is measured when verdicts may be taken and
// how strict each must be. It is stored with the result: a verdict is only
// worth what its plan was.
type Plan struct {
	Kind     PlanKind `json:"kind"`
	MinPairs int      `json:"min_pairs"` // fewer never give a verdict
	Margin   float64  `json:"margin"`    // parity is a ratio within [1/(1+margin), 1+margin]; 0 < margin < 1
	Looks    []Look   `json:"looks"`     // by rising Pairs
}

// PlanKind names a stopping rule.
type PlanKind string

const (
	FixedPlan      PlanKind = "fixed"          // one look, at the end
	SequentialPlan PlanKind = "obrien_fleming" // looks at 6, 9, 12, 16, 20 pairs
)

// Look is a moment at which verdicts are taken.
type Look struct {
	Pairs           int     `json:"pairs"`
	DifferenceAlpha float64 `json:"difference_alpha"` // two-sided, of "faster" and "slower"
	ParityAlpha     float64 `json:"parity_alpha"`     // one-sided, of each of TOST's two tests
}

// FixedMin is the least number of pairs a fixed plan judges: the error rates
// of the method are known from there on.
const FixedMin = 5

// Fixed is the plan of exactly n pairs, judged once, after the last: 95 %
// intervals for a difference, 90 % for parity. A run that ends with fewer
// pairs, because some failed, is judged at the same levels as long as
// MinPairs are left: nothing was decided by looking at the figures.
func Fixed(n int, margin float64) Plan {
	return Plan{Kind: FixedPlan, MinPairs: FixedMin, Margin: margin,
		Looks: []Look{{Pairs: n, DifferenceAlpha: 0.05, ParityAlpha: 0.05}}}
}

// Sequential is the default plan: look after 6, 9, 12, 16 and 20 pairs, stop
// when everything is decided. Looking five times at the usual levels would
// raise false alarms from 5 % to 14 %; the levels here are those of O'Brien and
// Fleming's boundary (Biometrics 1979) as an alpha-spending function (Lan and
// DeMets, Biometrika 1983) at n/20, found by simulating three million paths of
// t statistics, for α = .05 two-sided (difference) and one-sided (parity).
func Sequential(margin float64) Plan {
	return Plan{Kind: SequentialPlan, MinPairs: 6, Margin: margin, Looks: []Look{
		{6, .00034, .00034}, {9, .00329, .00335}, {12, .01007, .01032}, {16, .02386, .02478}, {20, .03889, .04092},
	}}
}

// WithMargin is the plan with another parity margin, for metrics that are
// noisier by nature (p99).
func (p Plan) WithMargin(margin float64) Plan {
	p.Margin = margin
	return p
}

// At gives the levels for n pairs; false when n is too few for any verdict.
// Between two looks (a pair was lost, the run was interrupted) the earlier,
// stricter level holds.
func (p Plan) At(n int) (Look, bool) {
	if n < p.MinPairs || len(p.Looks) == 0 {
		return Look{}, false
	}
	at := p.Looks[0]
	for _, l := range p.Looks[1:] {
		if l.Pairs <= n {
			at = l
		}
	}
	at.Pairs = n
	return at, true
}

// Next is the number of pairs of the first look after n; false when the plan
// is over.
func (p Plan) Next(n int) (int, bool) {
	for _, l := range p.Looks {
		if l.Pairs > n {
			return l.Pairs, true
		}
	}
	return 0, false
}

// Validate checks a plan read from a file.
func (p Plan) Validate() error {
	if !(p.Margin > 0 && p.Margin < 1) {
		return fmt.Errorf("parity margin is %v, must be above 0 and below 1 (0.05 is 5 %%)", p.Margin)
	}
	if len(p.Looks) == 0 {
		return fmt.Errorf("plan has no looks")
	}
	if p.MinPairs < 2 {
		return fmt.Errorf("plan judges from %d pairs, must be at least 2", p.MinPairs)
	}
	if !slices.IsSortedFunc(p.Looks, func(a, b Look) int { return a.Pairs - b.Pairs }) {
		return fmt.Errorf("looks of the plan are not in rising order")
	}
	for _, l := range p.Looks {
		if !level(l.DifferenceAlpha) || !level(l.ParityAlpha) {
			return fmt.Errorf("look at %d pairs has levels %v and %v, must be above 0 and below 0.5",
				l.Pairs, l.DifferenceAlpha, l.ParityAlpha)
		}
	}
	return nil
}

func level(a float64) bool { return a > 0 && a < 0.5 }

// final is the look the plan ends with.
func (p Plan) final() Look { return p.Looks[len(p.Looks)-1] }

// logMargin is the parity margin in logs.
func (p Plan) logMargin() float64 { return math.Log1p(p.Margin) }
