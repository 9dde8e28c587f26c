package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"taskbench/compare/stats"
)

// world is what is true of a whole run of six scenarios.
type world string

const (
	nothingDiffers world = "nothing differs"
	lossBeside     world = "10 % lost in two of six"
	lossInPart     world = "10 % lost in half the rows of two"
	lossInPartAll  world = "10 % lost in half the rows of all"
	atTheMargin    world = "5 % lost everywhere" // exactly the margin: parity is false
)

var lossy = []int{2, 4} // the scenarios that lose something

// truthOf is the true log ratio of a row, below 0 where the candidate is worse.
func (w world) truthOf(scenario, row int) float64 {
	hit := slices.Contains(lossy, scenario)
	switch {
	case w == lossBeside && hit, w == lossInPart && hit && row%2 == 0, w == lossInPartAll && row%2 == 0:
		return math.Log(0.90)
	case w == atTheMargin:
		return -math.Log(1.05)
	}
	return 0
}

// whole is one kind of whole run that is simulated, with what came of it.
type whole struct {
	climate climate
	cv      float64
	plan    string
	world   world

	runs     int
	said     map[string]*said // by rule
	placings []*placing
	stored   *viaStored // nil: this kind is not tried as stored documents
	pairs    int        // used over all scenarios by rule A
	entries  int        // scenarios over all runs
}

// The rules compared. The first three are judged on every tenth run.
const (
	today    = "today"
	holmAll  = "Holm over all rows"
	bhAll    = "BH over all rows"
	ruleA    = "A"
	ruleB    = "B, CPU time first"
	rareness = 10
)

var ruleNames = []string{today, holmAll, bhAll, ruleA, ruleB}

const fixed6 = "fixed 6"

// wholes lists what is simulated.
func wholes() []*whole {
	var all []*whole
	add := func(c climate, cv float64, worlds ...world) {
		for _, plan := range []string{fixed6, sequential} {
			for _, w := range worlds {
				all = append(all, &whole{climate: c, cv: cv, plan: plan, world: w})
			}
		}
	}
	for _, cv := range []float64{0.03, 0.08, 0.15, 0.30} {
		add(usualNoise, cv, nothingDiffers, lossBeside)
	}
	add(usualNoise, 0.03, atTheMargin)
	for _, cv := range []float64{0.03, 0.08, 0.15} {
		add(usualNoise, cv, lossInPart, lossInPartAll)
	}
	for _, c := range []climate{heavyTails, spikes, slowing, twoSpeeds} {
		add(c, 0.08, nothingDiffers, lossInPartAll)
	}
	add(recorded, recordedCV, nothingDiffers)
	for _, w := range all {
		if w.plan == sequential && (w.cv == 0.08 && w.climate == usualNoise || w.cv == 0.03 && w.world == nothingDiffers || w.climate == recorded) {
			w.stored = &viaStored{said: newSaid()}
		}
		if w.climate == usualNoise && w.cv == 0.08 && w.plan == sequential && w.world != nothingDiffers {
			w.placings = placings()
		}
		w.said = map[string]*said{}
		for _, name := range ruleNames {
			w.said[name] = newSaid()
		}
	}
	return all
}

// planned is the rule's plan.
func (w *whole) planned() stats.Plan {
	if w.plan == fixed6 {
		return stats.Fixed(6, 0.05)
	}
	return stats.Sequential(0.05)
}

// scenario is one scenario of one run while it is judged.
type scenario struct {
	*whole
	number  int
	figures []metric
	draws   draws
}

// simulate puts one run through the code that judges real ones.
func (w *whole) simulate(r *rand.Rand, path int) {
	all := make([]scenario, len(stepsOf))
	for i := range all {
		all[i] = scenario{w, i, figuresOf(i), drawScenario(r, i, w.cv, w.climate)}
	}
	w.runs++
	w.byA(all, r)
	if w.stored != nil && path%storedPart == 0 {
		w.byStored(all)
	}
	if path%rareness == 0 {
		w.byToday(all)
		w.byB(all)
	}
}

// truth is the true log ratio of a row.
func (s scenario) truth(row int) float64 {
	if is := s.figures[row].is; is > 0 {
		row = is
	}
	return s.world.truthOf(s.number, row)
}

// pairsOf are the first n pairs of a row.
func (s scenario) pairsOf(row, n int) []stats.OrderedPair {
	truth := s.truth(row)
	list := make([]stats.OrderedPair, n)
	for i := range list {
		d := s.draws.noise[i][row] + truth
		if s.figures[row].better == stats.LowerIsBetter {
			d = -d
		}
		list[i] = stats.OrderedPair{Pair: stats.Pair{Base: 1000, Cand: 1000 * math.Exp(d)}, BaseFirst: s.draws.baseFirst[i]}
	}
	return list
}

// rows judges rows from … to−1 of the scenario on n pairs.
func (s scenario) rows(from, to, n int) []stats.Row {
	list := make([]stats.Row, 0, to-from)
	for i := from; i < to; i++ {
		measured := s.pairsOf(i, n)
		better := s.figures[i].better
		health := stats.Examine(measured, better)
		j := health.Temper(stats.Judge(stats.Plain(measured), stats.Rule{Better: better, Plan: s.planned()}))
		list = append(list, stats.Row{Judgement: j, Plan: s.planned(), Health: &health})
	}
	return list
}

