package compare

import (
	"testing"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

func ledger(t *testing.T, docs ...results.Document) *LedgerComparison {
	t.Helper()
	c, err := NewLedger(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *LedgerComparison) row(t *testing.T, step string, f *figure.Figure) verdict.Row {
	t.Helper()
	for _, r := range c.Scenarios[0].Rows {
		if r.Step == step && r.Metric.Equal(f) {
			return r
		}
	}
	t.Fatalf("no %s of %q", f.Name, step)
	return verdict.Row{}
}

// A difference of 1 % is stated where recordings differ by less, and not where they
// differ by more; within half of that, counts are at parity; and what neither has any
// of is the same.
func TestLedgerStates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name            string
		base, candidate []int64
		want            stats.Verdict
	}{
		{"1 % more", []int64{10000, 10001, 9999, 10000, 10000}, []int64{10100, 10101, 10100, 10099, 10100}, stats.Slower},
		{"1 % fewer", []int64{10000, 10001, 9999, 10000, 10000}, []int64{9900, 9901, 9900, 9899, 9900}, stats.Faster},
		{"exactly the same", []int64{10000, 10000, 10000}, []int64{10000, 10000, 10000}, stats.Parity},
		{"0.2 % more, each time", []int64{10000, 10000, 10000}, []int64{10020, 10020, 10020}, stats.Parity},
		{"scattered", []int64{10000, 10400, 9700, 10100, 9900}, []int64{10100, 9800, 10300, 10600, 9900}, stats.Inconclusive},
		{"two recordings", []int64{10000, 10000}, []int64{11000, 11000}, stats.Indicative},
	} {
		l := ledger(t, sample.Ledger("rust", c.base...), sample.Ledger("wj", c.candidate...))
		if got := l.row(t, "create", figure.CountedInstructions).Cells[1].Ratio.Verdict; got.Verdict != c.want {
			t.Errorf("%s: %s, want %s (ratio %v %v)", c.name, got.Verdict, c.want, got.Ratio, got.CI)
		}
		if r := l.row(t, "list", figure.CountedSystemCalls); r.Cells[1].Difference == nil || *r.Cells[1].Difference != 0 || !r.Cells[1].NoRatio.IsZero() {
			t.Errorf("%s: no system calls on both sides: %+v", c.name, r.Cells[1])
		}
	}
	if _, err := NewLedger([]results.Document{{Kind: results.Ledger, Implementation: "rust", Scenarios: []results.Measurement{{Scenario: "two"}}}}, lineup.Options{}); err == nil {
		t.Error("a ledger of nothing")
	}
}

// CPU time per answer stands beside instructions, and says whether it agrees.
func TestTimeBeside(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		ratio, low, high float64
		want             finding.Code
	}{
		{1.10, 1.06, 1.14, finding.TimeAgrees}, {1.30, 1.25, 1.35, finding.TimeSameWay}, {1.05, 0.95, 1.15, finding.TimeOpen}, {0.9, 0.85, 0.95, finding.TimeDiffers}, {1.02, 0.98, 1.05, finding.TimeDiffers},
	} {
		beside := TimeBeside{Instructions: 1.1, CPU: &verdict.Ratio{Ratio: c.ratio, Verdict: &verdict.Verdict{Judgement: stats.Judgement{CI: stats.Interval{Low: c.low, High: c.high}}}}}
		if got := beside.says().Code; got != c.want {
			t.Errorf("%v [%v, %v]: %s, want %s", c.ratio, c.low, c.high, got, c.want)
		}
	}
}
