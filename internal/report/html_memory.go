package report

import (
	"math"

	"taskbench/compare"
	"taskbench/results"
)

// sampled is the memory of one target in its last trial.
type sampled struct {
	label   string
	colour  int
	profile *results.MemoryProfile
}

func memoryCharts(c *compare.MemoryComparison, docs []results.Document, colours palette) []chart {
	var all []sampled
	for i, d := range docs {
		if p := lastMemory(d); p != nil {
			all = append(all, sampled{c.Targets[i].Label, colours.of(c.Targets[i].Label), p})
		}
	}
	if len(all) == 0 {
		return nil
	}
	grid := newTimeGrid(all)
	resident := grid.chart("memory-resident", "Resident memory of the server, last pair", "size")
	cores := grid.chart("memory-cores", "Cores that the server kept busy, last pair", "cores")
	for _, s := range all {
		resident.Series = append(resident.Series, series{Label: s.label, Target: s.colour, Y: grid.largest(s.profile)})
		cores.Series = append(cores.Series, series{Label: s.label, Target: s.colour, Y: grid.cores(s.profile)})
	}
	return []chart{resident, cores}
}

func lastMemory(d results.Document) (last *results.MemoryProfile) {
	for _, m := range d.Scenarios {
		for _, t := range m.Trials {
			if t.Counts() && t.Memory != nil && t.Memory.Missing == "" && len(t.Memory.Series.AtS) > 0 {
				last = t.Memory
			}
		}
	}
	return last
}

// mostSlots are as many as a chart can show, and a table may have rows.
const mostSlots = 150

// timeGrid lines samples of several targets up by the time since their load
// began, in slots of equal length.
type timeGrid struct {
	from, slot float64 // s
	slots      int
	marks      []moment
}

func newTimeGrid(all []sampled) timeGrid {
	g := timeGrid{from: math.Inf(1)}
	to, load, window := math.Inf(-1), 0.0, math.Inf(1)
	for _, s := range all {
		p := s.profile
		at := p.Series.AtS
		g.from, to = math.Min(g.from, at[0]-p.LoadFromS), math.Max(to, at[len(at)-1]-p.LoadFromS)
		load, window = math.Max(load, p.LoadToS-p.LoadFromS), math.Min(window, p.WindowFromS-p.LoadFromS)
		if p.Hz > 0 {
			g.slot = math.Max(g.slot, 2/p.Hz) // so that none stays empty
		}
	}
	g.slot = math.Max(g.slot, (to-g.from)/mostSlots)
	g.slots = 1
	if g.slot > 0 {
		g.slots = int((to-g.from)/g.slot) + 1
	}
	g.marks = []moment{{0, "load"}, {window, "window"}, {load, "end"}}
	return g
}

func (g timeGrid) chart(id, title, unit string) chart {
	ch := chart{ID: id, Title: title, Table: id + "-table", Kind: "course", Unit: unit, Marks: g.marks}
	for k := range g.slots {
		ch.X = append(ch.X, math.Round(100*(g.from+g.slot*(float64(k)+0.5)))/100)
	}
	return ch
}

func (g timeGrid) slotOf(p *results.MemoryProfile, i int) int {
	if g.slot == 0 {
		return 0
	}
	return min(max(int((p.Series.AtS[i]-p.LoadFromS-g.from)/g.slot), 0), g.slots-1)
}

// largest is the largest sample of each slot: no peak is lost.
func (g timeGrid) largest(p *results.MemoryProfile) []*float64 {
	y := make([]*float64, g.slots)
	for i, v := range p.Series.ResidentBytes[:min(len(p.Series.ResidentBytes), len(p.Series.AtS))] {
		k, value := g.slotOf(p, i), float64(v)
		if y[k] == nil || *y[k] < value {
			y[k] = &value
		}
	}
	return y
}

// cores are the CPU time used from the first sample of a slot to the first of
// the next, over the time between them. A process that ended takes its time
// along: there is no figure then.
func (g timeGrid) cores(p *results.MemoryProfile) []*float64 {
	y := make([]*float64, g.slots)
	last, lastSlot := -1, -1
	for i := range p.Series.CPUSeconds[:min(len(p.Series.CPUSeconds), len(p.Series.AtS))] {
		k := g.slotOf(p, i)
		if k == lastSlot {
			continue
		}
		if last >= 0 {
			used, took := p.Series.CPUSeconds[i]-p.Series.CPUSeconds[last], p.Series.AtS[i]-p.Series.AtS[last]
			if used >= 0 && took > 0 {
				cores := used / took
				y[lastSlot] = &cores
			}
		}
		last, lastSlot = i, k
	}
	return y
}
