package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"taskbench/compare/stats"
)

// The model must be what it says: trials of variance 1, of which 70 % is
// machine state that the next trial still feels.
func TestNoise(t *testing.T) {
	t.Parallel()
	var sum, squares, product, n float64
	for path := range 4000 {
		for _, p := range draw(rand.New(rand.NewPCG(3, uint64(path)))) {
			sum += p.base + p.cand
			squares += p.base*p.base + p.cand*p.cand
			product += p.base * p.cand
			n++
		}
	}
	if mean := sum / (2 * n); math.Abs(mean) > 0.03 {
		t.Errorf("mean %v, want 0", mean)
	}
	if v := squares / (2 * n); math.Abs(v-1) > 0.03 {
		t.Errorf("variance %v, want 1", v)
	}
	// Means over 10 s that start 13 s apart: Σ_ij e^(−(13+i−j)/60) / Σ_ij e^(−|i−j|/60).
	cross, own := 0.0, 0.0
	for i := range measuredS {
		for j := range measuredS {
			cross += math.Exp(-float64(discardS+measuredS+i-j) / tauS)
			own += math.Exp(-math.Abs(float64(i-j)) / tauS)
		}
	}
	if got, want := product/n, driftShare*cross/own; math.Abs(got-want) > 0.03 {
		t.Errorf("covariance within a pair %v, want %v", got, want)
	}
}

func TestSimulationDoesNotDependOnWorkers(t *testing.T) {
	t.Parallel()
	var one, two bytes.Buffer
	for workers, out := range map[int]*bytes.Buffer{1: &one, 2: &two} {
		simulate(20, 5, workers).print(out)
	}
	if one.String() != two.String() {
		t.Errorf("one worker:\n%s\ntwo workers:\n%s", &one, &two)
	}
}

func TestRunSaysWhenABarIsMissed(t *testing.T) {
	t.Parallel()
	wrong := &cell{cv: 0.08, plan: fixed10, paths: 100, verdicts: map[stats.Verdict]int{stats.Slower: 7, stats.Parity: 93}}
	var out bytes.Buffer
	if printBars(&out, []*cell{wrong}) {
		t.Error("7 % false alarms meet a bar of 6 %")
	}
	if want := "CV  8 %  fixed 10"; !strings.Contains(out.String(), want) || !strings.Contains(out.String(), "7.000 ± 2.551 %  MISSED") {
		t.Errorf("got:\n%s", &out)
	}
}

func TestRunArguments(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-n", "0"}, {"-n", "x"}, {"extra"}} {
		var out, errs bytes.Buffer
		if code := run(args, &out, &errs); code != 2 || errs.Len() == 0 || out.Len() > 0 {
			t.Errorf("%v: exit %d, stdout %q, stderr %q", args, code, &out, &errs)
		}
	}
}
