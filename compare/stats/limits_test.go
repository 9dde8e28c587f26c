package stats

import (
	"math"
	"slices"
	"testing"

	"taskbench/compare/finding"
)

// The limits that docs/method.md promises, each just inside and just outside:
// none of them may move unnoticed.

// The gate on a throughput whose ratio, interval and p are given as losses in
// percent.
func TestGateLimits(t *testing.T) {
	t.Parallel()
	worse := func(estimate, least, most, p float64) Judgement {
		ratio := func(percent float64) float64 { return 1 / (1 + percent/100) }
		return Judgement{Verdict: Slower, Better: HigherIsBetter, Pairs: 10, Ratio: ratio(estimate),
			CI: Interval{Low: ratio(most), High: ratio(least)}, P: p}
	}
	for name, c := range map[string]struct {
		judged           Judgement
		standard, strict Outcome
	}{
		"fails":                        {worse(10.1, 5.1, 15, .0019), Failed, Warned},
		"estimate within 10 %":         {worse(9.9, 5.1, 15, .0019), Warned, Warned},
		"less than 5 % proven":         {worse(10.1, 4.9, 15, .0019), Warned, Warned},
		"p not below .002":             {worse(10.1, 5.1, 15, .0021), Warned, Warned},
		"more than 10 % proven":        {worse(15, 10.1, 20, .0019), Failed, Failed},
		"less than 10 % proven":        {worse(15, 9.9, 20, .0019), Failed, Warned},
		"proven, p not below .002":     {worse(15, 10.1, 20, .0021), Warned, Warned},
		"estimate above 5 %":           {worse(5.1, 0.1, 15, .01), Warned, Warned},
		"estimate within 5 %":          {worse(4.9, 0.1, 15, .01), Undetermined, Undetermined},
		"no loss proven":               {worse(5.1, -0.1, 15, .06), Undetermined, Undetermined},
		"loss of 10 % ruled out":       {worse(4.9, -0.1, 9.9, .06), Pass, Pass},
		"loss of 10 % not ruled out":   {worse(4.9, -0.1, 10.1, .06), Undetermined, Undetermined},
		"a loss, 10 % of it ruled out": {worse(4.9, 0.1, 9.9, .01), Pass, Pass},
	} {
		rule := DefaultGate()
		if d := Gate(c.judged, rule); d.Outcome != c.standard {
			t.Errorf("%s: %s (%v), want %v", name, d.Outcome, d.Reason, c.standard)
		}
		rule.Mode = Strict
		if d := Gate(c.judged, rule); d.Outcome != c.strict {
			t.Errorf("%s, strict: %s (%v), want %v", name, d.Outcome, d.Reason, c.strict)
		}
	}
}

// drifting are n pairs whose ratios fall by 2 % a pair, but for k pairs of
// pairs the other way round: Mann–Kendall's p follows from n and k alone.
func drifting(n, k int) []OrderedPair {
	left := make([]int, n) // ranks, the highest first
	for i := range left {
		left[i] = n - 1 - i
	}
	ps := make([]OrderedPair, n)
	for i := range ps {
		at := min(k, len(left)-1)
		k -= at
		ps[i] = OrderedPair{Pair: Pair{1000, 1000 * math.Exp(0.02*float64(left[at]))}, BaseFirst: true}
		left = slices.Delete(left, at, at+1)
	}
	return ps
}

func TestDriftOfTheRatioLimit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		n, k     int
		p        float64
		unstable bool
	}{
		"just below .003": {20, 50, .002994, true},
		"just above .003": {14, 19, .003025, false},
	} {
		h := Examine(drifting(c.n, c.k), HigherIsBetter)
		near(t, name, h.Trend.P, c.p, 1e-6)
		if h.Unstable.IsZero() == c.unstable {
			t.Errorf("%s: unstable %v", name, h.Unstable)
		}
	}
}

// Four pairs of each order: by Welch's t with 6 degrees of freedom, whose
// quantile at .995 is 3.7074 (R: qt(.995, 6)), p is .01.
func TestOrderLimit(t *testing.T) {
	t.Parallel()
	shape := []float64{-0.01, 0.01, 0.01, -0.01} // of either order
	deviation := 0.01 * math.Sqrt(4.0/3)
	for factor, noted := range map[float64]bool{0.99: false, 1.01: true} {
		shift := factor * 3.7074 * deviation * math.Sqrt(2.0/4)
		var ps []OrderedPair
		for _, x := range shape {
			ps = append(ps, OrderedPair{Pair: Pair{1000, 1000 * math.Exp(x)}, BaseFirst: true},
				OrderedPair{Pair: Pair{1000, 1000 * math.Exp(x+shift)}})
		}
		h := Examine(ps, HigherIsBetter)
		if got := slices.ContainsFunc(h.Notes, func(f finding.Finding) bool { return f.Code == finding.OrderMatters }); got != noted {
			t.Errorf("p = %.4f: %v", h.Order.P, h.Notes)
		}
	}
}

// A ramp of log ratios with one that is far off: from which distance on ranks
// judge.
func TestHeavyTailLimits(t *testing.T) {
	t.Parallel()
	ramp := func(n int, low, step, last float64) []Pair {
		var ps []Pair
		for i := range n - 1 {
			ps = append(ps, Pair{1000, 1000 * math.Exp(low+step*float64(i))})
		}
		return append(ps, Pair{1000, 1000 * math.Exp(last)})
	}
	const wild, apart = finding.WildPair, finding.CentresApart
	for name, c := range map[string]struct {
		pairs []Pair
		want  finding.Code
		not   finding.Code
	}{
		// Modified z is 0.6745·(x − 0.25)/1.25 of ten, 0.6745·(x − 0.25)/2.5 of twenty.
		"ten, z just below 7.5":      {ramp(10, -0.20, 0.05, 1.41), "", wild},
		"ten, z just above 7.5":      {ramp(10, -0.20, 0.05, 1.42), wild, ""},
		"twenty, z just below 5.625": {ramp(20, -0.45, 0.05, 2.105), "", wild},
		"twenty, z just above 5.625": {ramp(20, -0.45, 0.05, 2.115), wild, ""},
		// Mean and Hodges–Lehmann estimate of six: no pair is wild below z = 11.9.
		"just below 0.8 standard errors": {ramp(6, 0, 0.1, 1.84), "", apart},
		"just above 0.8 standard errors": {ramp(6, 0, 0.1, 1.86), apart, ""},
		// Five pairs can never be significant by ranks.
		"five, far from anything": {ramp(5, 0, 0.1, 10), "", wild},
		"six, far from anything":  {ramp(6, 0, 0.1, 10), wild, ""},
	} {
		got := Judge(c.pairs, fixed(len(c.pairs))).HeavyTails.Code
		if c.want != "" && got != c.want || got == c.not && c.not != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}
