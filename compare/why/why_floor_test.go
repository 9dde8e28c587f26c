package why

import (
	"strings"
	"testing"

	"taskbench/compare/finding"
	"taskbench/compare/sample"
	"taskbench/results"
)

// Functions that the floor runs too and all others make up the gap, and what the floor
// takes in each of the shown ones and in the rest all that it takes.
func TestWhyWithFloor(t *testing.T) {
	t.Parallel()
	document := func(name string, functions map[string]int64) results.Document {
		d := sample.Ledger(name, 0)
		cost := &results.Cost{Answers: 20, Functions: &results.FunctionCosts{}}
		for _, f := range []string{"web::parse", "web::send", "api::store", "server::store"} {
			if n, ok := functions[f]; ok {
				l := cost.Functions
				l.Name, l.Module, l.Instructions = append(l.Name, f), append(l.Module, f[:strings.Index(f, "::")]), append(l.Instructions, n)
				l.Inclusive, l.Calls, l.SystemCalls, l.Allocations = append(l.Inclusive, n), append(l.Calls, 20), append(l.SystemCalls, 0), append(l.Allocations, 0)
				cost.Instructions += n
			}
		}
		cost.Instructions += 7 // in functions too small to be kept
		d.Scenarios[0].Trials[0].Steps[0].Cost = cost
		return d
	}
	rust := document("rust", map[string]int64{"web::parse": 1000, "web::send": 500, "api::store": 2000})
	wj := document("wj", map[string]int64{"web::parse": 1300, "web::send": 500, "server::store": 2600})
	floor := document("floor", map[string]int64{"web::parse": 900, "web::send": 500})
	floor.Plan.Floor = "floor"
	w, err := New([]results.Document{rust, wj, floor}, Options{Step: "create", Renamed: []Renamed{{"api::store", "server::store"}}})
	if err != nil {
		t.Fatal(err)
	}
	s := w.Steps[0]
	want := Split{Stack: 1407, Application: Part{Base: 2100, Candidate: 3000, Difference: 900}, Shared: Part{Base: 1500, Candidate: 1800, Difference: 300}, Own: Part{Base: 2007, Candidate: 2607, Difference: 600}}
	if s.Floor == nil || *s.Floor != want {
		t.Errorf("%+v, want %+v", s.Floor, want)
	}
	for i, n := range []int64{0, 900} {
		if p := s.Functions.Parts[i]; p.Floor == nil || *p.Floor != n {
			t.Errorf("%+v, want %d of the floor", p, n)
		}
	}
	if *s.Functions.Rest.Floor != 507 {
		t.Errorf("%d of the floor in the rest", *s.Functions.Rest.Floor)
	}
	floor.Scenarios[0].Trials[0].Steps[0].Cost.Instructions = 90000
	if w, err = New([]results.Document{rust, wj, floor}, Options{Step: "create"}); err != nil {
		t.Fatal(err)
	}
	if told := w.Notes[len(w.Notes)-1]; w.Steps[0].Floor != nil || told.Code != finding.FloorDearer || told.Target != "rust" {
		t.Errorf("a floor that costs more than the servers: %+v, %+v", w.Steps[0].Floor, told)
	}
}
