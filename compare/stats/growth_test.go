package stats

import (
	"math"
	"math/rand/v2"
	"testing"

	"taskbench/compare/finding"
)

// watched samples a function 10 times a second, with noise of 0.05 MB.
func watched(seconds float64, of func(t float64) float64) (at, ys []float64) {
	r := rand.New(rand.NewPCG(2, 3))
	for i := range int(seconds * 10) {
		t := float64(i) / 10
		at, ys = append(at, t), append(ys, 50e6+1e6*(of(t)+0.05*r.NormFloat64()))
	}
	return at, ys
}

func growthIn(seconds float64, of func(t float64) float64) Growth {
	at, ys := watched(seconds, of)
	return FindGrowth(at, ys, DefaultGrowth())
}

func TestFindGrowth(t *testing.T) {
	t.Parallel()
	saw := func(t float64) float64 { return 30 * math.Mod(t+3, 13) / 13 }
	for _, c := range []struct {
		name    string
		seconds float64
		of      func(t float64) float64
		verdict GrowthVerdict
		reason  finding.Code
	}{
		{"flat", 60, func(float64) float64 { return 0 }, Stable, finding.NoGrowth},
		{"1 MB a minute", 60, func(t float64) float64 { return t / 60 }, Growing, finding.LeakToTheEnd},
		{"in chunks of 1 MB", 60, func(t float64) float64 { return math.Floor(t / 3) }, Growing, finding.LeakToTheEnd},
		{"a cache", 60, func(t float64) float64 { return 40 * (1 - math.Exp(-t/20)) }, TooShort, finding.LeakSlowing},
		{"a cache that is full", 60, func(t float64) float64 { return 60 * (1 - math.Exp(-t/6)) }, Stable, finding.LeakLevelledOff},
		{"two arenas", 60, func(t float64) float64 { return 8*math.Floor(t/25) + 1 }, TooShort, finding.LeakInSteps},
		{"a saw-tooth", 60, saw, TooShort, finding.LeakTeeth},
		{"a leak under it", 60, func(t float64) float64 { return saw(t) + t/2 }, TooShort, finding.LeakTeeth},
		{"a leak far above it", 60, func(t float64) float64 { return saw(t) + 10*t }, Growing, finding.LeakToTheEnd},
		{"a leak that begins half-way", 60, func(t float64) float64 { return math.Max(0, t-30) }, TooShort, finding.LeakInSteps},
		{"it shrinks", 60, func(t float64) float64 { return -t / 2 }, Stable, finding.NoGrowth},
		{"ten seconds", 10, func(t float64) float64 { return t }, TooShort, finding.LeakWindowShort},
		{"nothing", 0, nil, TooShort, finding.SamplesMissing},
	} {
		g := growthIn(c.seconds, c.of)
		if g.Verdict != c.verdict || g.Reason.Code != c.reason {
			t.Errorf("%s: %s, want %s: %s", c.name, g, c.verdict, c.reason)
		}
	}
}

// Half an hour shows a leak of 1 MB a minute below the same teeth that hide it
// in a minute, and can say that there is none.
func TestMoreTimeDecides(t *testing.T) {
	t.Parallel()
	teeth := func(t float64) float64 { return 4 * math.Mod(t, 7) / 7 }
	for _, c := range []struct {
		rate float64
		want GrowthVerdict
	}{{0, Stable}, {1, Growing}} {
		leak := func(t float64) float64 { return teeth(t) + c.rate*t/60 }
		if g := growthIn(60, leak); g.Verdict != TooShort {
			t.Errorf("%g MB/min in a minute: %s", c.rate, g)
		}
		if g := growthIn(1800, leak); g.Verdict != c.want {
			t.Errorf("%g MB/min in half an hour: %s", c.rate, g)
		}
	}
}

func TestGrowthNeedsSamplesThroughout(t *testing.T) {
	t.Parallel()
	at, ys := watched(60, func(t float64) float64 { return t })
	if g := FindGrowth(append(at[:300:300], at[400:]...), append(ys[:300:300], ys[400:]...), DefaultGrowth()); g.Reason.Code != finding.SamplesMissing {
		t.Errorf("ten seconds missing: %s", g)
	}
	if g := FindGrowth(at, ys[:5], DefaultGrowth()); g.Reason.Code != finding.SamplesMissing {
		t.Errorf("times without values: %s", g)
	}
	for k := range at { // a clock that stands still
		at[k] = 5
	}
	if g := FindGrowth(at, ys, DefaultGrowth()); g.Reason.Code != finding.LeakWindowShort {
		t.Errorf("no time passes: %s", g)
	}
}

// By hand: levels 0 and 6 of two and one values leave 0; as one piece the mean
// is 2 and 4 + 4 + 16 are left; a line 0, 0, 6 leaves 6.
func TestPieces(t *testing.T) {
	t.Parallel()
	ys := []float64{0, 0, 6}
	for i, want := range []float64{24, 0, 0} {
		near(t, "pieces", pieceSquares(ys, 3)[i], want, 1e-12)
	}
	near(t, "line", lineSquares(ys), 6, 1e-12)
	near(t, "fall", largestFall([]float64{1, 5, 3, 4, 2, 9}), 3, 0)
}

// A thousand samples of pure noise fall by 6.5 standard deviations or so, which
// are no teeth; neither a slope nor a jump counts as noise.
func TestSampleNoise(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	ys := make([]float64, 1000)
	for i := range ys {
		ys[i] = 3*r.NormFloat64() + 50*float64(i) + 9000*float64(i/400)
	}
	if got := sampleNoise(ys); math.Abs(got-3) > 0.3 {
		t.Errorf("noise %v, want 3", got)
	}
}

func TestFindKnee(t *testing.T) {
	t.Parallel()
	level := func(connections int, centre, scatter float64) Level {
		return Level{connections, []float64{centre - scatter, centre + scatter, centre - scatter, centre + scatter, centre, math.NaN(), 0}}
	}
	for _, c := range []struct {
		name   string
		levels []Level
		want   Knee
	}{
		{"sharp", []Level{level(1, 100, 1), level(2, 200, 1), level(4, 300, 1), level(8, 301, 1), level(16, 300, 1)}, Knee{4, 4, 4, true}},
		{"growing to the end", []Level{level(1, 100, 1), level(2, 200, 1), level(4, 400, 1)}, Knee{4, 4, 4, true}},
		{"near the limit", []Level{level(1, 100, 1), level(2, 287, 3), level(4, 300, 3), level(8, 300, 3)}, Knee{2, 2, 4, true}},
		{"too noisy", []Level{level(1, 200, 60), level(2, 250, 70), level(4, 300, 80)}, Knee{4, 1, 4, false}},
		{"flat", []Level{level(1, 300, 1), level(2, 300, 1), level(4, 300, 1)}, Knee{1, 1, 1, true}},
		{"single trials", []Level{{1, []float64{100}}, {2, []float64{300}}}, Knee{2, 1, 2, false}},
		{"one level", []Level{level(1, 100, 1)}, Knee{}},
		{"none", nil, Knee{}},
	} {
		if got := FindKnee(c.levels, 0.01); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	near(t, "level of one of six", KneeAlpha(6, Look{DifferenceAlpha: 0.00329}), 0.0125*0.00329/6, 1e-15)
}
