package parse

import (
	"fmt"
	"strings"
	"testing"
)

// docs/wrk.md: connections = throughput × mean latency. What wrk prints is
// told from a ratio below 0.8 and above 1.25 on.
func TestLittleLimits(t *testing.T) {
	t.Parallel()
	const invented, idle = "samples that were never measured", "idle or hung"
	for mean, want := range map[string]string{
		"1.23ms": invented, // 10/(10,000/s·1.23 ms) = 0.813
		"1.27ms": invented, // 0.787
		"0.81ms": idle,     // 1.235
		"0.79ms": idle,     // 1.266
	} {
		text := fmt.Sprintf(`Running 10s test @ http://127.0.0.1:8080/
  2 threads and 10 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   %8s    0.10ms   9.00ms   90.00%%
    Req/Sec     5.00k    50.00     5.10k    70.00%%
  100000 requests in 10.00s, 10.00MB read
Requests/sec:  10000.00
Transfer/sec:      1.00MB
`, mean)
		runs, err := Wrk("run.txt", strings.NewReader(text))
		if err != nil || len(runs) != 1 || runs[0].LittleRatio == nil {
			t.Fatalf("%s: %v, %v", mean, runs, err)
		}
		r := *runs[0].LittleRatio
		told := strings.Contains(strings.Join(runs[0].Warnings, "\n"), want)
		if beyond := r < 0.8 || r > 1.25; told != beyond {
			t.Errorf("ratio %.3f: %q", r, runs[0].Warnings)
		}
	}
}
