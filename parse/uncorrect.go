package parse

import (
	"fmt"
	"slices"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Uncorrect returns the latencies that wrk really measured, from the corrected
// histogram it hands to done().
//
// wrk "corrects" for coordinated omission after every run: with e the mean
// time between two answers of a connection, it adds for each sample n further
// ones at n-e, n-2e, … as long as they are above e (stats_correct in wrk's
// src/stats.c; called from main in src/wrk.c). Phantoms make no phantoms. The
// corrected count at v > e is therefore the sum of the real counts at v, v+e,
// v+2e, …, and so
//
//	real(v) = corrected(v) - corrected(v+e)   for v > e
//	real(v) = corrected(v)                    for v ≤ e
//
// which is exact, not an estimate. Where generators took turns, the first answers of
// slots are left out, too. The result has the shape of NewHDR. An
// error means that the histogram is not one that wrk corrected with this
// duration, these requests and these connections.
func Uncorrect(b *Block) (*hdrhistogram.Histogram, error) {
	bars, err := uncorrect(b.Wrk)
	if err != nil {
		return nil, blockError("wrk's histogram cannot be repaired: "+err.Error(), regenerate, err)
	}
	if b.Slots != nil {
		bars = without(bars, b.Slots.FirstUS)
	}
	h := NewHDR()
	for _, bar := range bars {
		record(h, float64(bar[0]), bar[1])
	}
	return h, nil
}

// uncorrect is Uncorrect on [value in µs, count] pairs, ascending.
func uncorrect(w BlockWrk) ([][2]uint64, error) {
	interval, corrected := correctionInterval(w)
	if w.Measured || !corrected {
		return w.Latency, checkSamples(w, w.Latency)
	}
	if interval == 0 {
		return nil, fmt.Errorf("%d answers on %d connections in %d µs leave no time between two of them", w.Requests, w.Connections, w.DurationUS)
	}
	counts := make(map[uint64]uint64, len(w.Latency))
	for _, bar := range w.Latency {
		counts[bar[0]] = bar[1]
	}
	var measured [][2]uint64
	for _, bar := range w.Latency {
		v, n := bar[0], bar[1]
		if err := checkBelow(v, interval, counts); err != nil {
			return nil, err
		}
		if v > interval {
			phantoms := counts[v+interval]
			if phantoms > n {
				return nil, missing(v, n, phantoms)
			}
			n -= phantoms
		}
		if n > 0 {
			measured = append(measured, [2]uint64{v, n})
		}
	}
	return measured, checkSamples(w, measured)
}

// correctionInterval is the time in µs that wrk takes for the normal distance
// of two answers, in its whole-number arithmetic, and whether it corrected at
// all: with less than one answer a connection it does not. w.Connections is
// what -c asked for, also where wrk opened fewer.
func correctionInterval(w BlockWrk) (interval uint64, corrected bool) {
	if w.Connections < 1 {
		return 0, false
	}
	each := w.Requests / uint64(w.Connections)
	if each == 0 {
		return 0, false
	}
	return w.DurationUS / each, true
}

// checkBelow demands that the first phantom of v is there: it would be the
// only sample at its value that uncorrect never visits.
func checkBelow(v, interval uint64, counts map[uint64]uint64) error {
	if v <= 2*interval || counts[v-interval] >= counts[v] {
		return nil
	}
	return missing(v-interval, counts[v-interval], counts[v])
}

func missing(v, have, want uint64) error {
	return fmt.Errorf("%d samples at %d µs, but wrk's correction alone adds %d there", have, v, want)
}

// checkSamples holds what is left against wrk's own count of answers. There
// may be fewer (timeouts are in no histogram, pipelined answers share a
// sample), never more.
func checkSamples(w BlockWrk, bars [][2]uint64) error {
	var sum uint64
	for _, bar := range bars {
		sum += bar[1]
	}
	if sum > w.Requests {
		return fmt.Errorf("%d samples remain, but wrk counted %d answers", sum, w.Requests)
	}
	return nil
}

// without takes first answers out of bars, each as the longest one that took no
// longer than the script saw: by its clock they take a little longer than by wrk's.
func without(bars, first [][2]uint64) [][2]uint64 {
	left := slices.Clone(bars)
	at := len(left) - 1
	for _, f := range slices.Backward(first) {
		for at > 0 && left[at][0] > f[0] {
			at--
		}
		n := f[1]
		for ; at >= 0 && n > 0; at-- {
			taken := min(n, left[at][1])
			left[at][1], n = left[at][1]-taken, n-taken
			if left[at][1] > 0 {
				break
			}
		}
		at = max(at, 0)
	}
	return slices.DeleteFunc(left, func(bar [2]uint64) bool { return bar[1] == 0 })
}
