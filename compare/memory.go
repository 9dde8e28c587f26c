package compare

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// MemoryComparison is what several targets held under the same load, pair by
// pair: figures with ratios and verdicts, and whether memory keeps growing.
type MemoryComparison struct {
	Schema   int          `json:"taskbench_memory"`
	Baseline string       `json:"baseline"`
	Targets  []Target     `json:"targets"` // the baseline first
	Scenario string       `json:"scenario"`
	Load     results.Load `json:"load"`
	Rows     []MemoryRow  `json:"rows"`
	Sides    []MemorySide `json:"sides"` // one a target, in their order
	Notes    []string     `json:"notes"`
}

// MemoryRow is one figure of every target: its median over the pairs.
type MemoryRow struct {
	Name  string `json:"name"`
	Unit  string `json:"unit"` // "bytes", "count", "per_s" or "fraction"
	Cells []Cell `json:"values"`

	Figure *figure.Figure `json:"-"`
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
func NewMemory(docs []results.Document) (*MemoryComparison, error) {
	entrants, err := enter(results.Memory, docs)
	if err != nil {
		return nil, err
	}
	if err := baselineFirst(entrants, docs, Options{}); err != nil {
		return nil, err
	}
	c := &MemoryComparison{Schema: Schema, Baseline: entrants[0].Label, Notes: []string{}}
	var all []map[int]results.Trial
	pairs := map[int]bool{}
	for _, e := range entrants {
		trials := map[int]results.Trial{}
		for _, m := range e.doc.Scenarios {
			c.Scenario, c.Load = m.Scenario, m.Load
			for _, t := range m.Trials {
				switch {
				case !t.Counts():
					c.Notes = append(c.Notes, fmt.Sprintf("%s, pair %d is not counted: %s", e.Label, t.Pair, t.Error))
				case t.Memory != nil:
					trials[t.Pair], pairs[t.Pair] = t, true
				}
			}
		}
		c.Targets = append(c.Targets, e.Target)
		all = append(all, trials)
	}
	numbers := slices.Sorted(maps.Keys(pairs))
	if len(numbers) == 0 && len(c.Notes) == 0 {
		return nil, errNoMemory
	}
	for i, e := range entrants {
		c.Sides = append(c.Sides, c.side(e.Label, numbers, all[i]))
	}
	c.rows(numbers, all, newRules(entrants, nil))
	return c, nil
}

// errNoMemory: no document has samples, or says why not.
var errNoMemory = errors.New("no memory was sampled: see the errors above")

// curvePoints are as many points of a course as are kept.
const curvePoints = 48

// TableRows are the rows in the form of those of load tests.
func (c *MemoryComparison) TableRows() []Row {
	rows := make([]Row, len(c.Rows))
	for i, r := range c.Rows {
		rows[i] = Row{Metric: r.Figure, Better: r.Figure.Better, Cells: r.Cells}
	}
	return rows
}

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
		for _, note := range append(slices.Clone(m.Notes), m.Missing) {
			if text := label + ": " + note; note != "" && !slices.Contains(c.Notes, text) {
				c.Notes = append(c.Notes, text)
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
	by := map[LeakVerdict][]Leak{}
	for _, l := range leaks {
		by[l.Verdict] = append(by[l.Verdict], l)
	}
	most := Growing
	for _, v := range []LeakVerdict{TooShort, Stable} {
		if len(by[v]) > len(by[most]) {
			most = v
		}
	}
	chosen := by[most]
	slices.SortFunc(chosen, func(a, b Leak) int { return int(math.Copysign(1, a.SlopeBS-b.SlopeBS)) })
	l := chosen[len(chosen)/2]
	if len(by[most]) < len(leaks) {
		l.Reason += fmt.Sprintf(" (%d of %d runs)", len(by[most]), len(leaks))
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
		row := MemoryRow{Name: f.Name, Unit: f.Unit.Name, Figure: f}
		known := false
		for i, trials := range all {
			cell := Cell{Target: c.Targets[i].Label, EachPair: make([]*float64, len(pairs))}
			for k, n := range pairs {
				if t, ok := trials[n]; ok {
					cell.EachPair[k] = valueOf(t, "", f)
				}
			}
			if cell.Median = median(cell.EachPair); cell.Median == nil {
				cell.Missing = "it could not be read"
				if len(trials) == 0 {
					cell.Missing = "no run of " + cell.Target + " is counted"
				}
			}
			known = known || tells(f, cell.Median)
			if i > 0 && f.Held == figure.Judged {
				cell.Ratio, cell.NoRatio = r.ratio(f, memoryPairs(pairs, row.Cells[0], cell, all[0], trials))
			}
			row.Cells = append(row.Cells, cell)
		}
		if known {
			c.Rows = append(c.Rows, row)
		}
	}
}

func memoryPairs(numbers []int, base, cand Cell, b, t map[int]results.Trial) []stats.OrderedPair {
	list := make([]stats.OrderedPair, len(numbers))
	for i, n := range numbers {
		list[i] = stats.OrderedPair{
			Pair:      stats.Pair{Base: eachOrNaN(base.EachPair[i]), Cand: eachOrNaN(cand.EachPair[i])},
			BaseFirst: b[n].Position < t[n].Position, Number: n,
		}
	}
	return list
}
