package compare_test

import (
	"fmt"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/verdict"
	"taskbench/results"
)

// BenchmarkVerdicts judges a large run: 50 scenarios of three steps × 20
// pairs, 24 metrics each. The aim, for half as many, is below 100 ms.
func BenchmarkVerdicts(b *testing.B) {
	docs := []results.Document{sample.LoadTest("rust", 1), sample.LoadTest("windjammer", 1.05)}
	for i := range docs {
		for n := range 50 {
			m := sample.Projects(50, 20)
			m.Scenario = fmt.Sprint("scenario", n)
			one := sample.LoadTest(docs[i].Implementation, 1+0.05*float64(i), m)
			docs[i].Scenarios = append(docs[i].Scenarios, one.Scenarios...)
		}
		docs[i].Plan.Rule = verdict.NewRule(0, true, false, 0)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := New(docs, lineup.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
