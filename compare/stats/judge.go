package stats

import (
	"fmt"
	"math"

	"taskbench/compare/finding"
)

// Verdict is what pairs show about the candidate.
type Verdict string

const (
	Faster       Verdict = "faster"       // better; for memory read "less", the figure's own word is the caller's
	Slower       Verdict = "slower"       // worse
	Parity       Verdict = "parity"       // shown to differ by less than the margin
	Inconclusive Verdict = "inconclusive" // neither shown: not a synonym of parity
	Indicative   Verdict = "indicative"   // too few pairs for any verdict; the ratio is a hint
)

// UnmarshalText reads verdicts on costs, too, which are written as who has less.
func (v *Verdict) UnmarshalText(text []byte) error {
	switch *v = Verdict(text); *v {
	case "less":
		*v = Faster
	case "more":
		*v = Slower
	}
	return nil
}

// Rule is how one metric is judged.
type Rule struct {
	Better Direction `json:"better"`
	Plan   Plan      `json:"plan"`
	// Numbers are the pairs' own, for messages and Judgement.Invalid, where
	// some were left out; nil: their positions, from 1. Against a control they
	// are those of the run now, and Then those of the earlier one.
	Numbers []int `json:"-"`
	Then    []int `json:"-"`
	// Between is what runs differ by; of RatioOfRatios alone.
	Between Between `json:"-"`
}

// Interval is a confidence interval of a ratio. The zero Interval means there
// is none: ratios are above 0.
type Interval struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Known tells an interval from the absence of one.
func (i Interval) Known() bool { return i.Low > 0 }

// Judgement is a verdict with everything it rests on: Gate and Text need no more
// than what JSON keeps. All numbers are finite.
type Judgement struct {
	Verdict Verdict         `json:"verdict"`
	Reason  finding.Finding `json:"reason"` // with figures; never empty
	Better  Direction       `json:"better"`

	Pairs   int   `json:"pairs"`             // that counted
	Missing int   `json:"missing,omitempty"` // not measured on one side or both
	Invalid []int `json:"invalid,omitempty"` // numbers of the pairs with a zero, negative or infinite value
	// InvalidThen are those of the earlier run, where there is one (RatioOfRatios).
	InvalidThen []int `json:"invalid_then,omitempty"`

	// Ratio is cand/base, as measured (not oriented): the geometric mean of
	// the pairs' ratios, or its Hodges–Lehmann counterpart; 0 when there is none.
	Ratio float64 `json:"ratio"`
	// CI holds the ratio with 95 % confidence. In a sequential plan it is the
	// repeated confidence interval (Jennison and Turnbull, JRSS B 1989): wide
	// at early looks, and right however often one looked.
	CI Interval `json:"ci"`
	// EquivalenceCI is the 90 % interval whose place decides parity, adjusted
	// in the same way (TOST: Schuirmann, J. Pharmacokin. Biopharm. 1987).
	EquivalenceCI Interval `json:"equivalence_ci"`
	Method        Method   `json:"method,omitempty"`
	// HeavyTails is why t's assumptions look broken; zero when they do not.
	HeavyTails finding.Finding `json:"heavy_tails,omitzero"`

	SD float64 `json:"sd_log_ratio"` // of one pair
	P  float64 `json:"p"`            // two-sided, of "no difference", one look; 1 when unknown
	// EquivalenceP is TOST's, of "apart by the margin or more", one look; 1 when
	// unknown. Claims needs it; what is stored keeps the interval.
	EquivalenceP float64 `json:"-"`
	HalfWidth    float64 `json:"half_width"`             // of CI as a fraction: 0.05 is ±5 %; 0 when unknown
	Measurable   float64 `json:"measurable,omitempty"`   // parity whose CI excludes 1: the size as a fraction, else 0
	PairsNeeded  int     `json:"pairs_needed,omitempty"` // inconclusive: pairs in all that would decide with 80 % power; 0 unknown or over MaxPairs

	// Unstable is why Health.Temper took the verdict back; zero when it did not.
	Unstable finding.Finding `json:"unstable,omitzero"`
}

// Judge gives the verdict on one metric (the order of Chow and Liu's CET:
// equivalence first):
//
//	parity        the 90 % interval lies within the margin
//	slower/faster else, the 95 % interval excludes 1
//	inconclusive  else
//
// With fewer pairs than the plan asks, the verdict is indicative. A pair with
// a zero, negative or infinite value makes it inconclusive: the other pairs
// are still estimated, and Reason names it.
func Judge(pairs []Pair, rule Rule) Judgement {
	d, missing, invalid := LogRatios(pairs, rule.Better)
	number(invalid, rule.Numbers)
	j := Judgement{Verdict: Inconclusive, Better: rule.Better, Pairs: len(d), Missing: missing, Invalid: invalid, P: 1, EquivalenceP: 1}
	if reason := rule.problem(); !reason.IsZero() {
		j.Reason = reason
		return j
	}
	if len(d) == 0 {
		j.Reason = finding.Finding{Code: finding.NoUsablePair}.With(j.leftOut()...)
		return j
	}
	s := sorted(d)
	at, enough := rule.Plan.At(len(s))
	if !enough {
		at = rule.Plan.final()
	}
	j.decide(j.estimate(s, at), rule.Plan, enough)
	return j
}

