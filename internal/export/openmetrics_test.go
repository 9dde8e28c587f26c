package export

import (
	"io"
	"math"
	"testing"

	promlabels "github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

// readOpenMetrics: Prometheus' own parser reads every figure, each series once,
// families whole.
func readOpenMetrics(t testing.TB, s exportCase) {
	text := written(t, func(w io.Writer) error { return OpenMetrics(w, s.c) })
	p := textparse.NewOpenMetricsParser([]byte(text), promlabels.NewSymbolTable())
	families, series, ratios := map[string]bool{}, map[string]bool{}, 0
	for {
		entry, err := p.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		switch entry {
		case textparse.EntryType:
			name, _ := p.Type()
			if families[string(name)] {
				t.Errorf("family %s is torn apart", name)
			}
			families[string(name)] = true
		case textparse.EntrySeries:
			_, at, v := p.Series()
			var l promlabels.Labels
			p.Labels(&l)
			if series[l.String()] || at == nil || math.IsNaN(v) {
				t.Errorf("%s: twice, without a time or NaN", l)
			}
			series[l.String()] = true
			if l.Get("__name__") == "taskbench_candidate_ratio" {
				ratios++
			}
		}
	}
	if want := len(entries(s.c)); len(series)-ratios != want {
		t.Errorf("%d figures, want %d", len(series)-ratios, want)
	}
}
