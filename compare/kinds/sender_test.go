package kinds

import (
	"strings"
	"testing"

	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/internal/page"
	"taskbench/results"
)

// samples are two documents of each kind that holds figures under load.
func samples() map[results.Kind][]results.Document {
	steady := func(float64) float64 { return 30e6 }
	searched := func(name string) results.Document {
		return results.Document{Kind: results.Capacity, Implementation: name, Baseline: "rust", Plan: results.Plan{Pairs: 1},
			Scenarios: []results.Measurement{{Scenario: "workflow", Search: &results.Search{WidthFraction: 0.02, LeastPS: 1, MostPS: 100}}}}
	}
	return map[results.Kind][]results.Document{
		results.LoadTest: {sample.LoadTest("rust", 1, sample.Health(6)), sample.LoadTest("windjammer", 1, sample.Health(6))},
		results.Memory:   {sample.Memory("rust", steady), sample.Memory("windjammer", steady)},
		results.CPU:      sample.CPU(),
		results.Soak:     {sample.Soak("rust", 12, nil), sample.Soak("windjammer", 12, nil)},
		results.Capacity: {searched("rust"), searched("windjammer")},
	}
}

// What two engines, or two numbers of hosts, sent is never compared, whatever it is:
// there is an error, or the reason in place of a ratio.
func TestOtherSendersAreNeverCompared(t *testing.T) {
	t.Parallel()
	for kind, docs := range samples() {
		for name, sent := range map[string]results.Sender{"k6 on this machine alone": {Engine: "k6"}, "wrk on 2 hosts": {Hosts: 2}, "wrk on 1 other host": {Hosts: 1}} {
			docs[1].Plan.Engine, docs[1].Plan.Hosts = "", 0
			if _, err := Pages(docs, lineup.Options{}); err != nil {
				t.Fatalf("%s of one sender: %v", kind, err)
			}
			docs[1].Plan.Engine, docs[1].Plan.Hosts = sent.Engine, sent.Hosts
			said := told(t, docs)
			if !strings.Contains(said, name) {
				t.Errorf("%s by %s beside wrk on this machine: the reason is not said:\n%s", kind, name, said)
			}
			if strings.Contains(said, ", sent by") {
				t.Errorf("%s by %s beside wrk on this machine: one sender is told of both:\n%s", kind, name, said)
			}
			if strings.Contains(said, "parity") {
				t.Errorf("%s by %s beside wrk on this machine has a verdict:\n%s", kind, name, said)
			}
		}
	}
}

// Processes of one machine are no hosts: pages of all kinds say how many there were, and
// nothing is compared with what as many hosts sent.
func TestProcessesAreNoHosts(t *testing.T) {
	t.Parallel()
	local := []results.Host{{Name: "local 1", WrkVersion: "4.2.0"}, {Name: "local 2", WrkVersion: "4.2.0"}}
	for kind, docs := range samples() {
		for i := range docs {
			docs[i].Plan.Hosts, docs[i].Environment.Hosts = 2, local
		}
		if said := told(t, docs); strings.Count(said, "the load was sent by 2 processes of this machine") != 1 || strings.Contains(said, "local 1") {
			t.Errorf("%s: %s", kind, said)
		}
		docs[1].Environment.Hosts = []results.Host{{Name: "a"}, {Name: "b"}}
		if said := told(t, docs); !strings.Contains(said, "wrk in 2 processes") || strings.Contains(said, "parity") {
			t.Errorf("%s of processes, beside hosts: %s", kind, said)
		}
	}
}

// Pages of all kinds say who sent the load, what each host said of itself, and how
// they differ.
func TestPagesNameHosts(t *testing.T) {
	t.Parallel()
	hosts := []results.Host{
		{Name: "bench@a", WrkVersion: "4.2.0", Cores: 8, ClockAheadS: -0.0012, ClockErrorS: 0.0003, LoadBefore: 0.25},
		{Name: "bench@b", WrkVersion: "4.2.0", Cores: 4, CPUs: []int{0, 1}, ClockAheadS: 5, ClockErrorS: 0.00004},
	}
	for kind, docs := range samples() {
		for i := range docs {
			docs[i].Plan.Hosts, docs[i].Environment.Hosts = 2, hosts
			docs[i].Environment.HostNotes = []string{"host bench@b: it has 4 cores, and bench@a has 8"}
		}
		said := told(t, docs)
		for _, want := range []string{
			"the load was sent by 2 hosts: bench@a (wrk 4.2.0, 8 cores, clock −1.2 ms (± 300 µs), load 0.2), bench@b (wrk 4.2.0, 4 cores, on CPUs 0 1, clock +5.0 s (± 40 µs), load 0.0)",
			"host bench@b: it has 4 cores, and bench@a has 8",
		} {
			if strings.Count(said, want) != 1 {
				t.Errorf("%s: not once: %s\n%s", kind, want, said)
			}
		}
	}
}

// told is the page of documents, or why there is none.
func told(t *testing.T, docs []results.Document) string {
	t.Helper()
	pages, err := Pages(docs, lineup.Options{Baseline: "rust"})
	if err != nil {
		return err.Error()
	}
	var b strings.Builder
	for _, p := range pages {
		if err := page.Text(&b, p, page.Options{Width: 300}); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}
