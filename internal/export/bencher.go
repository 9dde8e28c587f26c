package export

import (
	"io"

	"taskbench/compare"
	"taskbench/internal/page"
	"taskbench/internal/plain"
)

// bmfMeasure is one figure of the Bencher Metric Format.
type bmfMeasure struct {
	Value float64 `json:"value"`
	Lower float64 `json:"lower_value"`
	Upper float64 `json:"upper_value"`
}

// Limits of Bencher's names, in characters.
const (
	bmfBenchmarkName = 1024
	bmfMeasureName   = 64
)

// Bencher writes the Bencher Metric Format (bencher.dev/docs/reference/bencher-metric-format):
//
//	bencher run --adapter json --file bmf.json
//
// A benchmark is scenario[/step]/target. Its measures are Bencher's own latency
// (the median, in ns) and throughput (answers a second), and latency-p95 and so
// on beside them. Values are medians over the pairs, lower and upper the smallest
// and largest figure of a pair.
func Bencher(w io.Writer, c *compare.Comparison) error {
	benchmarks := map[string]map[string]bmfMeasure{}
	for _, e := range entries(c) {
		name := plain.Characters(plain.Clean(e.path()), bmfBenchmarkName)
		if benchmarks[name] == nil {
			benchmarks[name] = map[string]bmfMeasure{}
		}
		low, high := e.span()
		measure, scale := e.metric.Bencher()
		benchmarks[name][plain.Characters(measure, bmfMeasureName)] = bmfMeasure{scale * e.median, scale * low, scale * high}
	}
	return page.Encode(w, benchmarks)
}
