package compare

import (
	"cmp"
	"slices"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
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
	var rows [][2][]*Verdict // of each cell, primary and other
	for _, s := range c.Scenarios {
		for i := range c.Targets[1:] {
			primary, other := s.verdicts(i + 1)
			run = append(run, stats.Cell{Primary: judged(primary), Other: judged(other)})
			rows = append(rows, [2][]*Verdict{primary, other})
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
	c.withhold(run, claims)
	for i, of := range rows {
		for k, v := range of[0] {
			v.state(claims[i].Primary[k])
		}
		for k, v := range of[1] {
			v.state(claims[i].Other[k])
		}
	}
	c.stated = claims[whole:]
	c.cells = planned
}

// verdicts are a candidate's in one scenario: of the primary metrics, and all others.
func (s Scenario) verdicts(target int) (primary, other []*Verdict) {
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

func judged(list []*Verdict) []stats.Row {
	rows := make([]stats.Row, len(list))
	for i, v := range list {
		rows[i] = v.row
	}
	return rows
}

// means is the cell of a candidate's geometric means, of what was measured: what
// was not takes nothing from the others.
func (c *Comparison) means(target int) stats.Cell {
	var cell stats.Cell
	for _, m := range summed {
		if o := overall(c, target, m); len(o.Verdicts) > 0 {
			cell.Primary = append(cell.Primary, o.row)
		}
	}
	return cell
}

// state takes the verdict to what the run states. What speaks against the pairs
// is told where that may be stated, too.
func (v *Verdict) state(claim stats.Claim) {
	v.Claim, v.Alone = &claim, v.Verdict
	v.PairsNeeded = 0 // for this metric alone, by a noise known from few pairs
	v.Reason = withoutPairs(v.Reason)
	v.Notes = slices.DeleteFunc(v.Notes, func(f finding.Finding) bool { return f.Code == finding.OrderMatters && !claim.Ordered })
	if !v.Unstable.IsZero() && !claim.Drifts {
		v.Unstable = finding.Finding{Code: finding.MayDrift}
		v.Reason = v.Unstable
	}
	if v.Verdict == stats.Indicative {
		return
	}
	if claim.P > stats.RunAlpha {
		v.Measurable = 0
	}
	v.Verdict = claim.Verdict
	switch {
	case v.Verdict == v.Alone:
	case claim.Stated:
		v.Measurable = 0
		v.Reason = finding.Finding{Code: finding.DifferenceShown, Values: finding.Values{"low": v.CI.Low, "high": v.CI.High}}
	case claim.Floor > 0:
		v.Measurable = 0
		v.Reason = finding.Finding{Code: finding.WithinFloor, Values: finding.Values{"low": v.CI.Low, "high": v.CI.High, "floor_fraction": claim.Floor}}
	default:
		v.Measurable = 0
		v.Reason = finding.Finding{Code: finding.NotStated, Values: finding.Values{
			"p_adjusted": claim.P, "parity_p_adjusted": claim.ParityP, "alpha": stats.RunAlpha}}.With(v.Reason)
	}
}

// withoutPairs is a reason without the number of pairs that would do.
func withoutPairs(f finding.Finding) finding.Finding {
	if f.Values["pairs_needed"] == 0 {
		return f
	}
	values := finding.Values{}
	for name, v := range f.Values {
		values[name] = v
	}
	values["pairs_needed"] = 0
	f.Values = values
	return f
}

// plannedCells is how many measurements of each target were planned; 0: not known.
func plannedCells(entrants []entrant) int {
	most := 0
	for _, e := range entrants {
		most = max(most, e.doc.Plan.Cells)
	}
	return most
}

// elapsed is how long the load of a run took, with what lies between two
// trials; a gap that is longer than a trial and a minute was an interruption.
// 0 where the documents are of several runs.
func elapsed(entrants []entrant) float64 {
	type load struct {
		from time.Time
		s    float64
	}
	var all []load
	for _, e := range entrants {
		if e.Session != entrants[0].Session {
			return 0
		}
		for _, m := range e.doc.Scenarios {
			l := finiteLoad(m.Load)
			for _, t := range m.Trials {
				s := l.WarmupS + l.DurationS
				if t.Slots != nil { // all of a pair begin together
					s = float64(len(entrants)) * (l.WarmupS + float64(t.Slots.Rounds())*(t.Slots.SlotS+t.Slots.GapS))
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
