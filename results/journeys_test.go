package results

import (
	"testing"

	"taskbench/parse"
)

// A mix of flows has what is known of each journey end to end, and no iterations of all.
func TestJourneys(t *testing.T) {
	t.Parallel()
	b := sampleBlock()
	b.Mode = "mix"
	b.Journeys = []parse.BlockJourney{{Name: "browse", BlockIterations: *b.Iterations}, {Name: "buy", BlockIterations: parse.BlockIterations{Failed: 3}}}
	b.Iterations = nil
	b.Steps[0].Redirected, b.Steps[0].Retried = 30, 12
	got, err := NewTrial(b, Circumstances{Varied: true})
	if err != nil {
		t.Fatal(err)
	}
	if got.Iterations != nil || len(got.Journeys) != 2 || got.Uneven() {
		t.Fatalf("%+v", got)
	}
	browse, buy := got.Journeys[0], got.Journeys[1]
	if browse.Name != "browse" || browse.Completed != 4000 || browse.Latency.Count != 4000 || browse.ThroughputPS != 4000/got.WindowS || !browse.Varied || buy.Failed != 3 || buy.Latency != nil {
		t.Errorf("%+v, %+v", browse, buy)
	}
	if s := got.Steps[0]; s.Redirected != 30 || s.Retried != 12 || s.Answers != 4000 || got.ErrorFraction != 0 {
		t.Errorf("%+v, errors %v", s, got.ErrorFraction)
	}
}

// Where steps are sent as often as answers have it, they may be answered unequally often.
func TestVariedIterations(t *testing.T) {
	t.Parallel()
	for _, varied := range []bool{false, true} {
		trial := Trial{Answers: 400, Steps: []StepResult{{Answers: 100}, {Answers: 300}}, Iterations: &Iterations{Varied: varied, Completed: 100}}
		if trial.Uneven() == varied {
			t.Errorf("varied %v: uneven %v", varied, trial.Uneven())
		}
	}
}
