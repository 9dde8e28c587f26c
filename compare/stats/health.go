package stats

import (
	"cmp"
	"math"

	"taskbench/compare/finding"
)

// OrderedPair is a pair with the order it was measured in.
type OrderedPair struct {
	Pair
	BaseFirst bool `json:"base_first"`
	Number    int  `json:"number,omitempty"` // the pair's own, for messages; 0: its position, from 1
}

// Plain leaves the order out.
func Plain(ordered []OrderedPair) []Pair {
	list := make([]Pair, len(ordered))
	for i, p := range ordered {
		list[i] = p.Pair
	}
	return list
}

// Numbers are the pairs' own; nil where they have none.
func Numbers(pairs []OrderedPair) []int {
	list := make([]int, len(pairs))
	for i, p := range pairs {
		if list[i] = p.Number; p.Number == 0 {
			return nil
		}
	}
	return list
}

// Health is what a series of pairs, in the order measured, says about itself.
type Health struct {
	Autocorrelation float64     `json:"autocorrelation"` // lag 1, of the log ratios
	Trend           Trend       `json:"trend"`           // of the log ratios, per pair; > 0: the candidate gets better
	Order           OrderEffect `json:"order"`
	Wild            []int       `json:"wild,omitempty"` // numbers of the pairs far from the others by modified z

	Notes []finding.Finding `json:"notes,omitempty"`
	// Unstable says why no verdict should be given; zero when one may.
	Unstable finding.Finding `json:"unstable,omitzero"`
}

// OrderEffect is whether the side measured first is at an advantage.
type OrderEffect struct {
	// Effect is the ratio of the candidate's ratio when base ran first to that
	// when it ran second, as measured; 1 is none, 0 unknown (each order needs
	// two pairs).
	Effect float64 `json:"effect"`
	P      float64 `json:"p"` // two-sided, Welch; 1 when unknown
}

// Levels of the self-checks. They are low because every metric of every
// scenario passes them: what they cost in verdicts is measured by
// `make bench-verdicts`.
const (
	unstableP = 0.003 // Mann–Kendall: the ratio itself drifts
	orderP    = 0.01
)

// Examine runs the self-checks on pairs in the order they were measured.
// Judge does not depend on that order, and so cannot see a ratio that drifts:
// then there is no one ratio, and a verdict would be about the length of the run.
// Pairs that are no ratio are left out.
func Examine(pairs []OrderedPair, better Direction) Health {
	d := make([]float64, 0, len(pairs))
	var baseFirst, candFirst []float64
	h := Health{}
	var at []int
	for i, p := range pairs {
		one, _, _ := LogRatios([]Pair{p.Pair}, better)
		if len(one) == 0 {
			continue
		}
		d, at = append(d, one[0]), append(at, cmp.Or(p.Number, i+1))
		if p.BaseFirst {
			baseFirst = append(baseFirst, one[0])
		} else {
			candFirst = append(candFirst, one[0])
		}
	}
	h.Autocorrelation = Autocorrelation(d)
	h.Trend = FindTrend(d)
	h.Order = checkOrder(baseFirst, candFirst, better)
	for i, z := range ModifiedZ(d) {
		if len(d) >= SignedRankMin && math.Abs(z) > wildZ(len(d)) {
			h.Wild = append(h.Wild, at[i])
		}
	}
	h.remark(better)
	return h
}

// checkOrder compares the two orders' log ratios by Welch's t.
func checkOrder(baseFirst, candFirst []float64, better Direction) OrderEffect {
	if len(baseFirst) < 2 || len(candFirst) < 2 {
		return OrderEffect{P: 1}
	}
	diff, se, df := welch(baseFirst, candFirst)
	return OrderEffect{Effect: exp(better.sign() * diff), P: studentP(diff, se, df)}
}

// remark notes what was found.
func (h *Health) remark(better Direction) {
	if t := h.Trend; t.P < unstableP {
		h.Unstable = finding.Finding{Code: finding.RatioDrifts, Values: finding.Values{
			"change_ratio": exp(t.Slope), "metric_ratio": exp(better.sign() * t.Slope), "p": t.P}}
		h.Notes = append(h.Notes, h.Unstable)
	}
	if o := h.Order; o.P < orderP {
		h.Notes = append(h.Notes, finding.Finding{Code: finding.OrderMatters, Values: finding.Values{"effect_ratio": o.Effect, "p": o.P}})
	}
	if len(h.Wild) > 0 {
		h.Notes = append(h.Notes, finding.Finding{Code: finding.PairsFarFromOthers, Pairs: h.Wild})
	}
}

// Temper takes the verdict back when the series is unstable; estimate and
// interval stay.
func (h Health) Temper(j Judgement) Judgement {
	if h.Unstable.IsZero() || j.Verdict == Indicative {
		return j
	}
	j.Verdict, j.Measurable, j.PairsNeeded = Inconclusive, 0, 0
	j.Unstable = h.Unstable
	j.Reason = h.Unstable.With(j.leftOut()...)
	return j
}
