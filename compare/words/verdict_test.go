package words

import (
	"testing"

	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
)

func TestVerdict(t *testing.T) {
	t.Parallel()
	scaled := func(ratios ...float64) []stats.Pair {
		var list []stats.Pair
		for _, r := range ratios {
			list = append(list, stats.Pair{Base: 1000, Cand: 1000 * r})
		}
		return list
	}
	for want, c := range map[string]struct {
		pairs  []stats.Pair
		better stats.Direction
	}{
		"undecided −18 to +24 %":    {scaled(1.3, 0.8, 1.1, 0.9, 1.2, 0.85), stats.HigherIsBetter},
		"parity":                    {scaled(1.01, 0.99, 1.005, 0.995, 1.002, 0.998), stats.HigherIsBetter},
		"parity, measurable −2.0 %": {scaled(.98, .98, .98, .98, .98, .98), stats.HigherIsBetter},
		"indicative":                {scaled(0.9), stats.HigherIsBetter},
		"faster −5.0 %":             {scaled(.95, .951, .949, .95, .9505, .9495), stats.LowerIsBetter},
		"slower −20 %":              {scaled(.8, .8, .8, .8, .8, .8), stats.HigherIsBetter},
	} {
		j := stats.Judge(c.pairs, stats.Rule{Better: c.better, Plan: stats.Fixed(6, 0.05)})
		if got := Verdict(figure.P95, &verdict.Verdict{Judgement: j}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// Who takes less memory is not faster.
func TestVerdictOfCosts(t *testing.T) {
	t.Parallel()
	v := &verdict.Verdict{Judgement: stats.Judgement{Verdict: stats.Faster, Ratio: 0.14, CI: stats.Interval{Low: 0.139, High: 0.141}}}
	if got := Verdict(figure.Resident, v); got != "less −86 %" {
		t.Errorf("memory: %q", got)
	}
}
