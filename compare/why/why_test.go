package why

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"taskbench/compare/verdict"
	"taskbench/results"
)

// counted is a ledger's document with one step of two recordings; functions have
// names of two modules, and those below a bound are left out.
func counted(r *rand.Rand, name, session string, functions int) results.Document {
	cost := &results.Cost{Answers: 20, Functions: &results.FunctionCosts{}}
	for i := range functions {
		n, calls, system := r.Int64N(100000)-10, r.Int64N(5), r.Int64N(3)
		cost.Instructions, cost.SystemCalls, cost.Allocations = cost.Instructions+n, cost.SystemCalls+system, cost.Allocations+calls
		if r.IntN(8) == 0 {
			continue // too small to be kept
		}
		f := cost.Functions
		f.Name, f.Module = append(f.Name, fmt.Sprintf("api::f%d", i+r.IntN(2))), append(f.Module, []string{"api", "core"}[i%2])
		f.Instructions, f.Inclusive, f.Calls = append(f.Instructions, n), append(f.Inclusive, 2*n), append(f.Calls, calls)
		f.SystemCalls, f.Allocations = append(f.SystemCalls, system), append(f.Allocations, calls)
	}
	bare := *cost
	bare.Functions, bare.Instructions = nil, cost.Instructions+1
	trial := func(pair int, c *results.Cost) results.Trial {
		return results.Trial{Pair: pair, Answers: 20, Good: 20, Steps: []results.StepResult{{Name: "create", Answers: 20, Good: 20, Cost: c}}}
	}
	return results.Document{Schema: results.Schema, Kind: results.Ledger, Implementation: name, Session: session, Baseline: "rust", Complete: true,
		Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Plan: results.Plan{Pairs: 2, Rule: verdict.LedgerRule(2)},
		Scenarios: []results.Measurement{{Scenario: "two", Hash: "h", Mode: "flow", Load: results.Load{Connections: 10}, Steps: []string{"create"}, Trials: []results.Trial{trial(1, cost), trial(2, &bare)}}}}
}

func addsUp(t *testing.T, what string, g Gap) {
	t.Helper()
	var base, candidate, difference int64
	for i, p := range append(g.Parts[:len(g.Parts):len(g.Parts)], g.Rest) {
		base, candidate, difference = base+p.Base, candidate+p.Candidate, difference+p.Difference
		if p.Difference != p.Candidate-p.Base {
			t.Errorf("%s: %+v", what, p)
		}
		if i > 0 && i < len(g.Parts) && abs(p.Difference) > abs(g.Parts[i-1].Difference) {
			t.Errorf("%s: %d stands behind %d", what, p.Difference, g.Parts[i-1].Difference)
		}
	}
	if base != g.Whole.Base || candidate != g.Whole.Candidate || difference != g.Whole.Difference || difference != candidate-base {
		t.Errorf("%s: the parts add up to %d, %d and %d, the whole is %+v", what, base, candidate, difference, g.Whole)
	}
}

// The parts of every gap add up to it exactly, the largest first, whatever was left
// out, renamed, or shown; and what became of a gap adds up to its change.
func TestPartsAddUp(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	unmet := 0
	defer func() {
		if unmet > 150 {
			t.Errorf("%d of 200 without renames", unmet)
		}
	}()
	for range 200 {
		before := []results.Document{counted(r, "rust", "a", r.IntN(60)+2), counted(r, "wj", "a", r.IntN(60)+2)}
		after := []results.Document{before[0], counted(r, "wj", "b", r.IntN(60)+2)}
		after[0].Session = "b"
		o := Options{Parts: r.IntN(12), Renamed: []Renamed{{"api::f1", "api::f2"}, {"api::f1*", "api::f2*"}}}
		_, early := New(before, o)
		_, late := New(after, o)
		if early != nil || late != nil { // a name that nothing was drawn with
			o.Renamed = nil
			unmet++
		}
		w, err := New(before, o)
		if err != nil {
			t.Fatal(err)
		}
		for what, g := range map[string]Gap{"functions": w.Steps[0].Functions, "modules": w.Steps[0].Modules, "allocations": w.Steps[0].Allocations, "system calls": w.Steps[0].SystemCalls} {
			addsUp(t, what, g)
		}
		if g := w.Steps[0].Functions; g.Whole.Base != before[0].Scenarios[0].Trials[0].Steps[0].Cost.Instructions {
			t.Errorf("the whole is %d", g.Whole.Base)
		}
		c, err := NewChange(before, after, o)
		if err != nil {
			t.Fatal(err)
		}
		addsUp(t, "change", c.Steps[0].Functions)
		addsUp(t, "change of modules", c.Steps[0].Modules)
		if g := c.Steps[0].Functions.Whole; g.Base != w.Steps[0].Functions.Whole.Difference {
			t.Errorf("before, the gap was %d, not %d", g.Base, w.Steps[0].Functions.Whole.Difference)
		}
	}
}

