package capacity

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"taskbench/compare/lineup"
	"taskbench/internal/search"
	"taskbench/results"
)

// TestJudge has a trial at 1000/s for each thing that can be said of one.
func TestJudge(t *testing.T) {
	t.Parallel()
	objective := []results.Expectation{{Metric: "p95", Op: "<", Limit: 20_000, Text: "< 20ms"}, {Metric: "errors", Op: "<", Limit: 0.001, Text: "< 0.1%"}}
	cores := 0.99
	for _, c := range []struct {
		name     string
		change   func(*results.Trial)
		exceeded string // all of it, with commas
		void     string // part of it
		carried  float64
	}{
		{"all is well", func(*results.Trial) {}, "", "", 1000},
		{"too slow", func(t *results.Trial) { t.Latency.P95US = 20_000 }, "p95 < 20ms", "", 1000},
		{"wrong answers", func(t *results.Trial) { t.ErrorFraction = 0.001 }, "errors < 0.1%", "", 1000},
		{"both", func(t *results.Trial) { t.Latency.P95US, t.ErrorFraction = 30_000, 0.5 }, "p95 < 20ms, errors < 0.1%", "", 1000},
		{"full", func(t *results.Trial) {
			t.Latency.P95US, t.Rate.Begun, t.Rate.ReachedPS = 300_000, 1600, 800
			t.Rate.Service.MeanUS = 19_000
		}, "p95 < 20ms, rate not reached", "", 800},
		{"more begun than asked, of a backlog", func(t *results.Trial) { t.Rate.Begun = 2100 }, "", "", 1000},
		{"users that idle", func(t *results.Trial) { t.Rate.Begun, t.Rate.ReachedPS = 1600, 800 }, "rate not reached", "did not send all the same", 800},
		{"late by itself", func(t *results.Trial) { t.Latency.P95US, t.Rate.LagMeanUS = 21_000, 2500 }, "p95 < 20ms", "2.50 ms late", 1000},
		{"late, and too slow without that", func(t *results.Trial) { t.Latency.P95US, t.Rate.LagMeanUS = 40_000, 2500 }, "p95 < 20ms", "", 1000},
		{"late, and good all the same", func(t *results.Trial) { t.Rate.LagMeanUS = 2500 }, "", "", 1000},
		{"no core left", func(t *results.Trial) {
			t.Latency.P95US = 30_000
			t.Resources = &results.Resources{GeneratorCores: &cores, GeneratorCoresAllowed: 1}
		}, "p95 < 20ms", "used all its cores", 1000},
		{"the server ends", func(t *results.Trial) { t.Ended, t.Error = &results.Ended{}, "it ended" }, "the server ended", "", 0},
		{"no figures", func(t *results.Trial) { t.Error = "setup failed" }, "", "setup failed", 0},
		{"a closed loop", func(t *results.Trial) { t.Rate = nil }, "", "no rate", 0},
	} {
		trial := results.Trial{Pair: 1, WindowS: 2, Answers: 2000, Good: 2000, Latency: &results.Latency{Count: 2000, P95US: 5000},
			Rate: &results.Rate{AskedPS: 1000, ReachedPS: 1000, Due: 2000, Begun: 2000, LagMeanUS: 50, Service: &results.Latency{Count: 2000, MeanUS: 1000}}}
		c.change(&trial)
		s := Judge(&trial, search.Ask{Rate: 1000, Length: 2 * time.Second}, 16, objective)
		if got := strings.Join(s.Exceeded, ", "); got != c.exceeded || c.void == "" && s.Void != "" || !strings.Contains(s.Void, c.void) || s.CarriedPS != c.carried {
			t.Errorf("%s: exceeded %q, void %q, %v/s; want %q, %q, %v/s", c.name, got, s.Void, s.CarriedPS, c.exceeded, c.void, c.carried)
		}
		if s.RatePS != 1000 || s.LengthS != 2 || s.Users != 16 {
			t.Errorf("%s: what was asked is lost: %+v", c.name, s)
		}
	}
}

// TestWhatIsExpected holds a documented capacity against every way a search can end.
func TestWhatIsExpected(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		outcome Outcome
		rate    float64
		op      string
		want    string
	}{
		{Found, 3001, ">", "met"}, {Found, 3000, ">", "missed"}, {Found, 3000, ">=", "met"}, {Found, 2999, ">=", "missed"},
		{Never, 100, ">", "missed"}, {Never, 5000, ">", "open"},
		{Always, 5000, ">", "met"}, {Always, 100, ">", "open"}, {Generator, 5000, ">", "met"}, {Generator, 100, ">", "open"},
		{Unknown, 0, ">", "open"},
	} {
		met := Side{Carried: Carried{Outcome: c.outcome, Rate: c.rate}}.meets(results.Expectation{Op: c.op, Limit: 3000})
		got := "open"
		if met != nil {
			got = map[bool]string{true: "met", false: "missed"}[*met]
		}
		if got != c.want {
			t.Errorf("%s at %v, expected %s 3000: %s, want %s", c.outcome, c.rate, c.op, got, c.want)
		}
	}
}

// TestHostileDocuments has numbers that no search writes: New says no, or what it can.
func TestHostileDocuments(t *testing.T) {
	t.Parallel()
	for _, s := range []results.Search{{}, {ExceedFraction: 1, WidthFraction: 1e12, FinalS: 1e9}, {ExceedFraction: 5}} {
		d := results.Document{Kind: results.Capacity, Implementation: "a", Plan: results.Plan{Pairs: 1e7},
			Scenarios: []results.Measurement{{Search: &s, Trials: []results.Trial{{Pair: 1, Sought: &results.Sought{}}, {Pair: -1, Sought: &results.Sought{RatePS: 1}}, {Pair: 1, Sought: &results.Sought{RatePS: 1e15, LengthS: 1e9}},
				{Pair: 2, Sought: &results.Sought{RatePS: 1, LengthS: 1e9}}, {Pair: 2, Sought: &results.Sought{RatePS: 2, LengthS: 1e9, Exceeded: []string{"x"}}}}}}}
		c, err := New([]results.Document{d}, lineup.Options{})
		if err != nil {
			t.Error(err)
			continue
		}
		if text := fmt.Sprint(c.Sides[0].Rate, c.Sides[0].CI); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Errorf("%+v: %s", s, text)
		}
	}
}
