package live

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"taskbench/internal/bench"
)

// TestPlanText: what there is time for is said as it is, however little.
func TestPlanText(t *testing.T) {
	t.Parallel()
	window := [2]time.Duration{800 * time.Millisecond, 800 * time.Millisecond}
	for _, c := range []struct {
		plan bench.Foreseen
		want string
	}{
		{bench.Foreseen{Limit: 10 * time.Second, Cells: 6, Fewest: 1, Most: 1, Least: 5, Windows: window, Takes: 25_300 * time.Millisecond},
			"10s is too short for 5 pairs of 6 measurements: 1 pair of each, 0.8 s for each server, about 25s"},
		{bench.Foreseen{Limit: 10 * time.Second, Cells: 1, Fewest: 2, Most: 2, Least: 5, Windows: window, Takes: 8 * time.Second},
			"10s is too short for 5 pairs: 2 pairs, 0.8 s for each server, about 8s"},
		{bench.Foreseen{Limit: 3 * time.Minute, Cells: 6, Fewest: 1, Most: 6, Least: 5, Windows: [2]time.Duration{900 * time.Millisecond, 10 * time.Second}, Takes: 170 * time.Second},
			"3m0s is too short for 5 pairs of 6 measurements: 1 to 6 pairs of each, 0.9 to 10 s for each server, about 2m50s"},
		{bench.Foreseen{Limit: 30 * time.Second, Cells: 1, Fewest: 6, Most: 6, Least: 5, Windows: window, Takes: 27 * time.Second},
			"measuring: 6 pairs at most, 0.8 s for each server, about 27s of 30s"},
		{bench.Foreseen{Limit: 30 * time.Second, Cells: 2, Fewest: 3, Most: 4, Least: 5, Again: true, Takes: 12 * time.Second},
			"after the first pairs: 3 to 4 pairs of each, about 12s left"},
	} {
		if got := planText(c.plan); got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// TestPlanIsTold: once, above the line or instead of the number of trials, which says
// nothing of a run with a limit.
func TestPlanIsTold(t *testing.T) {
	t.Parallel()
	for name, width := range map[string]func() int{"elsewhere": nil, "at a terminal": func() int { return 80 }} {
		var out bytes.Buffer
		d := New(&out, width)
		e := running()
		e.Phase, e.Plan = bench.Planned, bench.Foreseen{Limit: time.Minute, Cells: 1, Fewest: 6, Most: 6}
		d.Show(e)
		e.Phase = bench.Starting
		d.Show(e)
		d.Close()
		if got := out.String(); !strings.HasPrefix(got, "measuring: 6 pairs") || strings.Contains(got, "trials at most") || strings.Count(got, "\n") != 1 {
			t.Errorf("%s: %q", name, got)
		}
	}
}
