package compare

import (
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
	DurationS   float64       `json:"duration_s"`
	Pairs       int           `json:"pairs"`
	LeftOut     []LeftOut     `json:"pairs_left_out"`
	Metrics     []MetricFloor `json:"metrics"`
}

// MetricFloor is the noise of one metric.
type MetricFloor struct {
	Metric *figure.Figure `json:"metric"`
	stats.Floor
}

// NewCalibration reads the noise of all judged metrics off a target that was
// compared with itself.
func NewCalibration(c *Comparison, d *results.Document) Calibration {
	all := Calibration{Schema: 1, Implementation: d.Implementation, Reference: d.Reference, Scenarios: []ScenarioFloor{}}
	for _, s := range c.Scenarios {
		one := ScenarioFloor{
			Scenario: s.Name, Connections: s.Load.Connections, DurationS: s.Load.DurationS, Pairs: len(s.Pairs), LeftOut: s.LeftOut, Metrics: []MetricFloor{},
		}
		for _, row := range s.Rows {
			if ratio := row.Cells[1].Ratio; row.Step != "" || ratio == nil || ratio.Verdict == nil {
				continue // not a metric that is judged
			}
			if f := stats.NoiseFloor(stats.Plain(s.Series(row, 1))); f.Pairs >= 2 {
				one.Metrics = append(one.Metrics, MetricFloor{row.Metric, f})
			}
		}
		all.Scenarios = append(all.Scenarios, one)
	}
	return all
}
