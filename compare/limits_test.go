package compare_test

import (
	"math"
	"slices"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/memory"
	"taskbench/compare/sample"
	"taskbench/compare/stats"
	"taskbench/results"
)

// raised are the codes of the red flags when every trial of rust is changed.
func raised(t *testing.T, change func(pair int, d *results.Document, t *results.Trial)) []finding.Code {
	t.Helper()
	docs := run(6, 1, nil)
	for i := range docs[0].Scenarios[0].Trials {
		change(i+1, &docs[0], &docs[0].Scenarios[0].Trials[i])
	}
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var codes []finding.Code
	for _, f := range append(c.Flags, c.Scenarios[0].Flags...) {
		codes = append(codes, f.Code)
	}
	return codes
}

// falls is a course of n seconds that falls by size in all, where k pairs of
// seconds are the other way round: Mann–Kendall's p follows from n and k alone.
func falls(n, k int, size float64) []uint64 {
	left := make([]int, n) // ranks, the highest first
	for i := range left {
		left[i] = n - 1 - i
	}
	course := make([]uint64, n)
	for i := range course {
		at := min(k, len(left)-1) // as many higher ones come later
		k -= at
		course[i] = uint64(1e6 * (1 + size*(float64(left[at])/float64(n-1)-0.5)))
		left = slices.Delete(left, at, at+1)
	}
	return course
}

// The limits that docs/method.md gives for red flags: just inside, and just
// outside.
func TestRedFlagLimits(t *testing.T) {
	t.Parallel()
	type change = func(pair int, d *results.Document, t *results.Trial)
	seconds := func(n, k int, size float64) change {
		return func(_ int, _ *results.Document, t *results.Trial) {
			t.WindowS, t.GoodPerS = float64(n), falls(n, k, size)
		}
	}
	tail := func(times float64) change {
		return func(_ int, _ *results.Document, t *results.Trial) {
			t.Latency.P95US, t.Latency.P99US = 2000, 2000*times
		}
	}
	used := func(set func(r *results.Resources)) change {
		return func(_ int, _ *results.Document, t *results.Trial) {
			t.Resources = &results.Resources{GeneratorCoresAllowed: 2, ServerCoresAllowed: 4}
			set(t.Resources)
		}
	}
	iterations := func(completed, most, fewest uint64) change {
		return func(_ int, _ *results.Document, t *results.Trial) {
			t.Iterations = &results.Iterations{Completed: completed}
			t.Steps = []results.StepResult{{Name: "a", Answers: most, Good: most}, {Name: "b", Answers: fewest, Good: fewest}}
			t.Answers = most + fewest
		}
	}
	load := func(average float64) change {
		return func(_ int, d *results.Document, _ *results.Trial) {
			d.Environment.Cores, d.Environment.LoadBefore = 4, average
		}
	}
	for name, c := range map[string]struct {
		code            finding.Code
		inside, outside change
	}{
		"p99 over p95":          {finding.LongTail, tail(5), tail(5.01)},
		"size of a fall":        {finding.Falling, seconds(10, 0, 0.099), seconds(10, 0, 0.101)},
		"p of a fall":           {finding.Falling, seconds(14, 19, 2), seconds(20, 50, 2)}, // .00303, .00299
		"a fall in few seconds": {finding.Falling, seconds(5, 0, 1), seconds(6, 0, 1)},
		"cores of wrk": {finding.GeneratorBusy, used(func(r *results.Resources) { r.GeneratorCores = new(1.80) }),
			used(func(r *results.Resources) { r.GeneratorCores = new(1.81) })},
		"cores of the server": {finding.ServerBusy, used(func(r *results.Resources) { r.ServerCores = new(3.60) }),
			used(func(r *results.Resources) { r.ServerCores = new(3.61) })},
		"steal": {finding.Steal, used(func(r *results.Resources) { r.StealFraction = new(0.02) }),
			used(func(r *results.Resources) { r.StealFraction = new(0.0201) })},
		"others' cores": {finding.BusyMachine, used(func(r *results.Resources) { r.OthersCores = new(0.5) }),
			used(func(r *results.Resources) { r.OthersCores = new(0.505) })},
		"iterations in a window": {finding.ShortWindow, iterations(20, 20, 20), iterations(19, 19, 19)},
		"answers of steps":       {finding.ShortWindow, iterations(100, 105, 95), iterations(100, 106, 95)},
		"load average":           {finding.LoadBefore, load(2), load(2.01)},
		"a server that idles in half of the trials": {finding.ServerBusy, func(pair int, _ *results.Document, t *results.Trial) {
			t.Resources = &results.Resources{ServerCoresAllowed: 4, ServerCores: new(4 * float64(pair%2))}
		}, used(func(r *results.Resources) { r.ServerCores = new(4.0) })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := raised(t, c.inside); slices.Contains(got, c.code) {
				t.Errorf("inside the limit: %v", got)
			}
			if got := raised(t, c.outside); !slices.Contains(got, c.code) {
				t.Errorf("outside the limit: %v, want %s", got, c.code)
			}
		})
	}
}

