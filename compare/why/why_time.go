package why

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Time takes the gap in CPU time per answer apart by function: what perf sampled
// of a scenario, all steps together, times what its answers took. Figures are means
// over pairs of recordings.
type Time struct {
	Session     string     `json:"session"`
	Created     time.Time  `json:"created"`
	Connections int        `json:"connections"`
	Pairs       int        `json:"pairs"`
	Whole       TimePart   `json:"whole"`
	Parts       []TimePart `json:"parts"`  // those that are shown to differ first, the largest difference first; then all others
	Judged      int        `json:"judged"` // functions that were judged together
	Rest        TimePart   `json:"rest"`   // what is in none: the differences add up to the whole's
}

// TimePart is the CPU time per answer of one thing on both sides, in µs.
type TimePart struct {
	Name       string  `json:"name,omitempty"`
	Base       float64 `json:"baseline_us"`
	Candidate  float64 `json:"candidate_us"`
	Difference float64 `json:"difference_us"` // Candidate - Base
	// CI is the 95 % interval of Difference by Student's t over the pairs; nil where
	// there is one pair.
	CI     *stats.Interval `json:"difference_us_ci,omitempty"`
	OnlyIn int             `json:"only_in,omitempty"` // 1: it was sampled in the baseline alone, 2: in the candidate; 0: in both
	// Shown is that the pairs show a difference: of the whole, its interval has no 0 in
	// it; of functions, also where all that are judged together are looked at (Holm).
	Shown bool `json:"shown"`

	each [2][]float64 // of each pair
}

// Beside adds the newest of what was profiled of the same scenario on both sides, or
// why there is nothing; runs are the CPU documents of each session, the newest last.
// nameOf makes the names of functions those of ledgers.
func (w *Breakdown) Beside(runs [][]results.Document, o Options, nameOf func(string) string) {
	w.NoTime = finding.Finding{Code: finding.NoProfileStored, Said: []string{w.Scenario}}
	for _, run := range slices.Backward(runs) {
		var sides [2]*results.Measurement
		for i, t := range w.Targets {
			sides[i] = w.profiledIn(run, t.Implementation)
		}
		if sides[0] == nil || sides[1] == nil || sides[0].Load.Level() != sides[1].Load.Level() {
			continue
		}
		pairs, why := profiledPairs(sides)
		if len(pairs) == 0 {
			w.NoTime.Said = append([]string{w.Scenario}, why...)
			continue
		}
		w.NoTime = finding.Finding{}
		w.Time = &Time{Session: run[0].Session, Created: run[0].Created, Connections: sides[0].Load.Connections, Pairs: len(pairs)}
		w.Time.fill(pairs, o, nameOf)
		return
	}
}

// profiledIn is what a run has of the scenario of one implementation; nil for nothing.
func (w *Breakdown) profiledIn(run []results.Document, implementation string) *results.Measurement {
	for _, d := range run {
		for i, m := range d.Scenarios {
			if d.Kind == results.CPU && d.Implementation == implementation && m.Scenario == w.Scenario && m.Hash == w.hash {
				return &d.Scenarios[i]
			}
		}
	}
	return nil
}

// profiledPair is one pair of recordings.
type profiledPair [2]*results.Trial

// profiledPairs are those in which both sides have samples and a time; where there
// is none, why one has not.
func profiledPairs(sides [2]*results.Measurement) (pairs []profiledPair, why []string) {
	byPair := [2]map[int]*results.Trial{{}, {}}
	for i, m := range sides {
		for k := range m.Trials {
			t := &m.Trials[k]
			switch {
			case t.CPU == nil:
			case t.CPU.Missing != "":
				why = []string{t.CPU.Missing}
			case verdict.ValueOf(*t, "", figure.CPUPerAnswer) != nil && t.CPU.Samples > 0:
				byPair[i][t.Pair] = t
			}
		}
	}
	for _, n := range slices.Sorted(maps.Keys(byPair[0])) {
		if other := byPair[1][n]; other != nil {
			pairs = append(pairs, profiledPair{byPair[0][n], other})
		}
	}
	return pairs, why
}

