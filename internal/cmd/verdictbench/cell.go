package main

import (
	"fmt"
	"math"

	"taskbench/compare/stats"
)

// weather is what disturbs a run besides its noise.
type weather string

const (
	calm   weather = ""
	spiky  weather = "5 % spikes"
	trendy weather = "10 % drift"
)

// cell is one combination that is simulated, with what came of it.
type cell struct {
	cv      float64
	truth   float64 // true log ratio
	weather weather
	plan    string
	control bool // ratio of ratios against a run before

	paths      int
	used       int // pairs, over all paths
	verdicts   map[stats.Verdict]int
	outcomes   map[stats.Outcome]int
	excludes   int // 95 % intervals without 1, whatever the verdict
	heavyTails int
}

// The true log ratios: no difference, a loss of exactly the margin, of 5 % and
// of 15 % (throughput 0.95 and 0.85 of the base's).
var truths = []float64{0, -math.Log(1.05), math.Log(0.95), math.Log(0.85)}

// How runs are planned: ten pairs, the default looks until the verdict is in,
// the same until the gate is settled too.
const (
	fixed10    = "fixed 10"
	sequential = "sequential"
	settled    = "seq.+gate"
)

// cells lists what is simulated, in the order it is printed.
func cells() []*cell {
	var all []*cell
	for _, cv := range variations {
		for _, plan := range []string{fixed10, sequential, settled} {
			for _, truth := range truths {
				all = append(all, &cell{cv: cv, truth: truth, plan: plan})
			}
		}
		all = append(all, &cell{cv: cv, plan: fixed10, control: true})
	}
	for _, w := range []weather{spiky, trendy} {
		for _, plan := range []string{fixed10, sequential} {
			all = append(all, &cell{cv: 0.08, plan: plan, weather: w})
		}
	}
	for _, c := range all {
		c.verdicts, c.outcomes = map[stats.Verdict]int{}, map[stats.Outcome]int{}
	}
	return all
}

func (c *cell) rule() stats.Rule {
	if c.plan == fixed10 {
		return stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Fixed(10, 0.05)}
	}
	return stats.Rule{Better: stats.HigherIsBetter, Plan: stats.Sequential(0.05)}
}

// simulate puts one run through the code that judges real ones.
func (c *cell) simulate(run, before []pairNoise) {
	rule := c.rule()
	measured := c.measure(run, c.truth)
	var j stats.Judgement
	n := 0
	for {
		next, more := rule.Plan.Next(n)
		if !more {
			break
		}
		n = next
		if j = c.judge(measured[:n], before, rule); c.done(j) {
			break
		}
	}
	c.count(j, n)
}

func (c *cell) done(j stats.Judgement) bool {
	if c.plan == settled {
		return stats.Settled(stats.Row{Judgement: j, Plan: c.rule().Plan}, stats.DefaultGate(), 1)
	}
	return j.Verdict != stats.Inconclusive
}

func (c *cell) judge(measured []stats.OrderedPair, before []pairNoise, rule stats.Rule) stats.Judgement {
	if c.control {
		return stats.RatioOfRatios(stats.Plain(c.measure(before, 0)[:len(measured)]), stats.Plain(measured), rule)
	}
	return stats.Examine(measured, rule.Better).Temper(stats.Judge(stats.Plain(measured), rule))
}

// measure turns noise into throughputs.
func (c *cell) measure(run []pairNoise, truth float64) []stats.OrderedPair {
	ps := make([]stats.OrderedPair, len(run))
	for i, p := range run {
		base, cand := c.cv*p.base, c.cv*p.cand+truth
		switch c.weather {
		case spiky:
			base, cand = base+p.baseSpike, cand+p.candSpike
		case trendy:
			base, cand = base-linearChange*p.baseAt, cand-linearChange*p.candAt
		}
		ps[i] = stats.OrderedPair{Pair: stats.Pair{Base: 5000 * math.Exp(base), Cand: 5000 * math.Exp(cand)}, BaseFirst: p.baseAt < p.candAt}
	}
	return ps
}

func (c *cell) count(j stats.Judgement, n int) {
	c.paths++
	c.used += n
	c.verdicts[j.Verdict]++
	c.outcomes[stats.Gate(j, stats.DefaultGate()).Outcome]++
	if j.CI.Known() && (j.CI.Low > 1 || j.CI.High < 1) {
		c.excludes++
	}
	if !j.HeavyTails.IsZero() {
		c.heavyTails++
	}
}

// add takes another worker's counts of the same cell.
func (c *cell) add(o *cell) {
	c.paths += o.paths
	c.used += o.used
	c.excludes += o.excludes
	c.heavyTails += o.heavyTails
	for v, n := range o.verdicts {
		c.verdicts[v] += n
	}
	for v, n := range o.outcomes {
		c.outcomes[v] += n
	}
}

func (c *cell) share(n int) float64 { return 100 * float64(n) / float64(c.paths) }

// different is the share of "faster" and "slower", in %.
func (c *cell) different() float64 {
	return c.share(c.verdicts[stats.Faster] + c.verdicts[stats.Slower])
}

func (c *cell) name() string {
	s := fmt.Sprintf("CV %2.0f %%  %-10s", 100*c.cv, c.plan)
	if c.control {
		s += "  against control"
	}
	if c.weather != calm {
		s += "  " + string(c.weather)
	}
	return s
}
