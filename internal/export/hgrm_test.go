package export

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"

	"taskbench/compare"
	"taskbench/results"
)

// A percentile file gives back the percentiles of the histogram that it is of.
func TestPercentiles(t *testing.T) {
	each(t, func(t *testing.T, s exportCase) {
		if _, err := Percentiles(s.c, s.docs); err == nil && len(entries(s.c)) > 0 {
			t.Error("histograms that are empty texts were read")
		}
		withHistograms(t, s.docs)
		files, err := Percentiles(s.c, s.docs)
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, f := range files {
			if names[f.Name] || filepath.Base(f.Name) != f.Name || strings.ContainsAny(f.Name, "\n \t") {
				t.Errorf("%q is no file name of its own", f.Name)
			}
			names[f.Name] = true
			checkPercentiles(t, written(t, f.Write))
		}
		speeds := slices.ContainsFunc(entries(s.c), func(e entry) bool { return e.metric == compare.P50 })
		if speeds != (len(files) > 0) {
			t.Errorf("%d files", len(files))
		}
	})
}

// withHistograms gives every trial a distribution: the samples have none.
func withHistograms(t *testing.T, docs []results.Document) {
	t.Helper()
	h := hdrhistogram.New(1, 60_000_000, 3)
	for us := range int64(1000) {
		if err := h.RecordValue(100 + us*us); err != nil {
			t.Fatal(err)
		}
	}
	latency, err := results.NewLatency(h)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range docs {
		for _, m := range d.Scenarios {
			for i := range m.Trials {
				m.Trials[i].Latency = latency
				for j := range m.Trials[i].Steps {
					m.Trials[i].Steps[j].Latency = latency
				}
			}
		}
	}
}

func checkPercentiles(t *testing.T, text string) {
	t.Helper()
	var lastValue, lastShare float64
	lines := 0
	for _, l := range strings.Split(text, "\n")[2:] {
		if strings.HasPrefix(l, "#") || l == "" {
			continue
		}
		var value, share float64
		var count int
		if _, err := fmt.Sscan(l, &value, &share, &count); err != nil || value < lastValue || share < lastShare {
			t.Fatalf("line %q after value %v, share %v: %v", l, lastValue, lastShare, err)
		}
		lastValue, lastShare = value, share
		lines++
	}
	if lines < 2 || lastShare != 1 || !strings.Contains(text, "#[Mean ") {
		t.Errorf("%d lines up to %v:\n%s", lines, lastShare, text)
	}
}
