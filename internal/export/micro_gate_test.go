package export

import (
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"taskbench/compare/gate"
	"taskbench/compare/micro"
	"taskbench/compare/stats"
	"taskbench/results"
)

// microbenchmarks are twelve alternating rounds of one side, each benchmark
// factor times as slow as 100 ns, one percent up and down.
func microbenchmarks(name string, factors map[string]float64) results.Document {
	d := results.Document{
		Schema: results.Schema, Kind: results.Microbench, Session: "20261123-ab12", Implementation: name, Baseline: "rust",
		Created: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), Complete: true, Micro: &results.Micro{Paired: true},
	}
	r := rand.New(rand.NewPCG(1, uint64(len(name))))
	for round := 1; round <= 12; round++ {
		d.Micro.Rounds = append(d.Micro.Rounds, results.MicroRound{Round: round, Position: 1 + (round+len(name))%2})
	}
	for _, id := range []string{"json/encode", "json/decode", "sql <insert>\n"} {
		group, _, _ := strings.Cut(id, "/")
		b := results.Microbenchmark{ID: id, Group: group, Unit: "ns"}
		for round := 1; round <= 12; round++ {
			v := 100 * factors[id] * (.99 + .02*r.Float64())
			e := &results.MicroEstimate{Estimate: v, Low: v, High: v, Confidence: .95}
			b.Runs = append(b.Runs, results.MicroRun{Round: round, Mean: e, Median: e})
		}
		d.Micro.Benchmarks = append(d.Micro.Benchmarks, b)
	}
	return d
}

// A gate of microbenchmarks is a suite a group and a case a benchmark, and an
// annotation for each that is slower.
func TestMicroGate(t *testing.T) {
	c, err := micro.New([]results.Document{
		microbenchmarks("rust", map[string]float64{"json/encode": 1, "json/decode": 1, "sql <insert>\n": 1}),
		microbenchmarks("wj", map[string]float64{"json/encode": 1.3, "json/decode": 1, "sql <insert>\n": 1.07}),
	}, micro.Options{})
	if err != nil {
		t.Fatal(err)
	}
	g, err := gate.OfMicro(c, gate.Options{Rule: stats.DefaultGate()})
	if err != nil {
		t.Fatal(err)
	}
	ingest(t, g)
	xml := written(t, func(w io.Writer) error { return JUnit(w, g) })
	for _, want := range []string{
		`<testsuite name="microbenchmarks, json" tests="2" failures="1" errors="0" skipped="0" time="0">`,
		`<testcase name="wj: json/encode" classname="taskbench.micro.json" time="0">`, `type="regression"`,
		`<testcase name="wj: sql &lt;insert&gt;" classname="taskbench.micro.sql__insert_" time="0">`, `<system-out>warning: +6.`,
	} {
		if !strings.Contains(xml, want) {
			t.Errorf("no %s in:\n%s", want, xml)
		}
	}
	var heads []string
	for l := range strings.Lines(written(t, func(w io.Writer) error { return Annotations(w, g) })) {
		head, _, _ := strings.Cut(strings.TrimPrefix(l, "::"), ": ")
		heads = append(heads, head)
	}
	want := []string{"error title=taskbench%3A slower than the gate allows::json/encode (wj)", "warning title=taskbench%3A slower::sql <insert> (wj)"}
	if diff := cmp.Diff(want, heads); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
