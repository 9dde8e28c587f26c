package compare_test

import (
	"fmt"
	"os"
	"time"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
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

// The documents of a session become a comparison, which has a row for each
// figure and a cell for each target. A candidate's cell has its ratio to the
// baseline, with interval and verdict.
func Example() {
	c, err := compare.New(sixPairs(), lineup.Options{})
	if err != nil {
		panic(err)
	}
	row, ok := c.Scenarios[0].Row(figure.Throughput)
	if !ok {
		panic("no throughput")
	}
	for _, cell := range row.Cells {
		fmt.Printf("%s: %.0f a second over %d pairs\n", cell.Target, *cell.Median, len(cell.EachPair))
	}
	v := row.Cells[1].Ratio.Verdict
	fmt.Printf("%s: ratio %.3f, 95 %% interval from %.3f to %.3f\n", v.Verdict, v.Ratio, v.CI.Low, v.CI.High)
	// Output:
	// rust: 52050 a second over 6 pairs
	// windjammer: 49900 a second over 6 pairs
	// slower: ratio 0.959, 95 % interval from 0.950 to 0.968
}

// Package words makes a page of a comparison, and package page prints it.
func Example_table() {
	c, err := compare.New(sixPairs(), lineup.Options{})
	if err != nil {
		panic(err)
	}
	if err := page.Text(os.Stdout, words.Load(c), page.Options{Width: 80}); err != nil {
		panic(err)
	}
	// Output:
	// windjammer against rust
	//
	//   SLOWER  4.1 % less throughput (3.2 to 5.0 %)
	//           every answer was as expected
	//
	//   rust, baseline, 2026-11-23 12:00
	//   windjammer, 2026-11-23 12:00
	//   figures are medians over pairs; ratios are geometric means of the pairs' own
	//   ratios
	//
	// health: Health check · closed, 50 connections · 10 s in turn · 6 pairs
	//                   rust  windjammer      ratio [95 % CI]  verdict
	// ──────────────────────────────────────────────────────────────────────
	//   throughput  52.0 k/s    49.9 k/s  0.959 [0.950–0.968]  slower −4.1 %
	//   p50           922 µs      962 µs     1.04 [1.03–1.05]  slower +4 %
	//   p95          1.73 ms     1.80 ms     1.04 [1.03–1.05]  slower +4 %
	//   p99          3.84 ms     4.01 ms     1.04 [1.03–1.05]  slower +4 %
	//   max          9.61 ms    10.02 ms
	//   errors           0 %         0 %                    =  same
	//
	// 1 scenario: 1 compared
	// throughput of windjammer against rust: 1 slower (health); ratio 0.959
	// [0.950–0.968]
}
