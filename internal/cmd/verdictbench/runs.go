package main

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"taskbench/compare/stats"
)

// Runs of the same programs differ by betweenRuns, pairs within a run by
// withinRun, each as the standard deviation of a log ratio.
const (
	betweenRuns   = 0.02
	withinRun     = 0.03
	pairsOfRun    = 9
	runsShown     = 20
	gatedMetrics  = 24
	historiesSeen = 12 // histories: two targets in six scenarios
)

// histories are series of runs with and without a change.
func histories() []*check {
	return []*check{
		{what: "history of 20 runs, no change: a step is stated", limit: 5, part: 4, happens: func(r *rand.Rand) bool { return len(stats.FindSteps(history(r, 0, 0), stats.RunAlpha)) > 0 }},
		{what: "the same, with one wild run (−30 %)", limit: 5, part: 4, happens: func(r *rand.Rand) bool {
			ys := history(r, 0, 0)
			ys[r.IntN(len(ys))] += math.Log(0.7)
			return len(stats.FindSteps(ys, stats.RunAlpha)) > 0
		}},
		{what: "a step of −10 %: found within two runs of its place", limit: 95, atLeast: true, part: 4, happens: func(r *rand.Rand) bool { return stepFound(r, 0.90, stats.RunAlpha) }},
		{what: "a step of −5 %: found within two runs of its place", limit: 80, atLeast: true, part: 4, happens: func(r *rand.Rand) bool { return stepFound(r, 0.95, stats.RunAlpha) }},
		{what: fmt.Sprintf("%d histories looked at together, no change: a step in any", historiesSeen), limit: 5, part: 40, happens: func(r *rand.Rand) bool {
			found := false
			for range historiesSeen {
				found = found || len(stats.FindSteps(history(r, 0, 0), stats.RunAlpha/historiesSeen)) > 0
			}
			return found
		}},
		{what: "a step of −10 % in one of them: found within two runs of its place", limit: 95, atLeast: true, part: 4, happens: func(r *rand.Rand) bool {
			return stepFound(r, 0.90, stats.RunAlpha/historiesSeen)
		}},
		{what: "beside a step of −10 %: a second one that is not there", limit: 5, part: 4, happens: func(r *rand.Rand) bool {
			return len(stats.FindSteps(history(r, 5+r.IntN(11), math.Log(0.9)), stats.RunAlpha)) > 1
		}},
	}
}

// history is the mean log ratio of each run; from run at on it has changed.
func history(r *rand.Rand, at int, change float64) []float64 {
	ys := make([]float64, runsShown)
	scatter := math.Hypot(betweenRuns, withinRun/math.Sqrt(pairsOfRun))
	for i := range ys {
		ys[i] = scatter * r.NormFloat64()
		if i >= at {
			ys[i] += change
		}
	}
	return ys
}

// stepFound has a step in the middle half of a history.
func stepFound(r *rand.Rand, factor, alpha float64) bool {
	at := 5 + r.IntN(11)
	return slices.ContainsFunc(stats.FindSteps(history(r, at, math.Log(factor)), alpha), func(s stats.Step) bool {
		return s.Change < 0 && s.At >= at-2 && s.At <= at+2
	})
}

// storedRuns are gates that hold a run against an earlier one.
func storedRuns() []*check {
	var list []*check
	for _, known := range []int{4, 8, 20} {
		list = append(list, &check{what: fmt.Sprintf("gate of %d metrics against a stored run, %d runs known, nothing changed: warns or fails", gatedMetrics, known), limit: 5, part: 4,
			happens: func(r *rand.Rand) bool { return gateSpeaks(r, known, 0, 1, true) }})
	}
	return append(list,
		&check{what: "the same, runs do not differ by more than their pairs", limit: 5, part: 4, happens: func(r *rand.Rand) bool { return gateSpeaks(r, 8, 0, 1, false) }},
		&check{what: "20 % lost in one metric, 8 runs known: the gate warns or fails", limit: 50, atLeast: true, part: 4,
			happens: func(r *rand.Rand) bool { return gateSpeaks(r, 8, 0, 0.80, true) }},
		&check{what: "5 runs known, and two of the same loss: the gate warns or fails", limit: 50, atLeast: true, part: 4,
			happens: func(r *rand.Rand) bool { return gateSpeaks(r, 5, 2, 0.80, true) }})
}

// gateSpeaks holds a run of all metrics against the last of the known ones,
// and says whether anything was failed or warned of. The first metric's
// candidate has changed by a factor; again runs of the changed one are known, too.
func gateSpeaks(r *rand.Rand, known, again int, factor float64, apart bool) bool {
	between := betweenRuns
	if !apart {
		between = 0
	}
	rows := make([]stats.Row, gatedMetrics)
	for i := range rows {
		runs := make([][]stats.Pair, known)
		for k := range runs {
			runs[k] = runOf(r, between, 0)
		}
		change := 0.0
		if i == 0 {
			change = math.Log(factor)
		}
		then, now := runs[known-1], runOf(r, between, change)
		for range again {
			runs = append(runs, runOf(r, between, change))
		}
		plan := stats.Fixed(pairsOfRun, 0.05)
		stretches := stats.Stretches(stats.HigherIsBetter, runs, now)
		rule := stats.Rule{Better: stats.HigherIsBetter, Plan: plan, Between: stats.BetweenRuns(stats.HigherIsBetter, stretches...)}
		rows[i] = stats.Row{Judgement: stats.RatioOfRatios(then, now, rule), Plan: plan}
	}
	return slices.ContainsFunc(stats.GateAll(rows, stats.DefaultGate()), func(d stats.Decision) bool {
		return d.Outcome == stats.Failed || d.Outcome == stats.Warned
	})
}

// runOf is one metric of one run.
func runOf(r *rand.Rand, between, change float64) []stats.Pair {
	centre := change + between*r.NormFloat64()
	pairs := make([]stats.Pair, pairsOfRun)
	for i := range pairs {
		pairs[i] = stats.Pair{Base: 1000, Cand: 1000 * math.Exp(centre+withinRun*r.NormFloat64())}
	}
	return pairs
}
