// Package capacity judges searches for the highest rate that a server carries: what
// each trial shows, the rate of each server with its interval, and the ratio of two.
//
//	c, err := capacity.New(docs, lineup.Options{})
package capacity

import (
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/internal/search"
	"taskbench/results"
)

// Comparison is what searches found on several servers.
type Comparison struct {
	Schema    int               `json:"taskbench_capacity"`
	Baseline  string            `json:"baseline"`
	Targets   []lineup.Target   `json:"targets"` // the baseline first
	Scenario  string            `json:"scenario"`
	Title     string            `json:"title"`
	Objective string            `json:"objective"` // as it is written
	Search    results.Search    `json:"search"`
	Repeats   int               `json:"repeats"`      // searches of each server that were planned
	Sides     []Side            `json:"sides"`        // one a target, in their order
	Metric    string            `json:"curve_metric"` // the latency of the curve: the objective's first, else p95
	Curve     []Point           `json:"curve"`        // by rising rate
	Expected  []Expectation     `json:"expected,omitempty"`
	Notes     []finding.Finding `json:"notes"`
}

// Side is what was found on one server.
type Side struct {
	Target string `json:"target"`
	Carried
	// Against is the candidate's rate over the baseline's, repeat by repeat; nil for the
	// baseline, and where one of them has none.
	Against *stats.Judgement `json:"against_baseline"`
	Each    []Repeat         `json:"each_repeat"` // up to the last that was begun
	Trials  int              `json:"trials"`
	Void    int              `json:"void_trials"` // that say nothing of the server
}

// Repeat is one search: its bounds, as package search has them. 0: not known.
type Repeat struct {
	LowerPS      float64 `json:"lower_per_s"`
	UpperPS      float64 `json:"upper_per_s"`
	ThroughputPS float64 `json:"throughput_per_s"` // answered at the lower bound
	EstimatePS   float64 `json:"estimate_per_s"`
}

// Point is what was measured at rates near each other.
type Point struct {
	RatePS float64     `json:"rate_per_s"` // in the middle
	LowPS  float64     `json:"low_per_s"`
	HighPS float64     `json:"high_per_s"`
	Cells  []PointCell `json:"values"` // one a target, in their order
}

// PointCell is one server at such rates: medians over its trials; nil where there is none.
type PointCell struct {
	Target         string   `json:"target"`
	Trials         int      `json:"trials"`
	Exceeded       int      `json:"exceeded"`   // of them
	LatencyUS      *float64 `json:"latency_us"` // of the curve's metric
	CPUPerAnswerUS *float64 `json:"cpu_per_answer_us"`
	ErrorFraction  *float64 `json:"error_fraction"`
	CarriedPS      *float64 `json:"carried_per_s"`
}

// Expectation is a documented capacity, and what each server reached.
type Expectation struct {
	results.Expectation
	Results []Met `json:"results"` // one a target, in their order
}

// Met is whether a server carries what is expected; nil: the search does not tell.
type Met struct {
	Target string `json:"target"`
	Met    *bool  `json:"met"`
}

// Row is the judgement of a candidate's ratio with its plan, for who decides on it.
func (s Side) Row() stats.Row {
	return stats.Row{Judgement: *s.Against, Plan: rule(max(s.Against.Pairs, 1)).Plan}
}

func repeatOf(b search.Bounds) Repeat {
	return Repeat{LowerPS: b.Lower, UpperPS: b.Upper, ThroughputPS: b.Throughput, EstimatePS: b.Estimate()}
}
