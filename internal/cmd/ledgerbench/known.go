package main

import (
	"context"
	"fmt"
	"math"
	"net"
	"time"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/why"
	"taskbench/internal/bench"
	"taskbench/internal/figure"
	"taskbench/internal/ledger"
	"taskbench/internal/machine"
	"taskbench/results"
	"taskbench/scenarios"
)

// variant is what is added: so much to what a function does in one step.
type variant struct {
	step, function string
	amount         int64
	metric         *figure.Figure
}

func (v variant) String() string { return fmt.Sprintf("%s:%s:%d", v.step, v.function, v.amount) }

// What every answer of the small server costs.
const (
	usualInstructions = 97900
	usualAllocations  = 20
)

// variant draws one of 1 to 10 %: of five three loops, one that allocates and
// one that calls the system.
func (b *experiment) variant(i int) variant {
	v := variant{step: []string{"create", "list", "update"}[b.draw.IntN(3)], metric: figure.CountedInstructions}
	size := 0.01 + 0.09*b.draw.Float64()
	switch i % 5 {
	case 3:
		v.function, v.metric, v.amount = "remember", figure.CountedAllocations, 1+b.draw.Int64N(usualAllocations/10)
	case 4:
		v.function, v.metric, v.amount = "look", figure.CountedSystemCalls, 1
	default:
		v.function = []string{"parse", "route", "store", "render"}[b.draw.IntN(4)]
		v.amount = 2 * int64(math.Round(size*usualInstructions/2)) // a turn of a loop is two instructions
	}
	return v
}

// found is what of a variant a ledger and why say.
type found struct {
	step     bool // stated of the step, in the right way, and of no other
	function bool // the first of the functions
	off      float64
}

func (b *experiment) find(ctx context.Context, v variant) (found, error) {
	docs, err := b.count(ctx, b.scenario, v.String())
	if err != nil {
		return found{}, err
	}
	table, err := compare.NewLedger(docs, lineup.Options{})
	if err != nil {
		return found{}, err
	}
	f := found{step: true}
	for _, r := range table.Scenarios[0].Rows {
		if r.Metric != v.metric || r.Step == "" {
			continue
		}
		worse := r.Cells[1].Ratio != nil && r.Cells[1].Ratio.Verdict.Verdict == stats.Slower
		f.step = f.step && worse == (r.Step == v.step)
		if r.Step == v.step {
			f.off = math.Abs(*r.Cells[1].Median-*r.Cells[0].Median-float64(v.amount)) / float64(v.amount)
		}
	}
	why, err := why.New(docs, why.Options{Step: v.step})
	if err != nil {
		return found{}, err
	}
	gap, name := why.Steps[0].Functions, v.function
	switch v.metric {
	case figure.CountedAllocations:
		gap = why.Steps[0].Allocations
	case figure.CountedSystemCalls:
		gap, name = why.Steps[0].SystemCalls, "getppid"
	}
	f.function = len(gap.Parts) > 0 && gap.Parts[0].Name == name
	return f, nil
}

// statements counts the differences that a ledger states.
func statements(docs []results.Document) (n int, err error) {
	table, err := compare.NewLedger(docs, lineup.Options{})
	if err != nil {
		return 0, err
	}
	for _, r := range table.Scenarios[0].Rows {
		if x := r.Cells[1].Ratio; x != nil && x.Verdict != nil && (x.Verdict.Verdict == stats.Slower || x.Verdict.Verdict == stats.Faster) {
			n++
		}
	}
	return n, nil
}

// count records the plain server and one with something added, by turns.
func (b *experiment) count(ctx context.Context, s *scenarios.Scenario, extra string) ([]results.Document, error) {
	trials := ledger.Trials{Recorder: ledger.Recorder{Valgrind: b.valgrind, Users: 10, Dir: b.dir, Cores: machine.CPUs()}}
	cell := bench.NewCells([]*scenarios.Scenario{s}, bench.Overrides{Connections: []int{10}})[0]
	var steps []string
	for _, step := range s.Steps {
		steps = append(steps, step.Name)
	}
	docs := make([]results.Document, 2)
	for i, name := range []string{"plain", "more"} {
		docs[i] = results.Document{Schema: results.Schema, Kind: results.Ledger, Session: "known", Implementation: name, Baseline: "plain", Created: time.Now(), Complete: true,
			Plan:      results.Plan{Targets: []string{"plain", "more"}, Pairs: b.recordings, Rule: verdict.LedgerRule(b.recordings)},
			Scenarios: []results.Measurement{{Scenario: s.Name, Hash: s.Hash, Mode: string(s.Mode), Load: results.Load{Connections: 10}, Steps: steps}}}
	}
	for pair := 1; pair <= b.recordings; pair++ {
		for i, with := range []string{"", extra} {
			target, err := b.target(docs[i].Implementation, with)
			if err != nil {
				return nil, err
			}
			trial, err := trials.Trial(ctx, target, cell, int64(pair))
			if err != nil {
				return nil, err
			}
			trial.Pair, trial.Position, trial.Started = pair, i+1, time.Now()
			docs[i].Scenarios[0].Trials = append(docs[i].Scenarios[0].Trials, trial)
		}
	}
	return docs, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
