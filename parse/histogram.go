package parse

import (
	"fmt"
	"math"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Range and precision of every HdrHistogram of taskbench. All are alike, so
// that they merge without loss.
const (
	HDRLowestUS  = 1
	HDRHighestUS = 200_000_000 // 200 s; longer is counted as this
	HDRDigits    = 3
)

const (
	bucketsPerDoubling = 64
	bucketCount        = 64 * bucketsPerDoubling // up to 2^64 µs
)

// NewHDR returns an empty histogram of the shape that all of taskbench uses:
// microseconds from 1 to 200 s with three significant digits.
func NewHDR() *hdrhistogram.Histogram {
	return hdrhistogram.New(HDRLowestUS, HDRHighestUS, HDRDigits)
}

// HDR returns the same distribution as an HdrHistogram in whole microseconds.
// Each bucket is recorded at its middle, drawn into [MinUS, MaxUS] where the
// smallest or largest value shows that nothing lies at the middle.
//
// Any percentile is within 1 % of that of the values the script saw, plus the
// half microsecond of rounding to whole ones: 0.79 % from the middle of a
// bucket that is 1/64 of its lower bound wide, 0.1 % from three digits. l must
// have passed ReadBlock; a nil l gives an empty histogram.
func (l *BlockLatency) HDR() *hdrhistogram.Histogram {
	h := NewHDR()
	if l == nil {
		return h
	}
	for _, b := range l.Buckets {
		low, high := bucketBounds(b[0])
		middle := math.Max(l.MinUS, math.Min(l.MaxUS, (low+high)/2))
		record(h, middle, b[1])
	}
	return h
}

// record adds n samples of us microseconds, drawn into the histogram's range.
// With that the library has no reason left to refuse.
func record(h *hdrhistogram.Histogram, us float64, n uint64) {
	v := int64(math.Round(math.Max(HDRLowestUS, math.Min(HDRHighestUS, us))))
	if err := h.RecordValues(v, int64(n)); err != nil {
		panic("parse: " + err.Error())
	}
}

// bucketBounds returns the values in µs that bucket i holds: low included,
// high excluded. Bucket 0 also takes what is below one microsecond.
func bucketBounds(i uint64) (low, high float64) {
	low, high = bucketLow(i), bucketLow(i+1)
	if i == 0 {
		low = 0
	}
	return low, high
}

func bucketLow(i uint64) float64 {
	fraction := 1 + float64(i%bucketsPerDoubling)/bucketsPerDoubling
	return math.Ldexp(fraction, int(i/bucketsPerDoubling))
}

// checkLatency holds a histogram against itself: buckets in order, their
// counts adding up, minimum, maximum and sum possible.
func checkLatency(where string, l *BlockLatency) error {
	var sum uint64
	for i, b := range l.Buckets {
		switch {
		case b[0] >= bucketCount:
			return fmt.Errorf("%s.buckets[%d] has index %d, the last is %d", where, i, b[0], bucketCount-1)
		case i > 0 && b[0] <= l.Buckets[i-1][0]:
			return fmt.Errorf("%s.buckets[%d] has index %d, not above the one before, %d", where, i, b[0], l.Buckets[i-1][0])
		case b[1] == 0 || b[1] > exactInteger || sum > exactInteger:
			return fmt.Errorf("%s.buckets[%d] has count %d", where, i, b[1])
		}
		sum += b[1]
	}
	if sum != l.Count {
		return fmt.Errorf("%s.buckets add up to %d, count is %d", where, sum, l.Count)
	}
	if l.Count == 0 {
		return nil
	}
	return checkExtremes(where, l)
}

// sumTolerance is the rounding that a decimal of 14 digits (Lua's %.14g) and
// adding millions of doubles may cost, relative.
const sumTolerance = 1e-6

func checkExtremes(where string, l *BlockLatency) error {
	if !within(l.MinUS, l.Buckets[0][0]) {
		return fmt.Errorf("%s.min_us is %g, outside of the first bucket", where, l.MinUS)
	}
	if !within(l.MaxUS, l.Buckets[len(l.Buckets)-1][0]) {
		return fmt.Errorf("%s.max_us is %g, outside of the last bucket", where, l.MaxUS)
	}
	n := float64(l.Count)
	if l.MinUS > l.MaxUS || l.SumUS < n*l.MinUS*(1-sumTolerance) || l.SumUS > n*l.MaxUS*(1+sumTolerance) {
		return fmt.Errorf("%s: a sum of %g µs cannot come from %d values between %g and %g µs",
			where, l.SumUS, l.Count, l.MinUS, l.MaxUS)
	}
	return nil
}

// within reports whether bucket i holds v, give or take what printing v in
// decimal may have moved it over a bound.
func within(v float64, i uint64) bool {
	low, high := bucketBounds(i)
	return v >= low*(1-sumTolerance) && v <= high*(1+sumTolerance)
}
