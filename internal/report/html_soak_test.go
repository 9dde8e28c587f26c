package report

import (
	"strings"
	"testing"
	"time"

	"taskbench/results"
)

// TestSoakIsShown: what is stored is in the report, soaks too, with a chart of
// every figure and the sentence on what gets worse.
func TestSoakIsShown(t *testing.T) {
	page := rendered(t, samples(t)["soak"])
	for _, want := range []string{`<section id="soak"`, "<h1>rust</h1>", `id="soak-throughput_per_s"`, "throughput is falling", "workflow, closed, 4 users, 30 windows of 10 s"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in the page", want)
		}
	}
}

func soakDocument() results.Document {
	d := results.Document{Schema: results.Schema, Kind: results.Soak, Session: "20261123-ab22", Implementation: "rust", Baseline: "rust", Created: noon,
		Complete: true, Plan: results.Plan{Pairs: 30}}
	m := results.Measurement{Scenario: "workflow", Hash: "5f3c", Load: results.Load{Connections: 4, DurationS: 10}}
	for n := range 30 {
		m.Trials = append(m.Trials, results.Trial{Pair: n + 1, Position: 1, Started: noon.Add(time.Duration(n) * 10 * time.Second), Answers: 1000, Good: 1000, ThroughputPS: 1000 - 10*float64(n)})
	}
	d.Scenarios = []results.Measurement{m}
	return d
}
