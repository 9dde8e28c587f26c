package compare

import (
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
)

func summarise(c *Comparison) Summary {
	s := Summary{Scenarios: map[State]int{}, Overall: []Overall{}, Headline: []Headline{}}
	for _, sc := range c.Scenarios {
		s.Scenarios[sc.State]++
	}
	for i := range c.Targets[1:] {
		var all []Overall
		for _, m := range summed {
			if o := overall(c, i+1, m); len(o.Verdicts) > 0 {
				o.Claim = c.claimOf(i+1, len(all), o)
				all = append(all, o)
			}
		}
		s.Overall = append(s.Overall, all...)
		s.Headline = append(s.Headline, c.headline(i+1, all))
	}
	for i, t := range c.Targets {
		s.Expectations = append(s.Expectations, kept(c, i, t.Label))
	}
	return s
}

// claimOf is what the run states of a mean, the k-th of those that there are;
// of one scenario that is what it states of that.
func (c *Comparison) claimOf(target, k int, o Overall) stats.Claim {
	if len(c.stated) > 0 {
		return c.stated[target-1].Primary[k]
	}
	for _, s := range c.Scenarios {
		if v := s.verdict(target, o.Metric); v != nil {
			return *v.Claim
		}
	}
	return stats.Claim{Verdict: stats.Inconclusive, P: 1, ParityP: 1}
}

// verdict is a candidate's on a metric of the whole scenario; nil without one.
func (s Scenario) verdict(target int, m *figure.Figure) *verdict.Verdict {
	if r, ok := s.Row(m); ok && r.Cells[target].Ratio != nil {
		return r.Cells[target].Ratio.Verdict
	}
	return nil
}

// overall combines one metric's verdicts over the scenarios. Its interval is
// that of the plan's looks, where it has one.
func overall(c *Comparison, target int, m *figure.Figure) Overall {
	o := Overall{Target: c.Targets[target].Label, Metric: m, Named: map[stats.Verdict][]string{}}
	var js []stats.Judgement
	var last *verdict.Verdict
	for _, s := range c.Scenarios {
		if v := s.verdict(target, m); v != nil {
			js, last = append(js, v.Judgement), v
			o.Named[v.Verdict] = append(o.Named[v.Verdict], c.Level(s))
		}
	}
	o.Overall = stats.Summarise(js)
	switch o.row = o.Overall.Row(m.Better, c.rules.Plan(m, o.Pairs)); {
	case c.rules.Apart:
		o.row.Judgement.Verdict = stats.Indicative
	case len(js) == 1: // the mean of one is what that is, however it was judged
		o.row = last.Row()
	}
	if o.row.Judgement.CI.Known() {
		o.CI = o.row.Judgement.CI
	}
	return o
}

// kept counts one target's expectations.
func kept(c *Comparison, target int, label string) ExpectationSum {
	sum := ExpectationSum{Target: label}
	for _, s := range c.Scenarios {
		for _, check := range s.Expected {
			switch met := check.Results[target].Met; {
			case met == nil:
				sum.Unchecked++
			case *met:
				sum.Met++
			default:
				sum.Missed++
			}
		}
	}
	return sum
}
