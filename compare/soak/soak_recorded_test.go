package soak_test

import (
	_ "embed"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"taskbench/compare/sample"
	"taskbench/compare/soak"
	"taskbench/compare/stats"
	"taskbench/results"
)

//go:embed testdata/soak_projects.json
var recordedSoak []byte

// recording is the windows of a real soak of five minutes: projects, 16 virtual users,
// at the reference server with PostgreSQL, on two cores that others used, too.
type recording struct {
	EveryS     float64   `json:"every_s"`
	Throughput []float64 `json:"throughput_per_s"`
	P50        []float64 `json:"p50_us"`
	P99        []float64 `json:"p99_us"`
	CPU        []float64 `json:"cpu_per_answer_us"`
	Memory     []float64 `json:"memory_bytes"`
	Files      []float64 `json:"open_files"`
	Threads    []float64 `json:"threads"`
}

// level is the recording without what trend there is in it: its noise around its
// middles.
func (r recording) level() recording {
	flat := func(ys []float64) []float64 {
		slope, middle := stats.FindTrend(ys).Slope, float64(len(ys)-1)/2
		out := make([]float64, len(ys))
		for i, y := range ys {
			out[i] = y - slope*(float64(i)-middle)
		}
		return out
	}
	r.Throughput, r.P50, r.P99, r.CPU = flat(r.Throughput), flat(r.P50), flat(r.P99), flat(r.CPU)
	r.Memory, r.Files, r.Threads = flat(r.Memory), flat(r.Files), flat(r.Threads)
	return r
}

// soak is a document with the windows of the recording in this order; all figures of
// a window stay together.
func (r recording) soak(order []int) results.Document {
	return sample.Soak("rust", len(order), func(n int, t *results.Trial) {
		i := order[n]
		t.Started = t.Started.Add(time.Duration(float64(n) * (r.EveryS - 10) * float64(time.Second)))
		t.ThroughputPS, t.Latency.P50US, t.Latency.P99US = r.Throughput[i], r.P50[i], r.P99[i]
		*t.Resources.CPUPerAnswerUS, *t.Memory.MeanBytes, *t.Memory.OpenFiles, *t.Memory.Threads = r.CPU[i], r.Memory[i], r.Files[i], r.Threads[i]
	})
}

// blocks are stretches of so many windows each, begun anywhere: neighbours stay alike
// within them (a circular block bootstrap; Politis and Romano, 1992).
func blocks(r *rand.Rand, n, length int) []int {
	var order []int
	for len(order) < n {
		from := r.IntN(n)
		for k := range length {
			order = append(order, (from+k)%n)
		}
	}
	return order[:n]
}

func drifting(t *testing.T, d results.Document) (which []string) {
	t.Helper()
	for _, row := range soakOf(t, d).Rows {
		if drift := row.Cells[0].Drift; drift != nil && drift.Verdict == soak.Drifting {
			which = append(which, row.Name)
		}
	}
	return which
}

// A soak of five minutes at a server that does not change is not said to drift, in
// 19 of 20: windows with the noise of a real one, through the real rule.
func TestNoDriftOfAnUnchangedServer(t *testing.T) {
	t.Parallel()
	var real recording
	if err := json.Unmarshal(recordedSoak, &real); err != nil {
		t.Fatal(err)
	}
	if n := len(real.Throughput); n != 30 || len(real.Threads) != n || len(real.CPU) != n {
		t.Fatalf("%d windows", n)
	}
	inOrder := make([]int, len(real.Throughput))
	for i := range inOrder {
		inOrder[i] = i
	}
	if which := drifting(t, real.soak(inOrder)); len(which) > 0 {
		t.Errorf("the soak itself is said to drift in %v", which)
	}
	const soaks = 400
	for _, length := range []int{1, 3, 6} {
		r, wrong, of := rand.New(rand.NewPCG(13, uint64(length))), 0, map[string]int{}
		flat := real.level()
		for range soaks {
			which := drifting(t, flat.soak(blocks(r, len(inOrder), length)))
			if len(which) > 0 {
				wrong++
			}
			for _, name := range which {
				of[name]++
			}
		}
		t.Logf("blocks of %d windows: %d of %d soaks drift, in %v", length, wrong, soaks, of)
		if wrong > soaks/20 {
			t.Errorf("blocks of %d windows: %d of %d soaks are said to drift, in %v", length, wrong, soaks, of)
		}
	}
}
