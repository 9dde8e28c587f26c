// Command precision measures how much sharper pairs are in slots than in turn, on
// the machine as it is, and prints tables with the bars they are held to:
//
//   - scatter: the reference server against itself and against one that needs 10 %
//     more CPU time, with and without neighbours that come and go, both ways
//     interleaved and given the same time.
//   - bias: servers that are late, stall, put off work or have 500 connections,
//     both ways: the ratios must agree within their intervals.
//   - verdicts: whole runs of `taskbench run` of 30 s and two minutes, everything
//     included: what they state of the same server twice, and of a slower one.
//
// It exits 1 when a bar is missed. Servers, generators, sampling and verdicts are
// the real ones; nothing is stored.
//
// -keep FILE adds what was measured to a file, rounds and all, so that other
// estimates can be tried on the same rounds.
//
//	go run ./internal/cmd/precision -parts scatter -repeats 4 -duration 1s
package main
