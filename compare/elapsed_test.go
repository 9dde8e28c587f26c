package compare

import (
	"testing"
	"time"

	"taskbench/compare/lineup"
	"taskbench/results"
)

// TestElapsed: what a run took has attempts in it whose figures were left out, and
// the stretches of load without pauses.
func TestElapsed(t *testing.T) {
	t.Parallel()
	began := time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	at := func(s int) time.Time { return began.Add(time.Duration(s) * time.Second) }
	load := results.Load{DurationS: 10, WarmupS: 2}
	in := func(m results.Measurement) []lineup.Entrant {
		m.Load = load
		return []lineup.Entrant{{Doc: results.Document{Scenarios: []results.Measurement{m}}}}
	}
	for name, c := range map[string]struct {
		m    results.Measurement
		want float64
	}{
		"in turn":    {results.Measurement{Trials: []results.Trial{{Pair: 1, Started: at(30)}, {Pair: 2, Started: at(45)}}}, 27},
		"an attempt": {results.Measurement{Attempted: &results.Attempt{Started: began, Seconds: 30}, Trials: []results.Trial{{Pair: 1, Started: at(30)}, {Pair: 2, Started: at(45)}}}, 57},
		"a stretch": {results.Measurement{
			Sustained: &results.Sustained{TookS: 5},
			Trials:    []results.Trial{{Pair: 1, Started: began, Slots: &results.Slots{SlotS: 0.1, Sent: make([]uint64, 20)}}},
		}, 9},
	} {
		if got := elapsed(in(c.m)); got != c.want {
			t.Errorf("%s: %g s, want %g", name, got, c.want)
		}
	}
}
