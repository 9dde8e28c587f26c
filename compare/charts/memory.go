package charts

import (
	"math"

	"taskbench/compare/memory"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// sampled is the memory of one target in its last trial.
type sampled struct {
	label   string
	profile *results.MemoryUse
}

// Memory adds the courses of memory and cores to the page of a comparison.
func Memory(c *memory.Comparison, docs []results.Document) page.Page {
	var all []sampled
	for i, d := range inOrder(c.Targets, docs) {
		if p := lastMemory(d); p != nil {
			all = append(all, sampled{c.Targets[i].Label, p})
		}
	}
	var drawn []page.Block
	if len(all) > 0 {
		grid := newTimeGrid(all)
		resident := grid.chart("resident", "Resident memory of the server, last pair", figure.Bytes)
		cores := grid.chart("cores", "Cores that the server kept busy, last pair", figure.Cores)
		for _, s := range all {
			resident.Series = append(resident.Series, series(s.label, grid.largest(s.profile)))
			cores.Series = append(cores.Series, series(s.label, grid.cores(s.profile)))
		}
		drawn = []page.Block{resident, cores}
	}
	return part("memory", "Memory", words.Memory(c), words.MemoryBrief(c), drawn)
}

func lastMemory(d results.Document) (last *results.MemoryUse) {
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
	marks      []page.Mark
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
	g.marks = []page.Mark{{At: 0, Text: "load"}, {At: window, Text: "window"}, {At: load, Text: "end"}}
	return g
}

func (g timeGrid) chart(key, title string, unit figure.Unit) page.Chart {
	ch := newChart(key, title, unit, "seconds since the load began", page.Linear)
	ch.Y.Zero, ch.Marks = true, g.marks
	for k := range g.slots {
		ch.X.Values = append(ch.X.Values, math.Round(100*(g.from+g.slot*(float64(k)+0.5)))/100)
	}
	return ch
}

func (g timeGrid) slotOf(p *results.MemoryUse, i int) int {
	if g.slot == 0 {
		return 0
	}
	return min(max(int((p.Series.AtS[i]-p.LoadFromS-g.from)/g.slot), 0), g.slots-1)
}

// largest is the largest sample of each slot: no peak is lost.
func (g timeGrid) largest(p *results.MemoryUse) []*float64 {
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
func (g timeGrid) cores(p *results.MemoryUse) []*float64 {
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
