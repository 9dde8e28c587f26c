package compare

import (
	"taskbench/internal/figure"

	"slices"
	"strings"
)

// heights are bars of rising height.
var heights = []rune("▁▂▃▄▅▆▇█")

// spark draws values as bars from 0 to high, at most columns wide: what stays
// level looks level. More values than columns are drawn as means of neighbours.
func spark(values []float64, high float64, columns int) string {
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

// secondsLabel stands before the bars of a scenario's throughput.
const secondsLabel = "good/s  "

const (
	leastSparks = 8  // columns of bars that show something
	mostSparks  = 40 // more show no more
	leastPoints = 5
)

// secondsLine draws how many good answers each target gave second by second,
// pair after pair, all on one line and to one scale; "" where there is nothing
// to see, or no room.
func (t *textWriter) secondsLine(s Scenario) string {
	high, names, longest := uint64(0), 0, 0
	var drawn []Side
	for _, side := range s.Sides {
		if len(side.Seconds) >= leastPoints {
			drawn = append(drawn, side)
			high, longest = max(high, slices.Max(side.Seconds)), max(longest, len(side.Seconds))
			names += textWidth(side.Target) + len(" ") + len(gap)
		}
	}
	if high == 0 {
		return ""
	}
	scale := "0 to " + figure.Throughput.Unit.Text(float64(high), float64(high))
	room := t.width - len(margin) - len(secondsLabel) - names - textWidth(scale)
	columns := min(room/len(drawn), mostSparks, longest)
	if columns < min(leastSparks, longest) {
		return ""
	}
	line := secondsLabel
	for _, side := range drawn {
		line += side.Target + " " + spark(floats(side.Seconds), float64(high), columns) + gap
	}
	return line + scale
}

func floats(counts []uint64) []float64 {
	list := make([]float64, len(counts))
	for i, n := range counts {
		list[i] = float64(n)
	}
	return list
}

// perSecond are a target's good answers in each whole second of the windows of
// these pairs, one pair after the other. What is left of a window after its
// last whole second is no second.
func (s *side) perSecond(pairs []int) []uint64 {
	const nearly = 0.02 // of a second: a window is closed by the first answer after its end
	var list []uint64
	for _, p := range pairs {
		t := s.trials[p]
		list = append(list, t.GoodPerS[:min(max(int(t.WindowS+nearly), 0), len(t.GoodPerS))]...)
	}
	return list
}
