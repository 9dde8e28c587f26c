package stats_test

import (
	"fmt"

	"taskbench/compare/stats"
)

// Seven pairs of requests per second, and what a table and a gate make of them.
func ExampleJudge() {
	pairs := []stats.Pair{{Base: 5012, Cand: 4410}, {Base: 4890, Cand: 4302}, {Base: 5105, Cand: 4450},
		{Base: 4777, Cand: 4201}, {Base: 5230, Cand: 4580}, {Base: 4950, Cand: 4320}, {Base: 5080, Cand: 4477}}
	j := stats.Judge(pairs, stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(7, 0.05)})
	fmt.Printf("%.3f %s\n", j.Ratio, j.Text())
	fmt.Println(j.Reason)
	d := stats.Gate(j, stats.DefaultGate())
	fmt.Println(d.Outcome)
	fmt.Println(d.Reason)
	// Output:
	// 0.877 slower by 14.0 %
	// the 95 % interval 0.874–0.881 excludes 1
	// fail
	// 14.0 % worse (ratio 0.877, 95 % interval 0.874–0.881, 7 pairs): worse than 10.0 %, and at least 5.0 % is proven
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
