package compare

import (
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

func summarise(c *Comparison) Summary {
	s := Summary{Scenarios: map[State]int{}, Overall: []Overall{}}
	for _, sc := range c.Scenarios {
		s.Scenarios[sc.State]++
	}
	for i := range c.Targets[1:] {
		for _, m := range []*figure.Figure{figure.Throughput, figure.CPUPerAnswer} {
			if o := overall(c, i+1, m); len(o.Verdicts) > 0 {
				s.Overall = append(s.Overall, o)
			}
		}
	}
	for i, t := range c.Targets {
		s.Expectations = append(s.Expectations, kept(c, i, t.Label))
	}
	return s
}

// overall combines one metric's verdicts over the scenarios.
func overall(c *Comparison, target int, m *figure.Figure) Overall {
	o := Overall{Target: c.Targets[target].Label, Metric: m, Named: map[stats.Verdict][]string{}}
	var js []stats.Judgement
	for _, s := range c.Scenarios {
		for _, r := range s.Rows {
			if x := r.Cells[target].Ratio; r.Step == "" && r.Metric.Equal(m) && x != nil && x.Verdict != nil {
				js = append(js, x.Verdict.Judgement)
				o.Named[x.Verdict.Verdict] = append(o.Named[x.Verdict.Verdict], c.Level(s))
			}
		}
	}
	o.Overall = stats.Summarise(js)
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
