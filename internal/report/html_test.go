package report

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"taskbench/compare"
	"taskbench/compare/soak"
	"taskbench/compare/verdict"
	"taskbench/internal/page"
	"taskbench/parse"
	"taskbench/results"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// loadTest is a load test of one scenario of two steps at each load level;
// its server takes slow times as long as the fastest.
func loadTest(t *testing.T, name string, slow float64, pairs int, levels ...int) results.Document {
	t.Helper()
	d := results.Document{
		Schema: results.Schema, Kind: results.LoadTest, Session: "20261123-ab22", Implementation: name, Baseline: "rust",
		Created: noon, Complete: true, Target: results.Target{URL: "http://localhost:3000"},
		Plan:        results.Plan{Targets: []string{"rust", "windjammer"}, Pairs: pairs, Seed: 42, Rule: verdict.NewRule(pairs, false, false, 0)},
		Environment: results.Environment{CPUModel: "a processor", Cores: 2, WrkVersion: "4.2.0", MemoryBytes: 8 << 30},
	}
	for _, connections := range levels {
		m := results.Measurement{
			Scenario: "projects", Title: "Project CRUD", Hash: "5f3c", Mode: "flow", Steps: []string{"create", "list"},
			Load:     results.Load{Connections: connections, Threads: 2, DurationS: 5, WarmupS: 1, TimeoutS: 10},
			Expected: []results.Expectation{{Metric: "p95", Op: "<", Limit: 2000, Text: "< 2ms"}},
		}
		for p := 1; p <= pairs; p++ {
			m.Trials = append(m.Trials, trial(t, slow, p, connections))
		}
		d.Scenarios = append(d.Scenarios, m)
	}
	return d
}

func trial(t *testing.T, slow float64, pair, connections int) results.Trial {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(pair), uint64(connections+int(100*slow))))
	all := latencyOf(t, r, slow)
	perS := 4000 / slow * (1 + 0.02*r.NormFloat64())
	us, memory := 100*slow*(1+0.01*r.NormFloat64()), uint64(48<<20+r.IntN(1<<20))
	return results.Trial{
		Pair: pair, Position: 1, Started: noon, WindowS: 5, Answers: 20_000, Good: 20_000, ThroughputPS: perS, Latency: all,
		GoodPerS: []uint64{4000, 4010, 3990, 4005, 3995},
		Steps: []results.StepResult{
			{Name: "create", Answers: 10_000, Good: 10_000, ThroughputPS: perS / 2, Latency: all},
			{Name: "list", Answers: 10_000, Good: 10_000, ThroughputPS: perS / 2, Latency: all},
		},
		Resources: &results.Resources{CPUPerAnswerUS: &us, ServerResidentBytes: &memory},
		Wrk:       &results.WrkRun{Argv: []string{"wrk", "-t", "2", "-s", "a script.lua", "http://localhost:3000"}},
	}
}

