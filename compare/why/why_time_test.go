package why

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/sample"
	"taskbench/results"
)

// profiledOf is a CPU document of one scenario: of each pair CPU time per answer, in µs,
// and what part of it store took; parse takes a tenth.
func profiledOf(name, session, hash string, storeName string, pairs ...[2]float64) results.Document {
	m := results.Measurement{Scenario: "two", Hash: hash, Load: results.Load{Connections: 4}, Steps: []string{"create", "list"}}
	for i, p := range pairs {
		m.Trials = append(m.Trials, results.Trial{Pair: i + 1, Answers: 1000, Good: 1000, Resources: &results.Resources{CPUPerAnswerUS: &p[0]},
			CPU: &results.CPUProfile{Samples: 5000, Functions: []results.HotFunction{{Name: storeName, SelfFraction: p[1]}, {Name: "web::parse", SelfFraction: 0.1}}}})
	}
	return results.Document{Kind: results.CPU, Implementation: name, Session: session, Baseline: "rust", Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Scenarios: []results.Measurement{m}}
}

func whyOf(t *testing.T) *Breakdown {
	t.Helper()
	docs := []results.Document{sample.Ledger("rust", 10000, 10000), sample.Ledger("wj", 10400, 10400)}
	for _, d := range docs {
		for _, trial := range d.Scenarios[0].Trials {
			for _, s := range trial.Steps {
				s.Cost.Functions = &results.FunctionCosts{}
			}
		}
	}
	w, err := New(docs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func sameName(name string) string { return name }

// The gap in CPU time is what functions' shares of it say, mean over the pairs, and its
// parts add up to it; a renamed function is one.
func TestWhyTime(t *testing.T) {
	t.Parallel()
	w := whyOf(t)
	run := []results.Document{
		profiledOf("rust", "s", "h", "api::store", [2]float64{100, 0.5}, [2]float64{110, 0.5}, [2]float64{90, 0.5}),
		profiledOf("wj", "s", "h", "server::store", [2]float64{120, 0.6}, [2]float64{132, 0.6}, [2]float64{108, 0.6}),
	}
	w.Beside([][]results.Document{run}, Options{Renamed: []Renamed{{"api::*", "server::*"}}}, sameName)
	if w.Time == nil || w.Time.Pairs != 3 || !w.NoTime.IsZero() {
		t.Fatalf("%+v, %+v", w.Time, w.NoTime)
	}
	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %v, want %v", what, got, want)
		}
	}
	whole, store, parse, rest := w.Time.Whole, w.Time.Parts[0], w.Time.Parts[1], w.Time.Rest
	near("the baseline's", whole.Base, 100)
	near("the gap", whole.Difference, 20)
	// Differences of 20, 22 and 18: standard deviation 2, and t of two degrees of freedom is 4.3027.
	near("the interval", whole.CI.High-whole.Difference, 4.302652729911275*2/math.Sqrt(3))
	if store.Name != "api::store" || parse.Name != "web::parse" || len(w.Time.Parts) != 2 {
		t.Errorf("%+v", w.Time.Parts)
	}
	near("store", store.Difference, 72-50)
	near("all parts", store.Difference+parse.Difference+rest.Difference, whole.Difference)
	near("the rest of the baseline", rest.Base, 40)
}

