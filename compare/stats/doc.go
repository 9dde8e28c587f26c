// Package stats decides: it turns paired measurements of two implementations
// into an estimate, an interval and a verdict (faster, slower, parity or
// inconclusive), and verdicts into the outcome of a gate.
//
//	pairs := []stats.Pair{{Base: 5012, Cand: 4710}, …}            // one per randomised pair
//	rule := stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Sequential(0.05)}
//	j := stats.Judge(pairs, rule)                                   // j.Verdict, j.Ratio, j.CI, j.Reason
//	d := stats.Gate(j, stats.DefaultGate())                         // d.Outcome, d.Reason
//	c := stats.Claims(run, 0)                                        // of all judgements of a run: which may be stated
//
// The replicate is the pair, never the request: what varies between two runs
// is what a verdict has to survive. All work is done on d = ln(cand/base),
// oriented so that d < 0 means worse. In logs "x % worse" has one meaning for
// every metric, the factor 1+x: a latency multiplied by 1.10 and a throughput
// divided by 1.10 are both 10 % worse, and swapping the two sides or inverting
// a metric turns a verdict round exactly.
//
// The package sees numbers only. It never reads files, clocks, environment or
// randomness, never changes its arguments, and never hands out NaN or an
// infinity: what cannot be computed is absent, and Reason says why. What it
// cannot know it does not assume away either: Examine looks for drift and
// order effects, which pairs alone do not show.
package stats
