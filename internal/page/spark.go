package page

import "strings"

// heights are bars of rising height.
var heights = []rune("▁▂▃▄▅▆▇█")

// Spark draws values as bars from 0 to high, at most columns wide: what stays
// level looks level. More values than columns are drawn as means of neighbours.
func Spark(values []float64, high float64, columns int) string {
	var b strings.Builder
	for _, v := range resampled(values, columns) {
		at := 0
		if high > 0 {
			at = min(max(int(v/high*float64(len(heights))), 0), len(heights)-1)
		}
		b.WriteRune(heights[at])
	}
	return b.String()
}

// resampled are n values at most, each the mean of as many neighbours as the
// others, give or take one.
func resampled(values []float64, n int) []float64 {
	if len(values) <= n {
		return values
	}
	out := make([]float64, max(n, 0))
	for i := range out {
		part := values[i*len(values)/n : (i+1)*len(values)/n]
		for _, v := range part {
			out[i] += v / float64(len(part))
		}
	}
	return out
}
