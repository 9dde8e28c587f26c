package main

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"taskbench/compare/memory"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
)

func said(rate float64, verdict stats.GrowthVerdict, slope float64) outcome {
	return outcome{rate: rate, leak: memory.Leak{Verdict: verdict, SlopeBS: slope * 1e6}}
}

func TestBars(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		outcomes []outcome
		want     bool
	}{
		{"all as promised", []outcome{said(1, stats.Growing, 0.95), said(0, stats.Stable, 0.02)}, true},
		{"a false alarm", []outcome{said(1, stats.Growing, 1), said(0, stats.Growing, 0.02)}, false},
		{"a sound server in doubt", []outcome{said(1, stats.Growing, 1), said(0, stats.TooShort, 0)}, false},
		{"a leak not seen", []outcome{said(1, stats.Stable, 1), said(0, stats.Stable, 0)}, false},
		{"a rate that is too high", []outcome{said(1, stats.Growing, 1.11), said(0, stats.Stable, 0)}, false},
		{"a rate that is too low", []outcome{said(2, stats.Growing, 1.7), said(0, stats.Stable, 0)}, false},
	}
	for _, c := range cases {
		var out bytes.Buffer
		if got := bars(&out, asked{stable: 1, leaking: 1}, c.outcomes); got != c.want {
			t.Errorf("%s: met %t, want %t\n%s", c.name, got, c.want, &out)
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	peak := 58.9e6
	at := slices.IndexFunc(figure.Memory, func(f *figure.Figure) bool { return f.Key == "peak_bytes" })
	text, err := json.Marshal(memory.Comparison{
		Rows:  []verdict.Row{{Metric: figure.Memory[at], Cells: []verdict.Cell{{Median: &peak}}}},
		Sides: []memory.Side{{Leak: &memory.Leak{Verdict: stats.Growing, SlopeBS: 1e6}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if o, err := read(text, 1); err != nil || o.leak.SlopeBS != 1e6 || o.peak != "58.9" || o.rate != 1 {
		t.Errorf("%+v, error %v", o, err)
	}
	if _, err := read([]byte(`{"sides":[{"target":"server","leak":null}]}`), 0); err == nil {
		t.Error("a run without a verdict was accepted")
	}
}
