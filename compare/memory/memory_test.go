package memory_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/memory"
	"taskbench/compare/sample"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

func TestFindLeak(t *testing.T) {
	t.Parallel()
	saw := func(at, period, height float64) float64 { return height * math.Mod(at, period) / period }
	noise := rand.New(rand.NewPCG(1, 2))
	cases := []struct {
		name    string
		seconds int
		bytes   func(at float64) float64
		want    stats.GrowthVerdict
		slope   float64 // bytes a second; NaN: not looked at
	}{
		{"constant", 60, func(float64) float64 { return 30e6 }, stats.Stable, 0},
		{"1 MB/s", 60, func(at float64) float64 { return 30e6 + 1e6*at }, stats.Growing, 1e6},
		{"1 MB/s under a saw-tooth", 60, func(at float64) float64 { return 30e6 + 1e6*at + saw(at, 3.7, 15e6) }, stats.Growing, 1e6},
		{"saw-tooth, short teeth", 60, func(at float64) float64 { return 30e6 + saw(at, 0.7, 20e6) }, stats.TooShort, math.NaN()},
		{"saw-tooth, long teeth", 60, func(at float64) float64 { return 30e6 + saw(at, 9, 20e6) }, stats.TooShort, math.NaN()},
		{"saw-tooth, low teeth", 60, func(at float64) float64 { return 30e6 + saw(at, 2, 2e6) }, stats.Stable, math.NaN()},
		{"a cache that fills", 60, func(at float64) float64 { return 30e6 + 40e6*(1-math.Exp(-at/20)) }, stats.TooShort, math.NaN()},
		{"a leak under high teeth", 60, func(at float64) float64 { return 30e6 + 0.5e6*at + saw(at, 25, 30e6) }, stats.TooShort, math.NaN()},
		{"noise", 60, func(float64) float64 { return 30e6 + 2e6*noise.NormFloat64() }, stats.Stable, math.NaN()},
		{"warm-up that levels off", 60, func(at float64) float64 { return 60e6 - 30e6*math.Exp(-at/6) }, stats.Stable, math.NaN()},
		{"one step", 60, func(at float64) float64 { return 30e6 + 10e6*math.Min(1, math.Floor(at/25)) }, stats.TooShort, math.NaN()},
		{"falling", 60, func(at float64) float64 { return 90e6 - 1e6*at }, stats.Stable, -1e6},
		{"too little to matter", 60, func(at float64) float64 { return 30e6 + 5e3*at }, stats.Stable, 5e3},
		{"seconds only", 10, func(at float64) float64 { return 30e6 + 1e6*at }, stats.TooShort, math.NaN()},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := memory.FindLeak(sample.Held(c.seconds, c.bytes))
			if l.Verdict != c.want {
				t.Errorf("%s (%+v), want %s", words.LeakText(l), l, c.want)
			}
			if !math.IsNaN(c.slope) && math.Abs(l.SlopeBS-c.slope) > 0.1*math.Abs(c.slope) {
				t.Errorf("slope %.0f B/s, want %.0f within 10 %%", l.SlopeBS, c.slope)
			}
			if l.Reason.IsZero() {
				t.Error("no reason")
			}
		})
	}
}

func TestLeakOfAServerThatWentAway(t *testing.T) {
	t.Parallel()
	m := sample.Held(60, func(at float64) float64 { return 30e6 + 1e6*at })
	s := &m.Series
	s.AtS, s.ResidentBytes = s.AtS[:300], s.ResidentBytes[:300]
	if l := memory.FindLeak(m); l.Verdict != stats.TooShort || l.Reason.Code != finding.SamplesMissing {
		t.Errorf("%+v, want no verdict and why", l)
	}
}

func TestMemoryTable(t *testing.T) {
	t.Parallel()
	docs := []results.Document{
		sample.Memory("rust", func(float64) float64 { return 30e6 }),
		sample.Memory("windjammer", func(at float64) float64 { return 90e6 + 1e6*at }),
	}
	c, err := memory.New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := page.Text(&out, words.Memory(c), page.Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"under load, peak", "leak: rust is stable", "leak: windjammer is growing 60.",
		"expected peak under load < 100 MB: rust ✓", "windjammer ✗ missed", "rust       ▂▂▂▂", "▇███",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, &out)
		}
	}
	if got := c.Rows[0].Cells[1].Ratio.Ratio; math.Abs(got-120.0/30) > 0.1 { // mean of 90 to 150 MB
		t.Errorf("%s: ratio %v, want 4", c.Rows[0].Metric.Name, got)
	}
}

func TestMemoryWithoutFigures(t *testing.T) {
	t.Parallel()
	d := sample.Memory("rust", func(float64) float64 { return 1 })
	d.Scenarios[0].Trials[0].Memory = &results.MemoryUse{Missing: "it belongs to another user", LoadToS: 60}
	c, err := memory.New([]results.Document{d}, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Notes) != 1 || sentences.Of(c.Notes[0]) != "rust: it belongs to another user" || c.Sides[0].Leak != nil {
		t.Errorf("notes %v, leak %v", c.Notes, c.Sides[0].Leak)
	}
	d.Scenarios[0].Trials[0].Memory = nil
	if _, err := memory.New([]results.Document{d}, lineup.Options{}); err != memory.ErrNone {
		t.Errorf("error %v, want %v", err, memory.ErrNone)
	}
}
