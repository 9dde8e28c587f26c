package ledger

import (
	"math"

	"taskbench/internal/profile"
	"taskbench/parse"
	"taskbench/results"
)

// Tree makes stacks of a bill. Who called a function is known, and what that cost,
// but not by which way the caller was reached: a function's cost is divided among
// its callers as theirs of it are, all the way down.
func (b *Bill) Tree() *profile.Tree {
	t := &treeMaker{Bill: b, tree: profile.NewTree(), calls: make([][]Call, len(b.Functions)), given: make([]float64, len(b.Functions)), on: make([]bool, len(b.Functions))}
	called := make([]int64, len(b.Functions))
	for _, c := range b.Calls {
		if c.From != c.To && c.Inclusive > 0 {
			t.calls[c.From] = append(t.calls[c.From], c)
			called[c.To] += c.Inclusive
		}
	}
	t.least = results.LeastFunctionPart * float64(b.Instructions())
	for i, f := range b.Functions {
		t.given[i] = float64(max(f.Self, 0))
		for _, c := range t.calls[i] {
			t.given[i] += float64(c.Inclusive)
		}
	}
	for i := range b.Functions { // what no caller's cost covers begins a stack
		if rest := t.given[i] - float64(called[i]); rest > t.least {
			t.enter(i, rest)
		}
	}
	return t.tree
}

type treeMaker struct {
	*Bill
	tree  *profile.Tree
	calls [][]Call  // of each function
	given []float64 // what each function and its calls cost
	on    []bool    // functions on the stack
	stack []int
	least float64
}

// enter adds a function that was called from the stack at some cost.
func (t *treeMaker) enter(i int, cost float64) {
	t.stack, t.on[i] = append(t.stack, i), true
	part := cost / t.given[i]
	own := part * float64(max(t.Functions[i].Self, 0))
	for _, c := range t.calls[i] {
		below := part * float64(c.Inclusive)
		if below < t.least || t.on[c.To] || t.given[c.To] == 0 {
			own += below // too little to see, or round a cycle
			continue
		}
		t.enter(c.To, below)
	}
	if n := math.Round(own); n > 0 {
		frames := make([]parse.PerfFrame, 0, len(t.stack))
		for j := len(t.stack) - 1; j >= 0; j-- {
			f := t.Functions[t.stack[j]]
			frames = append(frames, parse.PerfFrame{Symbol: f.Name, Object: f.Module})
		}
		t.tree.Add(frames, uint64(n))
	}
	t.stack, t.on[i] = t.stack[:len(t.stack)-1], false
}