// The knee is where 95 % of the peak are reached; a fall beyond it is told
// above 10 %, when no trial reaches the worst one at the peak.
func TestSweepLimits(t *testing.T) {
	t.Parallel()
	levels := []int{10, 50, 100}
	for perS, want := range map[float64]int{9_510: 10, 9_490: 50} {
		if s := scaled(t, levels, perS, 10_000, 10_000).Sides[0]; s.Knee.At != want {
			t.Errorf("%v/s of 10,000/s: knee at %d connections, want %d", perS, s.Knee.At, want)
		}
	}
	for perS, want := range map[float64]bool{9_100: false, 9_080: true} { // 10,000/9,091 is 1.1
		if s := scaled(t, levels, 5_000, 10_000, perS).Sides[0]; (s.Degraded != nil) != want {
			t.Errorf("%v/s of 10,000/s: %v", perS, s.Degraded)
		}
	}
	for best, want := range map[float64]bool{9_890: true, 9_910: false} { // the worst at the peak is 9,900
		doc := sample.LoadTest("rust", 1, sample.Projects(10, 2), sample.Projects(50, 2))
		for i, v := range [][2]float64{{9_900, 10_100}, {7_000, best}} {
			doc.Scenarios[i].Trials[0].ThroughputPS, doc.Scenarios[i].Trials[1].ThroughputPS = v[0], v[1]
		}
		c, err := New([]results.Document{doc}, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Sweeps[0].Sides[0].Degraded; (got != nil) != want {
			t.Errorf("one trial of %v/s: %v", best, got)
		}
	}
}

// steadily is a profile of so many seconds that rises by growth in all after
// the first quarter, which is left out; bend is how far its second half rises,
// as a part of its first.
func steadily(seconds int, from, growth, bend float64) *results.MemoryUse {
	start := float64(seconds) / 4
	length := float64(seconds) - start
	return sample.Held(seconds, func(at float64) float64 {
		x := math.Max(0, (at-start)/length) * 2
		return from + growth/(1+bend)*(math.Min(x, 1)+bend*math.Max(0, x-1))
	})
}

// What docs/memory.md says of leaks, at its limits. Growth is judged between
// the middles of the first block and the last: 29/30 of it in 30 blocks.
func TestLeakLimits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		profile *results.MemoryUse
		want    stats.GrowthVerdict
		blocks  int
	}{
		"ten blocks of a second": {steadily(14, 30e6, 30e6, 1), stats.Growing, 10},
		"not ten of a second":    {steadily(13, 30e6, 30e6, 1), stats.TooShort, 0},
		"no more than thirty":    {steadily(120, 30e6, 30e6, 1), stats.Growing, 30},
		"thirty of a second":     {steadily(41, 30e6, 30e6, 1), stats.Growing, 30},
		"half a megabyte":        {steadily(120, 1e6, 0.51e6*30/29, 1), stats.Growing, 30},
		"less":                   {steadily(120, 1e6, 0.49e6*30/29, 1), stats.Stable, 30},
		"however much there is":  {steadily(120, 100e6, 0.51e6*30/29, 1), stats.Growing, 30},
		"gone at the end":        {gone(steadily(60, 30e6, 30e6, 1), 57), stats.TooShort, 0},
		"there at the end":       {gone(steadily(60, 30e6, 30e6, 1), 58.5), stats.Growing, 30},
	} {
		if l := memory.FindLeak(c.profile); l.Verdict != c.want || l.Blocks != c.blocks {
			t.Errorf("%v: %v, %d blocks (%v), want %v, %d", name, l.Verdict, l.Blocks, l.Reason, c.want, c.blocks)
		}
	}
}

// gone is a profile of a server that was not there after so many seconds.
func gone(m *results.MemoryUse, after float64) *results.MemoryUse {
	n := len(m.Series.AtS)
	for n > 0 && m.Series.AtS[n-1] > after {
		n--
	}
	m.Series.AtS, m.Series.ResidentBytes = m.Series.AtS[:n], m.Series.ResidentBytes[:n]
	return m
}

// A growth into the load is left out when it is over within the first quarter.
func TestLeakWarmUpLimit(t *testing.T) {
	t.Parallel()
	until := func(part float64) *results.MemoryUse {
		return sample.Held(80, func(at float64) float64 { return 30e6 + 30e6*math.Min(1, at/(80*part)) })
	}
	if l := memory.FindLeak(until(0.25)); l.SlopeBS != 0 || l.HighBS != 0 || l.P != 1 {
		t.Errorf("over after a quarter: %+v", l)
	}
	if l := memory.FindLeak(until(0.28)); l.P == 1 {
		t.Errorf("it went on after a quarter, and that is not seen: %+v", l)
	}
}
