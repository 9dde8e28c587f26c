package stats

import (
	"fmt"
	"math"

	"taskbench/compare/finding"
)

// GateMode says how much proof a gate asks for, and of what.
type GateMode string

const (
	// Standard fails when the estimate is worse than Fail, the 95 % interval
	// proves it worse than Warn, and p < .002. At a true loss of exactly Fail any
	// rule on the estimate is a coin flip.
	Standard GateMode = "standard"
	// Strict fails only when the 95 % interval proves a loss beyond Fail, and p < .002.
	Strict GateMode = "strict"
	// Conservative fails unless the 95 % interval rules out a loss beyond Fail
	// (non-inferiority).
	Conservative GateMode = "conservative"
)

// GateRule holds a gate's limits as fractions: 0.10 is the factor 1.10, a
// throughput divided or a latency multiplied by it.
type GateRule struct {
	Warn float64  `json:"warn"`
	Fail float64  `json:"fail"`
	Mode GateMode `json:"mode"`
}

// DefaultGate warns above 5 % and fails above 10 %.
func DefaultGate() GateRule { return GateRule{Warn: 0.05, Fail: 0.10, Mode: Standard} }

// Validate checks limits and mode.
func (g GateRule) Validate() error {
	switch {
	case !(g.Warn >= 0 && g.Fail > 0 && g.Warn <= g.Fail) || math.IsInf(g.Fail, 0):
		return fmt.Errorf("gate warns above %v and fails above %v: limits are fractions, warn at most fail", g.Warn, g.Fail)
	case g.Mode != Standard && g.Mode != Strict && g.Mode != Conservative:
		return fmt.Errorf("gate mode %q is none of %s, %s, %s", g.Mode, Standard, Strict, Conservative)
	}
	return nil
}

// failP bounds false failures whatever the noise: at no difference at most
// half of .002, one in a thousand, can fail on the losing side of a fixed plan.
// On a quiet machine the other conditions imply it; at a CV of 25 % they alone
// would fail five in a thousand. It is not adjusted for looks: a sequential plan
// stays below one in a thousand up to a CV of 15 % and reaches about four beyond.
const failP = 0.002

// Outcome is what a gate says about one metric.
type Outcome string

const (
	Pass         Outcome = "pass" // a loss beyond Fail is ruled out
	Warned       Outcome = "warn"
	Failed       Outcome = "fail"
	Undetermined Outcome = "inconclusive" // neither failed nor ruled out
)

// Decision is an outcome with its reason.
type Decision struct {
	Outcome Outcome         `json:"outcome"`
	Reason  finding.Finding `json:"reason"` // with figures
}

// Gate decides on one metric:
//
//	fail          as the mode says
//	warn          else, the estimate is worse than Warn and the 95 % interval excludes 1
//	pass          else, the 95 % interval rules out a loss beyond Fail
//	inconclusive  else, and whenever the judgement has no verdict to build on
//
// Conservative turns inconclusive into fail. It is built on a minimum effect, so
// that twenty metrics at no difference stay quiet without a correction for
// their number.
func Gate(j Judgement, g GateRule) Decision {
	if err := g.Validate(); err != nil {
		return Decision{Undetermined, unusable(err)}
	}
	if j.ungated() {
		if g.Mode == Conservative {
			return Decision{Failed, finding.Finding{Code: finding.NotShownWithinFail, Values: g.limits(j)}.With(j.Reason)}
		}
		return Decision{Undetermined, j.Reason}
	}
	return g.decide(j)
}

// GateAll decides on all metrics of one gate, so that a gate that has nothing
// to find warns or fails in at most RunAlpha of cases, however many they are:
// warnings, and failures that claim a loss, take a p that is RunAlpha or less
// after Holm's correction. In mode conservative a failure claims nothing.
func GateAll(rows []Row, g GateRule) []Decision {
	ps := adjusted(rows, Row.differenceP, Holm, 1)
	list := make([]Decision, len(rows))
	for i, r := range rows {
		list[i] = g.among(r, ps[i], len(rows))
	}
	return list
}

// among is the decision on one of several metrics, whose p-value is adjusted.
func (g GateRule) among(r Row, p float64, metrics int) Decision {
	d := Gate(r.Judgement, g)
	claims := d.Outcome == Warned || d.Outcome == Failed && g.Mode != Conservative
	switch {
	case claims && r.Judgement.reaches(r.Floor):
		return g.withheld(r.Judgement, r.Judgement.within(r.Floor))
	case claims && p > RunAlpha:
		reason := g.standing(finding.LossByChance, r.Judgement)
		reason.Values["p_adjusted"], reason.Values["metrics"], reason.Values["alpha"] = p, float64(metrics), RunAlpha
		return g.withheld(r.Judgement, reason)
	}
	return d
}

