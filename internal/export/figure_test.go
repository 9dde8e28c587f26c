package export

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"taskbench/compare"
	"taskbench/compare/charts"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/report"
	"taskbench/results"
)

// TestMadeUpFigure holds the one table of figures to its promise: what is
// added to it is found wherever figures are shown. Not parallel: it changes the
// table.
func TestMadeUpFigure(t *testing.T) {
	before := figure.Load
	t.Cleanup(func() { figure.Load = before })
	figure.Load = append(before[:len(before):len(before)], &figure.Figure{
		Key: "luck_bytes", Name: "luck", Unit: figure.Binary, Better: stats.LowerIsBetter, Course: "Luck, pair by pair",
		Trial: func(t *results.Trial) *float64 {
			v := 7 * t.ThroughputPS
			return &v
		},
	})
	docs := stored(t, filepath.Join("..", "..", "compare", "testdata", "two_targets"))
	c, err := compare.New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	writers := map[string]func(io.Writer) error{
		"text":           func(w io.Writer) error { return page.Text(w, words.Load(c), page.Options{}) },
		"markdown":       func(w io.Writer) error { return page.Markdown(w, words.Load(c)) },
		"csv":            func(w io.Writer) error { return page.CSV(w, words.Load(c)) },
		"json":           func(w io.Writer) error { return page.JSON(w, words.Load(c)) },
		"openmetrics":    func(w io.Writer) error { return OpenMetrics(w, c) },
		"benchmark text": func(w io.Writer) error { return GoBenchmark(w, c) },
		"bmf":            func(w io.Writer) error { return Bencher(w, c) },
		"action":         func(w io.Writer) error { return GitHubActionBenchmark(w, c, stats.LowerIsBetter) },
		"report": func(w io.Writer) error {
			return report.HTML(w, []page.Page{charts.Load(c, docs, charts.Beside{})})
		},
	}
	want := map[string]string{
		"text": "  luck ", "markdown": "| luck ", "csv": ",luck_bytes,,lower,", "json": `"luck_bytes"`, "openmetrics": "taskbench_luck_bytes{",
		"benchmark text": " luck-B", "bmf": `"luck"`, "action": " luck\"", "report": "Luck, pair by pair",
	}
	for name, write := range writers {
		var out bytes.Buffer
		if err := write(&out); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !strings.Contains(out.String(), want[name]) {
			t.Errorf("%s has no %q", name, want[name])
		}
	}
}
