package stats

import (
	"cmp"
	"math"
	"slices"

	"taskbench/compare/finding"
)

// Holm adjusts p-values of a family of claims so that the chance of any false
// one stays at the level they are compared to (Holm, Scand. J. Statist. 1979),
// however they depend on each other. The result is in the order given; values
// outside 0 … 1 count as 1.
func Holm(ps []float64) []float64 {
	order, p := ranked(ps)
	result := make([]float64, len(ps))
	highest := 0.0
	for rank, i := range order {
		highest = math.Max(highest, math.Min(1, float64(len(ps)-rank)*p(i)))
		result[i] = highest
	}
	return result
}

// Hochberg does the same from the other end (Biometrika 1988): when the largest
// p-value is below the level, so are all. That needs claims that do not oppose
// each other, which metrics of one measurement do not.
func Hochberg(ps []float64) []float64 {
	order, p := ranked(ps)
	result := make([]float64, len(ps))
	lowest := 1.0
	for rank := len(ps) - 1; rank >= 0; rank-- {
		i := order[rank]
		lowest = math.Min(lowest, float64(len(ps)-rank)*p(i))
		result[i] = lowest
	}
	return result
}

// AdaptiveHolm does what Holm does where many of the claims are true: it
// multiplies by how many of the hypotheses seem to hold, which the p-values
// above doubtful tell (Storey, JRSS B 2002; Guo, Biometrika 2009), where that is
// less than Holm's factor. The level is kept for independent p-values; for those
// of one measurement, which are alike, `make bench-verdicts` measures it.
func AdaptiveHolm(ps []float64) []float64 {
	const doubtful = 0.25
	above := 0
	for _, p := range ps {
		if !(p <= doubtful) {
			above++
		}
	}
	hold := float64(above+1) / (1 - doubtful)
	_, p := ranked(ps)
	result := Holm(ps)
	for i := range result {
		result[i] = math.Min(result[i], hold*p(i))
	}
	return result
}

// ranked sorts p-values, values outside 0 … 1 counting as 1: order[k] is the
// place of the k-th smallest.
func ranked(ps []float64) (order []int, p func(place int) float64) {
	order = make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	p = func(i int) float64 {
		if ps[i] >= 0 && ps[i] <= 1 {
			return ps[i]
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p(a), p(b)) })
	return order, p
}

// Overall is one metric over several scenarios.
type Overall struct {
	Ratio     float64         `json:"ratio"` // geometric mean of the scenarios' ratios, as measured; 0 when there is none
	CI        Interval        `json:"ci"`    // 95 %, of these scenarios: it says nothing about others
	Scenarios int             `json:"scenarios"`
	Verdicts  map[Verdict]int `json:"verdicts"`
	// Unstable is why the ratio of one of the scenarios is none; so the mean of
	// them is none, and nothing is stated of it.
	Unstable finding.Finding `json:"unstable,omitzero"`
	// What Row needs: the standard error of the mean log ratio, its degrees of
	// freedom (0: not known), and the fewest pairs of a scenario.
	SE    float64 `json:"-"`
	DF    float64 `json:"-"`
	Pairs int     `json:"-"`
}

// Row is the summary as a row of a cell of its own: a run that states "slower
// on the whole" has one more cell for Claims to count. In a sequential plan the
// scenario with the fewest pairs sets the level.
func (o Overall) Row(better Direction, plan Plan) Row {
	j := Judgement{Verdict: Inconclusive, Reason: finding.Finding{Code: finding.MeanUnsure}, Better: better, Pairs: o.Pairs, Ratio: o.Ratio, P: 1, EquivalenceP: 1}
	at, enough := plan.At(o.Pairs)
	if !enough {
		j.Verdict = Indicative
	}
	if !enough || !o.CI.Known() || o.DF == 0 {
		return Row{Judgement: j, Plan: plan}
	}
	e := studentEstimate(WelchT, better.sign()*math.Log(o.Ratio), o.SE, o.DF, at)
	j.adopt(e)
	j.decide(e, plan, true)
	j = Health{Unstable: o.Unstable}.Temper(j)
	return Row{Judgement: j, Plan: plan, df: o.DF}
}

