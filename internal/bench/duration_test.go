package bench

import (
	"testing"
	"time"

	"taskbench/internal/check"
	"taskbench/results"
	"taskbench/scenarios"
)

func TestAutoDuration(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		iteration time.Duration
		users     int
		longest   time.Duration
		want      time.Duration
	}{
		{0, 1, 0, 10 * time.Second},
		{time.Millisecond, 16, 0, 10 * time.Second},
		{333 * time.Millisecond, 4, 0, 10 * time.Second},
		{334 * time.Millisecond, 4, 0, 15 * time.Second},
		{500 * time.Millisecond, 16, 0, 30 * time.Second}, // 48 iterations
		{time.Minute, 4, 0, 2 * time.Minute},
		{time.Minute, 4, 24 * time.Second, 20 * time.Second},
		{time.Millisecond, 4, 24 * time.Second, 10 * time.Second},
		{time.Minute, 4, time.Nanosecond, 10 * time.Second},
	} {
		if got := autoDuration(c.iteration, c.users, c.longest); got != c.want {
			t.Errorf("%v an iteration, %d users: %v, want %v", c.iteration, c.users, got, c.want)
		}
	}
}

// The slowest target decides, of cells that leave their duration open; a resumed
// run keeps what was chosen.
func TestFit(t *testing.T) {
	t.Parallel()
	auto := scenario(t, "name: one\nload: {connections: [1, 20], duration: auto}\nflow: [{name: a, request: GET /}]")
	list := []*scenarios.Scenario{auto, scenario(t, oneText)}
	list[1].Name = "two"
	cells := NewCells(list, Overrides{})
	s := Survey{Visits: [][]check.Visit{{{Took: time.Second}, {Took: 100 * time.Millisecond}}, {{Took: time.Second}, {}}}}
	s.fit(cells, 0, 0)
	if cells[0].Duration != 30*time.Second || cells[1].Duration != time.Minute || cells[2].Duration != time.Second {
		t.Errorf("%+v", cells)
	}
	if m := cells[0].asked("a"); m.Load.DurationS != 30 || !m.Load.DurationAuto {
		t.Errorf("%+v", m.Load)
	}
	if asked := NewCells(list[:1], Overrides{Duration: time.Second})[0]; asked.Auto || asked.Duration != time.Second {
		t.Errorf("a duration that was asked for: %+v", asked)
	}
	var again Plan
	docs := []*results.Document{{Implementation: "a", Target: results.Target{URL: "http://h"}, Scenarios: []results.Measurement{cells[0].asked("a")}}}
	err := again.cellsAgain(docs, func(string, string) (*scenarios.Scenario, error) { return auto, nil })
	if err != nil || !again.Cells[0].Auto || again.Cells[0].Duration != 30*time.Second {
		t.Errorf("%+v, %v", again.Cells, err)
	}
}
