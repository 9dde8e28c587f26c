package compare

import (
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Schema is the version of the JSON forms of all comparisons; docs/results.md
// describes them.
const Schema = 2

// Comparison is what all writers print.
type Comparison struct {
	Schema     int               `json:"taskbench_comparison"`
	Baseline   string            `json:"baseline"` // label of Targets[0]
	Targets    []Target          `json:"targets"`  // the baseline, then the candidates by label
	Scenarios  []Scenario        `json:"scenarios"`
	Sweeps     []Sweep           `json:"sweeps"`    // scenarios at several load levels
	Flags      []finding.Finding `json:"red_flags"` // that concern everything
	Notes      []finding.Finding `json:"notes"`     // about the whole comparison
	Summary    Summary           `json:"summary"`
	Indicators []Indicator       `json:"indicators,omitempty"` // of good servers
	ElapsedS   float64           `json:"elapsed_s"`            // from the first load to the end of the last, without interruptions; 0: not known

	startFloor float64 // what two starts of one server may differ by, as a fraction
	found      []bool  // of each target: its server was there already, so that all pairs measured the same process
	rules      rules
	cells      int                // of all that the run may state, as planned
	stated     []stats.CellClaims // of each candidate's geometric means; none with one scenario
}

// Target is one document being compared.
type Target struct {
	Label          string    `json:"label"` // the implementation; with its date when that is not unique
	Implementation string    `json:"implementation"`
	Session        string    `json:"session"`
	Created        time.Time `json:"created"`
	Complete       bool      `json:"complete"`
	Reference      string    `json:"reference,omitempty"` // what the reference server said of itself
	GitCommit      string    `json:"git_commit,omitempty"`
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
	State    State             `json:"state"`
	Pairs    []int             `json:"pairs_counted"` // numbers of the pairs that medians are over
	LeftOut  []LeftOut         `json:"pairs_left_out"`
	Planned  int               `json:"-"`                // how many pairs were to be measured at most; 0 where the run did not reach its end
	SlotS    float64           `json:"slot_s,omitempty"` // how long slots were, in the middle of the trials; 0: measured in turn
	PairS    float64           `json:"pair_s,omitempty"` // how long the slots of each target were in a pair, in the middle of the trials
	Sides    []Side            `json:"sides"`            // one a target, in their order
	Rows     []Row             `json:"rows"`             // the whole scenario, then step by step
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

// Row is one metric of the whole scenario (Step "") or of one step.
type Row struct {
	Step   string          `json:"step,omitempty"`
	Metric *figure.Figure  `json:"metric"`
	Better stats.Direction `json:"better"`
	Cells  []Cell          `json:"values"` // one a target, in their order
}

// Cell is one target's figure. Its unit is part of the metric's name.
type Cell struct {
	Target   string     `json:"target"`
	Median   *float64   `json:"median"`    // over Pairs, nil: see Missing; of a candidate with WithinPair the baseline's times Ratio
	EachPair []*float64 `json:"each_pair"` // in the order of Pairs; nil where a trial has none
	// WithinPair are the ratios to the baseline within each pair where the two took
	// turns of a fraction of a second: sharper than those of the figures beside it.
	// nil: a pair's ratio is that of its two figures.
	WithinPair []*float64      `json:"ratio_each_pair,omitempty"`
	OwnMedian  *float64        `json:"own_median,omitempty"` // over EachPair, where Median is not
	Missing    finding.Finding `json:"missing,omitzero"`     // why there is no median
	Ratio      *Ratio          `json:"ratio,omitempty"`      // candidates only
	NoRatio    finding.Finding `json:"no_ratio,omitzero"`    // why a candidate has none
	// Difference is candidate minus baseline, for fractions: they are often 0,
	// and have no ratio.
	Difference *float64 `json:"difference,omitempty"`
}

// Ratio holds a candidate against the baseline.
type Ratio struct {
	Ratio   float64  `json:"ratio"`      // geometric mean of candidate / baseline over the pairs, or Judgement's estimate
	Low     float64  `json:"ratio_low"`  // smallest and
	High    float64  `json:"ratio_high"` // largest ratio within a pair
	Pairs   int      `json:"pairs"`      // that have a ratio
	Verdict *Verdict `json:"judgement,omitempty"`
}

// Verdict is what the pairs show of one metric, and everything it rests on. Of
// load tests, it is what the run may say of it beside all else that it says.
type Verdict struct {
	stats.Judgement
	Margin float64           `json:"margin"`          // of parity, as a fraction
	Notes  []finding.Finding `json:"notes,omitempty"` // what the series of pairs says against itself
	// Claim is what the run states of the metric. Alone is the verdict that the
	// metric would have had by itself, wrong in 5 of 100 such metrics. Both are of
	// load tests only.
	Claim *stats.Claim  `json:"claim,omitempty"`
	Alone stats.Verdict `json:"verdict_alone,omitempty"`

	row stats.Row // as it was judged
}

// Row is the verdict as it was judged, with its plan and what its pairs say of
// themselves, for who judges several of them together.
func (v *Verdict) Row() stats.Row { return v.row }

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
