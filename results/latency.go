package results

import (
	"fmt"
	"math"

	"github.com/HdrHistogram/hdrhistogram-go"

	"taskbench/parse"
)

// NewLatency summarises a histogram of whole microseconds. Minimum, mean and
// maximum are those of the histogram, within its precision. A nil or empty
// histogram gives nil: there is no latency of no answers.
func NewLatency(h *hdrhistogram.Histogram) (*Latency, error) {
	if h == nil || h.TotalCount() == 0 {
		return nil, nil
	}
	return summarise(h, h.Mean(), float64(h.Min()), float64(h.Max()))
}

// blockLatency summarises what a script recorded; minimum, mean and maximum
// are exact.
func blockLatency(l *parse.BlockLatency) (*Latency, error) {
	if l == nil || l.Count == 0 {
		return nil, nil
	}
	return summarise(l.HDR(), l.SumUS/float64(l.Count), l.MinUS, l.MaxUS)
}

// summarise takes the percentiles from the histogram, drawn into what the
// smallest and largest value are known to be: a bucket may reach beyond them.
func summarise(h *hdrhistogram.Histogram, mean, low, high float64) (*Latency, error) {
	text, err := h.Encode(hdrhistogram.V2CompressedEncodingCookieBase)
	if err != nil {
		return nil, fmt.Errorf("a latency histogram cannot be encoded: %w", err)
	}
	at := func(percentile float64) float64 {
		return math.Max(low, math.Min(high, float64(h.ValueAtPercentile(percentile))))
	}
	return &Latency{
		Count: uint64(h.TotalCount()), MeanUS: mean, MinUS: low, MaxUS: high,
		P50US: at(50), P75US: at(75), P90US: at(90), P95US: at(95), P99US: at(99), P999US: at(99.9),
		HDR: string(text),
	}, nil
}

// Histogram decodes the whole distribution, in microseconds. A nil Latency is
// an empty histogram.
func (l *Latency) Histogram() (*hdrhistogram.Histogram, error) {
	if l == nil {
		return parse.NewHDR(), nil
	}
	h, err := hdrhistogram.Decode([]byte(l.HDR))
	if err != nil {
		return nil, fmt.Errorf("a latency histogram cannot be read: %w", err)
	}
	if uint64(h.TotalCount()) != l.Count {
		return nil, fmt.Errorf("a latency histogram holds %d values, its count says %d", h.TotalCount(), l.Count)
	}
	return h, nil
}

// MergeLatency is the distribution of all values of several ones: percentiles
// come from the merged histogram and are never averaged; the mean is weighted
// by count. Absent ones (nil) count nothing; nil when nothing is left.
func MergeLatency(parts ...*Latency) (*Latency, error) {
	merged := parse.NewHDR()
	low, high, sum, count := math.Inf(1), 0.0, 0.0, 0.0
	for _, l := range parts {
		if l == nil || l.Count == 0 {
			continue
		}
		h, err := l.Histogram()
		if err != nil {
			return nil, err
		}
		if lost := merged.Merge(h); lost > 0 {
			return nil, fmt.Errorf("a latency histogram holds %d values beyond %d µs", lost, parse.HDRHighestUS)
		}
		low, high = math.Min(low, l.MinUS), math.Max(high, l.MaxUS)
		sum += l.MeanUS * float64(l.Count)
		count += float64(l.Count)
	}
	if count == 0 {
		return nil, nil
	}
	return summarise(merged, sum/count, low, high)
}
