package compare

import (
	"errors"
	"maps"
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// MemoryComparison is what several targets held under the same load, pair by
// pair: figures with ratios and verdicts, and whether memory keeps growing.
type MemoryComparison struct {
	Schema   int               `json:"taskbench_memory"`
	Baseline string            `json:"baseline"`
	Targets  []Target          `json:"targets"` // the baseline first
	Scenario string            `json:"scenario"`
	Load     results.Load      `json:"load"`
	Rows     []Row             `json:"rows"`
	Sides    []MemorySide      `json:"sides"` // one a target, in their order
	Notes    []finding.Finding `json:"notes"`
}

// MemorySide is what became of one target.
type MemorySide struct {
	Target     string    `json:"target"`
	Leak       *Leak     `json:"leak"`      // the middle one of Leaks; nil when there are no figures
	Leaks      []Leak    `json:"each_pair"` // in the order of pairs
	LimitBytes float64   `json:"limit_bytes"`
	Met        *bool     `json:"limit_met"`   // the largest peak is below; nil: unknown
	Curve      []float64 `json:"curve_bytes"` // resident memory of the last pair, thinned
}

// NewMemory compares documents of kind memory, each of one scenario at one load.
// Errors are those of New.
func NewMemory(docs []results.Document, o Options) (*MemoryComparison, error) {
	entrants, err := lineUp(results.Memory, docs, o)
	if err != nil {
		return nil, err
	}
	c := &MemoryComparison{Schema: Schema, Baseline: entrants[0].Label, Targets: targets(entrants), Notes: []finding.Finding{}}
	var all []map[int]results.Trial
	pairs := map[int]bool{}
	for _, e := range entrants {
		trials := map[int]results.Trial{}
		for _, m := range e.doc.Scenarios {
			c.Scenario, c.Load = m.Scenario, m.Load
			for _, t := range m.Trials {
				switch {
				case !t.Counts():
					c.Notes = append(c.Notes, finding.Finding{Code: finding.TrialNotCounted, Target: e.Label, Pairs: []int{t.Pair}, Said: why(t)})
				case t.Memory != nil:
					trials[t.Pair], pairs[t.Pair] = t, true
				}
			}
		}
		all = append(all, trials)
	}
	numbers := slices.Sorted(maps.Keys(pairs))
	if len(numbers) == 0 && len(c.Notes) == 0 {
		return nil, errNoMemory
	}
	for i, e := range entrants {
		c.Sides = append(c.Sides, c.side(e.Label, numbers, all[i]))
	}
	c.rows(numbers, all, newRules(entrants, o.Margins))
	return c, nil
}

// errNoMemory: no document has samples, or says why not.
var errNoMemory = errors.New("no memory was sampled: see the errors above")

// curvePoints are as many points of a course as are kept.
const curvePoints = 48

// side judges one target by itself.
func (c *MemoryComparison) side(label string, pairs []int, trials map[int]results.Trial) MemorySide {
	s := MemorySide{Target: label, Leaks: []Leak{}, Curve: []float64{}}
	var peak float64
	for _, n := range pairs {
		t, ok := trials[n]
		if !ok {
			continue
		}
		m := t.Memory
		s.LimitBytes = m.LimitBytes
		for _, text := range append(slices.Clone(m.Notes), m.Missing) {
			if note := noted(label, text); text != "" && !slices.ContainsFunc(c.Notes, note.Same) {
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
func (c *MemoryComparison) rows(pairs []int, all []map[int]results.Trial, r rules) {
	for _, f := range figure.Memory {
		row := Row{Metric: f, Better: f.Better}
		for i, trials := range all {
			cell := figures(c.Targets[i].Label, trials, pairs, "", f)
			switch {
			case cell.Median == nil && len(trials) == 0:
				cell.Missing = finding.Finding{Code: finding.NoRunCounts, Target: cell.Target}
			case cell.Median == nil:
				cell.Missing = finding.Finding{Code: finding.NotReadable}
			}
			if i > 0 && f.Held == figure.Judged {
				cell.Ratio, cell.NoRatio = r.ratio(f, series(pairs, row.Cells[0].EachPair, cell, before(pairs, all[0], trials)))
			}
			row.Cells = append(row.Cells, cell)
		}
		if slices.ContainsFunc(row.Cells, func(cell Cell) bool { return tells(f, cell.Median) }) {
			c.Rows = append(c.Rows, row)
		}
	}
}
