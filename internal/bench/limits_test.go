package bench

import (
	"strings"
	"testing"
	"time"

	"taskbench/parse"
	"taskbench/results"
	"taskbench/wrk"
)

// What docs/method.md and docs/processes.md promise of figures that are left out
// or called estimates, just inside and just outside.

// A window that is covered by less than half has no figure of instructions, and
// one that was counted for less than 99 % of the time an estimate.
func TestInstructionLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		intervals int     // of 25 ms
		lengthS   float64 // of the window
		running   float64 // share of the time
		figure    bool
		warning   string
	}{
		"a little over half":      {20, 0.98, 1, true, ""},
		"less than half":          {20, 1.02, 1, false, "are left out"},
		"for 99 % of the time":    {40, 1, 0.99, true, ""},
		"for less of the time":    {40, 1, 0.989, true, "an estimate"},
		"all, all of the time":    {40, 1, 1, true, ""},
		"half, half of the time ": {20, 0.98, 0.5, true, "an estimate"},
	} {
		counted := every25(5e6)
		counted.Intervals = counted.Intervals[1 : 1+c.intervals]
		for i := range counted.Intervals {
			counted.Intervals[i].Running = c.running
		}
		var r results.Resources
		said := strings.Join(counted.record(&r, parse.Window{OpenedUS: 25e3, LengthUS: 1e6 * c.lengthS}, 1000), "\n")
		if (r.InstructionsPerAnswer != nil) != c.figure || !strings.Contains(said, c.warning) || (c.warning == "") != (said == "") {
			t.Errorf("%s: %v, %q", name, r.InstructionsPerAnswer, said)
		}
	}
}

// CPU time takes samples over half of the window, and is none below 1 µs an
// answer.
func TestCPUTimeLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		samples int     // of 25 ms, within the window
		lengthS float64 // of the window
		good    uint64
		cpu     bool // the server's CPU time is known
		figure  bool // and that of an answer
	}{
		"samples over half of it":   {21, 0.98, 1000, true, true},
		"samples over less":         {21, 1.02, 1000, false, false},
		"a little more than a µs":   {41, 1, 495_000, true, true}, // of half a second of CPU time
		"a little less than a µs":   {41, 1, 505_000, true, false},
		"no good answer, but a use": {41, 1, 0, true, false},
	} {
		seen := steadily(0.5, 0, 2000)
		seen.server = seen.server[20 : 20+c.samples]
		trial := results.Trial{Good: c.good}
		seen.record(&trial, Run{Block: &parse.Block{Window: parse.Window{OpenedUS: 500e3, LengthUS: 1e6 * c.lengthS}}, Output: wrk.Output{}}, nil)
		if r := trial.Resources; (r.ServerCPUS != nil) != c.cpu || (r.CPUPerAnswerUS != nil) != c.figure {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

// A window is sampled forty times, every 20 ms at the most often and every 100
// ms at the least.
func TestSamplingLimits(t *testing.T) {
	t.Parallel()
	for window, want := range map[time.Duration]time.Duration{
		100 * time.Millisecond: 20 * time.Millisecond,
		800 * time.Millisecond: 20 * time.Millisecond,
		time.Second:            25 * time.Millisecond,
		4 * time.Second:        100 * time.Millisecond,
		time.Minute:            100 * time.Millisecond,
	} {
		if got := samplingOf(window); got != want {
			t.Errorf("a window of %v is sampled every %v, want %v", window, got, want)
		}
	}
}

// Details of memory are read once a second, and less often when that takes more
// than 0.4 % of the time.
func TestDetailsLimits(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]time.Duration{
		0: time.Second, 4 * time.Millisecond: time.Second, 5 * time.Millisecond: 1250 * time.Millisecond, 40 * time.Millisecond: 10 * time.Second,
	} {
		if got := restAfter(took).Round(time.Millisecond); got != want {
			t.Errorf("details that took %v come again after %v, want %v", took, got, want)
		}
	}
}
