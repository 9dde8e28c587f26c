// Package memory compares what several servers held under the same load, and says whether it keeps growing.
package memory

import (
	"errors"
	"maps"
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Comparison is what several targets held under the same load, pair by
// pair: figures with ratios and verdicts, and whether memory keeps growing.
type Comparison struct {
	Schema   int               `json:"taskbench_memory"`
	Baseline string            `json:"baseline"`
	Targets  []lineup.Target   `json:"targets"` // the baseline first
	Scenario string            `json:"scenario"`
	Load     results.Load      `json:"load"`
	Rows     []verdict.Row     `json:"rows"`
	Sides    []Side            `json:"sides"` // one a target, in their order
	Notes    []finding.Finding `json:"notes"`
}

// Side is what became of one target.
type Side struct {
	Target     string    `json:"target"`
	Leak       *Leak     `json:"leak"`      // the middle one of Leaks; nil when there are no figures
	Leaks      []Leak    `json:"each_pair"` // in the order of pairs
	LimitBytes float64   `json:"limit_bytes"`
	Met        *bool     `json:"limit_met"`   // the largest peak is below; nil: unknown
	Curve      []float64 `json:"curve_bytes"` // resident memory of the last pair, thinned
}

// New compares documents of kind memory, each of one scenario at one load.
// Errors are those of New.
func New(docs []results.Document, o lineup.Options) (*Comparison, error) {
	entrants, err := lineup.Of(results.Memory, docs, o)
	if err != nil {
		return nil, err
	}
	c := &Comparison{Schema: lineup.Schema, Baseline: entrants[0].Label, Targets: lineup.Targets(entrants), Notes: append([]finding.Finding{}, lineup.Senders(entrants)...)}
	var all []map[int]results.Trial
	pairs, tried := map[int]bool{}, false
	for _, e := range entrants {
		trials := map[int]results.Trial{}
		for _, m := range e.Doc.Scenarios {
			c.Scenario, c.Load = m.Scenario, m.Load
			for _, t := range m.Trials {
				switch {
				case !t.Counts():
					tried = true
					c.Notes = append(c.Notes, finding.Finding{Code: finding.TrialNotCounted, Target: e.Label, Pairs: []int{t.Pair}, Said: lineup.Why(t)})
				case t.Memory != nil:
					trials[t.Pair], pairs[t.Pair] = t, true
				}
			}
		}
		all = append(all, trials)
	}
	numbers := slices.Sorted(maps.Keys(pairs))
	if len(numbers) == 0 && !tried {
		return nil, errNone
	}
	for i, e := range entrants {
		c.Sides = append(c.Sides, c.side(e.Label, numbers, all[i]))
	}
	c.rows(numbers, all, verdict.NewRules(entrants, o.Margins))
	return c, nil
}

// errNone: no document has samples, or says why not.
var errNone = errors.New("no memory was sampled: see the errors above")

// curvePoints are as many points of a course as are kept.
const curvePoints = 48

// side judges one target by itself.
func (c *Comparison) side(label string, pairs []int, trials map[int]results.Trial) Side {
	s := Side{Target: label, Leaks: []Leak{}, Curve: []float64{}}
	var peak float64
	for _, n := range pairs {
		t, ok := trials[n]
		if !ok {
			continue
		}
		m := t.Memory
		s.LimitBytes = m.LimitBytes
		for _, text := range append(slices.Clone(m.Notes), m.Missing) {
			if note := lineup.Noted(label, text); text != "" && !slices.ContainsFunc(c.Notes, note.Same) {
				c.Notes = append(c.Notes, note)
			}
		}
		if m.Missing != "" {
			continue
		}
		s.Leaks = append(s.Leaks, FindLeak(m))
		s.Curve = thinned(m.Series.ResidentBytes, curvePoints)
		if m.PeakBytes != nil {
			peak = max(peak, *m.PeakBytes)
		}
	}
	if len(s.Leaks) > 0 {
		s.Leak = typicalLeak(s.Leaks)
	}
	if peak > 0 && s.LimitBytes > 0 {
		met := peak < s.LimitBytes
		s.Met = &met
	}
	return s
}

// typicalLeak is the run with the middle slope among those that have the
// verdict of most; of equally many, the graver one.
func typicalLeak(leaks []Leak) *Leak {
	by := map[stats.GrowthVerdict][]Leak{}
	for _, l := range leaks {
		by[l.Verdict] = append(by[l.Verdict], l)
	}
	most := stats.Growing
	for _, v := range []stats.GrowthVerdict{stats.TooShort, stats.Stable} {
		if len(by[v]) > len(by[most]) {
			most = v
		}
	}
	chosen := by[most]
	slices.SortFunc(chosen, func(a, b Leak) int { return int(math.Copysign(1, a.SlopeBS-b.SlopeBS)) })
	l := chosen[len(chosen)/2]
	if len(by[most]) < len(leaks) {
		l.Reason = l.Reason.With(finding.Finding{Code: finding.RunsWithVerdict, Values: finding.Values{"runs_alike": float64(len(by[most])), "runs": float64(len(leaks))}})
	}
	return &l
}

// thinned takes the largest of each of n stretches.
func thinned(values []uint64, n int) []float64 {
	n = min(n, len(values))
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(slices.Max(values[i*len(values)/n : (i+1)*len(values)/n]))
	}
	return out
}

// rows lines the figures up. Counts have no verdict: more threads are not worse.
func (c *Comparison) rows(pairs []int, all []map[int]results.Trial, r verdict.Rules) {
	for _, f := range figure.Memory {
		row := verdict.Row{Metric: f, Better: f.Better}
		for i, trials := range all {
			cell := verdict.CellOf(c.Targets[i].Label, trials, pairs, "", f)
			switch {
			case cell.Median == nil && len(trials) == 0:
				cell.Missing = finding.Finding{Code: finding.NoRunCounts, Target: cell.Target}
			case cell.Median == nil:
				cell.Missing = finding.Finding{Code: finding.NotReadable}
			}
			if i > 0 && f.Held == figure.Judged {
				cell.Ratio, cell.NoRatio = r.Ratio(f, verdict.Series(pairs, row.Cells[0].EachPair, cell, verdict.Before(pairs, all[0], trials)))
			}
			row.Cells = append(row.Cells, cell)
		}
		if slices.ContainsFunc(row.Cells, func(cell verdict.Cell) bool { return verdict.Tells(f, cell.Median) }) {
			c.Rows = append(c.Rows, row)
		}
	}
}
