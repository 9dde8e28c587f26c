package sample

import (
	"time"

	"taskbench/compare/verdict"
	"taskbench/results"
)

// Ledger is a document whose answers to create cost so many instructions, one value a
// recording, and those to list always the same; nobody calls the system.
func Ledger(name string, create ...int64) results.Document {
	m := results.Measurement{Scenario: "two", Hash: "h", Mode: "flow", Load: results.Load{Connections: 10}, Steps: []string{"create", "list"}}
	for i, n := range create {
		step := func(name string, n int64) results.StepResult {
			return results.StepResult{Name: name, Answers: 20, Good: 20, Cost: &results.Cost{Answers: 20, Instructions: 20 * n, Allocations: 20 * 7, AnswerBytes: 20 * 82, RequestBytes: 20 * 40}}
		}
		m.Trials = append(m.Trials, results.Trial{Pair: i + 1, Answers: 40, Good: 40, Steps: []results.StepResult{step("create", n), step("list", 5000)}})
	}
	return results.Document{Schema: results.Schema, Kind: results.Ledger, Implementation: name, Session: "s", Baseline: "rust", Complete: true,
		Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Plan: results.Plan{Pairs: len(create), Rule: verdict.LedgerRule(len(create))}, Scenarios: []results.Measurement{m}}
}