// measure adds pairs until a look says that it is enough, and gives their
// number with the primary rows.
func (s scenario) measure(enough func([]stats.Row) bool) (int, []stats.Row) {
	for n, _ := s.planned().Next(0); ; {
		rows := s.rows(0, len(primaries), n)
		next, more := s.planned().Next(n)
		if !more || enough(rows) {
			return n, rows
		}
		n = next
	}
}

// byA is the rule that is used: measured until every primary row is stated. The
// geometric means over the scenarios are one more cell.
func (w *whole) byA(all []scenario, r *rand.Rand) {
	cells := len(all) + 1
	run := make([]stats.Cell, cells)
	used := make([]int, len(all))
	for i, s := range all {
		used[i], run[i].Primary = s.measure(func(rows []stats.Row) bool {
			claims := stats.Claims([]stats.Cell{{Primary: rows}}, cells)[0].Primary
			return !slices.ContainsFunc(claims, func(c stats.Claim) bool { return !c.Stated })
		})
		w.pairs += used[i]
		w.entries++
	}
	run[len(all)].Primary = w.means(run[:len(all)])
	for i, c := range stats.Claims(run, cells)[:len(all)] { // other rows matter only beside a primary statement
		if slices.ContainsFunc(c.Primary, func(c stats.Claim) bool { return c.Stated }) {
			run[i].Other = all[i].rows(len(primaries), len(all[i].figures), used[i])
		}
	}
	claims := stats.Claims(run, cells)
	w.said[ruleA].count(all, claims[:len(all)], claims[len(all)].Primary)
	w.place(all, run, claims, r)
}

// summed are the primary rows whose geometric means over all scenarios are
// stated: throughput, p95, CPU time.
var summed = []int{0, 2, 3}

func (w *whole) means(run []stats.Cell) []stats.Row {
	rows := make([]stats.Row, len(summed))
	for at, k := range summed {
		js := make([]stats.Judgement, len(run))
		for i, c := range run {
			js[i] = c.Primary[k].Judgement
		}
		rows[at] = stats.Summarise(js).Row(primaries[k].better, w.planned())
	}
	return rows
}

// byToday judges every row by itself, as before, and by Holm and BH over all.
func (w *whole) byToday(all []scenario) {
	verdicts := make([]stats.CellClaims, len(all))
	var ps []float64
	for i, s := range all {
		n, rows := s.measure(func(rows []stats.Row) bool {
			return !slices.ContainsFunc(rows, func(r stats.Row) bool { return r.Judgement.Verdict == stats.Inconclusive })
		})
		rows = append(rows, s.rows(len(primaries), len(s.figures), n)...)
		for _, r := range rows {
			v := r.Judgement.Verdict
			verdicts[i].Primary = append(verdicts[i].Primary, stats.Claim{Stated: v != stats.Inconclusive, Verdict: v})
			at, _ := r.Plan.At(r.Judgement.Pairs)
			ps = append(ps, math.Min(1, r.Judgement.P*stats.RunAlpha/at.DifferenceAlpha))
		}
	}
	w.said[today].count(all, verdicts, nil)
	for name, adjust := range map[string]func([]float64) []float64{holmAll: stats.Holm, bhAll: benjaminiHochberg} {
		w.said[name].count(all, kept(verdicts, adjust(ps)), nil)
	}
}

// kept are the verdicts whose adjusted p is low enough, row by row.
func kept(all []stats.CellClaims, ps []float64) []stats.CellClaims {
	out := make([]stats.CellClaims, len(all))
	for i, c := range all {
		for k, claim := range c.Primary {
			claim.Stated = claim.Stated && claim.Verdict != stats.Parity && ps[k] <= stats.RunAlpha
			out[i].Primary = append(out[i].Primary, claim)
		}
		ps = ps[len(c.Primary):]
	}
	return out
}

// byB is variant B: CPU time is a scenario's only primary row, and all others
// are judged where it is stated.
func (w *whole) byB(all []scenario) {
	run := make([]stats.CellClaims, len(all))
	last := len(primaries) - 1
	for i, s := range all {
		claim := func(rows []stats.Row) stats.CellClaims {
			return stats.Claims([]stats.Cell{{Primary: rows[last : last+1], Other: slices.Delete(slices.Clone(rows), last, last+1)}}, len(all))[0]
		}
		n, rows := s.measure(func(rows []stats.Row) bool {
			c := claim(rows)
			return !slices.ContainsFunc(append(c.Primary, c.Other...), func(c stats.Claim) bool { return !c.Stated })
		})
		c := claim(append(rows, s.rows(len(primaries), len(s.figures), n)...))
		run[i].Primary = slices.Insert(c.Other, last, c.Primary[0])
	}
	w.said[ruleB].count(all, run, nil)
}

// add takes another worker's counts of the same kind of run.
func (w *whole) add(o *whole) {
	w.runs, w.pairs, w.entries = w.runs+o.runs, w.pairs+o.pairs, w.entries+o.entries
	for name, s := range o.said {
		w.said[name].add(s)
	}
	if w.stored != nil {
		w.stored.add(o.stored)
	}
	for i, p := range o.placings {
		into := w.placings[i]
		into.runs, into.falseRuns = into.runs+p.runs, into.falseRuns+p.falseRuns
		into.found, into.losses = into.found+p.found, into.losses+p.losses
	}
}
