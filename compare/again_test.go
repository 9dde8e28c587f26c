package compare

import (
	"strings"
	"testing"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/internal/figure"
	"taskbench/results"
)

// What was asked once more is told of each target and step, over all its trials; journeys
// have rows of their own.
func TestAskedAgainAndJourneys(t *testing.T) {
	t.Parallel()
	m := func() results.Measurement {
		m := sample.Projects(10, 6)
		m.Mode, m.Journeys = "mix", []string{"browse"}
		return m
	}
	rust, windjammer := sample.LoadTest("rust", 1, m()), sample.LoadTest("windjammer", 2, m())
	for _, doc := range []*results.Document{&rust, &windjammer} {
		for i := range doc.Scenarios[0].Trials {
			trial := &doc.Scenarios[0].Trials[i]
			trial.Journeys = []results.Journey{{Name: "browse", Iterations: *trial.Iterations}}
			trial.Iterations = nil
		}
	}
	rust.Scenarios[0].Trials[0].Steps[1].Retried, rust.Scenarios[0].Trials[3].Steps[1].Retried = 4, 3
	windjammer.Scenarios[0].Trials[1].Steps[0].Redirected = 9
	c, err := New([]results.Document{rust, windjammer}, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var told []string
	for _, n := range c.Scenarios[0].Notes {
		if n.Code == finding.Retried || n.Code == finding.Redirected {
			told = append(told, string(n.Code)+" "+n.Target+" "+n.Step+" "+figure.Plain(n.Values["count"]))
		}
	}
	if got := strings.Join(told, ", "); got != "retried rust list 7, redirected windjammer create 9" {
		t.Errorf("%s", got)
	}
	found := 0
	for _, r := range c.Scenarios[0].Rows {
		if r.Step == "browse" {
			found++
			if r.Metric != figure.FlowP95 || r.Cells[1].Median == nil || *r.Cells[1].Median <= *r.Cells[0].Median {
				t.Errorf("%+v", r)
			}
		}
	}
	if found != 1 {
		t.Errorf("%d rows of the journey", found)
	}
}
