package shown_test

import (
	"bytes"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"taskbench/compare/capacity"
	"taskbench/compare/capacity/shown"
	"taskbench/compare/lineup"
	"taskbench/internal/golden"
	"taskbench/internal/page"
	"taskbench/internal/search"
	"taskbench/results"
)

// sample is a document of a search on a server that answers so many requests a
// second and no more: latency is 1 ms below its ceiling, and grows beyond it.
func sample(name string, ceiling, most float64, lateFrom float64) results.Document {
	objective := []results.Expectation{{Metric: "p95", Op: "<", Limit: 20_000, Text: "< 20ms"}, {Metric: "errors", Op: "<", Limit: 0.001, Text: "< 0.1%"}}
	s := results.Search{Objective: objective, WidthFraction: 0.02, ExceedFraction: 0.5, InitialS: 1, FinalS: 2, SumS: 6, LeastPS: 100, MostPS: most, StartPS: 1000}
	d := results.Document{
		Schema: results.Schema, Kind: results.Capacity, Session: "s", Implementation: name, Baseline: "rust", Complete: true,
		Created: time.Date(2026, 11, 29, 5, 0, 0, 0, time.UTC), Plan: results.Plan{Targets: []string{"rust", "windjammer"}, Pairs: 5},
		Scenarios: []results.Measurement{{Scenario: "projects", Title: "Projects", Search: &s,
			Expected: []results.Expectation{{Metric: results.ExpectedCapacity, Op: ">", Limit: 2050, Text: "> 2050/s"}, {Metric: "p95", Op: "<", Limit: 1, Text: "< 1us"}}}},
	}
	plan := search.Plan{Goal: capacity.Goal(s), Targets: 1, Repeats: d.Plan.Pairs, Start: s.StartPS, Seed: 7}
	m := &d.Scenarios[0]
	for ask, more := plan.Next(capacity.Trials(*m, 0)); more; ask, more = plan.Next(capacity.Trials(*m, 0)) {
		took := 1000 + math.Max(0, ask.Rate/ceiling-1)*1e6*ask.Length.Seconds()
		cpu := 50 + 1e4/ask.Rate
		t := results.Trial{Pair: ask.Repeat + 1, WindowS: ask.Length.Seconds(), Answers: 100, Good: 100, Latency: &results.Latency{Count: 100, P95US: took},
			Resources: &results.Resources{CPUPerAnswerUS: &cpu}, Sought: &results.Sought{RatePS: ask.Rate, LengthS: ask.Length.Seconds(), CarriedPS: math.Min(ask.Rate, ceiling)}}
		if took >= objective[0].Limit {
			t.Sought.Exceeded = []string{"p95 < 20ms"}
		}
		if lateFrom > 0 && ask.Rate >= lateFrom {
			t.Sought.Void = "the generator used all its cores"
		}
		m.Trials = append(m.Trials, t)
	}
	return d
}

// failing is a server that ends in every other trial that exceeds, and refuses half of
// the requests in the others.
func failing(d results.Document) results.Document {
	n := 0
	for i := range d.Scenarios[0].Trials {
		t := &d.Scenarios[0].Trials[i]
		if len(t.Sought.Exceeded) == 0 {
			continue
		}
		if n++; n%2 == 0 {
			t.Ended, t.Error, t.Latency, t.Resources = &results.Ended{Code: results.ServerEnded}, "the server ended while it was measured: exit status 7\nthe end of what it wrote:\nout of handles", nil, nil
			t.Sought.Exceeded = []string{"the server ended"}
		} else {
			t.Good, t.ErrorFraction = t.Answers/2, 0.5
			t.Sought.Exceeded = []string{"errors < 0.1%"}
		}
	}
	return d
}

// firstUpper is how many trials there are when the first bound is known.
func firstUpper(d results.Document) int {
	n := 1
	for m := d.Scenarios[0]; ; n++ {
		m.Trials = d.Scenarios[0].Trials[:n]
		if b := capacity.Goal(*m.Search).Bounds(search.Of(capacity.Trials(m, 0), 0, 0)); b.Upper > 0 && b.Lower == 0 {
			return n
		}
	}
}

