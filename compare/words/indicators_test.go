package words

import (
	"strings"
	"testing"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/internal/page"
	"taskbench/results"
)

// Each target has a block of its own, a line an indicator, with its figure.
func TestIndicators(t *testing.T) {
	t.Parallel()
	one := func(metric, text string, r compare.IndicatorResult) compare.Indicator {
		return compare.Indicator{Expectation: results.Expectation{Metric: metric, Text: text}, Results: []compare.IndicatorResult{r}}
	}
	worst := func(v float64, where string, met, of int) compare.IndicatorResult {
		return compare.IndicatorResult{Worst: &v, Where: where, Met: met, Of: of, Good: new(met == of)}
	}
	c := &compare.Comparison{Targets: []lineup.Target{{Label: "rust"}}, Indicators: []compare.Indicator{
		one("p95", "< 20ms", worst(33_200, "auth @ 4 register", 16, 17)),
		one("throughput", "> 5k/s", worst(2.45, "auth @ 4", 5, 6)),
		one("memory", "< 100MB", worst(61<<20, "workflow @ 16", 6, 6)),
		one("cpu", "< 80%", worst(0.92, "health @ 50", 5, 6)),
		one("leaks", "none", compare.IndicatorResult{Missing: finding.Finding{Code: finding.LeaksElsewhere}}),
		one(string(finding.LongTail), "", compare.IndicatorResult{Where: "auth @ 4", Met: 5, Of: 6, Good: new(false)}),
		one(string(finding.Falling), "", compare.IndicatorResult{Met: 6, Of: 6, Good: new(true)}),
	}}
	var p page.Page
	p.Add(Indicators(c)...)
	var b strings.Builder
	if err := page.Text(&b, p, page.Options{Width: 100}); err != nil {
		t.Fatal(err)
	}
	want := `indicators of rust
  p95 < 20ms: in 16 of 17 steps, at worst 33.2 ms (auth @ 4 register) ✗ missed
  throughput > 5k/s: in 5 of 6 scenarios, at worst 2.45 /s (auth @ 4) ✗ missed
  memory < 100MB: in 6 of 6 scenarios, at worst 61.0 MiB (workflow @ 16) ✓
  cpu < 80%: in 5 of 6 scenarios, at worst 92.0 % (health @ 50) ✗ missed
  leaks none: (not checked: load tests do not tell: taskbench memory, taskbench soak)
  p99 far above p95: in 1 of 6 scenarios (auth @ 4) ✗ missed
  throughput falling within a window: in 0 of 6 scenarios ✓
`
	if got := strings.TrimRight(b.String(), "\n") + "\n"; got != want {
		t.Errorf("got\n%s", got)
	}
	if Indicators(&compare.Comparison{Targets: c.Targets}) != nil {
		t.Error("a block where nobody asked")
	}
}
