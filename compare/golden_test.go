package compare_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/golden"
	"taskbench/internal/page"
	"taskbench/results"
)

// cases are the documents of testdata/<name>/. They are read from there; this
// is how they were made.
var cases = map[string]func() []results.Document{
	"two targets": func() []results.Document {
		return []results.Document{
			sample.LoadTest("rust", 1, sample.Projects(50, 3), sample.Health(3)),
			sample.LoadTest("windjammer", 1.08, sample.Projects(50, 3), sample.Health(3)),
		}
	},
	"failed": func() []results.Document {
		rust, wj := sample.LoadTest("rust", 1, sample.Projects(50, 3), sample.Health(4)), sample.LoadTest("windjammer", 1.08, sample.Projects(50, 3), sample.Health(4))
		for p := range wj.Scenarios[0].Trials {
			s := &wj.Scenarios[0].Trials[p].Steps[0]
			s.Good -= 400
			s.Unmet = map[string]uint64{"status": 400, "json:owner_id": 400}
			s.Statuses = map[string]uint64{"200": s.Good, "500": 400}
			s.Example = &results.Example{Unmet: "status", Status: 500, Body: "{\n  \"error\": \"database | is `locked`\"\n}"}
			wj.Scenarios[0].Trials[p].ErrorFraction = 400 / float64(wj.Scenarios[0].Trials[p].Answers)
		}
		rust.Scenarios[1].Trials[1] = results.Trial{Pair: 2, Started: sample.Noon, Error: "wrk stopped: connection refused"}
		wj.Scenarios[1].Trials = wj.Scenarios[1].Trials[:3]
		wj.Scenarios[1].Trials[0].Warnings = []string{"2 of 50 virtual users never started: the load was lower than asked"}
		wj.Complete = false
		return []results.Document{rust, wj}
	},
	"missing": func() []results.Document {
		rust, wj := sample.LoadTest("rust", 1, sample.Projects(50, 2), sample.Health(2)), sample.LoadTest("windjammer", 1.08, sample.Projects(50, 2), sample.Projects(100, 2))
		wj.Scenarios[0].Hash = "0000000000"
		return []results.Document{rust, wj}
	},
	"three targets": func() []results.Document {
		return []results.Document{
			sample.LoadTest("rust", 1, sample.Projects(50, 3)), sample.LoadTest("windjammer", 1.08, sample.Projects(50, 3)), sample.LoadTest("windjammer-pr-12", 0.97, sample.Projects(50, 3)),
		}
	},
	"sweep": func() []results.Document {
		levels := func() []results.Measurement {
			return []results.Measurement{sample.Health(1), sample.Projects(10, 2), sample.Projects(50, 2), sample.Projects(500, 2)}
		}
		docs := []results.Document{sample.LoadTest("rust", 1, levels()...), sample.LoadTest("windjammer", 1.3, levels()...)}
		for i, share := range []float64{0.3, 0.96, 1} {
			for k := range 2 {
				docs[0].Scenarios[1+i].Trials[k].ThroughputPS *= share
				docs[1].Scenarios[3-i].Trials[k].ThroughputPS *= share
			}
		}
		return docs
	},
	"verdicts": func() []results.Document {
		docs := []results.Document{sample.LoadTest("rust", 1, sample.Projects(50, 10), sample.Health(10)), sample.LoadTest("windjammer", 1.08, sample.Projects(50, 10), sample.Health(10))}
		for i := range docs {
			docs[i].Plan.Rule = verdict.NewRule(10, false, false, 0)
			for k := range docs[i].Scenarios[1].Trials {
				t := &docs[i].Scenarios[1].Trials[k]
				t.Resources = sample.Resources(t, 2+i)
			}
			docs[i].Scenarios[0].Differences = []results.Difference{{Step: "create", What: "only rust sends updated_at"}, {Step: "list", What: "only rust sends updated_at"}, {Step: "delete", What: "rust answers 204, windjammer 200"}}
		}
		health := docs[1].Scenarios[1].Trials
		health[4].Latency.P99US *= 7 // one wild pair: ranks
		health[2].Latency.P50US = 0  // no ratio
		health[6].Resources.StealFraction = new(0.031)
		docs[0].Scenarios[0].Overridden = []string{`step "update" expects status 200`, `step "delete" expects status 204`}
		docs[0].Environment = results.Environment{CPUModel: "this one", Cores: 2, WrkVersion: "4.2.0", LoadBefore: 0.5}
		docs[1].Environment = results.Environment{CPUModel: "another", Cores: 4, WrkVersion: "4.2.0", LoadBefore: 3.5}
		return docs
	},
	"far apart": func() []results.Document {
		return []results.Document{sample.LoadTest("rust", 1, sample.Health(2)), sample.LoadTest("windjammer", 900, sample.Health(2))}
	},
	"expectations": func() []results.Document {
		docs := []results.Document{sample.LoadTest("rust", 1, sample.Projects(50, 3)), sample.LoadTest("windjammer", 1.08, sample.Projects(50, 3))}
		for i := range docs {
			docs[i].Scenarios[0].Expected = []results.Expectation{
				{Metric: "p95", Op: "<", Limit: 2200, Text: "< 2.2ms"},
				{Metric: "throughput", Op: ">", Limit: 5000, Text: "> 5000/s"},
				{Metric: "flow_p95", Op: "<", Limit: 50_000, Text: "< 50ms"},
				{Metric: "errors", Op: "<=", Limit: 0, Text: "0%"},
				{Step: "create", Metric: "p99.9", Op: "<", Limit: 6000, Text: "< 6ms"},
				{Step: "update", Metric: "p99", Op: "<", Limit: 6000, Text: "< 6ms"},
			}
		}
		docs[1].Scenarios[0].Overridden = []string{"step delete expects status 204"}
		return docs
	},
	"single": func() []results.Document {
		return []results.Document{sample.LoadTest("windjammer", 1.08, sample.Projects(50, 2))}
	},
	"reference": func() []results.Document {
		docs := []results.Document{sample.LoadTest("rust", 1, sample.Health(3)), sample.LoadTest("windjammer", 1.08, sample.Health(3))}
		docs[0].Reference = "reference server, rust dialect"
		docs[1].Reference = "reference server, windjammer dialect, --slow 8%"
		docs[1].Warnings = []string{"server and generator shared the same cores"}
		return docs
	},
	"seconds": func() []results.Document {
		docs := []results.Document{sample.LoadTest("rust", 1, sample.Health(2)), sample.LoadTest("windjammer", 1.3, sample.Health(2))}
		for i := range docs {
			for k := range docs[i].Scenarios[0].Trials {
				t := &docs[i].Scenarios[0].Trials[k]
				for second := range 10 {
					t.GoodPerS = append(t.GoodPerS, uint64(4000-700*i+30*second)*uint64(min(second+4*i+1, 4))/4) // rust starts slowly
				}
				t.GoodPerS = append(t.GoodPerS, 3) // what came after the last whole second
			}
		}
		docs[1].Scenarios[0].Trials[1].GoodPerS[6] = 900 // it stood still
		return docs
	},
	"two dates": func() []results.Document {
		before, after := sample.LoadTest("windjammer", 1.1, sample.Health(2)), sample.LoadTest("windjammer", 1, sample.Health(2))
		after.Session, after.Created = "20261201-cc33", sample.Noon.Add(8*24*time.Hour)
		return []results.Document{after, before}
	},
}

