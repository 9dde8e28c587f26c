package results

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"taskbench/parse"
)

func microDocument() *Document {
	d := &Document{
		Kind: Microbench, Session: "s1", Implementation: "rust", Baseline: "rust", Created: noon, Complete: true,
		Plan:      Plan{Targets: []string{"rust"}, Pairs: 2},
		Scenarios: []Measurement{}, Micro: &Micro{Source: []string{"target/criterion"}, Benchmarks: []Microbenchmark{}},
	}
	for round := 1; round <= 2; round++ {
		d.Micro.AddRound(MicroRound{Round: round, Baseline: "new"}, []parse.MicroRun{microSample("json/encode", float64(round))})
	}
	return d
}

// microSample is a run of one figure; the seventh sample is far off.
func microSample(id string, figure float64) parse.MicroRun {
	r := parse.MicroRun{Where: "a/new", ID: id, Group: "json", Unit: "ns", Throughput: []parse.MicroThroughput{{Amount: 64, Unit: "bytes"}}}
	for i := range 100 {
		r.Samples.Iterations = append(r.Samples.Iterations, float64(i+1))
		r.Samples.Totals = append(r.Samples.Totals, figure*float64(i+1)+0.001*float64(i))
	}
	r.Samples.Totals[6] *= 9
	p := r.Samples.Points()
	r.Estimates = parse.MicroEstimates{Mean: &parse.MicroEstimate{Point: p.Mean}, Median: &parse.MicroEstimate{Point: p.Median, Level: 0.95}}
	return r
}

// A document of microbenchmarks is stored, listed, found and read like any
// other, is valid by the schema, and keeps each list of samples on one line.
func TestMicroDocument(t *testing.T) {
	s := Store{Dir: t.TempDir()}
	doc := microDocument()
	path, err := s.Save(doc)
	if err != nil || !strings.HasSuffix(path, "rust/microbench_2026-11-23.json") {
		t.Fatal(path, err)
	}
	entries, problems := s.List()
	if len(problems) > 0 || len(entries) != 1 || entries[0].Kind != Microbench {
		t.Fatal(entries, problems)
	}
	back, err := ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc.Schema = Schema
	if diff := cmp.Diff(doc, back); diff != "" {
		t.Error(diff)
	}
	text, err := Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > 150 {
		t.Errorf("%d lines", n)
	}
	schema, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	if err := compile(t, schema).Validate(value(t, text)); err != nil {
		t.Error(err)
	}
	if got := gjson.GetBytes(schema, "$defs.Microbenchmark.properties.id.description").Str; got != "Criterion's full id, with its slashes" {
		t.Errorf("description %q", got)
	}
}

func TestAddRound(t *testing.T) {
	t.Parallel()
	m := microDocument().Micro
	other, cycles := microSample("json/decode", 5), microSample("json/encode", 7)
	cycles.Unit = "cycles"
	problems := m.AddRound(MicroRound{Round: 3}, []parse.MicroRun{
		microSample("json/encode", 2), cycles, other, microSample("json/decode", 6),
	})
	want := []string{
		"a/new: benchmark \"json/encode\" is left out of round 3: its samples are those of round 2 to the last bit: a copy is no second measurement",
		"a/new: benchmark \"json/encode\" is left out of round 3: it is measured in \"cycles\", before in \"ns\"",
		"a/new: benchmark \"json/decode\" is left out of round 3: the round has it already",
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(m.Rounds) != 3 || len(m.Benchmarks) != 2 || len(m.Benchmarks[0].Runs) != 2 || len(m.Benchmarks[1].Runs) != 1 {
		t.Errorf("%+v", m)
	}
	if o := m.Benchmarks[0].Runs[0].Outliers; o.Samples != 100 || o.HighSevere != 1 || o.Total() < 1 {
		t.Errorf("outliers %+v", o)
	}
}

func TestResolveKind(t *testing.T) {
	t.Parallel()
	s := Store{Dir: t.TempDir()}
	if _, err := s.ResolveKind(Microbench, "latest"); err == nil {
		t.Error("something in an empty store")
	}
	for _, name := range []string{"rust", "wj"} {
		doc := microDocument()
		doc.Implementation = name
		if _, err := s.Save(doc); err != nil {
			t.Fatal(err)
		}
	}
	load := microDocument()
	load.Kind, load.Session, load.Micro = LoadTest, "s2", nil
	if _, err := s.Save(load); err != nil {
		t.Fatal(err)
	}
	for ref, want := range map[string]int{"latest": 2, "rust": 1, "rust@2026-11-23": 1, "s1": 2} {
		entries, err := s.ResolveKind(Microbench, ref)
		if err != nil || len(entries) != want || entries[0].Kind != Microbench {
			t.Errorf("%s: %v, %v", ref, entries, err)
		}
	}
	if entries, err := s.ResolveKind(Microbench, "s2"); err == nil {
		t.Errorf("a session without microbenchmarks: %v", entries)
	}
}
