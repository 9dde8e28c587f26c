package compare

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// ledgerOf is a document whose answers to create cost so many instructions, one value a
// recording, and those to list always the same; nobody calls the system.
func ledgerOf(name string, create ...int64) results.Document {
	m := results.Measurement{Scenario: "two", Hash: "h", Mode: "flow", Load: results.Load{Connections: 10}, Steps: []string{"create", "list"}}
	for i, n := range create {
		step := func(name string, n int64) results.StepResult {
			return results.StepResult{Name: name, Answers: 20, Good: 20, Cost: &results.Cost{Answers: 20, Instructions: 20 * n, Allocations: 20 * 7, AnswerBytes: 20 * 82, RequestBytes: 20 * 40}}
		}
		m.Trials = append(m.Trials, results.Trial{Pair: i + 1, Answers: 40, Good: 40, Steps: []results.StepResult{step("create", n), step("list", 5000)}})
	}
	return results.Document{Schema: results.Schema, Kind: results.Ledger, Implementation: name, Session: "s", Baseline: "rust", Complete: true,
		Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Plan: results.Plan{Pairs: len(create), Rule: LedgerRule(len(create))}, Scenarios: []results.Measurement{m}}
}

func ledger(t *testing.T, docs ...results.Document) *LedgerComparison {
	t.Helper()
	c, err := NewLedger(docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *LedgerComparison) row(t *testing.T, step string, f *figure.Figure) Row {
	t.Helper()
	for _, r := range c.Scenarios[0].Rows {
		if r.Step == step && r.Metric.Equal(f) {
			return r
		}
	}
	t.Fatalf("no %s of %q", f.Name, step)
	return Row{}
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
		l := ledger(t, ledgerOf("rust", c.base...), ledgerOf("wj", c.candidate...))
		if got := l.row(t, "create", figure.CountedInstructions).Cells[1].Ratio.Verdict; got.Verdict != c.want {
			t.Errorf("%s: %s, want %s (ratio %v %v)", c.name, got.Verdict, c.want, got.Ratio, got.CI)
		}
		if r := l.row(t, "list", figure.CountedSystemCalls); r.Cells[1].Difference == nil || *r.Cells[1].Difference != 0 || !r.Cells[1].NoRatio.IsZero() {
			t.Errorf("%s: no system calls on both sides: %+v", c.name, r.Cells[1])
		}
	}
	if _, err := NewLedger([]results.Document{{Kind: results.Ledger, Implementation: "rust", Scenarios: []results.Measurement{{Scenario: "two"}}}}, Options{}); err == nil {
		t.Error("a ledger of nothing")
	}
}

// A program without symbols is told of, for what is called of it meets nothing.
func TestWithoutSymbols(t *testing.T) {
	t.Parallel()
	docs := []results.Document{ledgerOf("rust", 10000), ledgerOf("wj", 10400)}
	for i, name := range []string{"api::store", "[program]"} {
		for k := range docs[i].Scenarios[0].Trials[0].Steps {
			docs[i].Scenarios[0].Trials[0].Steps[k].Cost.Functions = &results.FunctionCosts{Name: []string{name}, Module: []string{"m"}, Instructions: []int64{180000}, Inclusive: []int64{180000}, Calls: []int64{1}, SystemCalls: []int64{0}, Allocations: []int64{0}}
		}
	}
	w, err := NewWhy(docs, WhyOptions{Step: "create"})
	if err != nil {
		t.Fatal(err)
	}
	told := w.Notes[len(w.Notes)-1]
	if told.Code != finding.NoSymbols || told.Target != "wj" || told.Values["fraction"] != 180000.0/208000 {
		t.Errorf("%+v", w.Notes)
	}
}

// A rename of what is not there is an error, and says what there is.
func TestRenamesOfNothing(t *testing.T) {
	t.Parallel()
	docs := []results.Document{ledgerOf("rust", 10000), ledgerOf("wj", 10400)}
	for i, name := range []string{"api::store", "<server::Store as Put>::put"} {
		for k := range docs[i].Scenarios[0].Trials[0].Steps {
			docs[i].Scenarios[0].Trials[0].Steps[k].Cost.Functions = &results.FunctionCosts{Name: []string{name}, Module: []string{"m"}, Instructions: []int64{9000}, Inclusive: []int64{9000}, Calls: []int64{1}, SystemCalls: []int64{0}, Allocations: []int64{0}}
		}
	}
	for rename, want := range map[Renamed]string{
		{"api::store", "<server::Store as Put>::put"}: "",
		{"api::*", "server::*"}:                       "",
		{"api::stor", "server::*"}:                    `no function of the baseline is called "api::stor"`,
		{"server::*", "api::*"}:                       `no function of the baseline is called "server::*"`,
		{"api::*", "server::x"}:                       `no function of the candidate is called "server::x"`,
	} {
		_, err := NewWhy(docs, WhyOptions{Renamed: []Renamed{rename}})
		if got := fmt.Sprint(err); (want == "") != (err == nil) || !strings.Contains(got, want) {
			t.Errorf("%v: %v, want %q", rename, err, want)
		}
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
		beside := TimeBeside{Instructions: 1.1, CPU: &Ratio{Ratio: c.ratio, Verdict: &Verdict{Judgement: stats.Judgement{CI: stats.Interval{Low: c.low, High: c.high}}}}}
		if got := beside.says().Code; got != c.want {
			t.Errorf("%v [%v, %v]: %s, want %s", c.ratio, c.low, c.high, got, c.want)
		}
	}
}

// Of a scenario with one step, the history is that step's.
func TestHistoryOfOneStep(t *testing.T) {
	t.Parallel()
	rust, wj := ledgerOf("rust", 10000, 10000), ledgerOf("wj", 10400, 10400)
	for _, d := range []results.Document{rust, wj} {
		m := &d.Scenarios[0]
		m.Steps = m.Steps[:1]
		for i := range m.Trials {
			m.Trials[i].Steps = m.Trials[i].Steps[:1]
		}
	}
	trend, err := NewTrend([]results.Document{rust, wj}, figure.CountedInstructions, "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(trend.Series) != 2 || trend.Series[1].Points[0].Median != 10400 {
		t.Errorf("%+v", trend.Series)
	}
}
