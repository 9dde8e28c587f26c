package main

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"taskbench/compare/stats"
)

// placed are the other rows of a scenario in which something is stated to be
// slower: p-values of being slower, one-sided and comparable between looks, and
// the oriented log ratios pair by pair.
type placed struct {
	ps    []float64
	logs  [][]float64
	steps []bool
	lost  []bool // what is true
	looks float64
}

// placing is a rule that says which of them are slower: adjusted p-values, to be
// held against a level, of all scenarios of a run.
type placing struct {
	name  string
	level float64
	of    func(all []placed, r *rand.Rand) [][]float64

	runs, falseRuns, found, losses int
}

// otherAlpha is the level that stats.Claims gives to such rows.
const otherAlpha = 0.2 * stats.RunAlpha

// placings are what was tried for steps, p99 and memory, on the same runs; the
// last is the one that is used.
func placings() []*placing {
	return []*placing{
		{name: "Benjamini–Hochberg in each scenario, two-sided", level: 0.025, of: eachScenario(func(p placed) []float64 { return benjaminiHochberg(scaled(p.ps, 2)) })},
		{name: "Benjamini–Hochberg over the run", level: otherAlpha / 2, of: overRun(benjaminiHochberg)},
		{name: "Holm over the run", level: otherAlpha, of: overRun(stats.Holm)},
		{name: "Hochberg over the run", level: otherAlpha, of: overRun(stats.Hochberg)},
		{name: "Hommel over the run", level: otherAlpha, of: overRun(hommel)},
		{name: "max-t by sign flips in each scenario", level: otherAlpha, of: maxT},
		{name: "adaptive Holm in each scenario", level: otherAlpha, of: func(all []placed, _ *rand.Rand) [][]float64 {
			return eachScenario(func(p placed) []float64 { return scaled(stats.AdaptiveHolm(p.ps), float64(len(all))) })(all, nil)
		}},
		{name: "adaptive Holm over the run (used)", level: otherAlpha, of: overRun(stats.AdaptiveHolm)},
	}
}

// overRun takes the rows of all scenarios for one family.
func overRun(adjust func([]float64) []float64) func([]placed, *rand.Rand) [][]float64 {
	return func(all []placed, _ *rand.Rand) [][]float64 {
		var ps []float64
		for _, p := range all {
			ps = append(ps, p.ps...)
		}
		ps = adjust(ps)
		out := make([][]float64, len(all))
		for i, p := range all {
			out[i], ps = ps[:len(p.ps)], ps[len(p.ps):]
		}
		return out
	}
}

func eachScenario(adjust func(placed) []float64) func([]placed, *rand.Rand) [][]float64 {
	return func(all []placed, _ *rand.Rand) [][]float64 {
		var out [][]float64
		for _, p := range all {
			out = append(out, adjust(p))
		}
		return out
	}
}

func scaled(ps []float64, factor float64) []float64 {
	out := make([]float64, len(ps))
	for i, p := range ps {
		out[i] = math.Min(1, p*factor)
	}
	return out
}

// count tries the rule on a run.
func (p *placing) count(all []placed, r *rand.Rand) {
	p.runs++
	untrue := false
	for i, ps := range p.of(all, r) {
		for k, adjusted := range ps {
			stated := adjusted <= p.level
			untrue = untrue || stated && !all[i].lost[k]
			if all[i].steps[k] && all[i].lost[k] {
				p.losses++
				tick(&p.found, stated)
			}
		}
	}
	tick(&p.falseRuns, untrue)
}

// place tries all rules on a run of which this is stated of primary rows.
func (w *whole) place(all []scenario, run []stats.Cell, claims []stats.CellClaims, r *rand.Rand) {
	var list []placed
	for i, s := range all {
		if slices.ContainsFunc(claims[i].Primary, func(c stats.Claim) bool { return c.Stated && c.Verdict == stats.Slower }) {
			list = append(list, s.placed(run[i].Other))
		}
	}
	for _, p := range w.placings {
		p.count(list, r)
	}
}