// fill takes the pairs apart.
func (w *Time) fill(pairs []profiledPair, o Options, nameOf func(string) string) {
	parts := map[string]*TimePart{}
	w.Whole = newTimePart("", len(pairs))
	for k, pair := range pairs {
		for side, t := range pair {
			us := *verdict.ValueOf(*t, "", figure.CPUPerAnswer)
			w.Whole.each[side][k] = us
			for _, f := range t.CPU.Functions {
				name := nameOf(f.Name)
				if side == 1 {
					name, _ = o.renamed(name, "")
				}
				if parts[name] == nil {
					p := newTimePart(name, len(pairs))
					parts[name] = &p
				}
				parts[name].each[side][k] += us * f.SelfFraction
			}
		}
	}
	var list []TimePart
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		if p := parts[name].settled(); p.Base > 0 || p.Candidate > 0 {
			list = append(list, p)
		}
	}
	w.Whole = w.Whole.settled()
	w.Whole.Shown = w.Whole.CI != nil && (w.Whole.CI.Low > 0 || w.Whole.CI.High < 0)
	w.judge(list)
	slices.SortStableFunc(list, func(a, b TimePart) int {
		if a.Shown != b.Shown {
			return map[bool]int{true: -1, false: 1}[a.Shown]
		}
		return cmp.Compare(math.Abs(b.Difference), math.Abs(a.Difference))
	})
	w.Parts = list[:min(len(list), cmp.Or(o.Parts, mostParts))]
	w.Rest = w.Whole.without(w.Parts)
}

func newTimePart(name string, pairs int) TimePart {
	return TimePart{Name: name, each: [2][]float64{make([]float64, pairs), make([]float64, pairs)}}
}

// What is judged together: functions that have so much of what an answer takes, in the
// mean of both sides, so that those with a sample or two do not weaken the others. The
// chance of any false one is judgedLevel.
const (
	judgedShare = 0.01
	judgedLevel = 0.05
)

// judge finds which functions are shown to differ.
func (w *Time) judge(list []TimePart) {
	var at []int
	var ps []float64
	for i, p := range list {
		if p.CI != nil && p.Base+p.Candidate >= judgedShare*(w.Whole.Base+w.Whole.Candidate) {
			at, ps = append(at, i), append(ps, stats.MeanP(p.differences()))
		}
	}
	w.Judged = len(at)
	for k, p := range stats.Holm(ps) {
		list[at[k]].Shown = p <= judgedLevel
	}
}

// differences are those of the pairs.
func (p TimePart) differences() []float64 {
	list := make([]float64, len(p.each[0]))
	for k, base := range p.each[0] {
		list[k] = p.each[1][k] - base
	}
	return list
}

// settled is the part with its means and its interval.
func (p TimePart) settled() TimePart {
	differences := p.differences()
	p.Base, p.Candidate = 0, 0
	for k, base := range p.each[0] {
		p.Base += base / float64(len(differences))
		p.Candidate += p.each[1][k] / float64(len(differences))
	}
	p.Difference = p.Candidate - p.Base
	if middle, half := stats.MeanInterval(differences); !math.IsInf(half, 1) {
		p.CI = &stats.Interval{Low: middle - half, High: middle + half}
	}
	switch {
	case p.Candidate == 0:
		p.OnlyIn = 1
	case p.Base == 0:
		p.OnlyIn = 2
	}
	return p
}

// without is what of a part is in no other.
func (p TimePart) without(parts []TimePart) TimePart {
	rest := newTimePart("", len(p.each[0]))
	for side := range rest.each {
		for k, us := range p.each[side] {
			left := us
			for _, one := range parts {
				left -= one.each[side][k]
			}
			if left > us*1e-12 { // less is what sums are rounded by
				rest.each[side][k] = left
			}
		}
	}
	rest = rest.settled()
	rest.OnlyIn = 0
	return rest
}
