package ledger

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"taskbench/internal/bench"
	"taskbench/internal/server"
	"taskbench/internal/source"
	"taskbench/results"
)

// Trials are the recordings of a run: what bench.Runner makes instead of a load.
type Trials struct {
	Recorder
	bills map[place][]StepBill
}

// place is where a recording stands in a run.
type place struct {
	target, scenario string
	seed             int64 // of the pair
}

// Trial records one target.
func (r *Trials) Trial(ctx context.Context, t server.Spec, c bench.Cell, seed int64) (results.Trial, error) {
	bills, err := r.Record(ctx, t, c.Scenario, seed)
	if err != nil {
		return results.Trial{}, err
	}
	if r.bills == nil {
		r.bills = map[place][]StepBill{}
	}
	r.bills[place{t.Name, c.Scenario.Name, seed}] = bills
	trial := results.Trial{Counted: &results.Counted{
		Tool: "valgrind " + r.Valgrind.Version, Users: r.Users, MoreUsers: times * r.Users, OneWorker: workers(t),
	}}
	for _, b := range bills {
		if b.Answers == 0 {
			return trial, fmt.Errorf("step %s: no answers were counted", b.Step)
		}
		if b.Instructions() <= 0 || b.SystemCalls() <= 0 { // who reads a request calls the system
			return trial, source.WithHint(fmt.Errorf("step %s: its answers took %d instructions and %d system calls: another process gave them than those that run under valgrind", b.Step, b.Instructions(), b.SystemCalls()),
				"let start: run the server itself; taskbench cpu samples what else answers")
		}
		answers := uint64(b.Answers)
		trial.Answers, trial.Good = trial.Answers+answers, trial.Good+answers
		trial.Steps = append(trial.Steps, results.StepResult{Name: b.Step, Answers: answers, Good: answers, Cost: b.cost()})
	}
	return trial, nil
}

// workers are the variables that gave a target one worker.
func workers(t server.Spec) []string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(oneWorker)) {
		if _, given := t.Env[name]; !given {
			list = append(list, name+"="+oneWorker[name])
		}
	}
	return list
}

// cost is a bill as it is stored.
func (b *Bill) cost() *results.Cost {
	c := &results.Cost{
		Answers: b.Answers, Instructions: b.Instructions(), SystemCalls: b.SystemCalls(), Allocations: b.Allocations(),
		RequestBytes: b.SentBytes, AnswerBytes: b.ReceivedBytes, Functions: &results.FunctionCosts{},
	}
	list := slices.Clone(b.Functions)
	slices.SortFunc(list, func(a, b Function) int {
		return cmp.Or(cmp.Compare(b.Self, a.Self), cmp.Compare(b.Inclusive, a.Inclusive), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Module, b.Module))
	})
	least := int64(results.LeastFunctionPart * float64(c.Instructions))
	f := c.Functions
	for _, one := range list {
		if max(one.Self, -one.Self, one.Inclusive) < least && one.SystemCalls == 0 && one.Allocations == 0 {
			continue
		}
		f.Name, f.Module = append(f.Name, one.Name), append(f.Module, one.Module)
		f.Instructions, f.Inclusive, f.Calls = append(f.Instructions, one.Self), append(f.Inclusive, one.Inclusive), append(f.Calls, one.Calls)
		f.SystemCalls, f.Allocations = append(f.SystemCalls, one.SystemCalls), append(f.Allocations, one.Allocations)
	}
	return c
}

// Middle leaves the functions of every step's middle trial in a document, and
// takes those of the others out: the figures of that trial are the step's.
func Middle(d *results.Document) {
	for i := range d.Scenarios {
		m := &d.Scenarios[i]
		for _, step := range m.Steps {
			middle := m.MiddleTrial(step)
			for j := range m.Trials {
				if s := m.Trials[j].Step(step); s != nil && s.Cost != nil && j != middle {
					s.Cost.Functions = nil
				}
			}
		}
	}
}