// A function that was renamed meets its other half; without that each is shown where
// it is.
func TestRenamedFunctionsMeet(t *testing.T) {
	t.Parallel()
	one := func(name, module string) results.Document {
		d := counted(rand.New(rand.NewPCG(3, 4)), name, "a", 2)
		cost := &results.Cost{Answers: 20, Instructions: 1000, Functions: &results.FunctionCosts{
			Name: []string{module + "::get", "<" + module + "::Store as core::fmt::Display>::fmt"}, Module: []string{module, module}, Instructions: []int64{900, 100}, Inclusive: []int64{1000, 100},
			Calls: []int64{20, 20}, SystemCalls: []int64{0, 0}, Allocations: []int64{0, 0}}}
		d.Scenarios[0].Trials = []results.Trial{{Pair: 1, Steps: []results.StepResult{{Name: "create", Cost: cost}}}, {Pair: 2, Steps: []results.StepResult{{Name: "create", Cost: cost}}}}
		return d
	}
	docs := []results.Document{one("rust", "api"), one("wj", "server")}
	w, err := New(docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if parts := w.Steps[0].Functions.Parts; len(parts) != 4 || parts[0].OnlyIn == 0 || parts[1].OnlyIn == 0 {
		t.Errorf("without a match: %+v", parts)
	}
	w, err = New(docs, Options{Renamed: []Renamed{{"api::*", "server::*"}}})
	if err != nil {
		t.Fatal(err)
	}
	if parts := w.Steps[0].Functions.Parts; len(parts) != 0 {
		t.Errorf("with a match there is no gap: %+v", parts)
	}
	for _, o := range []Options{{Step: "nothing"}, {Scenario: "nothing"}, {Candidate: "nobody"}} {
		if _, err := New(docs, o); err == nil {
			t.Errorf("%+v: no error", o)
		}
	}
	if _, err := New(docs[:1], Options{}); err == nil {
		t.Error("a gap of one")
	}
}

// What one side has little of may have been too little to be kept on the other, which
// takes ten times as much: it is in the rest, and nobody's alone.
func TestHalfKnownFunctions(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	documents := func(small int64) []results.Document {
		var docs []results.Document
		for side, name := range []string{"rust", "wj"} {
			d := counted(r, name, "a", 0)
			for i := range d.Scenarios[0].Trials {
				c := d.Scenarios[0].Trials[i].Steps[0].Cost
				c.Instructions = []int64{100_000, 1_000_000}[side]
				c.Functions = &results.FunctionCosts{Name: []string{"work"}, Module: []string{"api"}, Instructions: []int64{c.Instructions - 50}, Inclusive: []int64{c.Instructions - 50}, Calls: []int64{1}, SystemCalls: []int64{0}, Allocations: []int64{0}}
				if side == 0 {
					f := c.Functions
					f.Name, f.Module, f.Instructions, f.Inclusive, f.Calls, f.SystemCalls, f.Allocations = append(f.Name, "look"), append(f.Module, "api"), append(f.Instructions, small), append(f.Inclusive, small), append(f.Calls, 1), append(f.SystemCalls, 0), append(f.Allocations, 0)
				}
			}
			docs = append(docs, d)
		}
		return docs
	}
	for n, want := range map[int64]int{99: 1, 101: 2} {
		w, err := New(documents(n), Options{})
		if err != nil {
			t.Fatal(err)
		}
		gap := w.Steps[0].Functions
		addsUp(t, fmt.Sprint(n), gap)
		if len(gap.Parts) != want || gap.Parts[0].Name != "work" {
			t.Errorf("%d instructions: %+v", n, gap.Parts)
		}
	}
}
