package compare

import (
	"math"
	"testing"

	"taskbench/compare/finding"
	"taskbench/compare/sample"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// floorOf is a ledger's document of the floor of session s.
func floorOf(create ...int64) results.Document {
	d := sample.Ledger("floor", create...)
	d.Plan.Floor = "floor"
	return d
}

// What the floor takes is the stack of both, the rest the application's: of the ratio
// of that, too. The floor is no candidate.
func TestFloorSplits(t *testing.T) {
	t.Parallel()
	c := ledger(t, sample.Ledger("rust", 10000, 10001, 10002), floorOf(6000, 6001, 6002), sample.Ledger("wj", 10400, 10401, 10402))
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
	rust, wj := sample.Ledger("rust", 10000, 10000, 10000), sample.Ledger("wj", 10400, 10400, 10400)
	split := func(floor results.Document) (*verdict.Row, []finding.Finding) {
		c := ledger(t, rust, wj, floor)
		return c.Scenarios[0].Overall(figure.CountedApplication), c.Scenarios[0].Notes
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
