package profiles

import (
	"cmp"
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/results"
)

func (p *Profile) heap(trials []*results.Trial, each [][]*results.Trial) {
	for _, f := range figure.Heap {
		p.figure(f, f.Name, finding.NotRecorded, each)
	}
	hot, notes := newHotRows(len(trials)), [][]finding.Finding(nil)
	for i, t := range trials {
		notes = append(notes, recorded(finding.NoHeapFigures, t, t.Heap.Missing, t.Heap.Notes))
		for _, s := range t.Heap.Sites {
			r := hot.row(s.Name)
			r.Self[i], r.Total[i] = new(float64(s.Allocations)), new(float64(s.PeakBytes))
			r.Leaked = atLeast(r.Leaked, len(trials))
			r.Leaked[i] = new(float64(s.LeakedBytes))
		}
	}
	p.notes(notes)
	p.Hot = hot.sorted(func(i int) (float64, bool) {
		h := trials[i].Heap
		return 1 / math.Max(float64(h.Answers), 1), h.Missing == ""
	})
}

func atLeast(values []*float64, n int) []*float64 {
	if values == nil {
		return make([]*float64, n)
	}
	return values
}

// hotRows lines functions up by name.
type hotRows struct {
	targets int
	byName  map[string]*HotRow
}

func newHotRows(targets int) hotRows { return hotRows{targets, map[string]*HotRow{}} }

func (h hotRows) row(name string) *HotRow {
	r := h.byName[name]
	if r == nil {
		r = &HotRow{Name: name, Self: make([]*float64, h.targets), Total: make([]*float64, h.targets)}
		h.byName[name] = r
	}
	return r
}

// sorted gives the rows, the largest own part in any target first. scale makes one
// target's counts comparable with another's, and says whether it has any.
func (h hotRows) sorted(scale func(target int) (float64, bool)) []HotRow {
	rows := make([]HotRow, 0, len(h.byName))
	for _, r := range h.byName {
		r.Difference = make([]*float64, h.targets)
		for i := range r.Self {
			base, known := scale(0)
			if own, ok := scale(i); ok && known {
				r.Difference[i] = new(orZero(r.Self[i])*own - orZero(r.Self[0])*base)
			}
		}
		rows = append(rows, *r)
	}
	largest := func(values []*float64) float64 {
		var out float64
		for i, v := range values {
			by, _ := scale(i)
			out = max(out, orZero(v)*by)
		}
		return out
	}
	slices.SortFunc(rows, func(a, b HotRow) int {
		return cmp.Or(cmp.Compare(largest(b.Self), largest(a.Self)), cmp.Compare(largest(b.Total), largest(a.Total)), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

func orZero(v *float64) float64 {
	if v == nil {
		return 0
	}
	return *v
}
