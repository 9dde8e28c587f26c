package compare

import (
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
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
	// Degraded says how far throughput falls beyond the knee; nil when it holds.
	Degraded *finding.Finding `json:"degraded,omitempty"`
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
		levels := c.Levels(s.Name)
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

// Levels are the scenarios of a name, by rising connections.
func (c *Comparison) Levels(name string) []Scenario {
	var levels []Scenario
	for _, s := range c.Scenarios {
		if s.Name == name {
			levels = append(levels, s)
		}
	}
	slices.SortStableFunc(levels, func(a, b Scenario) int { return a.Load.Connections - b.Load.Connections })
	return levels
}

// Row is the whole scenario's.
func (s Scenario) Row(m *figure.Figure) (Row, bool) {
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
		r, ok := s.Row(figure.Throughput)
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
		s.Degraded = &finding.Finding{Code: finding.Degraded, Target: label, Values: finding.Values{
			"peak_per_s": peak.median, "peak_connections": float64(peak.connections), "last_per_s": last.median, "last_connections": float64(last.connections),
		}}
	}
	return s
}
