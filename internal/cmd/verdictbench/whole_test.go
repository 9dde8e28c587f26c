package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"taskbench/compare/stats"
)

// Both kinds of noise have the rows that the built-in scenarios have.
func TestRowsOfAWholeRun(t *testing.T) {
	t.Parallel()
	total := 0
	for i := range stepsOf {
		n := len(figuresOf(i))
		total += n
		own := len(slices.DeleteFunc(figuresOf(i), func(f metric) bool { return f.is > 0 }))
		if len(recording[i]) != own {
			t.Errorf("scenario %d: %d recorded rows, want %d", i, len(recording[i]), own)
		}
		for _, c := range []climate{usualNoise, heavyTails, spikes, slowing, twoSpeeds, recorded} {
			d := drawScenario(rand.New(rand.NewPCG(1, 2)), i, 0.08, c)
			if len(d.noise) != pairs || len(d.noise[0]) != n || len(d.baseFirst) != pairs {
				t.Errorf("scenario %d, %s: %d pairs of %d rows", i, c, len(d.noise), len(d.noise[0]))
			}
		}
	}
	if total != 130 {
		t.Errorf("%d rows in all, want 130", total)
	}
}

// Noise favours neither side, and scatters as its figures say.
func TestWholeNoise(t *testing.T) {
	t.Parallel()
	for _, c := range []climate{usualNoise, heavyTails, spikes, slowing, twoSpeeds, recorded} {
		sum, squares, n := make([]float64, 4), make([]float64, 4), 0.0
		for seed := range 1500 {
			for _, row := range drawScenario(rand.New(rand.NewPCG(9, uint64(seed))), 0, 0.08, c).noise {
				for k := range sum {
					sum[k] += row[k]
					squares[k] += row[k] * row[k]
				}
				n++
			}
		}
		for k := range sum {
			if mean, sd := sum[k]/n, math.Sqrt(squares[k]/n); math.Abs(mean) > 0.03*sd {
				t.Errorf("%s, %s: mean %v at a standard deviation of %v", c, primaries[k].name, mean, sd)
			}
		}
		// Of throughput nothing is its own; two trials of a CV of 8 % a few seconds apart.
		if sd := math.Sqrt(squares[0] / n); c == usualNoise && (sd < 0.07 || sd > 0.09) {
			t.Errorf("throughput scatters by %v from pair to pair", sd)
		}
	}
}

func TestRecording(t *testing.T) {
	t.Parallel()
	got := readRecording("# made so\na\tx\t100\t-200\nb\tx\t1\t2\nb\ty\t3\t4\n")
	if len(got) != 2 || len(got[1]) != 2 || got[0][0][1] != -0.02 || got[1][1][0] != 0.0003 {
		t.Errorf("got %v", got)
	}
}

func TestTruth(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		v     stats.Verdict
		truth float64
		want  bool
	}{
		{stats.Parity, 0, true}, {stats.Parity, -math.Log(1.05), false}, {stats.Parity, -0.02, true},
		{stats.Slower, 0, false}, {stats.Slower, -0.1, true}, {stats.Faster, -0.1, false}, {stats.Inconclusive, 0, true},
	} {
		if got := isTrue(c.v, c.truth); got != c.want {
			t.Errorf("%s at %v: %t", c.v, c.truth, got)
		}
	}
	if w := lossInPart; w.truthOf(lossy[0], 0) >= 0 || w.truthOf(lossy[0], 1) != 0 || w.truthOf(0, 0) != 0 {
		t.Error("half the rows of two scenarios lose something, and no others")
	}
}

// A false statement is counted as what it is; a missed bar is said.
func TestCountingStatements(t *testing.T) {
	t.Parallel()
	w := &whole{climate: usualNoise, cv: 0.08, plan: sequential, world: lossBeside, said: map[string]*said{}}
	for _, name := range ruleNames {
		w.said[name] = newSaid()
	}
	all := make([]scenario, len(stepsOf))
	run := make([]stats.CellClaims, len(stepsOf))
	for i := range all {
		all[i] = scenario{whole: w, number: i, figures: figuresOf(i)}
		run[i].Primary = make([]stats.Claim, len(primaries))
	}
	run[0].Primary[1] = stats.Claim{Stated: true, Verdict: stats.Faster}        // wrong
	run[lossy[0]].Primary[0] = stats.Claim{Stated: true, Verdict: stats.Slower} // right
	run[lossy[0]].Other = []stats.Claim{{Stated: true, Verdict: stats.Slower}}  // right
	s := w.said[ruleA]
	s.count(all, run, []stats.Claim{{Stated: true, Verdict: stats.Parity}})
	if s.falseRuns != 1 || s.falseAny != 1 || s.elsewhere != 1 || s.wrongWay != 1 || s.found["throughput"] != 1 || s.losses["throughput"] != 2 {
		t.Errorf("counted %+v", s)
	}
	for range 40 {
		s.count(all, run, []stats.Claim{{Stated: true, Verdict: stats.Parity}})
	}
	var out bytes.Buffer
	if printWholes(&out, []*whole{w}) || !strings.Contains(out.String(), "100.00 ± 0.00 %  MISSED") {
		t.Errorf("a run in which all is wrong meets the bars:\n%s", &out)
	}
}

func TestChecksCount(t *testing.T) {
	t.Parallel()
	c := &check{what: "heads", limit: 10, part: 2, happens: func(r *rand.Rand) bool { return r.IntN(2) == 0 }}
	r := rand.New(rand.NewPCG(1, 1))
	for path := range 400 {
		c.simulate(r, path)
	}
	var out bytes.Buffer
	if c.cases != 200 || printChecks(&out, []*check{c}) || !strings.Contains(out.String(), "MISSED") {
		t.Errorf("%d cases:\n%s", c.cases, &out)
	}
}
