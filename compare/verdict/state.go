package verdict

import (
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
)

// State takes the verdict to what the run states. What speaks against the pairs
// is told where that may be stated, too.
func (v *Verdict) State(claim stats.Claim) {
	v.Claim, v.Alone = &claim, v.Verdict
	v.PairsNeeded = 0 // for this metric alone, by a noise known from few pairs
	v.Reason = withoutPairs(v.Reason)
	v.Notes = slices.DeleteFunc(v.Notes, func(f finding.Finding) bool { return f.Code == finding.OrderMatters && !claim.Ordered })
	if !v.Unstable.IsZero() && !claim.Drifts {
		v.Unstable = finding.Finding{Code: finding.MayDrift}
		v.Reason = v.Unstable
	}
	if v.Verdict == stats.Indicative {
		return
	}
	if claim.P > stats.RunAlpha {
		v.Measurable = 0
	}
	v.Verdict = claim.Verdict
	switch {
	case v.Verdict == v.Alone:
	case claim.Stated:
		v.Measurable = 0
		v.Reason = finding.Finding{Code: finding.DifferenceShown, Values: finding.Values{"low": v.CI.Low, "high": v.CI.High}}
	case claim.Floor > 0:
		v.Measurable = 0
		v.Reason = finding.Finding{Code: finding.WithinFloor, Values: finding.Values{"low": v.CI.Low, "high": v.CI.High, "floor_fraction": claim.Floor}}
	default:
		v.Measurable = 0
		v.Reason = finding.Finding{Code: finding.NotStated, Values: finding.Values{
			"p_adjusted": claim.P, "parity_p_adjusted": claim.ParityP, "alpha": stats.RunAlpha}}.With(v.Reason)
	}
}

// withoutPairs is a reason without the number of pairs that would do.
func withoutPairs(f finding.Finding) finding.Finding {
	if f.Values["pairs_needed"] == 0 {
		return f
	}
	values := finding.Values{}
	for name, v := range f.Values {
		values[name] = v
	}
	values["pairs_needed"] = 0
	f.Values = values
	return f
}

// Judged are verdicts as they were judged. No difference is to be claimed of them
// that is not shown to be larger than floor, a fraction.
func Judged(list []*Verdict, floor float64) []stats.Row {
	rows := make([]stats.Row, len(list))
	for i, v := range list {
		v.row.Floor = floor
		rows[i] = v.row
	}
	return rows
}
