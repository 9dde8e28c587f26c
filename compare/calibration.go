package compare

import (
	"math"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Calibration is how much a target differs from itself.
type Calibration struct {
	Schema         int             `json:"taskbench_calibration"`
	Implementation string          `json:"implementation"`
	Reference      string          `json:"reference,omitempty"`
	Scenarios      []ScenarioFloor `json:"scenarios"`
}

// ScenarioFloor is the noise of one scenario; no metrics with fewer than two
// pairs.
type ScenarioFloor struct {
	Scenario    string        `json:"scenario"`
	Connections int           `json:"connections"`
	DurationS   float64       `json:"duration_s"`       // of a trial
	SlotS       float64       `json:"slot_s,omitempty"` // how long slots were; 0: whole trials in turn
	Pairs       int           `json:"pairs"`
	LeftOut     []LeftOut     `json:"pairs_left_out"`
	Metrics     []MetricFloor `json:"metrics"`
}

// MetricFloor is the noise of one metric.
type MetricFloor struct {
	Metric *figure.Figure `json:"metric"`
	stats.Floor
	// Parts takes what pairs in slots scatter by apart; nil in turn, or where the
	// metric has no figures of single slots.
	Parts *SlotScatter `json:"parts,omitempty"`
}

// SlotScatter is the standard deviation of a pair's log ratio in its two parts.
type SlotScatter struct {
	BetweenSD float64 `json:"between_sd"` // what differs from start to start
	WithinSD  float64 `json:"within_sd"`  // what one second of slots leaves
}

// StartFloor is what the CPU time per answer of two starts of a server differs by in
// 19 of 20 cases, as a fraction, in the scenario where that is most. Throughput
// differs more, by whatever disturbs the machine for longer than a pair. 0 where it
// was not measured, or nothing was found.
func (all Calibration) StartFloor() (floor float64) {
	const most = 1.96 // of a normal distribution
	for _, s := range all.Scenarios {
		for _, m := range s.Metrics {
			if m.Metric.Equal(figure.CPUPerAnswer) && m.Parts != nil {
				floor = max(floor, math.Expm1(most*m.Parts.BetweenSD))
			}
		}
	}
	return floor
}

// NewCalibration reads the noise of all judged metrics off a target that was
// compared with itself. Documents are those of the comparison, of two targets.
func NewCalibration(c *Comparison, docs []results.Document) Calibration {
	d := docs[0]
	all := Calibration{Schema: 1, Implementation: d.Implementation, Reference: d.Reference, Scenarios: []ScenarioFloor{}}
	for _, s := range c.Scenarios {
		one := ScenarioFloor{
			Scenario: s.Name, Connections: s.Load.Connections, DurationS: s.Load.DurationS, SlotS: s.SlotS, Pairs: len(s.Pairs), LeftOut: s.LeftOut, Metrics: []MetricFloor{},
		}
		if s.SlotS > 0 {
			one.DurationS = s.PairS
		}
		for _, row := range s.Rows {
			if ratio := row.Cells[1].Ratio; row.Step != "" || ratio == nil || ratio.Verdict == nil {
				continue // not a metric that is judged
			}
			if f := stats.NoiseFloor(stats.Plain(s.Series(row, 1))); f.Pairs >= 2 {
				one.Metrics = append(one.Metrics, MetricFloor{row.Metric, f, partsOf(row.Metric, trialsOf(docs[0], s), trialsOf(docs[1], s))})
			}
		}
		all.Scenarios = append(all.Scenarios, one)
	}
	return all
}

func trialsOf(d results.Document, s Scenario) []results.Trial {
	for _, m := range d.Scenarios {
		if m.Scenario == s.Name && m.Load.Connections == s.Load.Connections {
			return m.Trials
		}
	}
	return nil
}

// partsOf takes the scatter of a metric's pairs apart.
func partsOf(m *figure.Figure, base, cand []results.Trial) *SlotScatter {
	if m.Slot == nil {
		return nil
	}
	scatter, _, ok := scatterOf(m, base, cand)
	if !ok {
		return nil
	}
	return &SlotScatter{scatter.Between, scatter.Within}
}