// Only what is of the same text on both sides and was sampled counts, the newest of it;
// else it is said what is missing.
func TestWhyTimeMissing(t *testing.T) {
	t.Parallel()
	pair := [2]float64{100, 0.5}
	refused := profiledOf("wj", "s", "h", "store", pair)
	refused.Scenarios[0].Trials[0].CPU.Missing = "perf is not on PATH"
	old := []results.Document{profiledOf("rust", "old", "h", "store", pair), profiledOf("wj", "old", "h", "store", pair)}
	for name, c := range map[string]struct {
		runs [][]results.Document
		want string // the session that is shown; or what is said
	}{
		"nothing stored":  {nil, "[two]"},
		"another text":    {[][]results.Document{{profiledOf("rust", "s", "other", "store", pair), profiledOf("wj", "s", "other", "store", pair)}}, "[two]"},
		"one side":        {[][]results.Document{{profiledOf("rust", "s", "h", "store", pair)}}, "[two]"},
		"perf refused":    {[][]results.Document{{profiledOf("rust", "s", "h", "store", pair), refused}}, "[two perf is not on PATH]"},
		"an older one":    {[][]results.Document{old, {profiledOf("rust", "s", "h", "store", pair), refused}}, "old"},
		"the newest":      {[][]results.Document{old, {profiledOf("rust", "new", "h", "store", pair), profiledOf("wj", "new", "h", "store", pair)}}, "new"},
		"no common pair":  {[][]results.Document{{profiledOf("rust", "s", "h", "store", pair), emptied(profiledOf("wj", "s", "h", "store", pair))}}, "[two]"},
		"a failed trial":  {[][]results.Document{{profiledOf("rust", "s", "h", "store", pair), failedOf(profiledOf("wj", "s", "h", "store", pair))}}, "[two]"},
		"without samples": {[][]results.Document{{profiledOf("rust", "s", "h", "store", pair), unsampled(profiledOf("wj", "s", "h", "store", pair))}}, "[two]"},
	} {
		w := whyOf(t)
		w.Beside(c.runs, Options{}, sameName)
		got := ""
		if w.Time != nil {
			got = w.Time.Session
			if w.Time.Whole.CI != nil {
				t.Errorf("%s: one pair has the interval %+v", name, w.Time.Whole.CI)
			}
		} else if w.NoTime.Code == finding.NoProfileStored {
			got = fmt.Sprint(w.NoTime.Said)
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func emptied(d results.Document) results.Document {
	d.Scenarios[0].Trials = nil
	return d
}

func failedOf(d results.Document) results.Document {
	d.Scenarios[0].Trials[0].Error = "it ended"
	return d
}

func unsampled(d results.Document) results.Document {
	d.Scenarios[0].Trials[0].CPU.Samples = 0
	return d
}

// Of many functions that only noise moves some intervals have no zero in them: none of
// them is shown to differ, and what truly does stands on top, however small it is.
func TestWhyTimeJudgesTogether(t *testing.T) {
	t.Parallel()
	draw := rand.New(rand.NewPCG(7, 7))
	byItself, shown, first := 0, 0, 0
	const runs, functions, pairs = 60, 25, 5
	for range runs {
		var docs [2]results.Document
		for side, name := range []string{"rust", "wj"} {
			var each [][2]float64
			for range pairs {
				each = append(each, [2]float64{100, 0.1 + 0.02*float64(side)})
			}
			docs[side] = profiledOf(name, "s", "h", "store", each...)
			for k := range docs[side].Scenarios[0].Trials {
				cpu := docs[side].Scenarios[0].Trials[k].CPU
				for f := range functions {
					cpu.Functions = append(cpu.Functions, results.HotFunction{Name: fmt.Sprintf("noise%d", f), SelfFraction: 0.03 + 0.004*draw.NormFloat64()})
				}
				cpu.Functions[0].SelfFraction += 0.0005 * draw.NormFloat64()
			}
		}
		w := whyOf(t)
		w.Beside([][]results.Document{docs[:]}, Options{Parts: 30}, sameName)
		for _, p := range w.Time.Parts {
			if noise := strings.HasPrefix(p.Name, "noise"); noise && p.CI.Low*p.CI.High > 0 {
				byItself++
			} else if !noise {
				continue
			}
			if p.Shown {
				shown++
			}
		}
		if w.Time.Parts[0].Name == "store" {
			first++
		}
	}
	if byItself < runs/2 || shown > runs/8 || first < runs*9/10 {
		t.Errorf("%d of noise have an interval without zero, %d are shown in %d runs; what differs is first in %d", byItself, shown, runs, first)
	}
}
