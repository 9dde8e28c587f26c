package cli

import (
	"testing"
	"time"

	"taskbench/compare/verdict"
	"taskbench/results"
)

// storeOfLedger stores a ledger of two targets: the candidate's answers to create cost
// 4 % more, in one function.
func storeOfLedger(t *testing.T, dir string) {
	t.Helper()
	store := &results.Store{Dir: dir}
	for i, name := range []string{"rust", "windjammer"} {
		m := results.Measurement{Scenario: "taskflow", Hash: "sha256:1", Mode: "flow", Load: results.Load{Connections: 10, Threads: 1}, Steps: []string{"create"}}
		for pair := range 5 {
			cost := &results.Cost{Answers: 20, Instructions: int64(2000000 + 80000*i + pair), SystemCalls: 180, Allocations: 4000, RequestBytes: 2000, AnswerBytes: 4000}
			if pair == 2 {
				cost.Functions = &results.FunctionCosts{Name: []string{"api::store::put", "malloc"}, Module: []string{"api", "libc"}, Instructions: []int64{int64(900000 + 80000*i), 500000},
					Inclusive: []int64{int64(1400000 + 80000*i), 500000}, Calls: []int64{20, 4000}, SystemCalls: []int64{0, 0}, Allocations: []int64{4000, 0}}
			}
			m.Trials = append(m.Trials, results.Trial{Pair: pair + 1, Position: i + 1, Started: time.Now(), Answers: 20, Good: 20,
				Counted: &results.Counted{Tool: "valgrind 3.19.0", Users: 10, MoreUsers: 30}, Steps: []results.StepResult{{Name: "create", Answers: 20, Good: 20, Cost: cost}}})
		}
		d := &results.Document{Schema: results.Schema, Kind: results.Ledger, Session: "ledger1", Implementation: name, Baseline: "rust", Created: time.Now(), Complete: true,
			Target: results.Target{URL: "http://localhost:1"}, Plan: results.Plan{Targets: []string{"rust", "windjammer"}, Pairs: 5, Rule: verdict.LedgerRule(5)}, Scenarios: []results.Measurement{m}}
		if _, err := store.Save(d); err != nil {
			t.Fatal(err)
		}
	}
}
