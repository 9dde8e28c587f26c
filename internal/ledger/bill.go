package ledger

import (
	"math"

	"taskbench/internal/callgrind"
)

// events that callgrind is asked to count.
const (
	instructions = "Ir"
	systemCalls  = "sysCount"
)

// Bill is what some answers of a step cost, function by function: the counts of
// many users less those of few. Something that happened by the way may make a count
// negative.
type Bill struct {
	Answers       int64
	SentBytes     int64 // of requests, with headers
	ReceivedBytes int64 // of answers
	Functions     []Function
	Calls         []Call

	at    map[function]int
	edges map[[2]int]int
}

// Function is one function's part; what it cost is counted in instructions.
type Function struct {
	Name, Module string
	Self         int64
	Inclusive    int64 // with all that it called; at most all of the bill
	Calls        int64 // how often it was called
	SystemCalls  int64 // that it made itself
	Allocations  int64 // that it asked for
}

// Call is all calls of one function by another.
type Call struct {
	From, To    int // in Functions
	Count       int64
	Inclusive   int64
	SystemCalls int64 // with all that was called
}

func newBill() *Bill {
	return &Bill{at: map[function]int{}, edges: map[[2]int]int{}}
}

// add adds a recording of one of the server's processes, or with sign -1 takes it
// away. program is the path of the server's program.
func (b *Bill) add(r *callgrind.Recording, program string, sign int64) {
	cost, system := r.Event(instructions), r.Event(systemCalls)
	of := func(costs []uint64, event int) int64 {
		if event < 0 {
			return 0
		}
		return sign * int64(min(costs[event], math.MaxInt64/4))
	}
	places := make([]int, len(r.Functions))
	for i, f := range r.Functions {
		places[i] = b.place(nameOf(f.Name, f.Object, program))
		into := &b.Functions[places[i]]
		into.Self += of(f.Self, cost)
		into.Inclusive += of(f.Self, cost)
		if !clocks[into.Name] {
			into.SystemCalls += of(f.Self, system)
		}
	}
	for _, c := range r.Calls {
		from, to, count := places[c.From], places[c.To], sign*int64(min(c.Count, math.MaxInt64/4))
		b.Functions[to].Calls += count
		if from != to { // what a function costs that calls itself is in it once
			b.Functions[from].Inclusive += of(c.Inclusive, cost)
		}
		if called, by := b.function(to), b.function(from); isAllocator(called) && !isAllocator(by) {
			b.Functions[from].Allocations += count
		}
		edge := b.edge(from, to)
		edge.Count += count
		edge.Inclusive += of(c.Inclusive, cost)
		edge.SystemCalls += of(c.Inclusive, system)
	}
}

// clocks are functions of the C library that Linux answers without a system call,
// from memory that it shares with every process. valgrind hides that memory, so that
// they make one there.
var clocks = map[string]bool{"clock_gettime": true, "__clock_gettime": true, "gettimeofday": true, "__gettimeofday": true, "time": true, "clock_getres": true, "getcpu": true, "sched_getcpu": true}

func (b *Bill) function(i int) function { return function{b.Functions[i].Name, b.Functions[i].Module} }

func (b *Bill) place(f function) int {
	i, known := b.at[f]
	if !known {
		i = len(b.Functions)
		b.at[f] = i
		b.Functions = append(b.Functions, Function{Name: f.name, Module: f.module})
	}
	return i
}

func (b *Bill) edge(from, to int) *Call {
	key := [2]int{from, to}
	i, known := b.edges[key]
	if !known {
		i = len(b.Calls)
		b.edges[key] = i
		b.Calls = append(b.Calls, Call{From: from, To: to})
	}
	return &b.Calls[i]
}

// close settles what is known when all recordings are in it. Cycles of calls make
// a function's inclusive cost larger than all there is.
func (b *Bill) close() {
	all := b.Instructions()
	for i := range b.Functions {
		f := &b.Functions[i]
		f.Inclusive = max(f.Self, min(f.Inclusive, all))
	}
	b.nameSystemCalls()
}

// Instructions are all of the bill.
func (b *Bill) Instructions() int64 { return b.sum(func(f Function) int64 { return f.Self }) }

// SystemCalls are all of the bill.
func (b *Bill) SystemCalls() int64 {
	return b.sum(func(f Function) int64 { return f.SystemCalls })
}

// Allocations are all calls of the allocator, by whatever function.
func (b *Bill) Allocations() int64 {
	return b.sum(func(f Function) int64 { return f.Allocations })
}

func (b *Bill) sum(of func(Function) int64) int64 {
	var sum int64
	for _, f := range b.Functions {
		sum += of(f)
	}
	return sum
}

// anySystemCall is the C library's function for those that have none of their own.
const anySystemCall = "syscall"

// nameSystemCalls gives the calls that were made by syscall() to who called it:
// "syscall" does not say which they were, and std::sys::…::futex_wait does.
func (b *Bill) nameSystemCalls() {
	for _, c := range b.Calls {
		to := &b.Functions[c.To]
		if to.Name == anySystemCall && c.From != c.To {
			to.SystemCalls -= c.SystemCalls
			b.Functions[c.From].SystemCalls += c.SystemCalls
		}
	}
}
