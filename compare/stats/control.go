package stats

import (
	"fmt"
	"math"
)

// RatioOfRatios judges a change over time against a control: then and now are
// pairs of (control, candidate) from two runs, and what is judged is the ratio
// now over the ratio then. A machine that became slower slowed both sides and
// cancels out.
//
// The two runs are independent samples, compared by Welch's t. Levels are the
// plan's for the smaller run. Heavy tails are named but not corrected: rank
// methods for two samples would need the same spread in both. PairsNeeded stays 0.
func RatioOfRatios(then, now []Pair, rule Rule) Judgement {
	dThen, missThen, badThen := LogRatios(then, rule.Better)
	dNow, missNow, badNow := LogRatios(now, rule.Better)
	number(badThen, rule.Then)
	number(badNow, rule.Numbers)
	n := min(len(dThen), len(dNow))
	j := Judgement{Verdict: Inconclusive, Better: rule.Better, Pairs: n, Missing: missThen + missNow, Invalid: badNow, InvalidThen: badThen, P: 1}
	if reason := rule.problem(); reason != "" {
		j.Reason = reason
		return j
	}
	at, enough := rule.Plan.At(n)
	if !enough {
		at = rule.Plan.final()
	}
	var e estimate
	switch n {
	case 0:
		j.Reason = fmt.Sprintf("nothing to compare: %s then, %s now%s", count(len(dThen)), count(len(dNow)), j.leftOut())
		return j
	case 1:
		j.Ratio = exp(rule.Better.sign() * (mean(sorted(dNow)) - mean(sorted(dThen))))
	default:
		diff, se, df := welch(dNow, dThen)
		j.SD = se * math.Sqrt(float64(n))
		e = studentEstimate(WelchT, diff, se, df, at)
		j.adopt(e)
		j.HeavyTails = wildEither(dThen, dNow)
	}
	j.decide(e, rule.Plan, enough)
	j.explainControl(len(dThen), len(dNow))
	return j
}

// wildEither names a wild pair in either run.
func wildEither(then, now []float64) string {
	for _, side := range []struct {
		name string
		d    []float64
	}{{"then", then}, {"now", now}} {
		if z := wildest(side.d); z > 0 {
			return fmt.Sprintf("a pair %s is far from the others (modified z %.1f)", side.name, z)
		}
	}
	return ""
}

// explainControl says which two runs the sentence is about.
func (j *Judgement) explainControl(then, now int) {
	j.Reason = fmt.Sprintf("ratio to the control, now (%s) over then (%s): %s", count(now), count(then), j.Reason)
}
