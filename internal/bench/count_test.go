package bench

import (
	"context"
	"errors"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"taskbench/internal/counter"
	"taskbench/parse"
	"taskbench/results"
)

// every25 counts n in every interval of 25 ms for two seconds, from 0 on.
func every25(n float64) counted {
	var c counted
	for ms := 0.0; ms < 2000; ms += 25 {
		c.Intervals = append(c.Intervals, counter.Interval{FromUS: ms * 1000, ToUS: (ms + 25) * 1000, N: n, Running: 1})
	}
	return c
}

func TestInstructionsPerAnswer(t *testing.T) {
	t.Parallel()
	estimate, rare, busy := every25(5e6), every25(5e6), every25(5e6)
	for i := range estimate.Intervals {
		estimate.Intervals[i].Running = 0.8
		if i%4 > 0 {
			rare.Intervals[i].N, rare.Intervals[i].Running = 0, 0
		}
		if i%4 == 0 {
			busy.Intervals[i].N, busy.Intervals[i].Running = 0, 0
		}
	}
	late := every25(5e6)
	late.Intervals = late.Intervals[:30] // 0.75 s of the run
	cases := []struct {
		name    string
		counted counted
		window  parse.Window
		good    uint64
		want    float64 // 0: no figure
		warning string  // "": none
	}{
		// 39 whole intervals lie in the window, and stand for 40.
		{"a window within the run", every25(5e6), parse.Window{OpenedUS: 510e3, LengthUS: 1e6}, 1000, 200_000, ""},
		{"no window of its own", every25(5e6), parse.Window{LengthUS: 1.5e6}, 1000, 400_000, ""},
		{"no good answer", every25(5e6), parse.Window{OpenedUS: 510e3, LengthUS: 1e6}, 0, 0, ""},
		{"nothing happened", every25(0), parse.Window{OpenedUS: 510e3, LengthUS: 1e6}, 10, 0, ""},
		{"shared counters", estimate, parse.Window{OpenedUS: 510e3, LengthUS: 1e6}, 1000, 200_000, "they were counted 80 % of the time"},
		{"every fourth interval missed", busy, parse.Window{LengthUS: 1.5e6}, 1000, 400_000, "they were counted 75 % of the time"},
		{"most intervals missed", rare, parse.Window{LengthUS: 1.5e6}, 1000, 0, "counted in 0.5 s of 2 s only, and are left out"},
		{"most of the window missed", late, parse.Window{OpenedUS: 510e3, LengthUS: 1e6}, 1000, 0, "counted in 0.22 s of 1 s only"},
		{"perf ended", counted{every25(5e6).Counts, "perf stat ended"}, parse.Window{LengthUS: 1e6}, 1000, 0, "instructions were not counted: perf stat ended"},
		{"nobody to be counted", counted{}, parse.Window{LengthUS: 1e6}, 1000, 0, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var r results.Resources
			warnings := strings.Join(c.counted.record(&r, c.window, c.good), "\n")
			if (c.warning == "") != (warnings == "") || !strings.Contains(warnings, c.warning) {
				t.Errorf("warnings %q, want %q", warnings, c.warning)
			}
			switch n := r.InstructionsPerAnswer; {
			case (n == nil) != (c.want == 0):
				t.Errorf("figure %v, want %v", n, c.want)
			case n != nil && math.Abs(*n/c.want-1) > 1e-9:
				t.Errorf("%v instructions, want %v", *n, c.want)
			}
		})
	}
}

// tally is a fake of what counts: it wants every beginning to have its end.
type tally struct {
	mu           sync.Mutex
	begun, ended int
	pids         []int
}

func (c *tally) count(_ context.Context, pids []int, _ time.Duration) (func() counter.Counts, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.begun, c.pids = c.begun+1, pids
	if c.begun == 4 {
		return nil, errors.New("perf is not permitted")
	}
	return func() counter.Counts {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.ended++
		return counter.Counts{Intervals: []counter.Interval{{FromUS: 0, ToUS: 1e6, N: 70_000, Running: 1}}}
	}, nil
}

// TestRunCounts counts around every load, whatever becomes of it.
func TestRunCounts(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.fails = func(_ string, load int) error {
		if load == 3 {
			return errors.New("wrk stopped")
		}
		return nil
	}
	var seen tally
	r := w.runner(t)
	r.Probes = []Probe{Instructions{seen.count}}
	p := plan(t, 3)
	docs := begin(p)
	if _, err := r.Run(context.Background(), p, survey(p), docs); err != nil {
		t.Fatal(err)
	}
	var figures, warned int
	for _, d := range docs {
		for _, trial := range d.Scenarios[0].Trials {
			if trial.Resources != nil && trial.Resources.InstructionsPerAnswer != nil && *trial.Resources.InstructionsPerAnswer == 70_000 {
				figures++
			}
			if strings.Contains(strings.Join(trial.Warnings, "\n"), "instructions were not counted: perf is not permitted") {
				warned++
			}
		}
	}
	if seen.begun != 6 || seen.ended != 5 || len(seen.pids) != 1 {
		t.Errorf("counted %d times of %v, ended %d times; want 6 and, as one could not, 5", seen.begun, seen.pids, seen.ended)
	}
	if figures != 3 || warned != 1 {
		t.Errorf("%d figures, %d warnings; want 3 (two trials failed, one was not counted) and 1", figures, warned)
	}
}
