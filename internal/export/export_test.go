package export

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/joshdk/go-junit"
	promlabels "github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/perf/benchfmt"

	"taskbench/compare"
	"taskbench/compare/stats"
	"taskbench/results"
)

// samples are comparisons of all shapes: the ones that compare's own tables are
// tested with, and one with names that are markup in every format.
func samples(t *testing.T) map[string]exportCase {
	t.Helper()
	all := map[string]exportCase{}
	for _, name := range []string{"two_targets", "three_targets", "sweep", "failed", "missing", "single", "verdicts", "two_dates", "far_apart", "expectations"} {
		all[name] = compared(t, stored(t, name))
	}
	docs := stored(t, "two_targets")
	for i := range docs {
		docs[i].Implementation = []string{`a"b\c<&>`, "d e|`%,:"}[i]
		for j := range docs[i].Scenarios {
			docs[i].Scenarios[j].Scenario = "x\n\"y\"\\ </td> 100% a=b é-8" + strconv.Itoa(j)
		}
	}
	all["markup"] = compared(t, docs)
	return all
}

type exportCase struct {
	c    *compare.Comparison
	docs []results.Document
}

func stored(t *testing.T, name string) []results.Document {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", "..", "compare", "testdata", name, "[0-9]*.json"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no documents in %s: %v", name, err)
	}
	var docs []results.Document
	for _, path := range paths {
		d, err := results.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, *d)
	}
	return docs
}

func compared(t *testing.T, docs []results.Document) exportCase {
	t.Helper()
	c, err := compare.New(docs, compare.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return exportCase{c, docs}
}

func written(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// each runs a test over all samples.
func each(t *testing.T, test func(t *testing.T, s exportCase)) {
	for name, s := range samples(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, s)
		})
	}
}

// Go's own reader finds every figure of every pair, of the side that it is
// of, under a name without GOMAXPROCS.
func TestGoBenchmark(t *testing.T) {
	each(t, func(t *testing.T, s exportCase) {
		text := written(t, func(w io.Writer) error { return GoBenchmark(w, s.c) })
		got := 0
		r := benchfmt.NewReader(strings.NewReader(text), "export")
		for r.Scan() {
			switch rec := r.Result().(type) {
			case *benchfmt.SyntaxError:
				t.Error(rec)
			case *benchfmt.Result:
				if rec.GetConfig("impl") == "" {
					t.Errorf("%s has no impl", rec.Name)
				}
				if _, parts := rec.Name.Parts(); strings.HasPrefix(string(parts[len(parts)-1]), "-") {
					t.Errorf("%s is read as GOMAXPROCS %s", rec.Name, parts[len(parts)-1])
				}
				got += len(rec.Values)
			}
		}
		if err := r.Err(); err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, e := range entries(s.c) {
			for _, v := range e.eachPair {
				if v != nil && e.metric != compare.Errors {
					want++
				}
			}
		}
		if got != want {
			t.Errorf("%d figures were read, want %d:\n%s", got, want, text)
		}
	})
}

// benchstat compares the two sides and comes to the medians of compare.
func TestBenchstat(t *testing.T) {
	t.Parallel()
	s := compared(t, stored(t, "verdicts"))
	path := filepath.Join(t.TempDir(), "results.txt")
	text := written(t, func(w io.Writer) error { return GoBenchmark(w, s.c) })
	if err := writeText(path, text); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "tool", "benchstat", "-col", "impl", "-format", "csv", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, e := range entries(s.c) {
		if e.metric != compare.Throughput || e.step != "" {
			continue
		}
		if want := strconv.FormatFloat(e.median, 'g', 6, 64); !strings.Contains(string(out), want[:5]) {
			t.Errorf("benchstat does not print %s of %s:\n%s", want, e.path(), out)
		}
	}
	for _, want := range []string{",rust,", "answers/s", "vs base", "p95-sec"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("no %q in:\n%s", want, out)
		}
	}
}

func TestBencher(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", "bmf.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	each(t, func(t *testing.T, s exportCase) {
		text := written(t, func(w io.Writer) error { return Bencher(w, s.c) })
		v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Error(err)
		}
		var read map[string]map[string]bmfMeasure
		if err := json.Unmarshal([]byte(text), &read); err != nil {
			t.Fatal(err)
		}
		figures := 0
		for name, measures := range read {
			figures += len(measures)
			for measure, m := range measures {
				if m.Lower > m.Value || m.Value > m.Upper {
					t.Errorf("%s %s: %v is not between %v and %v", name, measure, m.Value, m.Lower, m.Upper)
				}
			}
		}
		if want := len(entries(s.c)); figures != want {
			t.Errorf("%d figures, want %d", figures, want)
		}
	})
}