func latencyOf(t *testing.T, r *rand.Rand, slow float64) *results.Latency {
	t.Helper()
	h := parse.NewHDR()
	for range 2000 {
		if err := h.RecordValue(int64(slow * (300 + 500*r.ExpFloat64()))); err != nil {
			t.Fatal(err)
		}
	}
	l, err := results.NewLatency(h)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// rendered is the page of some material.
func rendered(t *testing.T, m Material) string {
	t.Helper()
	var page bytes.Buffer
	if err := HTML(&page, m.pages(t)); err != nil {
		t.Fatal(err)
	}
	return page.String()
}

// loads are load tests, and nothing else.
func loads(t *testing.T, docs ...results.Document) Material {
	t.Helper()
	return Material{Load: Part[compare.Comparison]{Documents: docs}}.compared(t)
}

var made map[string]Material

// samples are pages of all shapes, made once; nobody may change them. Browsers
// draw most of them too.
func samples(t *testing.T) map[string]Material {
	if made == nil {
		made = makeSamples(t)
	}
	return made
}

func makeSamples(t *testing.T) map[string]Material {
	failed := loadTest(t, "windjammer", 1.08, 6, 50)
	for i := range failed.Scenarios[0].Trials {
		s := &failed.Scenarios[0].Trials[i].Steps[0]
		s.Good -= 400
		s.Unmet, s.Statuses = map[string]uint64{"status": 400}, map[string]uint64{"201": s.Good, "500": 400}
		s.Example = &results.Example{Unmet: "status", Status: 500, Body: "</script><script>throw 1</script>"}
	}
	damaged := loadTest(t, "windjammer", 1.08, 6, 50)
	damaged.Scenarios[0].Trials[0].Latency.HDR = "not a histogram"
	unmeasured := loadTest(t, "windjammer", 1.08, 1, 50)
	unmeasured.Scenarios[0].Trials[0] = results.Trial{Pair: 1, Error: "wrk stopped: connection refused"}
	reference := loadTest(t, "rust", 1, 6, 50)
	reference.Reference = "reference server, rust dialect"
	alone := whole(t, 2, 0)
	alone.Load = Part[compare.Comparison]{}
	small := whole(t, 2, 3)
	for i := range small.Load.Documents {
		small.Load.Documents[i].Scenarios = small.Load.Documents[i].Scenarios[:1]
	}
	small = small.compared(t)
	return map[string]Material{
		"six":            loads(t, sixDocument(t, "rust", 1), sixDocument(t, "windjammer", 1.08)),
		"long names":     longNames(t),
		"soak":           {Soak: Part[soak.Comparison]{Documents: []results.Document{soakDocument()}}},
		"everything":     whole(t, 2, 24),
		"three of all":   whole(t, 3, 8),
		"one of all":     whole(t, 1, 8),
		"without a load": alone,
		"small":          small,
		"three targets":  loads(t, loadTest(t, "rust", 1, 6, 50), loadTest(t, "windjammer", 1.3, 6, 50), loadTest(t, "other", 0.9, 6, 50)),
		"one pair":       loads(t, loadTest(t, "rust", 1, 1, 50), loadTest(t, "windjammer", 1.3, 1, 50)),
		"failed":         loads(t, loadTest(t, "rust", 1, 6, 50), failed),
		"damaged":        loads(t, loadTest(t, "rust", 1, 6, 50), damaged),
		"nothing worked": loads(t, loadTest(t, "rust", 1, 1, 50), unmeasured),
		"no scenarios":   loads(t, loadTest(t, "rust", 1, 6)),
		"reference":      loads(t, reference, loadTest(t, "windjammer", 1.3, 6, 50)),
	}
}

func TestPageSaysWhat(t *testing.T) {
	all := samples(t)
	for name, want := range map[string][]string{
		"everything": {
			"slower", "seed", "42", "-s &#39;a script.lua&#39;", "✗ missed", `id="s1-percentiles"`, `id="s1-server_resident_bytes"`,
			"Scaling of projects", `id="w1-throughput_per_s"`, "projects@50", "Microbenchmarks", "geometric mean of all", "json/encode",
			`id="memory-resident"`, "leak: windjammer is growing", `href="results/cpu_2026-11-23.html"`, "serde_json::ser::to_vec",
			"allocations per answer", `id="s1-history-throughput_per_s-ratio"`, "◀ ", "local CONNECTIONS = 50",
		},
		"one of all":     {`id="s1-density"`, `id="s1-history-p95_us"`},
		"without a load": {"<h1>windjammer against rust</h1>", "Microbenchmarks"},
		"failed":         {`class="state bad"`, "&lt;/script&gt;&lt;script&gt;throw 1"},
		"damaged":        {"no distribution of windjammer"},
		"nothing worked": {"wrk stopped: connection refused"},
		"reference":      {`<p class="banner">figures of the reference server`, "reference server, rust dialect"},
	} {
		page := rendered(t, all[name])
		for _, text := range want {
			if !strings.Contains(page, text) {
				t.Errorf("%s: %q is not in the page", name, text)
			}
		}
	}
}

// Foreign text is text, wherever it stands.
func TestMarkupInNamesIsEscaped(t *testing.T) {
	const evil = `<img src=x onerror="alert(1)">'&{{.}}</script>`
	docs := []results.Document{loadTest(t, "rust", 1, 6, 50), loadTest(t, "wj", 1.1, 6, 50)}
	for i := range docs {
		d := &docs[i]
		d.Implementation = fmt.Sprint(i, evil)
		d.Reference, d.Target.Start, d.Plan.Reset, d.Environment.CPUModel = evil, evil, evil, evil
		d.Warnings, d.Session = []string{evil}, evil
		m := &d.Scenarios[0]
		m.Scenario, m.Title, m.Steps[0], m.Expected[0].Text = evil, evil, evil, evil
		m.Differences, m.Overridden = []results.Difference{{Step: evil, What: evil}}, []string{evil}
		for k := range m.Trials {
			m.Trials[k].Steps[0].Name, m.Trials[k].Wrk.Argv[0] = evil, evil
		}
	}
	page := rendered(t, loads(t, docs...))
	if strings.Contains(page, "<img") {
		t.Error("markup of a name is markup of the page")
	}
	if strings.Contains(page, "script>") {
		t.Error("a name is a script")
	}
}

// A thousand trials of each target: the page stays below 1 MB beside its
// tables and charts of pairs.
func TestThousandTrials(t *testing.T) {
	page := rendered(t, loads(t, loadTest(t, "rust", 1, 1000, 50), loadTest(t, "windjammer", 1.1, 1000, 50)))
	if len(page) > 1<<20 {
		t.Errorf("%d bytes", len(page))
	}
	if !strings.Contains(page, `class="long"`) {
		t.Error("a table of a thousand rows is to be printed")
	}
}

// The page alone is far below 1 MB; one with everything on it is below.
func TestPageIsSmall(t *testing.T) {
	page := rendered(t, loads(t, loadTest(t, "rust", 1, 6)))
	if len(page) > 128<<10 {
		t.Errorf("%d bytes without any data", len(page))
	}
	if page := rendered(t, samples(t)["everything"]); len(page) > 1<<20 {
		t.Errorf("%d bytes with everything", len(page))
	}
}

func TestAxis(t *testing.T) {
	a := &axis{low: -1, high: 1}
	for ratio, want := range map[float64]float64{1: 50, 0: 0, 1e9: 100, 1e-9: 0, 1.6487212707: 75} {
		if got := a.place(ratio); got != want {
			t.Errorf("%v is at %v %%, want %v", ratio, got, want)
		}
	}
}

// An axis is as long as there is something to see, to either side: 1 and the band
// are on it, all ratios up to a factor of 12, and intervals as far as half as much again.
func TestAxisFollowsTheData(t *testing.T) {
	form := func(cells ...page.Cell) page.Form {
		f := page.Form{Columns: []page.Column{{}, {Changes: true}}, Band: 0.05}
		for _, c := range cells {
			c.Text = "a change"
			f.Rows = append(f.Rows, page.Row{Cells: []page.Cell{{}, c}})
		}
		return f
	}
	change := func(ratio, low, high float64) page.Cell { return page.Cell{Value: &ratio, Low: &low, High: &high} }
	for name, c := range map[string]struct {
		of           page.Form
		least, most  float64 // the ratios at its ends, about
		ticks        string
		before, past bool // the first interval goes on
	}{
		"nothing to see":    {form(change(1, 0.99, 1.01)), 0.95, 1.05, "0", false, false},
		"worse by a little": {form(change(0.92, 0.9, 0.94), change(0.93, 0.91, 0.95)), 0.89, 1.06, "-5 % 0", false, false},
		"a tenth of it":     {form(change(0.11, 0.1, 0.12)), 0.09, 1.2, "-80 % -50 % 0", false, false},
		"wild":              {form(change(1.1, 0.01, 300)), 0.62, 1.77, "0 +50 %", true, true},
		"three times":       {form(change(3, 2.8, 3.2), change(1.02, 1, 1.04)), 0.88, 3.5, "0 ×2", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAxis(c.of)
			if low, high := math.Exp(a.low), math.Exp(a.high); math.Abs(low/c.least-1) > 0.05 || math.Abs(high/c.most-1) > 0.06 {
				t.Errorf("from %.3f to %.3f", low, high)
			}
			var ticks []string
			for _, one := range a.Ticks {
				ticks = append(ticks, strings.ReplaceAll(one.Text, "−", "-"))
			}
			if got := strings.Join(ticks, " "); got != c.ticks {
				t.Errorf("ticks %q", got)
			}
			if a.Band <= 0 || a.Band+a.Width >= 100 {
				t.Errorf("the band is from %v, %v wide", a.Band, a.Width)
			}
			if m := a.mark(c.of.Rows[0].Cells[1], false); m.Before != c.before || m.Beyond != c.past {
				t.Errorf("the interval goes on: %v, %v", m.Before, m.Beyond)
			}
		})
	}
}

// Shapes say what colours say.
func TestShapes(t *testing.T) {
	a, seen := &axis{low: -1, high: 1}, map[string]string{}
	for _, sign := range []string{"▲", "▼", "=", "~"} {
		ratio := 1.0
		for how, c := range map[string]page.Cell{"printed": {Mark: sign, Value: &ratio}, "drawn": {Drawn: sign, Value: &ratio}} {
			m := a.mark(c, false)
			shape := fmt.Sprint(m.Shape, m.Hollow)
			if other, known := seen[shape]; known && other != sign {
				t.Errorf("%s and %s look alike where %s", sign, other, how)
			}
			seen[shape] = sign
		}
	}
}
