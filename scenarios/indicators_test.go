package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"taskbench/internal/yamlfile"
)

func TestIndicators(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"{leaks: none, memory: < 1.5 GiB, p95: 20ms}", "p95 <= 20000, memory < 1.610612736e+09, leaks <= 0"},
		{"{memory: < 100MB, cpu: < 80%}", "memory < 1e+08, cpu < 0.8"},
		{"{memory: 5000}", "memory <= 5000"},
		{"{throughput: '> 5k/s'}", "throughput > 5000"},
		{"{memory: much}", `"much" is no limit for memory`},
		{"{memory: '> 1MB'}", "memory is expected to be < a limit"},
		{"{p95: 0.5}", `did you mean "0.5ms" or "0.5s"?`},
		{"{p95: 0}", "p95 <= 0"},
		{"{leaks: few}", `"few" is no limit for leaks`},
		{"{p99: < 1ms}", `unknown indicator "p99"`},
	} {
		r := yamlfile.NewReader("x.yaml", []byte(c.text))
		var got []string
		for _, b := range ReadIndicators(r, r.Parse()) {
			got = append(got, fmt.Sprint(b.Metric, " ", b.Op, " ", b.Limit))
		}
		if err := r.Errs.Err(); err != nil {
			got = []string{err.Error()}
		}
		if text := strings.Join(got, ", "); text != c.want && !strings.Contains(text, "x.yaml:1:") || !strings.Contains(text, c.want) {
			t.Errorf("%s\n%s", c.text, text)
		}
	}
	if n := len(SuiteIndicators()); n != len(indicatorQuantities) {
		t.Errorf("the suite has %d indicators", n)
	}
}
