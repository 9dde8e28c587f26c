package compare_test

import (
	"fmt"
	"testing"

	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/stats"
)

// A gate that failed fails again when the same programs are measured again: the runs
// of the slower one are of another program, and do not make runs differ by more.
func TestGateFailsAgain(t *testing.T) {
	t.Parallel()
	ask := knowing(12, 1.1)
	for again := range 4 {
		g, err := gate.Against(run(12, 1.1, nil), later(12, 1.35, 1), lineup.Options{}, ask)
		if err != nil {
			t.Fatal(err)
		}
		if g.Outcome != stats.Failed {
			t.Errorf("measured %d times before: %v", again, outcomes(g))
		}
		rejected := later(12, 1.35*(1+0.005*float64(again%3-1)), 1)
		for i := range rejected {
			rejected[i].Session, rejected[i].Created = fmt.Sprint("rejected", again), sample.Noon.AddDate(0, 0, again+1)
		}
		ask.Known = append(ask.Known, rejected...)
	}
}
