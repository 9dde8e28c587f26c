package main

import (
	"fmt"
	"io"
	"math"

	"taskbench/compare/stats"
)

// naive is a usual way to decide, for comparison: how often it sees a
// difference where there is none, in the same noise.
type naive struct {
	name   string
	alarms func(cv float64, run, blocks []pairNoise) bool
}

var naives = []naive{
	{"one run each, more than 5 % apart", func(cv float64, run, _ []pairNoise) bool {
		return math.Abs(cv*(run[0].cand-run[0].base)) > math.Log(1.05)
	}},
	{"ten runs of A, then ten of B, Welch p < .05", func(cv float64, _, blocks []pairNoise) bool {
		a, b := make([]stats.Pair, len(blocks)), make([]stats.Pair, len(blocks))
		for i, p := range blocks {
			a[i] = stats.Pair{Base: 1, Cand: math.Exp(cv * p.base)}
			b[i] = stats.Pair{Base: 1, Cand: math.Exp(cv * p.cand)}
		}
		ci := stats.RatioOfRatios(a, b, stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(len(a), 0.05)}).CI
		return ci.Low > 1 || ci.High < 1
	}},
	{"pairs, 95 % interval looked at 5 times", func(cv float64, run, _ []pairNoise) bool {
		measured := stats.Plain((&cell{cv: cv}).measure(run, 0))
		for n, more := looks.Next(0); more; n, more = looks.Next(n) {
			ci := stats.Judge(measured[:n], stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(n, 0.05)}).CI
			if ci.Known() && (ci.Low > 1 || ci.High < 1) {
				return true
			}
		}
		return false
	}},
}

// looks says when the impatient look: as often as the sequential plan does.
var looks = stats.Sequential(0.05)

// variations are the noise levels simulated.
var variations = []float64{0.03, 0.08, 0.15}

// tally counts the alarms of each naive way at each noise level.
type tally struct {
	paths  int
	alarms map[string][]int // by name, one count per variation
}

func newTally() *tally {
	t := &tally{alarms: map[string][]int{}}
	for _, n := range naives {
		t.alarms[n.name] = make([]int, len(variations))
	}
	return t
}

func (t *tally) simulate(run, blocks []pairNoise) {
	t.paths++
	for _, n := range naives {
		for i, cv := range variations {
			if n.alarms(cv, run, blocks) {
				t.alarms[n.name][i]++
			}
		}
	}
}

func (t *tally) add(o *tally) {
	t.paths += o.paths
	for name, counts := range o.alarms {
		for i, c := range counts {
			t.alarms[name][i] += c
		}
	}
}

func (t *tally) print(w io.Writer) {
	fmt.Fprintf(w, "\nfor comparison: the usual ways, alarms at no difference\n")
	for _, n := range naives {
		fmt.Fprintf(w, "  %-46s", n.name)
		for i, c := range t.alarms[n.name] {
			fmt.Fprintf(w, "  CV %2.0f %%: %4.1f %%", 100*variations[i], 100*float64(c)/float64(t.paths))
		}
		fmt.Fprintln(w)
	}
}
