package parse_test

import (
	"fmt"
	"strings"

	"taskbench/parse"
)

// The text of a run becomes figures in base units. One that the text does not
// say is nil, and what does not fit together is among the warnings.
func ExampleWrk() {
	const text = `Running 10s test @ http://127.0.0.1:8080/
  2 threads and 10 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.02ms    0.10ms   9.00ms   90.00%
    Req/Sec     5.00k    50.00     5.10k    70.00%
  100000 requests in 10.00s, 10.00MB read
Requests/sec:  10000.00
Transfer/sec:      1.00MB
`
	runs, err := parse.Wrk("run.txt", strings.NewReader(text))
	if err != nil {
		panic(err)
	}
	r := runs[0]
	fmt.Println(*r.Requests, "requests,", *r.RequestsPS, "a second")
	fmt.Println("mean latency", *r.LatencyMeanUS, "µs, as printed ±", r.RoundingHalfWidth["latency_mean_us"])
	fmt.Printf("Little's ratio %.2f, %d warnings, a distribution: %t\n", *r.LittleRatio, len(r.Warnings), r.Latency != nil)
	// Output:
	// 100000 requests, 10000 a second
	// mean latency 1020 µs, as printed ± 5
	// Little's ratio 0.98, 0 warnings, a distribution: false
}
