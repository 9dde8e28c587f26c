package compare_test

import (
	"testing"

	. "taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/results"
)

// indicated are the indicators of rust, in six pairs that change made.
func indicated(t *testing.T, change func(t *results.Trial), asked ...results.Expectation) map[string]IndicatorResult {
	t.Helper()
	docs := run(6, 1, nil)
	for i := range docs {
		docs[i].Indicators = asked
	}
	for i := range docs[0].Scenarios[0].Trials {
		change(&docs[0].Scenarios[0].Trials[i])
	}
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]IndicatorResult{}
	for _, x := range c.Indicators {
		for _, r := range x.Results {
			if r.Target == docs[0].Implementation {
				out[x.Metric] = r
			}
		}
	}
	return out
}

func TestIndicators(t *testing.T) {
	t.Parallel()
	below := func(metric string, limit float64) results.Expectation {
		return results.Expectation{Metric: metric, Op: "<", Limit: limit}
	}
	fast := results.Expectation{Metric: "throughput", Op: ">", Limit: 5000}
	memory := func(n uint64) func(*results.Trial) {
		return func(t *results.Trial) { t.Resources = &results.Resources{ServerResidentBytes: &n} }
	}
	cores := func(used float64) func(*results.Trial) {
		return func(t *results.Trial) { t.Resources = &results.Resources{ServerCores: &used, ServerCoresAllowed: 2} }
	}
	tail := func(p99 float64) func(*results.Trial) {
		return func(t *results.Trial) { t.Latency.P95US, t.Latency.P99US = 1000, p99 }
	}
	as := func(*results.Trial) {}
	for name, c := range map[string]struct {
		asked  results.Expectation
		change func(t *results.Trial)
		metric string
		want   string
	}{
		"memory below":         {below("memory", 100e6), memory(99e6), "memory", "good"},
		"memory above":         {below("memory", 100e6), memory(101e6), "memory", "bad"},
		"memory unknown":       {below("memory", 100e6), func(t *results.Trial) { t.Resources = nil }, "memory", "unknown"},
		"cpu below":            {below("cpu", 0.8), cores(1.5), "cpu", "good"},
		"cpu above":            {below("cpu", 0.8), cores(1.7), "cpu", "bad"},
		"throughput":           {fast, func(t *results.Trial) { t.ThroughputPS = 5001 }, "throughput", "good"},
		"throughput too low":   {fast, func(t *results.Trial) { t.ThroughputPS = 4999 }, "throughput", "bad"},
		"leaks":                {below("leaks", 0), as, "leaks", "unknown"},
		"no long tail":         {below("leaks", 0), tail(2000), string(finding.LongTail), "good"},
		"a long tail":          {below("leaks", 0), tail(9000), string(finding.LongTail), "bad"},
		"near the CPU's limit": {below("leaks", 0), cores(1.9), string(finding.ServerBusy), "bad"},
		"an unknown sign":      {below("karma", 0), as, "karma", "unknown"},
		"an unknown operator":  {results.Expectation{Metric: "throughput", Limit: 1}, as, "throughput", "unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, found := indicated(t, c.change, c.asked)[c.metric]
			got := "unknown"
			if r.Good != nil {
				got = map[bool]string{true: "good", false: "bad"}[*r.Good]
			}
			if !found || got != c.want || (got == "unknown") == (r.Missing.Code == "") {
				t.Errorf("%+v is %s, want %s", r, got, c.want)
			}
		})
	}
	if got := indicated(t, as); len(got) > 0 {
		t.Errorf("nobody asked: %+v", got)
	}
}

// Latency is held against each step, and good where most of them keep the bound.
func TestIndicatorOfMostSteps(t *testing.T) {
	t.Parallel()
	docs := run(6, 1, nil)[:1]
	m := &docs[0].Scenarios[0]
	m.Steps = []string{"a", "b", "c"}
	docs[0].Indicators = []results.Expectation{{Metric: "p95", Op: "<", Limit: 20_000}}
	for want, slow := range map[bool]int{true: 1, false: 2} {
		for i := range m.Trials {
			m.Trials[i].Steps = nil
			for k, name := range m.Steps {
				latency := &results.Latency{Count: 9, P95US: 1000}
				if k < slow {
					latency.P95US = 30_000 + float64(k)
				}
				m.Trials[i].Steps = append(m.Trials[i].Steps, results.StepResult{Name: name, Answers: 9, Good: 9, Latency: latency})
			}
		}
		c, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		r := c.Indicators[0].Results[0]
		if r.Good == nil || *r.Good != want || r.Met != 3-slow || r.Of != 3 || *r.Worst != 29_999+float64(slow) || r.Where == "" {
			t.Errorf("%d of three steps are slow: %+v", slow, r)
		}
	}
}