func (s scenario) placed(rows []stats.Row) placed {
	p := placed{looks: 1}
	for k, row := range rows {
		i, n := k+len(primaries), row.Judgement.Pairs
		truth := s.truth(i)
		at, _ := row.Plan.At(n)
		p.looks = stats.RunAlpha / at.DifferenceAlpha
		sided := 1.0
		if worse := (row.Judgement.Ratio < 1) == (row.Judgement.Better == stats.HigherIsBetter); worse && row.Judgement.Unstable.IsZero() {
			sided = math.Min(1, row.Judgement.P*p.looks/2)
		}
		logs := make([]float64, n)
		for pair := range logs {
			logs[pair] = s.draws.noise[pair][i] + truth
		}
		p.ps, p.logs = append(p.ps, sided), append(p.logs, logs)
		p.steps, p.lost = append(p.steps, strings.HasPrefix(s.figures[i].name, "step ")), append(p.lost, truth < 0)
	}
	return p
}

func printPlacings(w io.Writer, all []*whole) {
	fmt.Fprintln(w, "\nsteps, p99 and memory beside a stated difference: in % of runs a false one | losses of steps found, in %")
	for _, c := range all {
		for _, p := range c.placings {
			if p.runs > 0 {
				rate := percentOf(p.falseRuns, p.runs)
				fmt.Fprintf(w, "%-62s %-48s %5.1f ± %.1f | %3.0f\n", c.name(), p.name, rate, uncertainty(rate, p.runs), percentOf(p.found, p.losses))
			}
		}
	}
}

// benjaminiHochberg adjusts p-values so that of all claims made the expected
// share of false ones stays at a level (JRSS B 1995).
func benjaminiHochberg(ps []float64) []float64 {
	order, out, lowest := ordered(ps), make([]float64, len(ps)), 1.0
	for rank, i := range slices.Backward(order) {
		lowest = math.Min(lowest, ps[i]*float64(len(ps))/float64(rank+1))
		out[i] = lowest
	}
	return out
}

func ordered(ps []float64) []int {
	order := make([]int, len(ps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	return order
}

// hommel closes Simes' test (Biometrika 1988): of every number m of the largest
// p-values, none but those below what Simes allows may stand.
func hommel(ps []float64) []float64 {
	order, n := ordered(ps), len(ps)
	out := slices.Clone(ps)
	for m := 2; m <= n; m++ {
		least := math.Inf(1) // Simes over the m−1 largest, by their rank among m
		for k := 2; k <= m; k++ {
			least = math.Min(least, float64(m)*ps[order[n-m+k-1]]/float64(k))
		}
		for rank, i := range order {
			bound := least
			if rank <= n-m {
				bound = math.Min(float64(m)*ps[i], least)
			}
			out[i] = math.Min(1, math.Max(out[i], bound))
		}
	}
	return out
}

// maxT is Westfall and Young's step-down test (1993) in each scenario at the
// level divided by how many there are: signs of pairs are flipped at random, of
// all rows at once, which keeps how alike they are. Few pairs have too few signs
// for any claim; there Hommel's takes its place.
func maxT(all []placed, r *rand.Rand) [][]float64 {
	const flips, fewest = 4096, 12
	var out [][]float64
	for _, p := range all {
		adjusted := hommel(p.ps)
		if len(p.logs) > 0 && len(p.logs[0]) >= fewest {
			adjusted = scaled(stepDown(p.logs, flips, r), p.looks)
		}
		out = append(out, scaled(adjusted, float64(len(all))))
	}
	return out
}

func stepDown(logs [][]float64, flips int, r *rand.Rand) []float64 {
	signs := make([]float64, len(logs[0]))
	for i := range signs {
		signs[i] = 1
	}
	seen := worse(logs, signs)
	order := ordered(seen)
	slices.Reverse(order)
	counts := make([]int, len(logs))
	for range flips {
		ts := worse(logs, signs) // the first has the signs as they were
		most := math.Inf(-1)
		for rank, i := range slices.Backward(order) {
			most = math.Max(most, ts[i])
			tick(&counts[rank], most >= seen[i]-1e-12)
		}
		for i := range signs {
			signs[i] = float64(1 - 2*r.IntN(2))
		}
	}
	out, highest := make([]float64, len(logs)), 0.0
	for rank, i := range order {
		highest = math.Max(highest, float64(counts[rank])/float64(flips))
		out[i] = highest
	}
	return out
}

// worse is how far each row lies below 0, in standard errors.
func worse(logs [][]float64, signs []float64) []float64 {
	n := float64(len(signs))
	out := make([]float64, len(logs))
	for i, row := range logs {
		sum, squares := 0.0, 0.0
		for k, x := range row {
			sum, squares = sum+signs[k]*x, squares+x*x
		}
		out[i] = -sum / n / math.Sqrt((squares/n-sum*sum/n/n)/(n-1))
	}
	return out
}
