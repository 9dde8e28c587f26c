package stats_test

import (
	"fmt"

	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/figure"
)

// Seven pairs of requests per second, and what a table and a gate make of them.
func ExampleJudge() {
	pairs := []stats.Pair{{Base: 5012, Cand: 4410}, {Base: 4890, Cand: 4302}, {Base: 5105, Cand: 4450},
		{Base: 4777, Cand: 4201}, {Base: 5230, Cand: 4580}, {Base: 4950, Cand: 4320}, {Base: 5080, Cand: 4477}}
	j := stats.Judge(pairs, stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(7, 0.05)})
	fmt.Printf("%.3f %s\n", j.Ratio, words.Verdict(figure.Throughput, &verdict.Verdict{Judgement: j}))
	fmt.Println(sentences.Of(j.Reason))
	d := stats.Gate(j, stats.DefaultGate())
	fmt.Println(d.Outcome)
	fmt.Println(sentences.Of(d.Reason))
	// Output:
	// 0.877 slower −12 %
	// the 95 % interval 0.874–0.881 excludes 1
	// fail
	// −12 % (95 % interval −13 to −12 %, 7 pairs): worse than −9.1 %, and worse than −4.8 % is proven
}

// A sequential plan says when to look next and how strict to be.
func ExamplePlan_Next() {
	plan := stats.Sequential(0.05)
	for n, more := plan.Next(0); more; n, more = plan.Next(n) {
		look, _ := plan.At(n)
		fmt.Println(n, look.DifferenceAlpha, look.ParityAlpha)
	}
	// Output:
	// 6 0.00034 0.00034
	// 9 0.00329 0.00335
	// 12 0.01007 0.01032
	// 16 0.02386 0.02478
	// 20 0.03889 0.04092
}

// The self-checks see what pairs alone do not: here the candidate gets slower
// from pair to pair, so that there is no one ratio to give a verdict on.
func ExampleExamine() {
	var pairs []stats.OrderedPair
	for i, cand := range []float64{4990, 4940, 4890, 4850, 4800, 4740, 4700, 4650} {
		pairs = append(pairs, stats.OrderedPair{Pair: stats.Pair{Base: 5000, Cand: cand}, BaseFirst: i%2 == 0})
	}
	h := stats.Examine(pairs, stats.HigherIsBetter)
	fmt.Printf("%.1f %% a pair, p = %.5f\n", 100*h.Trend.Slope, h.Trend.P)

	plain := make([]stats.Pair, len(pairs))
	for i, p := range pairs {
		plain[i] = p.Pair
	}
	j := stats.Judge(plain, stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(8, 0.05)})
	fmt.Println(j.Verdict, "becomes", h.Temper(j).Verdict)
	// Output:
	// -1.0 % a pair, p = 0.00005
	// slower becomes inconclusive
}

// Against an earlier run, the ratio to a control is what is compared: the machine
// is slower now, and that slowed both.
func ExampleRatioOfRatios() {
	then := []stats.Pair{{Base: 100, Cand: 90}, {Base: 101, Cand: 90.5}, {Base: 99, Cand: 89.5}, {Base: 100, Cand: 90.2}, {Base: 102, Cand: 91.4}}
	now := []stats.Pair{{Base: 71, Cand: 64}, {Base: 70, Cand: 62.8}, {Base: 69, Cand: 62.3}, {Base: 70.5, Cand: 63.3}, {Base: 71, Cand: 63.9}}
	j := stats.RatioOfRatios(then, now, stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(5, 0.05)})
	fmt.Printf("%.3f %s, the gate: %s\n", j.Ratio, j.Verdict, stats.Gate(j, stats.DefaultGate()).Outcome)
	// Output:
	// 1.000 parity, the gate: pass
}

// One server against itself tells what a machine can show: with more pairs,
// smaller differences.
func ExampleNoiseFloor() {
	var pairs []stats.Pair
	for _, ratio := range []float64{1.02, 0.97, 1.01, 0.99, 1.03, 0.98, 1.00, 1.01, 0.98, 1.02} {
		pairs = append(pairs, stats.Pair{Base: 5000, Cand: 5000 * ratio})
	}
	f := stats.NoiseFloor(pairs)
	fmt.Printf("6 pairs show %.1f %%, 10 pairs %.1f %%, 20 pairs %.1f %%\n", 100*f.With6, 100*f.With10, 100*f.With20)
	// Output:
	// 6 pairs show 2.9 %, 10 pairs 2.0 %, 20 pairs 1.3 %
}

// Over several scenarios the summary is the geometric mean of their ratios.
func ExampleSummarise() {
	rule := stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(5, 0.05)}
	var js []stats.Judgement
	for _, ratio := range []float64{0.80, 1.25} {
		var pairs []stats.Pair
		for _, noise := range []float64{-0.01, -0.005, 0, 0.005, 0.01} {
			pairs = append(pairs, stats.Pair{Base: 1000, Cand: 1000 * ratio * (1 + noise)})
		}
		js = append(js, stats.Judge(pairs, rule))
	}
	all := stats.Summarise(js)
	fmt.Printf("%.3f over %d scenarios: %d faster, %d slower\n", all.Ratio, all.Scenarios, all.Verdicts[stats.Faster], all.Verdicts[stats.Slower])
	// Output:
	// 1.000 over 2 scenarios: 1 faster, 1 slower
}

// Two scenarios, each with its throughput and a step's. The second throughput by
// itself is "slower" by a little; a run of two scenarios does not state that, and
// so nothing of its steps either.
func ExampleClaims() {
	plan := stats.Fixed(6, 0.05)
	row := func(loss ...float64) stats.Row {
		var pairs []stats.Pair
		for _, l := range loss {
			pairs = append(pairs, stats.Pair{Base: 100, Cand: 100 - l})
		}
		return stats.Row{Judgement: stats.Judge(pairs, stats.Rule{Better: stats.HigherIsBetter, Plan: plan}), Plan: plan}
	}
	run := []stats.Cell{
		{Primary: []stats.Row{row(20, 22, 21, 19, 20, 21)}, Other: []stats.Row{row(30, 31, 29, 33, 30, 28)}},
		{Primary: []stats.Row{row(1, 12, 4, 9, 15, 3)}, Other: []stats.Row{row(30, 31, 29, 33, 30, 28)}},
	}
	for i, c := range stats.Claims(run, 0) {
		fmt.Printf("scenario %d: %s alone, %s in the run\n", i+1, run[i].Primary[0].Judgement.Verdict, c.Primary[0].Verdict)
		fmt.Printf("its step:   %s alone, %s in the run\n", run[i].Other[0].Judgement.Verdict, c.Other[0].Verdict)
	}
	// Output:
	// scenario 1: slower alone, slower in the run
	// its step:   slower alone, slower in the run
	// scenario 2: slower alone, inconclusive in the run
	// its step:   slower alone, inconclusive in the run
}
