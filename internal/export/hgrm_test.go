package export

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/HdrHistogram/hdrhistogram-go"

	"taskbench/internal/figure"
	"taskbench/results"
)

// readPercentiles: a file a target and step, each with a name that any file
// system takes, values and shares rising to 1.
func readPercentiles(t testing.TB, s exportCase) {
	files, err := Percentiles(s.c, s.docs)
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range files {
		if names[f.Name] || filepath.Base(f.Name) != f.Name || strings.ContainsAny(f.Name, "\x00\n \t") || len(f.Name) > 255 {
			t.Errorf("%q is no file name of its own", f.Name)
		}
		names[f.Name] = true
		checkPercentiles(t, written(t, f.Write))
	}
	speeds := slices.ContainsFunc(entries(s.c), func(e entry) bool { return e.metric.Equal(figure.P50) })
	if speeds != (len(files) > 0) {
		t.Errorf("%d files", len(files))
	}
}

// A histogram that cannot be read is an error, and no empty file.
func TestPercentilesRefuse(t *testing.T) {
	docs := measuredDocuments(t)
	damaged := *docs[0].Scenarios[0].Trials[0].Latency
	damaged.HDR = "SElTVA"
	docs[0].Scenarios[0].Trials[0].Latency = &damaged
	if files, err := Percentiles(compared(t, docs).c, docs); err == nil {
		t.Errorf("%d files", len(files))
	}
}

// hdr-plot, a plotter of such files, draws them.
func TestHdrPlot(t *testing.T) {
	plotter, err := exec.LookPath("hdr-plot")
	if err != nil {
		t.Skip("hdr-plot is not installed")
	}
	docs := measuredDocuments(t)
	files, err := Percentiles(compared(t, docs).c, docs)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	args := []string{"--output", filepath.Join(dir, "plot.png"), "--units", "ms"}
	for _, f := range files {
		args = append(args, filepath.Join(dir, f.Name))
		writeText(t, args[len(args)-1], written(t, f.Write))
	}
	out, err := exec.Command(plotter, args...).CombinedOutput()
	if info, statErr := os.Stat(args[1]); err != nil || statErr != nil || info.Size() < 10_000 {
		t.Errorf("%v, %v\n%s", err, statErr, out)
	}
}

// withHistograms gives every trial a distribution: compare's samples have none.
func withHistograms(t testing.TB, docs []results.Document) []results.Document {
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
	give := func(l *results.Latency) {
		if l != nil && l.HDR == "" {
			l.Count, l.HDR = latency.Count, latency.HDR
		}
	}
	for _, d := range docs {
		for _, m := range d.Scenarios {
			for _, trial := range m.Trials {
				give(trial.Latency)
				for _, step := range trial.Steps {
					give(step.Latency)
				}
			}
		}
	}
	return docs
}

func checkPercentiles(t testing.TB, text string) {
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
