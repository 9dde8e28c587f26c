package profile

import (
	"cmp"
	"slices"

	"taskbench/parse"
)

// Tree adds stacks up. Its memory grows with the number of different stacks,
// not with that of samples. The zero Tree is not ready: see NewTree.
type Tree struct {
	functions []function
	byName    map[string]int
	named     map[parse.PerfFrame]int // what a name was made from, so that each is made once
	root      node
	seen      map[int]bool // functions met on the stack being added
}

type function struct {
	name   string
	object string // that it was first seen in
	self   uint64
	total  uint64
}

// node is a function called from a certain place. Recordings have hundreds of
// thousands of places, nearly all with one function that they call: a list of
// those takes a seventh of the memory that a map takes, and no more time.
type node struct {
	function int
	total    uint64 // with all that was called
	first    *node  // of what it called
	next     *node  // that the same place called
}

// calls goes through what was called from a place.
func (n *node) calls(yield func(*node) bool) {
	for child := n.first; child != nil; child = child.next {
		if !yield(child) {
			return
		}
	}
}

// self is what ended here.
func (n *node) self() uint64 {
	out := n.total
	for child := range n.calls {
		out -= child.total
	}
	return out
}

// called is the place of a function called from here, made when it is new.
func (n *node) called(function int) *node {
	for child := range n.calls {
		if child.function == function {
			return child
		}
	}
	n.first = &node{function: function, next: n.first}
	return n.first
}

// NewTree is a tree with no stacks.
func NewTree() *Tree {
	return &Tree{byName: map[string]int{}, named: map[parse.PerfFrame]int{}, seen: map[int]bool{}}
}

// Total is the sum of all counts.
func (t *Tree) Total() uint64 { return t.root.total }

// Add adds a stack, the innermost function first, that stands for a count: of
// samples, calls or bytes.
func (t *Tree) Add(stack []parse.PerfFrame, count uint64) {
	at := t.begin(count)
	for _, f := range slices.Backward(stack) {
		at = t.enter(at, t.intern(f), count)
	}
	if len(stack) == 0 {
		at = t.enter(at, t.intern(parse.PerfFrame{}), count)
	}
	t.functions[at.function].self += count
}

func (t *Tree) begin(count uint64) *node {
	clear(t.seen)
	t.root.total += count
	return &t.root
}

// enter goes from a function into one that it calls. A function that calls
// itself is counted once a stack.
func (t *Tree) enter(from *node, function int, count uint64) *node {
	if !t.seen[function] {
		t.seen[function] = true
		t.functions[function].total += count
	}
	child := from.called(function)
	child.total += count
	return child
}

// intern gives the number of a function by the name of its frame.
func (t *Tree) intern(f parse.PerfFrame) int {
	if i, ok := t.named[f]; ok {
		return i
	}
	name := frameName(f)
	i, ok := t.byName[name]
	if !ok {
		i = len(t.functions)
		t.functions = append(t.functions, function{name: name, object: f.Object})
		t.byName[name] = i
	}
	t.named[f] = i
	return i
}

// Function is what one function took.
type Function struct {
	Name   string
	Object string // executable or library that it was first seen in; "" when unknown
	Self   uint64 // of the function alone
	Total  uint64 // with all that it called; once a stack for one that calls itself
}

// Functions lists all functions, those that took most themselves first.
func (t *Tree) Functions() []Function {
	out := make([]Function, len(t.functions))
	for i, f := range t.functions {
		out[i] = Function{f.name, f.object, f.self, f.total}
	}
	slices.SortFunc(out, func(a, b Function) int {
		return cmp.Or(cmp.Compare(b.Self, a.Self), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// Hottest lists the functions that are among the n with the most of their own
// or among the n with the highest total, in the order of Functions.
func (t *Tree) Hottest(n int) []Function {
	all := t.Functions()
	byTotal := slices.Clone(all)
	slices.SortStableFunc(byTotal, func(a, b Function) int { return cmp.Compare(b.Total, a.Total) })
	wanted := map[string]bool{}
	for _, f := range all[:min(n, len(all))] {
		wanted[f.Name] = true
	}
	for _, f := range byTotal[:min(n, len(all))] {
		wanted[f.Name] = true
	}
	return slices.DeleteFunc(all, func(f Function) bool { return !wanted[f.Name] })
}

// merge adds all stacks of another tree.
func (t *Tree) merge(other *Tree) {
	var stack []parse.PerfFrame
	_ = other.walk(func(path []int, self uint64) error { // which fails where this does
		stack = stack[:0]
		for _, i := range slices.Backward(path) {
			stack = append(stack, parse.PerfFrame{Symbol: other.functions[i].name, Object: other.functions[i].object})
		}
		t.Add(stack, self)
		return nil
	})
}

// walk visits every place in which something ended, in the order of names:
// the same tree gives the same order, however it was made. path is the functions
// from the outermost on, and used again.
func (t *Tree) walk(visit func(path []int, self uint64) error) error {
	return t.visit(&t.root, nil, visit)
}

func (t *Tree) visit(n *node, path []int, visit func([]int, uint64) error) error {
	if self := n.self(); self > 0 && len(path) > 0 {
		if err := visit(path, self); err != nil {
			return err
		}
	}
	for _, child := range t.sorted(n) {
		if err := t.visit(child, append(path, child.function), visit); err != nil {
			return err
		}
	}
	return nil
}

// sorted lists a node's children by name.
func (t *Tree) sorted(n *node) []*node {
	children := slices.Collect(n.calls)
	slices.SortFunc(children, func(a, b *node) int {
		return cmp.Compare(t.functions[a.function].name, t.functions[b.function].name)
	})
	return children
}
