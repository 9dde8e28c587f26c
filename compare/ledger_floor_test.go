package compare

import (
	"math"
	"strings"
	"testing"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// floorOf is a ledger's document of the floor of session s.
func floorOf(create ...int64) results.Document {
	d := ledgerOf("floor", create...)
	d.Plan.Floor = "floor"
	return d
}

// What the floor takes is the stack of both, the rest the application's: of the ratio
// of that, too. The floor is no candidate.
func TestFloorSplits(t *testing.T) {
	t.Parallel()
	c := ledger(t, ledgerOf("rust", 10000, 10001, 10002), floorOf(6000, 6001, 6002), ledgerOf("wj", 10400, 10401, 10402))
	if len(c.Targets) != 2 {
		t.Fatalf("%d targets", len(c.Targets))
	}
	stack, application := c.row(t, "create", figure.CountedStack), c.row(t, "create", figure.CountedApplication)
	for i, want := range []float64{4000, 4400} {
		if *stack.Cells[i].Median != 6001 || *application.Cells[i].Median != want {
			t.Errorf("stack %v, application %v, want 6001 and %v", *stack.Cells[i].Median, *application.Cells[i].Median, want)
		}
	}
	if x := application.Cells[1].Ratio; math.Abs(x.Ratio-1.1) > 1e-9 || x.Verdict.Verdict != stats.Slower {
		t.Errorf("%v, %v", x.Ratio, x.Verdict.Verdict)
	}
	if list := c.row(t, "list", figure.CountedApplication); list.Cells[1].Difference == nil || *list.Cells[1].Difference != 0 {
		t.Errorf("list has nothing beyond the floor: %+v", list.Cells[1])
	}
	if notes := c.Scenarios[0].Notes; len(notes) > 0 {
		t.Errorf("%+v", notes)
	}
}

// A floor of another session, one with other answers, one that costs more and one that
// was not counted are no floors, and that is said.
func TestFloorsThatAreNone(t *testing.T) {
	t.Parallel()
	rust, wj := ledgerOf("rust", 10000, 10000, 10000), ledgerOf("wj", 10400, 10400, 10400)
	split := func(floor results.Document) (*Row, []finding.Finding) {
		c := ledger(t, rust, wj, floor)
		return c.Scenarios[0].overall(figure.CountedApplication), c.Scenarios[0].Notes
	}
	other := floorOf(6000, 6000, 6000)
	other.Session = "another"
	if row, notes := split(other); row != nil || len(notes) > 0 {
		t.Errorf("of another session: %+v, %+v", row, notes)
	}
	long := floorOf(6000, 6000, 6000)
	for i := range long.Scenarios[0].Trials {
		long.Scenarios[0].Trials[i].Steps[0].Cost.AnswerBytes *= 2
	}
	if row, notes := split(long); row == nil || len(notes) != 1 || notes[0].Code != finding.FloorAnswers || notes[0].Step != "create" {
		t.Errorf("with other answers: %+v, %+v", row, notes)
	}
	failed := floorOf(6000)
	failed.Scenarios[0].Trials[0].Error = "it did not start"
	if row, notes := split(failed); row != nil || len(notes) != 1 || notes[0].Code != finding.FloorUncounted {
		t.Errorf("not counted: %+v, %+v", row, notes)
	}
	c := ledger(t, rust, wj, floorOf(10200, 10200, 10200))
	cells := c.row(t, "create", figure.CountedApplication).Cells
	if cells[0].Median != nil || cells[0].Missing.Code != finding.FloorDearer || *cells[1].Median != 200 {
		t.Errorf("dearer: %+v", cells)
	}
	if c := ledger(t, floorOf(10000, 10000, 10000)); len(c.Targets) != 1 || c.Baseline != "floor" {
		t.Errorf("alone: %+v", c.Targets)
	}
}

// Functions that the floor runs too and all others make up the gap, and what the floor
// takes in each of the shown ones and in the rest all that it takes.
func TestWhyWithFloor(t *testing.T) {
	t.Parallel()
	document := func(name string, functions map[string]int64) results.Document {
		d := ledgerOf(name, 0)
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
	w, err := NewWhy([]results.Document{rust, wj, floor}, WhyOptions{Step: "create", Renamed: []Renamed{{"api::store", "server::store"}}})
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
}