// withheld is the decision on a loss that is not claimed, for a reason.
func (g GateRule) withheld(j Judgement, reason finding.Finding) Decision {
	if _, low, _ := j.oriented(); low > -math.Log1p(g.Fail) {
		return Decision{Pass, reason.With(finding.Finding{Code: finding.LargeLossExcluded, Values: g.limits(j)})}
	}
	return Decision{Undetermined, reason}
}

// Settled reports whether more pairs would be wasted on one of so many metrics
// of a gate: it has a verdict, and GateAll fails it or rules a failure out,
// whatever the others come to. A run that stops at the verdict alone stops with
// too few pairs to tell a loss of 7 % from one of 15 %, and its gate can then
// only warn.
func Settled(r Row, g GateRule, metrics int) bool {
	if j := r.Judgement; j.Verdict == Inconclusive || j.Verdict == Indicative {
		return false
	}
	o := g.among(r, min(1, float64(metrics)*r.differenceP()), metrics).Outcome
	return o == Failed && g.Mode != Conservative || o == Pass
}

// ungated reports whether a judgement cannot be gated, for its reason.
func (j Judgement) ungated() bool {
	return j.Verdict == Indicative || j.invalid() || !j.Unstable.IsZero() || !j.CI.Known()
}

func (g GateRule) decide(j Judgement) Decision {
	effect, low, high := j.oriented()
	warn, fail := -math.Log1p(g.Warn), -math.Log1p(g.Fail)
	outcome, code := Undetermined, finding.LossOpen
	switch {
	case g.Mode == Standard && effect < fail && high < warn && j.P < failP:
		outcome, code = Failed, finding.LossBeyondFail
	case g.Mode == Strict && high < fail && j.P < failP:
		outcome, code = Failed, finding.LossProvenBeyond
	case g.Mode == Conservative && low <= fail:
		outcome, code = Failed, finding.LossNotExcluded
	case effect < warn && high < 0:
		outcome, code = Warned, finding.LossBeyondWarn
	case low > fail:
		outcome, code = Pass, finding.LossExcluded
	}
	reason := g.standing(code, j)
	if outcome == Warned || outcome == Undetermined && effect < 0 {
		reason = reason.With(g.wanting(j))
	}
	return Decision{outcome, reason}
}

// wanting is what a failure would take besides: the conditions that are not met.
func (g GateRule) wanting(j Judgement) finding.Finding {
	effect, _, high := j.oriented()
	wants := finding.Finding{Code: finding.FailureWants}
	proof := g.Warn
	switch {
	case g.Mode == Strict:
		proof = g.Fail
	case effect >= -math.Log1p(g.Fail):
		wants = wants.With(finding.Finding{Code: finding.WantsLoss, Values: g.limits(j)})
	}
	if high >= -math.Log1p(proof) {
		wants = wants.With(finding.Finding{Code: finding.WantsProof, Values: finding.Values{
			"proven_fraction": math.Expm1(max(0, -high)), "proof_fraction": proof,
			"proven_ratio": j.Better.Worse(math.Expm1(max(0, -high))), "proof_ratio": j.Better.Worse(proof)}})
	}
	if j.P >= failP {
		wants = wants.With(finding.Finding{Code: finding.WantsP, Values: finding.Values{"p": j.P, "p_limit": failP}})
	}
	return wants
}

// standing is a fact about a loss with the figures that it rests on.
func (g GateRule) standing(code finding.Code, j Judgement) finding.Finding {
	worse := 0.0
	if effect, _, _ := j.oriented(); effect < 0 {
		worse = 1
	}
	f := finding.Finding{Code: code, Values: g.limits(j)}
	f.Values["ratio"], f.Values["low"], f.Values["high"] = j.Ratio, j.CI.Low, j.CI.High
	f.Values["pairs"], f.Values["worse"] = float64(j.Pairs), worse
	return f
}

// limits are the gate's, and the ratios that the metric has at them.
func (g GateRule) limits(j Judgement) finding.Values {
	return finding.Values{"warn_fraction": g.Warn, "fail_fraction": g.Fail, "warn_ratio": j.Better.Worse(g.Warn), "fail_ratio": j.Better.Worse(g.Fail)}
}

// oriented gives ratio and interval as logs, below 0 where worse.
func (j Judgement) oriented() (effect, low, high float64) {
	effect, low, high = math.Log(j.Ratio), math.Log(j.CI.Low), math.Log(j.CI.High)
	if j.Better == LowerIsBetter {
		return -effect, -high, -low
	}
	return effect, low, high
}
