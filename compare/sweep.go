package compare

import (
	"taskbench/internal/figure"

	"fmt"
	"math"
	"slices"
)

// Sweep is one scenario at several load levels. Its figures stand in the
// scenarios of the same name; a sweep says how they grow.
type Sweep struct {
	Scenario string      `json:"scenario"`
	Levels   []int       `json:"connections"` // rising
	Sides    []SweepSide `json:"sides"`       // one a target, in their order
}

// SweepSide is how one target scales.
type SweepSide struct {
	Target string `json:"target"`
	// Knee is the fewest connections with at least 95 % of the highest
	// throughput of all levels: more connections only wait longer (the knee of
	// Jain, The Art of Computer Systems Performance Analysis, 1991, 3.3). 0
	// without figures at two levels.
	Knee int `json:"knee"`
	// Growing is set when the knee is the highest level: throughput may go on
	// growing beyond.
	Growing bool `json:"growing,omitempty"`
	// Degraded says how far throughput falls beyond the knee; "" when it holds.
	Degraded string `json:"degraded,omitempty"`
}

const (
	kneeShare = 0.95
	// degraded is a fall that is flagged, if besides no trial at the level
	// reaches the worst one at the peak.
	degraded = 0.10
)

// sweeps finds the scenarios at several levels.
func sweeps(c *Comparison) []Sweep {
	list := []Sweep{}
	var seen []string
	for _, s := range c.Scenarios {
		levels := levelsOf(c, s.Name)
		if len(levels) < 2 || slices.Contains(seen, s.Name) {
			continue
		}
		seen = append(seen, s.Name)
		sweep := Sweep{Scenario: s.Name}
		for _, l := range levels {
			sweep.Levels = append(sweep.Levels, l.Load.Connections)
		}
		for i, t := range c.Targets {
			sweep.Sides = append(sweep.Sides, scaling(levels, i, t.Label))
		}
		list = append(list, sweep)
	}
	return list
}

// levelsOf are the scenarios of a name, by rising connections.
func levelsOf(c *Comparison, name string) []Scenario {
	var levels []Scenario
	for _, s := range c.Scenarios {
		if s.Name == name {
			levels = append(levels, s)
		}
	}
	slices.SortStableFunc(levels, func(a, b Scenario) int { return a.Load.Connections - b.Load.Connections })
	return levels
}

// row is the whole scenario's.
func (s Scenario) row(m *figure.Figure) (Row, bool) {
	for _, r := range s.Rows {
		if r.Step == "" && r.Metric.Equal(m) {
			return r, true
		}
	}
	return Row{}, false
}

// point is one target's throughput at one level, where its answers were right.
type point struct {
	connections       int
	median, low, high float64
}

func points(levels []Scenario, target int) []point {
	var list []point
	for _, s := range levels {
		r, ok := s.row(figure.Throughput)
		if !ok || r.Cells[target].Median == nil || s.Sides[target].State == Failed || s.Sides[target].State == Refused {
			continue
		}
		p := point{s.Load.Connections, *r.Cells[target].Median, math.Inf(1), 0}
		for _, v := range r.Cells[target].EachPair {
			if v != nil {
				p.low, p.high = math.Min(p.low, *v), math.Max(p.high, *v)
			}
		}
		list = append(list, p)
	}
	return list
}

func scaling(levels []Scenario, target int, label string) SweepSide {
	s := SweepSide{Target: label}
	list := points(levels, target)
	if len(list) < 2 {
		return s
	}
	peak := slices.MaxFunc(list, func(a, b point) int {
		switch {
		case a.median < b.median:
			return -1
		case a.median > b.median:
			return 1
		}
		return 0
	})
	for _, p := range list {
		if s.Knee == 0 && p.median >= kneeShare*peak.median {
			s.Knee = p.connections
			s.Growing = p.connections == list[len(list)-1].connections
		}
	}
	last := list[len(list)-1]
	if last.connections > peak.connections && last.median*(1+degraded) < peak.median && last.high < peak.low {
		s.Degraded = fmt.Sprintf("throughput falls from %s at %d connections to %s at %d",
			figure.Throughput.Unit.Text(peak.median, peak.median), peak.connections, figure.Throughput.Unit.Text(last.median, last.median), last.connections)
	}
	return s
}

// layoutSweep is the table of scaling: throughput, then p95, a row for each
// level.
func layoutSweep(c *Comparison, s Sweep, candidates []int, d detail, notes *footnotes) grid {
	levels := levelsOf(c, s.Scenario)
	var all []Row
	for _, l := range levels {
		all = append(all, l.Rows...)
	}
	g := grid{header: header(c, all, candidates, &d)}
	for _, m := range []*figure.Figure{figure.Throughput, figure.P95} {
		g.title(m.Name)
		for _, l := range levels {
			if r, ok := l.row(m); ok {
				g.rows = append(g.rows, line("  "+figure.Count(l.Load.Connections, "connection"), l, r, candidates, d, notes))
			}
		}
	}
	return g
}

// kneeLine is "knee: rust 100 connections; windjammer 500 or more".
func kneeLine(s Sweep) string {
	text := ""
	for _, side := range s.Sides {
		switch {
		case side.Knee == 0:
			continue
		case side.Growing:
			text += fmt.Sprintf("; %s %d or more: its throughput still grows", side.Target, side.Knee)
		default:
			text += fmt.Sprintf("; %s %s", side.Target, figure.Count(side.Knee, "connection"))
		}
	}
	if text == "" {
		return ""
	}
	return "knee (the fewest connections with 95 % of the highest throughput): " + text[2:]
}

// flags are the targets that do less beyond the knee.
func (s Sweep) flags() []string {
	var list []string
	for _, side := range s.Sides {
		if side.Degraded != "" {
			list = append(list, side.Target+": "+side.Degraded)
		}
	}
	return list
}
