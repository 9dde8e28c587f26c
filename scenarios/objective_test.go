package scenarios_test

import (
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"taskbench/scenarios"
)

func TestObjective(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		mode scenarios.Mode
		want string // metric, sign and limit of each bound; or part of the error
	}{
		{scenarios.DefaultObjective, scenarios.Request, "p95 < 20000; errors < 0.001"},
		{"p99.9<=1s", scenarios.Flow, "p99.9 <= 1e+06"},
		{"flow_p95 < 50ms , p50 < 2 ms", scenarios.Flow, "flow_p95 < 50000; p50 < 2000"},
		{"errors = 0%", scenarios.Request, `"= 0%" is no limit for errors`},
		{"flow_p95 < 50ms", scenarios.Mix, "measured end to end"},
		{"throughput > 5/s", scenarios.Request, "cannot ask for throughput"},
		{"p95 > 5ms", scenarios.Request, "expected to be < a limit"},
		{"p42 < 5ms", scenarios.Request, "unknown metric"},
		{"p95 < fast", scenarios.Request, "is no limit for p95"},
		{"p95 < 20", scenarios.Request, "p95 needs a unit: < 20"},
		{"fast", scenarios.Request, `"fast" is no bound`},
		{"p95 < 5ms,", scenarios.Request, `"" is no bound`},
	} {
		bounds, err := scenarios.ParseObjective(c.text, c.mode)
		var parts []string
		for _, b := range bounds {
			parts = append(parts, b.Metric+" "+b.Op+" "+strconv.FormatFloat(b.Limit, 'g', -1, 64))
		}
		if got := strings.Join(parts, "; "); err == nil && got != c.want || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %s, %v; want %s", c.text, got, err, c.want)
		}
	}
}

// TestObjectiveOfAFile has it beside what is expected of the rate that is found.
func TestObjectiveOfAFile(t *testing.T) {
	t.Parallel()
	load := func(more string) (*scenarios.Scenario, error) {
		return scenarios.LoadFS(fstest.MapFS{"x.yaml": {Data: []byte("name: x\nrequest: GET /health\n" + more)}}, "x.yaml")
	}
	s, err := load("objective: p95 < 5ms\nexpected: {capacity: \"> 3k/s\"}\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Objective) != 1 || s.Objective[0].Limit != 5000 || s.Objective[0].Text != "< 5ms" {
		t.Errorf("objective %+v", s.Objective)
	}
	if b := s.Expected.Bounds; len(b) != 1 || b[0].Metric != "capacity" || b[0].Limit != 3000 || b[0].Op != ">" {
		t.Errorf("expected %+v", b)
	}
	plain, err := load("")
	if err != nil || plain.Hash != s.Hash {
		t.Errorf("an objective changes no request, and the hash says it does (%v)", err)
	}
	if _, err := load("expected: {capacity: < 3k/s}\n"); err == nil || !strings.Contains(err.Error(), "x.yaml:3:") {
		t.Errorf("a capacity that is to be low: %v", err)
	}
	if _, err := load("objective: p95 fast\n"); err == nil || !strings.Contains(err.Error(), "x.yaml:3:12") {
		t.Errorf("an objective that is none: %v", err)
	}
}
