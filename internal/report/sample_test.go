package report

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"taskbench/compare"
	"taskbench/compare/charts"
	"taskbench/compare/history"
	"taskbench/compare/kinds"
	"taskbench/compare/lineup"
	"taskbench/compare/memory"
	"taskbench/compare/micro"
	"taskbench/compare/profiles"
	"taskbench/compare/soak"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/parse"
	"taskbench/results"
)

var pages = flag.String("pages", "", "write the samples' pages into this `FOLDER`, to look at them")

// TestWritePages is for people: go test ./internal/report -run WritePages -pages DIR.
func TestWritePages(t *testing.T) {
	if *pages == "" {
		t.Skip("no folder for them was named")
	}
	if err := os.MkdirAll(*pages, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, m := range samples(t) {
		if err := os.WriteFile(filepath.Join(*pages, name+".html"), []byte(rendered(t, m)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Material is the documents of a page, and what was compared.
type Material struct {
	Load                Part[compare.Comparison]
	Trends              []*history.Trend
	Scripts             []charts.Script
	Micro               Part[micro.Comparison]
	Memory              Part[memory.Comparison]
	CPU, Heap           Part[profiles.Profile]
	Soak                Part[soak.Comparison]
	CPUPages, HeapPages []page.Link
}

// Part is a comparison with its documents.
type Part[C any] struct {
	Comparison *C
	Documents  []results.Document
}

// pages are those that a report of it draws.
func (m Material) pages(t *testing.T) []page.Page {
	t.Helper()
	docs := slices.Concat(m.Load.Documents, m.Micro.Documents, m.Memory.Documents, m.CPU.Documents, m.Heap.Documents, m.Soak.Documents)
	list, err := kinds.Draw(docs, lineup.Options{}, kinds.Beside{
		Trends:  func(*compare.Comparison) []*history.Trend { return m.Trends },
		Scripts: func([]results.Document) []charts.Script { return m.Scripts },
		Graphs: func(docs []results.Document) []page.Link {
			if docs[0].Kind == results.CPU {
				return m.CPUPages
			}
			return m.HeapPages
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sampled scenarios, and how slow their steps are, in µs.
var sampleScenarios = []struct {
	name, title string
	levels      []int
	steps       map[string]float64
}{
	{"health", "Health check", []int{50}, map[string]float64{"health": 400}},
	{"projects", "Project CRUD", []int{10, 50, 100}, map[string]float64{"create": 900, "delete": 700, "list": 1500}},
	{"workflow", "Project workflow", []int{20}, map[string]float64{"create-project": 900, "add-member": 800, "create-task": 1000, "assign": 850, "delete-project": 1300}},
}

// team is who is measured in the samples, and how slow in comparison.
var team = []struct {
	name string
	slow float64
}{{"rust", 1}, {"windjammer", 1.17}, {"windjammer-next", 0.93}}

// whole is a page with everything on it, of so many targets: load tests with a
// sweep, microbenchmarks, memory, profiles and the history of so many runs.
func whole(t *testing.T, targets, runs int) Material {
	t.Helper()
	var m Material
	for i := range targets {
		name, slow := team[i].name, team[i].slow
		m.Load.Documents = append(m.Load.Documents, loadDocument(t, name, slow, noon, 6))
		m.Micro.Documents = append(m.Micro.Documents, microDocument(name, slow))
		m.Memory.Documents = append(m.Memory.Documents, memoryDocument(name, slow))
		m.CPU.Documents = append(m.CPU.Documents, cpuDocument(name, slow))
		m.Heap.Documents = append(m.Heap.Documents, heapDocument(name, slow))
	}
	m.CPUPages = []page.Link{{Label: "cpu_2026-11-23.html", Address: "results/cpu_2026-11-23.html"}}
	m.HeapPages = []page.Link{{Label: "heap_2026-11-23.html", Address: "results/heap_2026-11-23.html"}}
	for _, d := range m.Load.Documents {
		for _, s := range d.Scenarios {
			m.Scripts = append(m.Scripts, charts.Script{Scenario: s.Scenario, Connections: s.Load.Connections, Target: d.Implementation,
				Text: fmt.Sprintf("-- %s\nlocal CONNECTIONS = %d\nfunction request() return wrk.format(\"GET\", \"/%s\") end\n", s.Title, s.Load.Connections, s.Scenario)})
		}
	}
	m.Trends = trends(t, targets, runs)
	return m.compared(t)
}

// compared fills in the comparisons of all documents.
func (m Material) compared(t *testing.T) Material {
	t.Helper()
	var err error
	check := func() {
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(m.Load.Documents) > 0 {
		m.Load.Comparison, err = compare.New(m.Load.Documents, lineup.Options{})
		check()
	}
	if len(m.Micro.Documents) > 0 {
		m.Micro.Comparison, err = micro.New(m.Micro.Documents, micro.Options{})
		check()
	}
	if len(m.Memory.Documents) > 0 {
		m.Memory.Comparison, err = memory.New(m.Memory.Documents, lineup.Options{})
		check()
	}
	if len(m.CPU.Documents) > 0 {
		m.CPU.Comparison, err = profiles.New(profiles.CPU, m.CPU.Documents, lineup.Options{})
		check()
	}
	if len(m.Heap.Documents) > 0 {
		m.Heap.Comparison, err = profiles.New(profiles.Heap, m.Heap.Documents, lineup.Options{})
		check()
	}
	return m
}

// head is what all documents of a target and session begin with.
func head(kind results.Kind, name string, created time.Time, pairs int) results.Document {
	return results.Document{
		Schema: results.Schema, Kind: kind, Session: created.Format("20060102-150405") + "-" + string(kind), Implementation: name, Baseline: "rust",
		Created: created, Complete: true, Target: results.Target{URL: "http://localhost:3000", Start: "./taskflow-" + name, GitCommit: "5f3c9a1b7de0"},
		Plan:        results.Plan{Targets: []string{"rust", "windjammer"}, Pairs: pairs, Seed: 42, Rule: verdict.NewRule(pairs, false, false, 0)},
		Environment: results.Environment{CPUModel: "AMD EPYC 7B13", Cores: 8, MemoryBytes: 16 << 30, Kernel: "6.1.0", OS: "Debian GNU/Linux 12", WrkVersion: "4.2.0", TaskbenchVersion: "0.9.0", LoadBefore: 0.21},
	}
}

// draws is a source of noise of its own for each place.
func draws(place ...any) *rand.Rand {
	var seed uint64 = 14695981039346656037
	for _, b := range []byte(fmt.Sprint(place...)) {
		seed = (seed ^ uint64(b)) * 1099511628211
	}
	return rand.New(rand.NewPCG(seed, 1))
}

func loadDocument(t *testing.T, name string, slow float64, created time.Time, pairs int) results.Document {
	t.Helper()
	d := head(results.LoadTest, name, created, pairs)
	for _, s := range sampleScenarios {
		for _, connections := range s.levels {
			steps := slices.Sorted(maps.Keys(s.steps))
			m := results.Measurement{
				Scenario: s.name, Title: s.title, Hash: "5f3c", Mode: "flow", Steps: steps,
				Load:     results.Load{Connections: connections, Threads: 2, DurationS: 10, WarmupS: 3, TimeoutS: 10},
				Expected: []results.Expectation{{Metric: "p95", Op: "<", Limit: 5000, Text: "< 5ms"}, {Metric: "errors", Op: "<=", Limit: 0, Text: "0%"}},
			}
			for p := 1; p <= pairs; p++ {
				m.Trials = append(m.Trials, sampleTrial(t, draws(name, created, s.name, connections, p), slow, p, connections, s.steps))
			}
			d.Scenarios = append(d.Scenarios, m)
		}
	}
	return d
}

// sixDocument is of six scenarios with the steps of the built-in ones.
func sixDocument(t *testing.T, name string, slow float64) results.Document {
	t.Helper()
	d := head(results.LoadTest, name, noon, 9)
	for _, s := range []struct {
		name  string
		steps int
	}{{"auth", 3}, {"health", 1}, {"high-concurrency", 1}, {"projects", 5}, {"tasks", 6}, {"workflow", 7}} {
		d.Scenarios = append(d.Scenarios, sampleOf(t, d, s.name, s.steps, 9, slow))
	}
	return d
}

// sampleOf is a flow of so many steps.
func sampleOf(t *testing.T, d results.Document, name string, steps, pairs int, slow float64) results.Measurement {
	t.Helper()
	m := results.Measurement{Scenario: name, Title: "A scenario called " + name, Hash: "5f3c", Mode: "flow",
		Load:     results.Load{Connections: 16, Threads: 2, DurationS: 10, WarmupS: 3, TimeoutS: 10},
		Expected: []results.Expectation{{Metric: "p95", Op: "<", Limit: 5000, Text: "< 5ms"}, {Metric: "errors", Op: "<=", Limit: 0, Text: "0%"}}}
	us := map[string]float64{}
	for n := range steps {
		us[fmt.Sprintf("%s-step-%02d", name, n+1)] = float64(400 + 150*n)
	}
	m.Steps = slices.Sorted(maps.Keys(us))
	for p := 1; p <= pairs; p++ {
		m.Trials = append(m.Trials, sampleTrial(t, draws(d.Implementation, name, p), slow, p, 16, us))
	}
	return m
}

// longNames is of a scenario of twelve steps whose names, and those of its three
// targets, are as long as names are.
func longNames(t *testing.T) Material {
	var docs []results.Document
	for i, name := range []string{"rust-with-the-old-allocator-and-a-very-long-name", "windjammer-at-the-newest-commit-of-the-branch-of-somebody", "averyveryveryverylongnamewithoutanyplacetobreakitanywhere"} {
		d := head(results.LoadTest, name, noon, 6)
		m := sampleOf(t, d, "a-scenario-whose-name-is-as-long-as-scenarios-names-are-ever", 12, 6, 1+0.3*float64(i))
		short := sampleOf(t, d, "short", 1, 6, 1+0.02*float64(i))
		d.Scenarios = []results.Measurement{m, short}
		docs = append(docs, d)
	}
	return loads(t, docs...)
}

// sampleAnswers are recorded of each step of a trial.
const sampleAnswers = 500

// sampleTrial is of a server whose latencies grow with its load, with a slow tail.
func sampleTrial(t *testing.T, r *rand.Rand, slow float64, pair, connections int, steps map[string]float64) results.Trial {
	t.Helper()
	crowd := slow * (1 + float64(connections)/40) * (1 + 0.02*r.NormFloat64())
	tr := results.Trial{Pair: pair, Position: 1 + pair%2, Started: noon, WindowS: 10}
	all := parse.NewHDR()
	mean := 0.0
	for _, name := range slices.Sorted(maps.Keys(steps)) {
		h := parse.NewHDR()
		for range sampleAnswers {
			us := crowd * steps[name] * math.Exp(0.4*r.NormFloat64())
			if r.Float64() < 0.02 {
				us *= 4
			}
			_ = h.RecordValue(int64(us))
			_ = all.RecordValue(int64(us))
			mean += us / sampleAnswers / float64(len(steps))
		}
		l, err := results.NewLatency(h)
		if err != nil {
			t.Fatal(err)
		}
		tr.Steps = append(tr.Steps, results.StepResult{Name: name, Answers: 10_000, Good: 10_000, ThroughputPS: 1000, Latency: l})
	}
	var err error
	if tr.Latency, err = results.NewLatency(all); err != nil {
		t.Fatal(err)
	}
	tr.ThroughputPS = float64(connections) * 1e6 / mean
	tr.Answers = uint64(10 * tr.ThroughputPS)
	tr.Good = tr.Answers
	for range 10 {
		tr.GoodPerS = append(tr.GoodPerS, uint64(tr.ThroughputPS*(1+0.02*r.NormFloat64())))
	}
	us, memory, cores := 80*slow*(1+0.01*r.NormFloat64()), uint64(48<<20+r.IntN(1<<20)), 3.1*(1+0.02*r.NormFloat64())
	tr.Resources = &results.Resources{CPUPerAnswerUS: &us, ServerResidentBytes: &memory, ServerCores: &cores}
	tr.Wrk = &results.WrkRun{Argv: []string{"wrk", "-t", "2", "-c", fmt.Sprint(connections), "-d", "13s", "-s", "a script.lua", "http://localhost:3000"}}
	return tr
}

// trends are of runs on many days; from two thirds on windjammer is 12 % faster.
func trends(t *testing.T, targets, runs int) []*history.Trend {
	t.Helper()
	var docs []results.Document
	for n := range runs {
		created := noon.AddDate(0, 0, n-runs)
		for i := range targets {
			slow := team[i].slow * (1 + 0.01*draws("run", n).NormFloat64())
			if i > 0 && n >= 2*runs/3 {
				slow /= 1.12
			}
			docs = append(docs, runOf(team[i].name, slow, created))
		}
	}
	if len(docs) == 0 {
		return nil
	}
	var list []*history.Trend
	for _, m := range []*figure.Figure{figure.Throughput, figure.P95} {
		trend, err := history.New(docs, m, "", lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, trend)
	}
	return list
}

// runOf is a stored run without distributions: trends need none.
func runOf(name string, slow float64, created time.Time) results.Document {
	d := head(results.LoadTest, name, created, 6)
	for _, s := range sampleScenarios {
		m := results.Measurement{Scenario: s.name, Title: s.title, Hash: "5f3c", Mode: "flow", Load: results.Load{Connections: s.levels[0], Threads: 2, DurationS: 10}}
		for p := 1; p <= 6; p++ {
			x := slow * (1 + 0.01*draws(name, created, s.name, p).NormFloat64())
			m.Trials = append(m.Trials, results.Trial{Pair: p, Position: 1, WindowS: 10, Answers: 1000, Good: 1000, ThroughputPS: 9000 / x,
				Latency: &results.Latency{Count: 1000, P50US: 700 * x, P95US: 2100 * x, P99US: 4000 * x, MaxUS: 9000}})
		}
		d.Scenarios = append(d.Scenarios, m)
	}
	return d
}