// github-action-benchmark matches by name, rescales only ranges that start
// with ±, and must be told one direction.
func TestGitHubActionBenchmark(t *testing.T) {
	isRange := regexp.MustCompile(`^± \d+(\.\d+)?(e[+-]\d+)?$`)
	each(t, func(t *testing.T, s exportCase) {
		seen := map[string]bool{}
		for _, better := range []compare.Direction{compare.Higher, compare.Lower} {
			text := written(t, func(w io.Writer) error { return GitHubActionBenchmark(w, s.c, better) })
			var read []struct {
				Name, Unit, Range, Extra string
				Value                    *float64
			}
			d := json.NewDecoder(strings.NewReader(text))
			d.DisallowUnknownFields()
			if err := d.Decode(&read); err != nil {
				t.Fatal(err)
			}
			for _, e := range read {
				switch {
				case e.Name == "" || e.Unit == "" || e.Value == nil || !isRange.MatchString(e.Range):
					t.Errorf("%+v is not whole", e)
				case seen[e.Name]:
					t.Errorf("%s is there twice", e.Name)
				case strings.HasSuffix(e.Name, "throughput") != (better == compare.Higher) && !strings.Contains(e.Name, "cpu"):
					t.Errorf("%s is among those where %s is better", e.Name, better)
				}
				seen[e.Name] = true
			}
		}
		if want := len(entries(s.c)); len(seen) != want {
			t.Errorf("%d figures, want %d", len(seen), want)
		}
	})
}

// A reader of CI servers finds every decision, with its outcome.
func TestJUnit(t *testing.T) {
	each(t, func(t *testing.T, s exportCase) {
		for _, mode := range []stats.GateMode{stats.Standard, stats.Strict} {
			rule := stats.DefaultGate()
			rule.Mode = mode
			g, err := compare.Gate(s.c, rule)
			if err != nil {
				t.Skip(err) // one target alone
			}
			suites, err := junit.Ingest([]byte(written(t, func(w io.Writer) error { return JUnit(w, g) })))
			if err != nil {
				t.Fatal(err)
			}
			got := map[junit.Status]int{}
			names := map[string]bool{}
			for _, suite := range suites {
				for _, test := range suite.Tests {
					got[test.Status]++
					if id := suite.Name + test.Classname + test.Name; names[id] {
						t.Errorf("two cases are called %s", id)
					} else {
						names[id] = true
					}
				}
			}
			if got[junit.StatusFailed] < g.Counts[stats.Failed] || got[junit.StatusPassed] != g.Counts[stats.Pass]+g.Counts[stats.Warned] {
				t.Errorf("%s: read %v, decided %v", mode, got, g.Counts)
			}
			if len(names) != len(g.Decisions) {
				t.Errorf("%s: %d cases for %d decisions", mode, len(names), len(g.Decisions))
			}
			if mode == stats.Strict && got[junit.StatusSkipped] > 0 {
				t.Errorf("a strict gate skips %d", got[junit.StatusSkipped])
			}
		}
	})
}

// Prometheus' own parser reads every figure, each series once, families whole.
func TestOpenMetrics(t *testing.T) {
	each(t, func(t *testing.T, s exportCase) {
		text := written(t, func(w io.Writer) error { return OpenMetrics(w, s.c) })
		p := textparse.NewOpenMetricsParser([]byte(text), promlabels.NewSymbolTable())
		families, series, ratios := map[string]bool{}, map[string]bool{}, 0
		for {
			entry, err := p.Next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			switch entry {
			case textparse.EntryType:
				name, _ := p.Type()
				if families[string(name)] {
					t.Errorf("family %s is torn apart", name)
				}
				families[string(name)] = true
			case textparse.EntrySeries:
				_, at, v := p.Series()
				var l promlabels.Labels
				p.Labels(&l)
				if series[l.String()] || at == nil || math.IsNaN(v) {
					t.Errorf("%s: twice, without a time or NaN", l)
				}
				series[l.String()] = true
				if l.Get("__name__") == "taskbench_candidate_ratio" {
					ratios++
				}
			}
		}
		if want := len(entries(s.c)); len(series)-ratios != want {
			t.Errorf("%d figures, want %d", len(series)-ratios, want)
		}
	})
}

func TestComment(t *testing.T) {
	each(t, func(t *testing.T, s exportCase) {
		text := written(t, func(w io.Writer) error { return Comment(w, s.c) })
		if !strings.HasPrefix(text, CommentMarker+"\n## ") || strings.Count(text, "<details>") != 1 || strings.Contains(text, "</td>") && !strings.Contains(text, `\</td>`) {
			t.Errorf("not a comment:\n%s", text)
		}
	})
}

// What is too long for a comment is left out whole.
func TestCommentLimit(t *testing.T) {
	t.Parallel()
	s := compared(t, stored(t, "two_targets"))
	for range 400 {
		s.c.Scenarios = append(s.c.Scenarios, s.c.Scenarios[0])
	}
	text := written(t, func(w io.Writer) error { return Comment(w, s.c) })
	if len(text) > 65536 || strings.Contains(text, "<details>") || !strings.Contains(text, "too long") {
		t.Errorf("a comment of %d bytes", len(text))
	}
}

// A target whose answers were wrong has no speed, anywhere.
func TestFailedHasNoSpeed(t *testing.T) {
	t.Parallel()
	s := compared(t, stored(t, "failed"))
	failed := 0
	for _, sc := range s.c.Scenarios {
		for _, side := range sc.Sides {
			if side.State != compare.Failed {
				continue
			}
			failed++
			for _, e := range entries(s.c) {
				if e.scenario == sc.Name && e.connections == sc.Load.Connections && e.target.Label == side.Target && e.metric != compare.Errors {
					t.Errorf("%s of %s is exported, which failed", e.metric, e.path())
				}
			}
		}
	}
	if failed == 0 {
		t.Error("nothing failed")
	}
}