// writers are the four forms, by file ending.
var writers = map[string]func(io.Writer, *Comparison) error{
	"txt":  func(w io.Writer, c *Comparison) error { return page.Text(w, words.Load(c), page.Options{Width: 100}) },
	"md":   func(w io.Writer, c *Comparison) error { return page.Markdown(w, words.Load(c)) },
	"csv":  func(w io.Writer, c *Comparison) error { return page.CSV(w, words.Load(c)) },
	"json": func(w io.Writer, c *Comparison) error { return page.JSON(w, words.Load(c)) },
}

func TestGoldens(t *testing.T) {
	for name, build := range cases {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join("testdata", strings.ReplaceAll(name, " ", "_"))
			if golden.Updating() {
				writeDocuments(t, dir, build())
			}
			c, err := New(readDocuments(t, dir), lineup.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for ending, write := range writers {
				golden.Check(t, filepath.Join(dir, "want."+ending), printed(t, c, write))
			}
		})
	}
}

func writeDocuments(t *testing.T, dir string, docs []results.Document) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for i, d := range docs {
		text, err := results.Encode(&d)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d_%s.json", i, d.Implementation)), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func readDocuments(t *testing.T, dir string) []results.Document {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "[0-9]*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no documents in %s (%v)", dir, err)
	}
	var docs []results.Document
	for _, p := range paths {
		d, err := results.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, *d)
	}
	return docs
}

func printed(t *testing.T, c *Comparison, write func(io.Writer, *Comparison) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
