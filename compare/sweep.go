package compare

import (
	"cmp"
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
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
	// Knee is the fewest connections with at least 95 % of the highest throughput
	// of all levels, with an interval; none is named where that is as wide as the sweep.
	Knee stats.Knee `json:"knee"`
	// Growing is set when the knee is the highest level: throughput may go on
	// growing beyond.
	Growing bool `json:"growing,omitempty"`
	// Degraded says how far throughput falls beyond the knee; nil when it holds.
	Degraded *finding.Finding `json:"degraded,omitempty"`
}

// degraded is a fall that is flagged, if besides no trial at the level
// reaches the worst one at the peak.
const degraded = 0.10

// sweeps finds the scenarios at several levels.
func sweeps(c *Comparison) []Sweep {
	list := []Sweep{}
	names := swept(c)
	for _, name := range names {
		levels := c.Levels(name)
		sweep := Sweep{Scenario: name}
		for _, l := range levels {
			sweep.Levels = append(sweep.Levels, l.Load.Connections)
		}
		for i, t := range c.Targets {
			side := SweepSide{Target: t.Label, Degraded: falls(levels, i, t.Label)}
			side.Knee = c.knee(levels, i, len(names)*len(c.Targets))
			side.Growing = side.Knee.Named && side.Knee.Low == sweep.Levels[len(levels)-1]
			sweep.Sides = append(sweep.Sides, side)
		}
		list = append(list, sweep)
	}
	return list
}

// swept are the names of scenarios at several levels.
func swept(c *Comparison) []string {
	var names []string
	for _, s := range c.Scenarios {
		if !slices.Contains(names, s.Name) && len(c.Levels(s.Name)) > 1 {
			names = append(names, s.Name)
		}
	}
	return names
}

// knee is one target's, among so many that the run may tell of. Levels with
// fewer pairs than a verdict takes name none.
func (c *Comparison) knee(levels []Scenario, target, knees int) stats.Knee {
	var list []stats.Level
	fewest := math.MaxInt
	for _, s := range levels {
		r, measured := s.Row(figure.Throughput)
		if !measured || s.Sides[target].State == Failed || s.Sides[target].State == Refused {
			continue
		}
		l := stats.Level{Connections: s.Load.Connections}
		for _, v := range r.Cells[target].EachPair {
			if v != nil {
				l.Throughput = append(l.Throughput, *v)
			}
		}
		if len(l.Throughput) > 0 {
			list, fewest = append(list, l), min(fewest, len(l.Throughput))
		}
	}
	at, enough := c.Plan(figure.Throughput, fewest).At(fewest)
	k := stats.FindKnee(list, stats.KneeAlpha(knees, at))
	if k.At > 0 && !enough {
		k.Low, k.High, k.Named = list[0].Connections, list[len(list)-1].Connections, false
	}
	return k
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
func (s Scenario) Row(m *figure.Figure) (verdict.Row, bool) {
	for _, r := range s.Rows {
		if r.Step == "" && r.Metric.Equal(m) {
			return r, true
		}
	}
	return verdict.Row{}, false
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

// falls says how far throughput falls beyond the highest; nil where it holds.
func falls(levels []Scenario, target int, label string) *finding.Finding {
	list := points(levels, target)
	if len(list) < 2 {
		return nil
	}
	peak := slices.MaxFunc(list, func(a, b point) int { return cmp.Compare(a.median, b.median) })
	last := list[len(list)-1]
	if last.connections <= peak.connections || last.median*(1+degraded) >= peak.median || last.high >= peak.low {
		return nil
	}
	return &finding.Finding{Code: finding.Degraded, Target: label, Values: finding.Values{
		"peak_per_s": peak.median, "peak_connections": float64(peak.connections), "last_per_s": last.median, "last_connections": float64(last.connections),
	}}
}
