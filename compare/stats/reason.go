package stats

import "taskbench/compare/finding"

// explain gives the reason of a verdict taken from enough pairs.
func (j *Judgement) explain(p Plan) {
	reason := finding.Finding{Code: finding.DifferenceShown, Values: finding.Values{"low": j.CI.Low, "high": j.CI.High}}
	switch {
	case j.Verdict == Parity:
		reason = finding.Finding{Code: finding.ParityShown, Values: finding.Values{"low": j.EquivalenceCI.Low, "high": j.EquivalenceCI.High, "margin": p.Margin}}
		if j.Measurable > 0 {
			reason.Values["measurable_ratio"] = j.Ratio
		}
	case j.Verdict == Inconclusive && !j.CI.Known():
		reason = finding.Finding{Code: finding.TooFewForRanks, Values: finding.Values{"pairs": float64(j.Pairs), "pairs_needed": float64(j.PairsNeeded)}}
	case j.Verdict == Inconclusive:
		reason.Code = finding.TooWide
		reason.Values["half_width"], reason.Values["pairs_needed"] = j.HalfWidth, float64(j.PairsNeeded)
	}
	switch {
	case j.Method == SignedRank:
		reason = reason.With(finding.Finding{Code: finding.JudgedByRanks}.With(j.HeavyTails))
	case !j.HeavyTails.IsZero():
		reason = reason.With(j.HeavyTails)
	}
	if j.SD == 0 && j.Method != "" {
		reason = reason.With(finding.Finding{Code: finding.SameRatio})
	}
	j.Reason = reason.With(j.leftOut()...)
}

// leftOut names the pairs that could not be used.
func (j *Judgement) leftOut() []finding.Finding {
	var list []finding.Finding
	if j.Missing > 0 {
		list = append(list, finding.Finding{Code: finding.PairsMissing, Values: finding.Values{"pairs": float64(j.Missing)}})
	}
	if len(j.Invalid) > 0 {
		list = append(list, finding.Finding{Code: finding.PairsInvalid, Pairs: j.Invalid})
	}
	if len(j.InvalidThen) > 0 {
		list = append(list, finding.Finding{Code: finding.PairsInvalidThen, Pairs: j.InvalidThen})
	}
	return list
}
