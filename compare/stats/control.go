package stats

import (
	"math"
	"slices"

	"taskbench/compare/finding"
)

// RatioOfRatios judges a change over time against a control: then and now are
// pairs of (control, candidate) from two runs, and what is judged is the ratio
// now over the ratio then. A machine that became slower slowed both sides and
// cancels out.
//
// The two runs are independent samples, compared by Welch's t. Levels are the
// plan's for the smaller run. Heavy tails are named but not corrected: rank
// methods for two samples would need the same spread in both. PairsNeeded stays 0.
// Rule.Between widens the interval by what differs between runs.
func RatioOfRatios(then, now []Pair, rule Rule) Judgement {
	dThen, missThen, badThen := LogRatios(then, rule.Better)
	dNow, missNow, badNow := LogRatios(now, rule.Better)
	number(badThen, rule.Then)
	number(badNow, rule.Numbers)
	n := min(len(dThen), len(dNow))
	j := Judgement{Verdict: Inconclusive, Better: rule.Better, Pairs: n, Missing: missThen + missNow, Invalid: badNow, InvalidThen: badThen, P: 1, EquivalenceP: 1}
	if reason := rule.problem(); !reason.IsZero() {
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
		j.Reason = twoRuns(finding.NothingThenOrNow, len(dThen), len(dNow)).With(j.leftOut()...)
		return j
	case 1:
		j.Ratio = exp(rule.Better.sign() * (mean(sorted(dNow)) - mean(sorted(dThen))))
	default:
		diff, se, df := rule.Between.apart(dNow, dThen)
		j.SD = se * math.Sqrt(float64(n))
		e = studentEstimate(WelchT, diff, se, df, at)
		j.adopt(e)
		j.HeavyTails = wildEither(dThen, dNow)
	}
	j.decide(e, rule.Plan, enough)
	j.Reason = twoRuns(finding.AgainstControl, len(dThen), len(dNow)).With(j.Reason)
	return j
}

// Between is how much runs of the same two programs differ, measured on
// another day, after another start, with another layout of memory: pairs of
// one run know nothing of it. The zero Between takes runs to differ by no more
// than their pairs.
type Between struct {
	Variance float64 `json:"variance"` // of a run's mean log ratio, the scatter of its pairs included
	DF       float64 `json:"df"`       // degrees of freedom of Variance; 0: not known
}

// Stretches cuts runs, in the order of time, where the ratio has a step
// (FindSteps), and where the last of them are already on the level of now, the run
// that is judged and comes after them (newLevel): who measures a change again, or
// builds on it, does not make runs differ by more. Runs without a ratio, or with a
// pair that broke, are left out.
func Stretches(better Direction, runs [][]Pair, now []Pair) [][][]Pair {
	var usable [][]Pair
	var means []float64
	for _, pairs := range runs {
		if m, ok := MeanLogRatio(pairs, better); ok {
			usable, means = append(usable, pairs), append(means, m)
		}
	}
	var list [][][]Pair
	from := 0
	for _, step := range FindSteps(means, RunAlpha) {
		list = append(list, usable[from:step.At])
		from = step.At
	}
	if m, ok := MeanLogRatio(now, better); ok {
		if k := newLevel(means[from:], m); k > 0 {
			list, from = append(list, usable[from:from+k]), from+k
		}
	}
	return append(list, usable[from:])
}

const (
	newLevelAlpha = 0.01 // of runs that all measured the same, so many have one of their last cut off
	oldLevelRuns  = 3    // before a new level, at least: two do not tell how much they differ
)

// newLevel is where the last runs part from those before, because they are of one
// level with now and those are of another: by the two-sample t where it is largest,
// with its p-value times the number of places. 0: there is none. FindSteps knows
// nothing of now, and sees no step of a single run.
func newLevel(means []float64, now float64) (at int) {
	places, smallest := len(means)-oldLevelRuns, 1.0
	for k := oldLevelRuns; k < len(means); k++ {
		change, se, df := pooled(means[:k], append(slices.Clone(means[k:]), now))
		if p := 2 * (1 - tCDF(math.Abs(change)/se, df)) * float64(places); change != 0 && p < smallest {
			at, smallest = k, p
		}
	}
	if smallest > newLevelAlpha {
		return 0
	}
	return at
}

// MeanLogRatio is a run's, oriented: below 0 where the candidate is worse. Not
// ok where no pair has a ratio, or one broke.
func MeanLogRatio(pairs []Pair, better Direction) (m float64, ok bool) {
	d, _, invalid := LogRatios(pairs, better)
	if len(d) == 0 || len(invalid) > 0 {
		return 0, false
	}
	return mean(sorted(d)), true
}

// BetweenRuns estimates it from runs that measured the same. Each argument is a
// stretch of runs without a step (FindSteps), so that a change of the programs
// does not count as scatter. Stretches of one usable run say nothing.
func BetweenRuns(better Direction, stretches ...[][]Pair) Between {
	squares, df := 0.0, 0
	for _, runs := range stretches {
		var means []float64
		for _, pairs := range runs {
			if m, ok := MeanLogRatio(pairs, better); ok {
				means = append(means, m)
			}
		}
		if n := len(means); n > 1 {
			s := sd(sorted(means))
			squares += s * s * float64(n-1)
			df += n - 1
		}
	}
	if df == 0 {
		return Between{}
	}
	return Between{squares / float64(df), float64(df)}
}

// apart is Welch's comparison of two runs, where each run's mean is as
// uncertain as its pairs say or as runs are known to be, whichever is more.
func (b Between) apart(now, then []float64) (diff, se, df float64) {
	diff, se, df = welch(now, then)
	if !(b.DF > 0) {
		return diff, se, df
	}
	// The shares of variance with the degrees of freedom that stand behind each:
	// where both runs take theirs from b, it is one estimate, and not two.
	total, own := 0.0, 0.0
	shared := 0.0
	for _, d := range [][]float64{now, then} {
		n := float64(len(d))
		s := sd(sorted(d))
		if v := s * s / n; v > b.Variance {
			total += v
			own += v * v / (n - 1)
		} else {
			total += b.Variance
			shared += b.Variance
		}
	}
	if total == 0 {
		return diff, 0, b.DF
	}
	return diff, math.Sqrt(total), total * total / (own + shared*shared/b.DF)
}

// wildEither names a wild pair in either run; zero where there is none.
func wildEither(then, now []float64) finding.Finding {
	for _, run := range []struct {
		code finding.Code
		d    []float64
	}{{finding.WildThen, then}, {finding.WildNow, now}} {
		if z := wildest(run.d); z > 0 {
			return finding.Finding{Code: run.code, Values: finding.Values{"modified_z": z}}
		}
	}
	return finding.Finding{}
}

// twoRuns is a fact about two runs of so many pairs.
func twoRuns(code finding.Code, then, now int) finding.Finding {
	return finding.Finding{Code: code, Values: finding.Values{"pairs_then": float64(then), "pairs_now": float64(now)}}
}
