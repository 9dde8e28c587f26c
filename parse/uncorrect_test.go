package parse

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// correct does what wrk does to its histogram before printing, in the order
// in which wrk does it, on a dense array.
func correct(data []uint64, expected int) []uint64 {
	data = slices.Clone(data)
	for n := 2 * expected; n < len(data); n++ {
		for m := n - expected; data[n] > 0 && m > expected; m -= expected {
			data[m] += data[n]
		}
	}
	return data
}

func sparse(data []uint64) (bars [][2]uint64) {
	for v, n := range data {
		if n > 0 {
			bars = append(bars, [2]uint64{uint64(v), n})
		}
	}
	return bars
}

// wrkRun is wrk's view of a run with these true latencies.
func wrkRun(rng *rand.Rand, measured []uint64, connections int) BlockWrk {
	w := BlockWrk{Threads: 1, Connections: connections, DurationUS: rng.Uint64N(30_000)}
	for _, n := range measured {
		w.Requests += n
	}
	w.Latency = sparse(measured)
	if interval, corrected := correctionInterval(w); corrected && interval > 0 {
		w.Latency = sparse(correct(measured, int(interval)))
	}
	return w
}

func TestUncorrectInvertsWrk(t *testing.T) {
	t.Parallel()
	tried := 0
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 4))
		measured := make([]uint64, 1+rng.IntN(1500))
		for range rng.IntN(200) {
			measured[rng.IntN(len(measured))] += 1 + rng.Uint64N(5)
		}
		w := wrkRun(rng, measured, 1+rng.IntN(40))
		if interval, corrected := correctionInterval(w); corrected && interval == 0 {
			continue
		}
		got, err := uncorrect(w)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if d := cmp.Diff(sparse(measured), got); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
		tried++
	}
	if tried < 200 {
		t.Errorf("only %d histograms tried", tried)
	}
}

func TestUncorrect(t *testing.T) {
	t.Parallel()
	// 10 answers on 1 connection in 1 ms: e = 100 µs. One of 350 µs brought
	// phantoms at 250 and 150.
	b := &Block{Wrk: BlockWrk{Threads: 1, Connections: 1, DurationUS: 1000, Requests: 10,
		Latency: [][2]uint64{{50, 7}, {150, 2}, {200, 1}, {250, 1}, {350, 1}}}}
	h, err := Uncorrect(b)
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]int64
	for _, bar := range h.Distribution() {
		if bar.Count > 0 {
			got = append(got, [2]int64{bar.From, bar.Count})
		}
	}
	if d := cmp.Diff([][2]int64{{50, 7}, {150, 1}, {200, 1}, {350, 1}}, got); d != "" {
		t.Error(d)
	}
}

func TestUncorrectRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		wrk  BlockWrk
		want string
	}{
		"first phantom missing": {BlockWrk{Connections: 1, DurationUS: 1000, Requests: 10, Latency: [][2]uint64{{350, 1}}},
			"0 samples at 250 µs, but wrk's correction alone adds 1 there"},
		"too few phantoms": {BlockWrk{Connections: 1, DurationUS: 1000, Requests: 10, Latency: [][2]uint64{{150, 2}, {250, 1}, {350, 3}}},
			"1 samples at 250 µs, but wrk's correction alone adds 3 there"},
		"more samples than answers": {BlockWrk{Connections: 1, DurationUS: 1000, Requests: 10, Latency: [][2]uint64{{50, 11}}},
			"11 samples remain, but wrk counted 10 answers"},
		"never corrected": {BlockWrk{Connections: 20, DurationUS: 1000, Requests: 10, Latency: [][2]uint64{{900, 11}}},
			"11 samples remain, but wrk counted 10 answers"},
		"no time": {BlockWrk{Connections: 1, DurationUS: 5, Requests: 10, Latency: [][2]uint64{{50, 1}}},
			"10 answers on 1 connections in 5 µs leave no time between two of them"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Uncorrect(&Block{Wrk: c.wrk})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "hint:") {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestLittleRatio(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name         string
		connections  int
		perS, meanUS float64
		want         float64
	}{
		{"holds", 10, 10_000, 1000, 1},
		{"half hang", 10, 5_000, 1000, 2},
		{"invented", 10, 10_000, 4000, 0.25},
		{"no answers", 10, 0, 1000, 0},
		{"not a number", 10, 100, math.NaN(), 0},
	}
	for _, c := range cases {
		if got := LittleRatio(c.connections, c.perS, c.meanUS); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %g, want %g", c.name, got, c.want)
		}
	}
}

// TestWithoutFirst: first answers of slots are taken out of wrk's histogram, by what
// the script saw of them, which is a little more.
func TestWithoutFirst(t *testing.T) {
	t.Parallel()
	bars := [][2]uint64{{100, 5}, {200, 5}, {30_000, 3}, {30_100, 1}}
	for name, c := range map[string]struct{ first, want [][2]uint64 }{
		"none":             {nil, bars},
		"slow ones":        {[][2]uint64{{30_150, 3}, {30_300, 1}}, [][2]uint64{{100, 5}, {200, 5}}},
		"one of two alike": {[][2]uint64{{30_010, 1}}, [][2]uint64{{100, 5}, {200, 5}, {30_000, 2}, {30_100, 1}}},
		"over several":     {[][2]uint64{{250, 7}}, [][2]uint64{{100, 3}, {30_000, 3}, {30_100, 1}}},
		"faster than any":  {[][2]uint64{{50, 2}}, [][2]uint64{{100, 3}, {200, 5}, {30_000, 3}, {30_100, 1}}},
		"more than all":    {[][2]uint64{{40_000, 99}}, [][2]uint64{}},
	} {
		if got := without(bars, c.first); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
