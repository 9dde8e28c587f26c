package history

import (
	"testing"
	"time"

	"taskbench/compare/lineup"
	"taskbench/internal/figure"
	"taskbench/results"
)

// searched is a document of a search that found a rate in five repeats.
func searched(session, name string, at time.Time, rate float64) results.Document {
	s := results.Search{Objective: []results.Expectation{{Metric: "p95", Op: "<", Limit: 20_000, Text: "< 20ms"}},
		WidthFraction: 0.02, ExceedFraction: 0.5, InitialS: 1, FinalS: 2, SumS: 2, LeastPS: 1, MostPS: 1e6, StartPS: 100}
	m := results.Measurement{Scenario: "s", Hash: "h", Search: &s}
	for repeat := range 5 {
		low := rate * (1 + 0.001*float64(repeat-2))
		m.Trials = append(m.Trials,
			results.Trial{Pair: repeat + 1, Sought: &results.Sought{RatePS: low, LengthS: 2, CarriedPS: low}},
			results.Trial{Pair: repeat + 1, Sought: &results.Sought{RatePS: low * 1.01, LengthS: 2, CarriedPS: low, Exceeded: []string{"p95 < 20ms"}}})
	}
	return results.Document{Kind: results.Capacity, Session: session, Implementation: name, Baseline: "rust", Complete: true, Created: at,
		Plan: results.Plan{Pairs: 5}, Scenarios: []results.Measurement{m}}
}

// TestTrendOfCapacity has two searches, of which the candidate carries less in the second.
func TestTrendOfCapacity(t *testing.T) {
	t.Parallel()
	day := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	docs := []results.Document{
		searched("a", "rust", day, 1000), searched("a", "wj", day, 1100),
		searched("b", "rust", day.Add(24*time.Hour), 1000), searched("b", "wj", day.Add(24*time.Hour), 900),
	}
	trend, err := New(docs, figure.Capacity, "", lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(trend.Series) != 2 || len(trend.Notes) != 0 {
		t.Fatalf("%d series, notes %+v", len(trend.Series), trend.Notes)
	}
	for _, s := range trend.Series {
		want := map[string][2]float64{"rust": {1000, 1000}, "wj": {1100, 900}}[s.Target]
		for i, p := range s.Points {
			if p.Median < 0.999*want[i] || p.Median > 1.001*want[i] || p.Pairs != 5 || (p.Ratio != nil) != (s.Target == "wj") {
				t.Errorf("%s, run %d: %v of %d pairs, want %v", s.Target, i+1, p.Median, p.Pairs, want[i])
			}
		}
	}
}