// number turns positions into the pairs' own numbers, as far as there are any.
func number(positions, numbers []int) {
	for i, p := range positions {
		if p <= len(numbers) {
			positions[i] = numbers[p-1]
		}
	}
}

// invalid reports whether any pair broke: one that was measured, and makes no
// sense as a ratio.
func (j *Judgement) invalid() bool { return len(j.Invalid)+len(j.InvalidThen) > 0 }

// problem explains a rule that cannot be applied; zero where it can.
func (r Rule) problem() finding.Finding {
	if !r.Better.valid() {
		return unusable(fmt.Errorf("direction %q is neither %q nor %q", r.Better, HigherIsBetter, LowerIsBetter))
	}
	if err := r.Plan.Validate(); err != nil {
		return unusable(fmt.Errorf("plan: %w", err))
	}
	return finding.Finding{}
}

func unusable(err error) finding.Finding {
	return finding.Finding{Code: finding.UnusableRule, Said: []string{err.Error()}}
}

// estimate fills in everything but the verdict. s is sorted, not empty.
func (j *Judgement) estimate(s []float64, at Look) estimate {
	if len(s) == 1 {
		j.Ratio = exp(j.Better.sign() * s[0])
		return estimate{}
	}
	e := tEstimate(s, at)
	j.SD = sd(s)
	if len(s) >= SignedRankMin && j.SD > 0 {
		w := walsh(s)
		if j.HeavyTails = heavyTails(s, e, median(w)); !j.HeavyTails.IsZero() {
			e = rankEstimate(w, len(s), e.se, at)
		}
	}
	j.adopt(e)
	return e
}

// adopt shows an estimate in the metric's own orientation.
func (j *Judgement) adopt(e estimate) {
	j.Method, j.P = e.method, e.p
	j.Ratio = exp(j.Better.sign() * e.centre)
	j.CI = j.ratios(e.difference)
	j.EquivalenceCI = j.ratios(e.parity)
	if e.difference.known {
		j.HalfWidth = exp((e.difference.high-e.difference.low)/2) - 1
	}
}

// ratios turns oriented logs into ratios as measured.
func (j *Judgement) ratios(s span) Interval {
	if !s.known {
		return Interval{}
	}
	if j.Better == LowerIsBetter {
		return Interval{exp(-s.high), exp(-s.low)}
	}
	return Interval{exp(s.low), exp(s.high)}
}

// disagreement is how many standard errors mean and Hodges–Lehmann estimate may
// lie apart; in normal samples they differ by about 0.2, by more than 0.8 in one of a hundred.
const disagreement = 0.8

// wildZ is the |modified z| a pair needs to count as wild among n. It falls
// towards 5; with few pairs MAD is itself uncertain, and normal samples of six
// reach 10 in one of a hundred. The curve keeps false flags at about 1 %
// for every n ≥ 6 (simulated).
func wildZ(n int) float64 { return 5 + 250/float64(n*n) }

// heavyTails says why the mean should not be trusted here; zero when it may.
func heavyTails(s []float64, t estimate, hl float64) finding.Finding {
	if z := wildest(s); z > 0 {
		return finding.Finding{Code: finding.WildPair, Values: finding.Values{"modified_z": z, "limit": wildZ(len(s))}}
	}
	if gap := math.Abs(t.centre - hl); gap > disagreement*t.se {
		return finding.Finding{Code: finding.CentresApart, Values: finding.Values{"standard_errors": gap / t.se}}
	}
	return finding.Finding{}
}

// wildest is the largest |modified z| if it is wild, else 0.
func wildest(d []float64) float64 {
	worst := 0.0
	for _, z := range ModifiedZ(d) {
		worst = math.Max(worst, math.Abs(z))
	}
	if len(d) < SignedRankMin || worst <= wildZ(len(d)) {
		return 0
	}
	return worst
}

// decide sets verdict and reason from the estimate.
func (j *Judgement) decide(e estimate, p Plan, enough bool) {
	m := p.logMargin()
	if e.equivalence != nil {
		j.EquivalenceP = e.equivalence(m)
	}
	switch {
	case j.invalid():
		j.Reason = finding.Finding{Code: finding.NoRatio}.With(j.leftOut()...)
		return
	case !enough:
		j.Verdict = Indicative
		j.Reason = finding.Finding{Code: finding.TooFewPairs, Values: finding.Values{"pairs": float64(j.Pairs), "least_pairs": float64(p.MinPairs)}}.With(j.leftOut()...)
		return
	case e.parity.within(m):
		j.Verdict = Parity
		if e.difference.excludesZero() {
			j.Measurable = exp(math.Abs(e.centre)) - 1
		}
	case e.difference.known && e.difference.high < 0:
		j.Verdict = Slower
	case e.difference.known && e.difference.low > 0:
		j.Verdict = Faster
	case e.method != WelchT: // more pairs now cannot mend too few then
		j.PairsNeeded = pairsNeeded(j.SD, e.centre, m, p.final(), max(j.Pairs+1, p.MinPairs))
	}
	j.explain(p)
}