// Summarise combines the same metric's judgements over scenarios. The
// geometric mean is the only mean of ratios that does not depend on the choice
// of baseline (Fleming and Wallace, CACM 1986). Its interval treats the
// scenarios as chosen and their errors as independent: Satterthwaite's degrees
// of freedom. Scenarios without a ratio are counted in Verdicts alone;
// without two pairs in each of the others there is no interval.
func Summarise(js []Judgement) Overall {
	o := Overall{Verdicts: map[Verdict]int{}}
	var logs []float64
	variance, weight, measured := 0.0, 0.0, true
	for _, j := range js {
		o.Verdicts[j.Verdict]++
		if o.Unstable.IsZero() {
			o.Unstable = j.Unstable
		}
		if j.Ratio <= 0 {
			continue
		}
		logs = append(logs, math.Log(j.Ratio))
		if o.Pairs == 0 || j.Pairs < o.Pairs {
			o.Pairs = j.Pairs
		}
		v := j.SD * j.SD / float64(max(j.Pairs, 1))
		variance += v
		if j.Pairs < 2 || j.Method == "" {
			measured = false
			continue
		}
		weight += v * v / float64(j.Pairs-1)
	}
	if o.Scenarios = len(logs); o.Scenarios == 0 {
		return o
	}
	centre := mean(sorted(logs))
	o.Ratio = exp(centre)
	if !measured {
		return o
	}
	h := 0.0
	if weight > 0 {
		o.DF, o.SE = variance*variance/weight, math.Sqrt(variance)/float64(len(logs))
		h = tQuantile(0.975, o.DF) * o.SE
	}
	o.CI = Interval{exp(centre - h), exp(centre + h)}
	return o
}

// SummariseRounds combines one metric of things that were measured together in
// rounds, benchmarks of one process say: what a round does to one of them it
// does to all, so their errors are not independent. Each round's log ratios are
// averaged first; the interval is Student's over the rounds. things[i][k] is
// thing i in round k. A thing without any usable round is left out, and a round
// that lacks one of the rest; Verdicts stays empty.
func SummariseRounds(things [][]Pair, better Direction) Overall {
	o := Overall{Verdicts: map[Verdict]int{}}
	var kept [][]Pair
	rounds := 0
	for _, pairs := range things {
		if d, _, _ := LogRatios(pairs, better); len(d) > 0 {
			kept, rounds = append(kept, pairs), max(rounds, len(pairs))
		}
	}
	o.Scenarios = len(kept)
	var each []float64
	for k := range rounds {
		var round []Pair
		for _, pairs := range kept {
			if k < len(pairs) {
				round = append(round, pairs[k])
			}
		}
		if d, _, _ := LogRatios(round, better); len(d) == len(kept) {
			each = append(each, better.sign()*mean(sorted(d)))
		}
	}
	if len(each) == 0 {
		return o
	}
	s := sorted(each)
	o.Ratio = exp(mean(s))
	if len(s) > 1 {
		e := tEstimate(s, Look{DifferenceAlpha: 0.05, ParityAlpha: 0.05})
		o.CI = Interval{exp(e.difference.low), exp(e.difference.high)}
		o.SE, o.DF = e.se, float64(len(s)-1)
	}
	o.Pairs = len(s)
	return o
}

// Floor is what A/A pairs (one target against itself) say about a machine:
// how small a difference it can show.
type Floor struct {
	Pairs           int      `json:"pairs"`
	CV              float64  `json:"cv"`              // of one trial, both sides pooled, as a fraction
	SD              float64  `json:"sd_log_ratio"`    // of one pair
	Autocorrelation float64  `json:"autocorrelation"` // lag 1, of the log ratios
	Ratio           float64  `json:"ratio"`           // should be 1
	CI              Interval `json:"ci"`              // 95 %; should hold 1
	// Smallest differences, as fractions, that so many pairs show here with
	// 80 % power; 0 when unknown.
	With6  float64 `json:"smallest_with_6_pairs"`
	With10 float64 `json:"smallest_with_10_pairs"`
	With20 float64 `json:"smallest_with_20_pairs"`
}

// Apart reports whether what was to be the same is not: the ratio is beyond what the
// pairs' noise explains, in one of so many ratios that are looked at, and by more than a
// fraction that it may be off by.
func (f Floor) Apart(tests int, least float64) bool {
	if f.Pairs < 2 || f.Ratio <= 0 {
		return false
	}
	noise := tQuantile(1-0.05/float64(2*max(1, tests)), float64(f.Pairs-1)) * f.SD / math.Sqrt(float64(f.Pairs))
	return math.Abs(math.Log(f.Ratio))-noise > math.Log1p(least)
}

// NoiseFloor reads a machine's noise off A/A pairs in the order measured. At
// least two usable pairs are needed for anything but the count.
func NoiseFloor(pairs []Pair) Floor {
	d, _, _ := LogRatios(pairs, HigherIsBetter)
	f := Floor{Pairs: len(d)}
	if len(d) < 2 {
		return f
	}
	var trials []float64
	for _, p := range pairs {
		if positive(p.Base) && positive(p.Cand) {
			trials = append(trials, p.Base, p.Cand)
		}
	}
	s := sorted(d)
	e := tEstimate(s, Look{DifferenceAlpha: 0.05, ParityAlpha: 0.05})
	f.SD, f.Autocorrelation = sd(s), Autocorrelation(d)
	f.CV = CV(trials)
	f.Ratio = exp(e.centre)
	f.CI = Interval{exp(e.difference.low), exp(e.difference.high)}
	f.With6, f.With10, f.With20 = SmallestDifference(f.SD, 6), SmallestDifference(f.SD, 10), SmallestDifference(f.SD, 20)
	return f
}
