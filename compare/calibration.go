package compare

import (
	"math"
	"slices"

	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Calibration is how much a target differs from itself.
type Calibration struct {
	Schema         int             `json:"taskbench_calibration"`
	Implementation string          `json:"implementation"`
	Reference      string          `json:"reference,omitempty"`
	Sender         results.Sender  `json:"sender,omitzero"` // what it was loaded with; none: wrk on this machine alone
	Scenarios      []ScenarioFloor `json:"scenarios"`
}

// ScenarioFloor is the noise of one scenario; no metrics with fewer than two
// pairs.
type ScenarioFloor struct {
	Scenario    string        `json:"scenario"`
	Connections int           `json:"connections"`
	DurationS   float64       `json:"duration_s"`       // of a trial
	Twin        string        `json:"twin,omitempty"`   // the other target that is to be the same server; "": the target itself
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

// looked are the metrics by which a twin is held against its target.
var looked = []*figure.Figure{figure.Throughput, figure.P50, figure.P95, figure.CPUPerAnswer}

// Apart are the metrics of a scenario in which a twin is not the same server: pairs
// differ by more than their noise explains, and than two starts may.
func (all Calibration) Apart(s ScenarioFloor) (list []MetricFloor) {
	tests := 0
	isLooked := func(m MetricFloor) bool { return slices.ContainsFunc(looked, m.Metric.Equal) }
	for _, one := range all.Scenarios {
		for _, m := range one.Metrics {
			if one.Twin != "" && isLooked(m) {
				tests++
			}
		}
	}
	for _, m := range s.Metrics {
		if s.Twin != "" && isLooked(m) && m.Floor.Apart(tests, stats.StartFloor) {
			list = append(list, m)
		}
	}
	return list
}

// StartFloor is what the CPU time per answer of two starts of a server differs by in
// 19 of 20 cases, as a fraction, in the scenario where that is most. Throughput
// differs more, by whatever disturbs the machine for longer than a pair. 0 where it
// was not measured, nothing was found, or a twin is another server. within is its 95 %
// interval, by how many pairs it is from.
func (all Calibration) StartFloor() (floor float64, within stats.Interval) {
	most := func(sd float64) float64 { return math.Expm1(1.96 * sd) } // of a normal distribution
	for _, s := range all.Scenarios {
		if len(all.Apart(s)) > 0 {
			return 0, stats.Interval{}
		}
		for _, m := range s.Metrics {
			if !m.Metric.Equal(figure.CPUPerAnswer) || m.Parts == nil || most(m.Parts.BetweenSD) <= floor {
				continue
			}
			sd := stats.SDInterval(m.Parts.BetweenSD, m.Floor.Pairs)
			floor, within = most(m.Parts.BetweenSD), stats.Interval{Low: most(sd.Low), High: most(sd.High)}
		}
	}
	return floor, within
}

// NewCalibration reads the noise of all judged metrics off a target that was
// compared with itself. Documents are those of the comparison, of two targets.
func NewCalibration(c *Comparison, docs []results.Document) Calibration {
	d := docs[0]
	all := Calibration{Schema: 1, Implementation: d.Implementation, Reference: d.Reference, Sender: d.Sender(), Scenarios: []ScenarioFloor{}}
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