// cases are every way in which a search may end.
func cases() map[string][]results.Document {
	unfinished := sample("windjammer", 2200, 1e6, 0)
	unfinished.Complete, unfinished.Scenarios[0].Trials = false, unfinished.Scenarios[0].Trials[:30]
	begun := sample("rust", 2000, 1e6, 0)
	begun.Complete, begun.Scenarios[0].Trials = false, begun.Scenarios[0].Trials[:0]
	// Broken off where one rate was known to be too high, and no lower one was tried in full.
	above := sample("rust", 2000, 1e6, 0)
	above.Complete, above.Scenarios[0].Trials = false, above.Scenarios[0].Trials[:firstUpper(above)]
	return map[string][]results.Document{
		"two":         {sample("rust", 2000, 1e6, 0), sample("windjammer", 2200, 1e6, 0)},
		"one":         {sample("rust", 2000, 1e6, 0)},
		"never":       {sample("rust", 2000, 1e6, 0), sample("windjammer", 40, 1e6, 0)},
		"always":      {sample("rust", 2000, 3000, 0), sample("windjammer", 9000, 3000, 0)},
		"generator":   {sample("rust", 9000, 1e6, 5000), sample("windjammer", 2200, 1e6, 0)},
		"interrupted": {sample("rust", 2000, 1e6, 0), unfinished},
		"begun":       {begun},
		"above":       {above},
		"failing":     {sample("rust", 2000, 1e6, 0), failing(sample("windjammer", 2200, 1e6, 0))},
	}
}

// TestPages holds the pages of all of them, in every format.
func TestPages(t *testing.T) {
	t.Parallel()
	for name, docs := range cases() {
		c, err := capacity.New(docs, lineup.Options{Baseline: "rust"})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		p := shown.Page(c)
		held(t, name+".60.txt", func(b *bytes.Buffer) error { return page.Text(b, p, page.Options{Width: 60}) })
		held(t, name+".200.txt", func(b *bytes.Buffer) error { return page.Text(b, p, page.Options{Width: 200}) })
		if name != "two" {
			continue
		}
		held(t, name+".md", func(b *bytes.Buffer) error { return page.Markdown(b, p) })
		held(t, name+".csv", func(b *bytes.Buffer) error { return page.CSV(b, p) })
		held(t, name+".json", func(b *bytes.Buffer) error { return page.JSON(b, p) })
	}
}

func held(t *testing.T, name string, write func(*bytes.Buffer) error) {
	t.Helper()
	var is bytes.Buffer
	if err := write(&is); err != nil {
		t.Fatal(err)
	}
	golden.Check(t, filepath.Join("testdata", name), is.String())
}

// TestNoLineIsTooWide tries every page at every width.
func TestNoLineIsTooWide(t *testing.T) {
	t.Parallel()
	for name, docs := range cases() {
		docs[0].Implementation = "a-server-with-a-rather-long-name-and-more"
		docs[0].Baseline = docs[0].Implementation
		c, err := capacity.New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for width := 60; width <= 120; width += 5 {
			var b bytes.Buffer
			if err := page.Text(&b, shown.Page(c), page.Options{Width: width}); err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(b.String()) {
				if n := len([]rune(strings.TrimRight(line, "\n"))); n > width {
					t.Errorf("%s at %d columns: %d in %q", name, width, n, line)
				}
			}
		}
	}
}

func TestMissed(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"two": "[rust carries 2.00 k/s", "never": "[rust carries 2.00 k/s", "one": "[rust carries", "always": "[rust carries", "generator": "[]",
		"interrupted": "[rust carries", "begun": "[]", "above": "[]", "failing": "[rust carries",
	}
	for name, docs := range cases() {
		c, err := capacity.New(docs, lineup.Options{Baseline: "rust"})
		if err != nil {
			t.Fatal(err)
		}
		missed := shown.Missed(c)
		if got := fmt.Sprint(missed); !strings.HasPrefix(got, want[name]) {
			t.Errorf("%s: missed %s, want %s", name, got, want[name])
		}
		if both := len(missed) == 2; both != (name == "never") {
			t.Errorf("%s: %d miss what is expected", name, len(missed))
		}
	}
}
