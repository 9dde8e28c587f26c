package compare_test

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

// ratios are all ratios of a comparison by scenario, step, metric and target.
func ratios(c *Comparison) map[string]verdict.Ratio {
	all := make(map[string]verdict.Ratio)
	for _, s := range c.Scenarios {
		for _, r := range s.Rows {
			for _, cell := range r.Cells {
				if cell.Ratio != nil {
					all[fmt.Sprint(s.Name, s.Load.Connections, r.Step, r.Metric, cell.Target)] = *cell.Ratio
				}
			}
		}
	}
	return all
}

func TestSelfIsOne(t *testing.T) {
	t.Parallel()
	for name, build := range cases {
		one := build()[0]
		other := one
		other.Implementation = "same again"
		c, err := New([]results.Document{one, other}, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(ratios(c)) == 0 {
			t.Errorf("%s: no ratios", name)
		}
		for k, r := range ratios(c) {
			if r.Ratio != 1 || r.Low != 1 || r.High != 1 {
				t.Errorf("%s: %s is %+v", name, k, r)
			}
		}
	}
}

func TestSwapInverts(t *testing.T) {
	t.Parallel()
	for name, build := range cases {
		docs := build()
		if len(docs) != 2 {
			continue
		}
		docs[0].Implementation, docs[1].Implementation = "a", "b"
		forth, err := New(docs, lineup.Options{Baseline: "a"})
		if err != nil {
			t.Fatal(err)
		}
		back, err := New(docs, lineup.Options{Baseline: "b"})
		if err != nil {
			t.Fatal(err)
		}
		there, here := ratios(forth), ratios(back)
		if len(there) != len(here) {
			t.Errorf("%s: %d ratios one way, %d the other", name, len(there), len(here))
		}
		for k, r := range there {
			inverse := here[strings.TrimSuffix(k, "b")+"a"]
			if !near(r.Ratio*inverse.Ratio, 1) || !near(r.Low*inverse.High, 1) || !near(r.High*inverse.Low, 1) || r.Pairs != inverse.Pairs {
				t.Errorf("%s: %s is %+v, and %+v the other way", name, k, r, inverse)
			}
		}
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestOrderOfDocumentsIsNothing(t *testing.T) {
	t.Parallel()
	for name, build := range cases {
		docs := build()
		forth, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(docs)
		back, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(forth, back, cmpopts.IgnoreUnexported(Comparison{}, Side{}, verdict.Verdict{}, Overall{})); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

// A comparison that went through JSON prints the same.
func TestJSONKeepsEverything(t *testing.T) {
	t.Parallel()
	for name, build := range cases {
		c, err := New(build(), lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var again Comparison
		if err := json.Unmarshal([]byte(printed(t, c, writers["json"])), &again); err != nil {
			t.Fatal(err)
		}
		for ending, write := range writers {
			if diff := cmp.Diff(printed(t, c, write), printed(t, &again, write)); diff != "" {
				t.Errorf("%s as %s:\n%s", name, ending, diff)
			}
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	rust := sample.LoadTest("rust", 1, sample.Health(1))
	memory := rust
	memory.Kind = results.Memory
	for name, c := range map[string]struct {
		docs []results.Document
		o    lineup.Options
		want string
	}{
		"nothing":  {nil, lineup.Options{}, "nothing to compare"},
		"kind":     {[]results.Document{memory}, lineup.Options{}, "the results of rust are of kind memory"},
		"twice":    {[]results.Document{rust, rust}, lineup.Options{}, "the results of rust 2026-11-23 12:00:00 20261123-ab22 are given twice"},
		"baseline": {[]results.Document{rust}, lineup.Options{Baseline: "rsut"}, `the baseline "rsut" is not among the results`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(c.docs, c.o)
			if err == nil {
				t.Fatal("compared")
			}
			if got, _, _ := strings.Cut(err.Error(), "\n"); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// FuzzWriters prints random documents in every form: nothing panics, no NaN
// and no infinity is printed, CSV and JSON can be read again.
func FuzzWriters(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, "step | \x1b[31m `x` \u202e")
	}
	f.Fuzz(func(t *testing.T, seed uint64, text string) {
		text = strings.NewReplacer("nan", "", "inf", "").Replace(strings.ToLower(text))
		g := generator{rand.New(rand.NewPCG(seed, 7)), text}
		c, err := New(g.documents(), lineup.Options{})
		if err != nil {
			return
		}
		for ending, write := range writers {
			out := printed(t, c, write)
			low := strings.ReplaceAll(strings.ToLower(out), "infinite value", "")
			if strings.Contains(low, "nan") || strings.Contains(low, "inf") {
				t.Errorf("%s holds NaN or infinity:\n%s", ending, out)
			}
			if ending != "json" && strings.ContainsAny(out, "\x1b\a\b\x00") {
				t.Errorf("%s holds control characters: %q", ending, out)
			}
		}
		if _, err := csv.NewReader(strings.NewReader(printed(t, c, writers["csv"]))).ReadAll(); err != nil {
			t.Error(err)
		}
		for _, width := range []int{1, 40, 200} {
			if err := page.Text(io.Discard, words.Load(c), page.Options{Width: width, Color: true}); err != nil {
				t.Error(err)
			}
		}
	})
}

// generator draws documents that no run would write.
type generator struct {
	*rand.Rand
	text string
}

func (g generator) documents() []results.Document {
	var docs []results.Document
	for i := range 1 + g.IntN(3) {
		d := results.Document{
			Kind: results.LoadTest, Session: fmt.Sprint("s", g.IntN(2)), Implementation: fmt.Sprint(g.name(), i), Baseline: g.name(),
			Created: sample.Noon.Add(time.Duration(g.IntN(3)) * time.Hour), Complete: g.IntN(2) == 0, Reference: g.name(), Warnings: []string{g.name()},
		}
		for range g.IntN(4) {
			d.Scenarios = append(d.Scenarios, g.measurement())
		}
		docs = append(docs, d)
	}
	return docs
}

func (g generator) name() string { return []string{"", "a", "b", g.text}[g.IntN(4)] }

func (g generator) number() float64 {
	return []float64{0, 1, 1.5, 1000, 1e308, 1e-308, -1, math.NaN(), math.Inf(1), g.Float64() * 1e6}[g.IntN(10)]
}

func (g generator) measurement() results.Measurement {
	m := results.Measurement{
		Scenario: g.name(), Title: g.name(), Hash: []string{"", "1"}[g.IntN(2)], Steps: []string{"a", g.text, g.name()}[:g.IntN(4)],
		Load: results.Load{Connections: g.IntN(2), DurationS: float64(g.IntN(2)), WarmupS: g.number()},
	}
	if g.IntN(8) == 0 {
		m.Refused = g.text
	}
	for range g.IntN(3) {
		m.Expected = append(m.Expected, results.Expectation{
			Step: g.name(), Metric: []string{"p95", "flow_p99.9", "errors", "x"}[g.IntN(4)], Op: []string{"<", ">=", "?"}[g.IntN(3)], Limit: g.number(), Text: g.text,
		})
	}
	for range g.IntN(4) {
		m.Trials = append(m.Trials, g.trial())
	}
	return m
}

func (g generator) trial() results.Trial {
	t := results.Trial{Pair: g.IntN(3), ThroughputPS: g.number(), ErrorFraction: g.number(), Latency: g.latency(), Warnings: []string{g.text}}
	if g.IntN(5) == 0 {
		t.Error = g.text
	}
	if g.IntN(2) == 0 {
		t.Iterations = &results.Iterations{Latency: g.latency()}
	}
	for range g.IntN(3) {
		s := results.StepResult{
			Name: g.name(), Answers: g.Uint64N(3), Good: g.Uint64N(3), ThroughputPS: g.number(), Latency: g.latency(),
			Statuses: map[string]uint64{"200": g.Uint64()},
		}
		if g.IntN(4) == 0 {
			s.Unmet = map[string]uint64{g.name(): g.Uint64N(2), "status": g.Uint64()}
			s.Example = &results.Example{Unmet: "status", Status: 500, Body: g.text}
		}
		t.Steps = append(t.Steps, s)
	}
	return t
}

func (g generator) latency() *results.Latency {
	if g.IntN(4) == 0 {
		return nil
	}
	return &results.Latency{Count: g.Uint64N(3), P50US: g.number(), P95US: g.number(), P99US: g.number(), P999US: g.number(), MaxUS: g.number()}
}
