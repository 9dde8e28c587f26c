package words

import (
	"slices"

	"taskbench/compare"
	"taskbench/compare/memory"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
)

// worded says the verdicts of costs by the words that tables have for them, for
// JSON: who takes less memory is not faster. rows are of a copy that is the
// caller's own.
func worded(rows []verdict.Row) {
	for _, r := range rows {
		for _, c := range r.Cells {
			if c.Ratio == nil || c.Ratio.Verdict == nil || r.Metric == nil || r.Metric.Words == nil {
				continue
			}
			v := c.Ratio.Verdict
			v.Verdict, v.Alone = wordOf(r.Metric, v.Verdict), wordOf(r.Metric, v.Alone)
			if v.Claim != nil {
				claim := wordedClaim(r.Metric, *v.Claim)
				v.Claim = &claim
			}
		}
	}
}

// wordOf is a verdict's word; m is nil where all are about speed.
func wordOf(m *figure.Figure, v stats.Verdict) stats.Verdict {
	if m == nil {
		return v
	}
	return stats.Verdict(m.Word(v))
}

func wordedClaim(m *figure.Figure, c stats.Claim) stats.Claim {
	c.Verdict = wordOf(m, c.Verdict)
	return c
}

// wordedSummary does so for what is said over all scenarios.
func wordedSummary(s *compare.Summary) {
	s.Overall = slices.Clone(s.Overall)
	for i, o := range s.Overall {
		verdicts, named := map[stats.Verdict]int{}, map[stats.Verdict][]string{}
		for v, n := range o.Verdicts {
			verdicts[wordOf(o.Metric, v)] = n
		}
		for v, list := range o.Named {
			named[wordOf(o.Metric, v)] = list
		}
		s.Overall[i].Verdicts, s.Overall[i].Named, s.Overall[i].Claim = verdicts, named, wordedClaim(o.Metric, o.Claim)
	}
	wordedHeadlines(s.Headline)
}

func wordedHeadlines(list []compare.Headline) {
	for i := range list {
		list[i].Changes = slices.Clone(list[i].Changes)
		for k, c := range list[i].Changes {
			list[i].Changes[k].Claim = wordedClaim(c.Metric, c.Claim)
		}
	}
}

func memoryData(c *memory.Comparison) *memory.Comparison {
	told := sentences.WithTexts(c)
	worded(told.Rows)
	return told
}

func ledgerData(c *compare.LedgerComparison) *compare.LedgerComparison {
	told := sentences.WithTexts(c)
	for _, s := range told.Scenarios {
		worded(s.Rows)
	}
	return told
}
