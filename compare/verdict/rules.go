package verdict

import (
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// DefaultMargin is the parity margin where nobody chose another: 5 %.
const DefaultMargin = 0.05

// NewRule is the stopping rule of a run: quick is one pair and indicative
// verdicts; auto is the sequential plan, which may stop after 6, 9, 12 or 16
// pairs and ends after 20; else pairs are measured and judged once. margin is
// parity's, as a fraction; 0 is DefaultMargin.
func NewRule(pairs int, auto, quick bool, margin float64) *results.Rule {
	if margin == 0 {
		margin = DefaultMargin
	}
	kind, plan := fixedRule, stats.Fixed(pairs, margin)
	switch {
	case quick:
		kind, plan = quickRule, stats.Fixed(1, margin)
	case auto:
		kind, plan = sequentialRule, stats.Sequential(margin)
	}
	rule := &results.Rule{Kind: kind, MinPairs: plan.MinPairs, Margin: margin}
	for _, l := range plan.Looks {
		rule.Looks = append(rule.Looks, results.Look(l))
	}
	return rule
}

// LedgerRule is the rule by which so many recordings of each target are judged.
func LedgerRule(recordings int) *results.Rule {
	rule := NewRule(recordings, false, recordings < FewestRecordings, LedgerMargin)
	rule.MinPairs = FewestRecordings
	return rule
}

// FewestRecordings are those of each target that verdicts take.
const FewestRecordings = 3

// LedgerMargin is the margin within which counts are the same, as a fraction:
// those of two builds of one text differ by less.
const LedgerMargin = 0.005

// Kinds of a stored rule.
const (
	fixedRule      = "fixed"
	sequentialRule = "sequential"
	quickRule      = "quick"
)

// planOf gives a stored rule its meaning; without one, n pairs were to be
// judged once.
func planOf(r *results.Rule, n int) stats.Plan {
	if r == nil {
		return stats.Fixed(n, DefaultMargin)
	}
	p := stats.Plan{Kind: stats.FixedPlan, MinPairs: r.MinPairs, Margin: r.Margin}
	if r.Kind == sequentialRule {
		p.Kind = stats.SequentialPlan
	}
	for _, l := range r.Looks {
		p.Looks = append(p.Looks, stats.Look(l))
	}
	return p
}

// Rules are how all metrics of a comparison are judged.
type Rules struct {
	Stored  *results.Rule
	margins map[*figure.Figure]float64
	Apart   bool // pairs are no pairs: not measured in the same session
}

// NewRules takes the baseline's stored rule: documents of a session share it.
func NewRules(entrants []lineup.Entrant, margins map[*figure.Figure]float64) Rules {
	r := Rules{Stored: entrants[0].Doc.Plan.Rule, margins: margins}
	for _, e := range entrants {
		if e.Session != entrants[0].Session {
			r.Apart = true
		}
	}
	return r
}

// Plan is the metric's, for n pairs.
func (r Rules) Plan(m *figure.Figure, n int) stats.Plan {
	p := planOf(r.Stored, n)
	if margin, own := r.margin(m); own {
		return p.WithMargin(margin)
	}
	return p
}

// margin is what somebody wanted for this metric alone: now, or when it was measured.
func (r Rules) margin(m *figure.Figure) (margin float64, own bool) {
	if margin, own = r.margins[m]; !own && r.Stored != nil {
		margin, own = r.Stored.Margins[m.Key]
	}
	return margin, own
}

// Named reports whether somebody named the metric.
func (r Rules) Named(m *figure.Figure) bool {
	_, own := r.margin(m)
	return own
}

// Ratio judges one metric; the reason is told when there is no ratio.
func (r Rules) Ratio(m *figure.Figure, pairs []stats.OrderedPair) (*Ratio, finding.Finding) {
	low, high, n := extremes(pairs)
	if n == 0 {
		return nil, finding.Finding{Code: noRatio(pairs)}
	}
	x := &Ratio{Ratio: geometricMean(pairs), Low: low, High: high, Pairs: n}
	if m.Held == figure.Judged {
		v := r.judge(m, pairs)
		if v.Ratio == 0 { // a rule that cannot be applied
			v.Ratio = x.Ratio
		}
		x.Ratio, x.Verdict = v.Ratio, &v
	}
	// Logarithms are rounded: the mean of equal ratios may differ from them in its last digit.
	x.Low, x.High = min(x.Low, x.Ratio), max(x.High, x.Ratio)
	return x, finding.Finding{}
}

func noRatio(pairs []stats.OrderedPair) finding.Code {
	for _, p := range pairs {
		if !math.IsNaN(p.Base) && !math.IsNaN(p.Cand) {
			return finding.RatioToZero
		}
	}
	return finding.NoPairHasBoth
}

// judge gives the verdict, and what speaks against it.
func (r Rules) judge(m *figure.Figure, pairs []stats.OrderedPair) Verdict {
	plan := r.Plan(m, len(pairs))
	health := stats.Examine(pairs, m.Better)
	j := health.Temper(stats.Judge(stats.Plain(pairs), stats.Rule{Better: m.Better, Plan: plan, Numbers: stats.Numbers(pairs)}))
	if r.Apart && j.Verdict != stats.Indicative {
		j.Verdict, j.Measurable, j.PairsNeeded, j.Reason = stats.Indicative, 0, 0, finding.Finding{Code: finding.OtherMinutes}
	}
	row := stats.Row{Judgement: j, Plan: plan, Health: &health}
	return Verdict{Judgement: j, Margin: plan.Margin, Notes: slices.DeleteFunc(slices.Clone(health.Notes), j.Unstable.Same), row: row}
}

// geometricMean of the ratios that there are; at least one.
func geometricMean(pairs []stats.OrderedPair) float64 {
	sum, n := 0.0, 0
	for _, p := range pairs {
		if _, _, ok := extremes([]stats.OrderedPair{p}); ok == 1 {
			sum, n = sum+math.Log(p.Cand)-math.Log(p.Base), n+1
		}
	}
	return math.Exp(sum / float64(n))
}
