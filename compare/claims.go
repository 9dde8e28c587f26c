package compare

import (
	"cmp"
	"slices"
	"time"

	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
)

// summed are the metrics whose geometric means over scenarios a run may speak of.
var summed = []*figure.Figure{figure.Throughput, figure.P95, figure.CPUPerAnswer, figure.InstructionsPer}

// state asks what the run may say, everything that it says taken together, and
// takes all other verdicts back: nobody who reads one has to know of the others.
// cells is how many measurements of each target were planned.
func (c *Comparison) state(cells int) {
	cells = max(cells, len(c.Scenarios))
	var run []stats.Cell
	var rows [][2][]*verdict.Verdict // of each cell, primary and other
	for _, s := range c.Scenarios {
		for i := range c.Targets[1:] {
			primary, other := s.verdicts(i + 1)
			run = append(run, stats.Cell{Primary: verdict.Judged(primary, c.floor(i+1)), Other: verdict.Judged(other, c.floor(i+1))})
			rows = append(rows, [2][]*verdict.Verdict{primary, other})
		}
	}
	whole := len(run)
	planned := cells * (len(c.Targets) - 1)
	if cells > 1 { // else the mean is that of one, and said already
		planned += len(c.Targets) - 1
		for i := range c.Targets[1:] {
			run = append(run, c.means(i+1))
		}
	}
	claims := stats.Claims(run, planned)
	for i, of := range rows {
		for k, v := range of[0] {
			v.State(claims[i].Primary[k])
		}
		for k, v := range of[1] {
			v.State(claims[i].Other[k])
		}
	}
	c.stated = claims[whole:]
	c.cells = planned
}

// verdicts are a candidate's in one scenario: of the primary metrics, and all others.
func (s Scenario) verdicts(target int) (primary, other []*verdict.Verdict) {
	for _, r := range s.Rows {
		x := r.Cells[target].Ratio
		switch {
		case x == nil || x.Verdict == nil:
		case r.Step == "" && r.Metric.Primary:
			primary = append(primary, x.Verdict)
		default:
			other = append(other, x.Verdict)
		}
	}
	return primary, other
}

// means is the cell of a candidate's geometric means, of what was measured: what
// was not takes nothing from the others.
func (c *Comparison) means(target int) stats.Cell {
	var cell stats.Cell
	for _, m := range summed {
		if o := overall(c, target, m); len(o.Verdicts) > 0 {
			o.row.Floor = c.floor(target)
			cell.Primary = append(cell.Primary, o.row)
		}
	}
	return cell
}

// plannedCells is how many measurements of each target were planned; 0: not known.
func plannedCells(entrants []lineup.Entrant) int {
	most := 0
	for _, e := range entrants {
		most = max(most, e.Doc.Plan.Cells)
	}
	return most
}

// elapsed is how long the load of a run took, with attempts that were left out and what lies between two
// trials; a gap that is longer than a trial and a minute was an interruption.
// 0 where the documents are of several runs.
func elapsed(entrants []lineup.Entrant) float64 {
	type load struct {
		from time.Time
		s    float64
	}
	var all []load
	for _, e := range entrants {
		if e.Session != entrants[0].Session {
			return 0
		}
		for _, m := range e.Doc.Scenarios {
			l := finiteLoad(m.Load)
			if a := m.Attempted; a != nil {
				all = append(all, load{a.Started, a.Seconds})
			}
			for _, t := range m.Trials {
				s := l.WarmupS + l.DurationS
				if t.Slots != nil { // all of a pair begin together
					s = float64(len(entrants)) * (l.WarmupS + float64(t.Slots.Rounds())*(t.Slots.SlotS+t.Slots.GapS))
					if t.Pair == 1 && m.Sustained != nil {
						s += m.Sustained.TookS
					}
				}
				all = append(all, load{t.Started, s})
			}
		}
	}
	slices.SortFunc(all, func(a, b load) int { return cmp.Compare(a.from.UnixNano(), b.from.UnixNano()) })
	total := 0.0
	for i, l := range all {
		lasted := l.s
		if i+1 < len(all) {
			if gap := all[i+1].from.Sub(l.from).Seconds(); gap < l.s+60 {
				lasted = gap
			}
		}
		total += lasted
	}
	return total
}

// Plan is the plan that a metric is judged by, for n pairs.
func (c *Comparison) Plan(m *figure.Figure, n int) stats.Plan { return c.rules.Plan(m, n) }
