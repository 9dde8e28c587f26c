package compare

import (
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Comparison is what all writers print.
type Comparison struct {
	Schema     int               `json:"taskbench_comparison"`
	Baseline   string            `json:"baseline"` // label of Targets[0]
	Targets    []lineup.Target   `json:"targets"`  // the baseline, then the candidates by label
	Scenarios  []Scenario        `json:"scenarios"`
	Sweeps     []Sweep           `json:"sweeps"`    // scenarios at several load levels
	Flags      []finding.Finding `json:"red_flags"` // that concern everything
	Notes      []finding.Finding `json:"notes"`     // about the whole comparison
	Summary    Summary           `json:"summary"`
	Indicators []Indicator       `json:"indicators,omitempty"` // of good servers
	ElapsedS   float64           `json:"elapsed_s"`            // from the first load to the end of the last, without interruptions; 0: not known

	startFloor float64 // what two starts of one server may differ by, as a fraction
	outOfTime  bool    // a time limit ended it
	found      []bool  // of each target: its server was there already, so that all pairs measured the same process
	rules      verdict.Rules
	cells      int                // of all that the run may state, as planned
	stated     []stats.CellClaims // of each candidate's geometric means; none with one scenario
}

// State says what became of a scenario, or of one target in it.
type State string

const (
	Compared   State = "compared"   // there are ratios
	Measured   State = "measured"   // there are figures, and nothing to hold them against
	Failed     State = "failed"     // answers were not as expected: no speed
	Refused    State = "refused"    // another scenario text or load than the baseline's
	Unmeasured State = "unmeasured" // no trial, or none that worked
)

// Scenario is one scenario at one load level.
type Scenario struct {
	Name     string            `json:"scenario"`
	Title    string            `json:"title"`
	Hash     string            `json:"scenario_hash"`
	Mode     string            `json:"mode"`
	Load     results.Load      `json:"load"`
	Sender   results.Sender    `json:"sender,omitzero"` // what it was sent with; none: wrk on this machine alone
	State    State             `json:"state"`
	Pairs    []int             `json:"pairs_counted"` // numbers of the pairs that medians are over
	LeftOut  []LeftOut         `json:"pairs_left_out"`
	Planned  int               `json:"-"`                // how many pairs were to be measured at most; 0 where the run did not reach its end
	SlotS    float64           `json:"slot_s,omitempty"` // how long slots were, in the middle of the trials; 0: measured in turn
	PairS    float64           `json:"pair_s,omitempty"` // how long the slots of each target were in a pair, in the middle of the trials
	Sides    []Side            `json:"sides"`            // one a target, in their order
	Rows     []verdict.Row     `json:"rows"`             // the whole scenario, then step by step
	Expected []Expectation     `json:"expected"`
	Flags    []finding.Finding `json:"red_flags"` // what speaks against the figures, each with its own
	Notes    []finding.Finding `json:"notes"`
}

// LeftOut is a pair that counts for nothing, and why.
type LeftOut struct {
	Pair   int             `json:"pair"`
	Target string          `json:"target"`
	Reason finding.Finding `json:"reason"`
	Hint   string          `json:"hint,omitempty"` // what to do about it
}

// Side is what became of one target.
type Side struct {
	Target   string          `json:"target"`
	State    State           `json:"state"`
	Reason   finding.Finding `json:"reason,omitzero"`
	Hint     string          `json:"hint,omitempty"`    // what to do about it
	Refused  string          `json:"refused,omitempty"` // what it answered wrongly before the load, so that there was none
	Spared   bool            `json:"spared,omitempty"`  // without figures for what another did
	Failures []Failure       `json:"failures,omitempty"`
	// Seconds are the good answers of each whole second of the windows that
	// count, pair after pair; none where the generator did not count by second.
	Seconds []uint64 `json:"good_each_second,omitempty"`

	positions []int // its place in each pair that counts, from 1; nil where it has none
}

// Failure is one kind of thing that was not as expected, over all trials.
type Failure struct {
	Step string `json:"step"` // "": of no step
	// Unmet is an expectation of an answer, "status", "json:PATH", "header:NAME",
	// "body", "capture:NAME", or "late"; or "lost", "unanswered", "surplus", "broken".
	Unmet    string            `json:"unmet"`
	Count    uint64            `json:"count"`
	Answers  uint64            `json:"answers"` // of the step, or all; lost and unanswered requests are counted in
	Fraction float64           `json:"fraction"`
	Statuses map[string]uint64 `json:"statuses,omitempty"` // all answers of the step
	Example  *results.Example  `json:"example,omitempty"`
}

// Expectation is one documented expectation, held against every target.
type Expectation struct {
	results.Expectation
	Results []ExpectationResult `json:"results"` // one a target, in their order
}

// ExpectationResult is what a target reached.
type ExpectationResult struct {
	Target  string          `json:"target"`
	Median  *float64        `json:"median"`
	Met     *bool           `json:"met"` // nil: could not be checked, see Missing
	Missing finding.Finding `json:"missing,omitzero"`
}

// Summary counts scenarios (at each load level) by state, and expectations,
// and says what became of each candidate over all scenarios.
type Summary struct {
	Headline     []Headline       `json:"headline"` // one a candidate, in their order
	Scenarios    map[State]int    `json:"scenarios"`
	Overall      []Overall        `json:"overall"`
	Expectations []ExpectationSum `json:"expectations"` // one a target, in their order
}

// Overall is one metric of one candidate over all scenarios that have it.
type Overall struct {
	Target string         `json:"target"`
	Metric *figure.Figure `json:"metric"`
	stats.Overall
	Named map[stats.Verdict][]string `json:"by_verdict"` // the scenarios behind the counts, as name or name@connections
	// Claim is what the run states of the geometric mean; with one scenario, of that.
	Claim stats.Claim `json:"claim"`

	row stats.Row
}

// ExpectationSum counts one target's expectations.
type ExpectationSum struct {
	Target    string `json:"target"`
	Met       int    `json:"met"`
	Missed    int    `json:"missed"`
	Unchecked int    `json:"unchecked"`
}
