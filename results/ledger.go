package results

import (
	"cmp"
	"fmt"
	"slices"
)

// Counted is how a trial of a ledger was counted: a fresh server under callgrind,
// through which virtual users went step by step, one request at a time.
type Counted struct {
	Tool      string   `json:"tool"`            // "valgrind 3.19.0"
	Users     int      `json:"users"`           // of the smaller size
	MoreUsers int      `json:"more_users"`      // of the larger
	OneWorker []string `json:"one_worker"`      // what was set so that known runtimes have one thread: "TOKIO_WORKER_THREADS=1"
	Files     []string `json:"files,omitempty"` // names of what is stored beside the document
}

// Cost is what answers of a step cost together: the counts of the larger number of
// users less those of the smaller. What is not due to answers may make one negative.
type Cost struct {
	Answers      int64 `json:"answers"` // that the counts are of
	Instructions int64 `json:"instructions"`
	SystemCalls  int64 `json:"system_calls"`
	Allocations  int64 `json:"allocations"`   // calls of the allocator: malloc, operator new, Rust's, …
	RequestBytes int64 `json:"request_bytes"` // with headers
	AnswerBytes  int64 `json:"answer_bytes"`  // with headers
	// Functions take the instructions apart. Only the step's middle trial has them:
	// the one with the median of instructions, of an even number the lower.
	Functions *FunctionCosts `json:"functions,omitempty"`
}

// LeastFunctionPart is the part of all instructions below which a function is left
// out that neither calls the system nor asks for memory.
const LeastFunctionPart = 1e-4

// FunctionCosts are lists of one value for each function. Those with less than a
// ten-thousandth of the instructions are left out: the rest is theirs.
type FunctionCosts struct {
	Name         []string `json:"name"`         // demangled, without hashes, parameters and generic arguments
	Module       []string `json:"module"`       // crate, namespace, or library; "program"
	Instructions []int64  `json:"instructions"` // of the function itself
	Inclusive    []int64  `json:"inclusive"`    // with all that it called
	Calls        []int64  `json:"calls"`        // of the function
	SystemCalls  []int64  `json:"system_calls"` // that it made itself
	Allocations  []int64  `json:"allocations"`  // that it asked for
}

// Len is how many functions there are.
func (f *FunctionCosts) Len() int { return len(f.Name) }

// whole reports whether all lists have a value for each function.
func (f *FunctionCosts) whole() bool {
	n := len(f.Name)
	return len(f.Module) == n && len(f.Instructions) == n && len(f.Inclusive) == n && len(f.Calls) == n && len(f.SystemCalls) == n && len(f.Allocations) == n
}

// costProblem finds costs whose lists do not belong together, or that are of no answers.
func costProblem(doc *Document) (field, why string) {
	for i, m := range doc.Scenarios {
		for j, t := range m.Trials {
			for k, s := range t.Steps {
				at := fmt.Sprintf("scenarios[%d].trials[%d].steps[%d].cost", i, j, k)
				switch {
				case s.Cost == nil:
				case s.Cost.Answers == 0:
					return at, "it is of no answers"
				case s.Cost.Functions != nil && !s.Cost.Functions.whole():
					return at + ".functions", "its lists are not of one length"
				}
			}
		}
	}
	return "", ""
}

// MiddleTrial is the place of the trial with the median of a step's counted
// instructions, of an even number the lower one; -1 where none was counted.
func (m *Measurement) MiddleTrial(step string) int {
	var counted []int
	for i := range m.Trials {
		if s := m.Trials[i].Step(step); s != nil && s.Cost != nil && m.Trials[i].Counts() {
			counted = append(counted, i)
		}
	}
	if len(counted) == 0 {
		return -1
	}
	slices.SortStableFunc(counted, func(a, b int) int {
		return cmp.Compare(m.Trials[a].Step(step).Cost.Instructions, m.Trials[b].Step(step).Cost.Instructions)
	})
	return counted[(len(counted)-1)/2]
}

// MiddleCost is what a step cost in its middle trial; nil where none was counted.
func (m *Measurement) MiddleCost(step string) *Cost {
	if i := m.MiddleTrial(step); i >= 0 {
		return m.Trials[i].Step(step).Cost
	}
	return nil
}

// Step is a step's part of the trial; nil where it has none.
func (t *Trial) Step(name string) *StepResult {
	for i := range t.Steps {
		if t.Steps[i].Name == name {
			return &t.Steps[i]
		}
	}
	return nil
}
