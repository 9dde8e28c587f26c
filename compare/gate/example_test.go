package gate_test

import (
	"fmt"
	"time"

	"taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/results"
)

// measured is a document of one scenario, with a trial for each throughput.
func measured(implementation string, perSecond ...float64) results.Document {
	m := results.Measurement{Scenario: "health", Title: "Health check", Load: results.Load{Connections: 50, DurationS: 10}}
	for i, v := range perSecond {
		m.Trials = append(m.Trials, results.Trial{Pair: i + 1, ThroughputPS: v, Latency: &results.Latency{
			Count: 1000, P50US: 4.8e7 / v, P95US: 9e7 / v, P99US: 2e8 / v, MaxUS: 5e8 / v,
		}})
	}
	return results.Document{
		Kind: results.LoadTest, Session: "ab22", Implementation: implementation, Baseline: "rust", Complete: true, Target: results.Target{Start: "./server"},
		Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Scenarios: []results.Measurement{m},
	}
}

// sixPairs are the documents of one session.
func sixPairs() []results.Document {
	return []results.Document{
		measured("rust", 52_100, 51_400, 52_900, 52_000, 51_800, 52_300),
		measured("windjammer", 49_800, 49_900, 50_700, 49_100, 49_900, 50_200),
	}
}

// A gate decides on every primary figure. What it decides on a run by itself, it
// also decides on a run against an earlier one: then the baseline is the control,
// and what counts is the ratio to it, now over then.
func ExampleAgainst() {
	c, err := compare.New(sixPairs(), lineup.Options{})
	if err != nil {
		panic(err)
	}
	alone, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		panic(err)
	}
	for _, d := range alone.Decisions {
		fmt.Println(d.Metric.Name, d.Outcome)
	}

	// A day later on a slower machine: rust does 20 % less, and windjammer 32 %.
	now := []results.Document{
		measured("rust", 41_700, 41_100, 42_300, 41_600, 41_400, 41_800),
		measured("windjammer", 33_900, 33_900, 34_500, 33_400, 33_900, 34_100),
	}
	for i := range now {
		now[i].Session, now[i].Created = "cd33", now[i].Created.AddDate(0, 0, 1)
	}
	// How much runs differ from day to day, earlier ones tell: four at least.
	var known []results.Document
	for day, faster := range []float64{1, 1.01, 0.995} {
		rust, windjammer := measured("rust", 52_100, 51_400, 52_900, 52_000, 51_800, 52_300), measured("windjammer", 49_800*faster, 49_900*faster, 50_700*faster, 49_100*faster, 49_900*faster, 50_200*faster)
		rust.Session, windjammer.Session = fmt.Sprint("day", day), fmt.Sprint("day", day)
		known = append(known, rust, windjammer)
	}
	against, err := gate.Against(sixPairs(), now, lineup.Options{}, gate.Options{Rule: stats.DefaultGate(), Known: known})
	if err != nil {
		panic(err)
	}
	for _, d := range against.Decisions {
		fmt.Printf("%s %s: the ratio to %s was %.2f and is %.2f\n", d.Metric.Name, d.Outcome, against.Baseline, d.Then.Ratio, d.Now.Ratio)
	}
	// Output:
	// throughput pass
	// p50 pass
	// p95 pass
	// throughput fail: the ratio to rust was 0.96 and is 0.82
	// p50 fail: the ratio to rust was 1.04 and is 1.23
	// p95 fail: the ratio to rust was 1.04 and is 1.23
}

// A run asks after every pair whether more pairs would be wasted. By the
// sequential rule it may stop at a look, after six pairs say, and not before.
func ExampleDecided() {
	docs := []results.Document{
		measured("rust", 52_100, 51_400, 52_900, 52_000, 51_800, 52_300),
		measured("windjammer", 40_900, 40_800, 41_500, 40_900, 40_700, 41_000),
	}
	for i := range docs {
		docs[i].Plan.Rule = verdict.NewRule(0, true, false, 0)
	}
	trials := [][]results.Trial{docs[0].Scenarios[0].Trials, docs[1].Scenarios[0].Trials}
	for _, pairs := range []int{5, 6} {
		for i := range docs {
			docs[i].Scenarios[0].Trials = trials[i][:pairs]
		}
		fmt.Println(pairs, gate.Decided(docs, "health", 50, lineup.Options{}))
	}
	// Output:
	// 5 false
	// 6 true
}
