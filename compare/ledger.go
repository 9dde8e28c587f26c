package compare

import (
	"errors"
	"slices"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// LedgerComparison is what answers cost several targets, counted, step by step.
// A scenario's load is the smaller number of its users; its pairs are recordings.
type LedgerComparison struct {
	Schema    int               `json:"taskbench_ledger"`
	Baseline  string            `json:"baseline"`
	Targets   []lineup.Target   `json:"targets"` // the baseline first
	Scenarios []Scenario        `json:"scenarios"`
	Time      []TimeBeside      `json:"cpu_time"` // what measured runs say of the same; none where nobody looked
	Notes     []finding.Finding `json:"notes"`
}

// TimeBeside holds CPU time per answer, as it was measured under load, beside the
// counted instructions of a scenario's answers.
type TimeBeside struct {
	Scenario     string          `json:"scenario"`
	Target       string          `json:"target"`
	Session      string          `json:"session"`
	Created      time.Time       `json:"created"`
	Instructions float64         `json:"instructions_ratio"` // candidate over baseline
	CPU          *verdict.Ratio  `json:"cpu_ratio"`
	Says         finding.Finding `json:"says"`
}

// LedgerTimes is how many times more users the larger of a ledger's two sizes has.
const LedgerTimes = 3

// NewLedger compares documents of kind ledger. A difference is stated where all
// that is stated together is false in at most stats.RunAlpha of ledgers. Errors are
// those of New.
func NewLedger(docs []results.Document, o lineup.Options) (*LedgerComparison, error) {
	docs, floors := WithoutFloors(docs)
	entrants, err := lineup.Of(results.Ledger, docs, o)
	if err != nil {
		return nil, err
	}
	rules := verdict.NewRules(entrants, o.Margins)
	rules.Apart = false // counts are those of any other minute
	c := &LedgerComparison{Schema: lineup.Schema, Baseline: entrants[0].Label, Targets: lineup.Targets(entrants), Time: []TimeBeside{}}
	c.Notes = lineup.Notes(entrants, func(*figure.Figure) bool { return false })
	for _, k := range keys(entrants) {
		c.Scenarios = append(c.Scenarios, ledgerScenario(k, entrants, floors, rules))
	}
	if !slices.ContainsFunc(c.Scenarios, func(s Scenario) bool { return len(s.Rows) > 0 || s.State != Unmeasured }) {
		return nil, errNotCounted
	}
	c.state()
	return c, nil
}

// Figures are the scenarios as a comparison has them, for who writes figures of any
// kind: their connections are the smaller number of users, their pairs recordings.
func (c *LedgerComparison) Figures() *Comparison {
	return &Comparison{Schema: lineup.Schema, Baseline: c.Baseline, Targets: c.Targets, Scenarios: c.Scenarios, Notes: c.Notes}
}

// errNotCounted: no document has counts, or says why not.
var errNotCounted = errors.New("nothing was counted: see the errors above")

func ledgerScenario(k key, entrants []lineup.Entrant, floors floors, rules verdict.Rules) Scenario {
	sides, first := newSides(k, entrants)
	s := Scenario{Name: k.scenario, Title: first.Title, Hash: first.Hash, Mode: first.Mode, Load: finiteLoad(first.Load), Notes: scenarioNotes(sides)}
	s.Pairs, s.LeftOut = pair(sides)
	var bare []*side
	for _, e := range entrants {
		bare = append(bare, floors.of(e.Target, k, first))
	}
	split := newSplitter(sides, bare)
	s.Notes = append(s.Notes, floorNotes(sides, bare)...)
	steps := stepNames(sides)
	if len(steps) > 1 {
		steps = append(steps, "") // and the mean of them
	}
	for _, step := range steps {
		for _, m := range figure.Ledger {
			if r := row(sides, s.Pairs, step, m, rules); r.Measured() {
				equalZeros(&r)
				s.Rows = append(s.Rows, r)
			}
			if m == figure.CountedInstructions {
				s.Rows = append(s.Rows, split.rows(s.Pairs, step, rules)...)
			}
		}
	}
	s.State = settle(sides, s.Pairs)
	s.Planned = planned(entrants)
	for _, one := range sides {
		s.Sides = append(s.Sides, one.Side)
	}
	return s
}

// equalZeros gives a candidate that has none, as the baseline has none, a
// difference: of nothing.
func equalZeros(r *verdict.Row) {
	base := r.Cells[0].Median
	for i := range r.Cells[1:] {
		c := &r.Cells[i+1]
		if c.Ratio == nil && base != nil && c.Median != nil && *base == 0 && *c.Median == 0 {
			c.NoRatio, c.Difference = finding.Finding{}, new(0.0)
		}
	}
}

// state asks what may be stated, of all steps and candidates together, and takes
// all other verdicts back.
func (c *LedgerComparison) state() {
	var run []stats.Cell
	var verdicts [][]*verdict.Verdict
	for _, s := range c.Scenarios {
		for target := range c.Targets[1:] {
			byStep := map[string][]*verdict.Verdict{}
			var steps []string
			for _, r := range s.Rows {
				if x := r.Cells[target+1].Ratio; x != nil && x.Verdict != nil {
					if byStep[r.Step] == nil {
						steps = append(steps, r.Step)
					}
					byStep[r.Step] = append(byStep[r.Step], x.Verdict)
				}
			}
			for _, step := range steps {
				run, verdicts = append(run, stats.Cell{Primary: verdict.Judged(byStep[step], 0)}), append(verdicts, byStep[step])
			}
		}
	}
	for i, claims := range stats.Claims(run, 0) {
		for k, v := range verdicts[i] {
			v.State(claims.Primary[k])
		}
	}
}

// Beside adds what a measured run says of CPU time per answer in the same scenarios.
// A mix sends its steps by weight, which a ledger does not: it is left out.
func (c *LedgerComparison) Beside(load *Comparison) {
	for _, s := range c.Scenarios {
		for i, t := range c.Targets[1:] {
			if one, ok := timeBeside(s, i+1, t, load); ok && s.Mode != mixMode {
				c.Time = append(c.Time, one)
			}
		}
	}
}

const mixMode = "mix"

func timeBeside(s Scenario, target int, t lineup.Target, load *Comparison) (TimeBeside, bool) {
	counts := s.Overall(figure.CountedInstructions)
	if counts == nil || counts.Cells[target].Ratio == nil {
		return TimeBeside{}, false
	}
	at := slices.IndexFunc(load.Targets, func(other lineup.Target) bool { return other.Implementation == t.Implementation })
	measured := slices.IndexFunc(load.Scenarios, func(other Scenario) bool { return other.Name == s.Name && other.Hash == s.Hash })
	if at <= 0 || measured < 0 {
		return TimeBeside{}, false
	}
	r, ok := load.Scenarios[measured].Row(figure.CPUPerAnswer)
	if !ok || r.Cells[at].Ratio == nil || r.Cells[at].Ratio.Verdict == nil {
		return TimeBeside{}, false
	}
	one := TimeBeside{Scenario: s.Name, Target: t.Label, Session: load.Targets[at].Session, Created: load.Targets[at].Created,
		Instructions: counts.Cells[target].Ratio.Ratio, CPU: r.Cells[at].Ratio}
	one.Says = one.says()
	return one, true
}

// Overall is the row of all steps, or of the only one; nil where there is none.
func (s Scenario) Overall(m *figure.Figure) *verdict.Row {
	for i := range slices.Backward(s.Rows) {
		if s.Rows[i].Metric.Equal(m) {
			return &s.Rows[i]
		}
	}
	return nil
}

// says whether the two agree: the interval of the one has the other in it.
func (t TimeBeside) says() finding.Finding {
	ci := t.CPU.Verdict.CI
	f := finding.Finding{Target: t.Target, Values: finding.Values{"instructions_ratio": t.Instructions, "cpu_ratio": t.CPU.Ratio, "low": ci.Low, "high": ci.High}}
	within := ci.Low <= t.Instructions && t.Instructions <= ci.High
	switch {
	case !ci.Known():
		f.Code = finding.TimeUnknown
	case within && ci.Low <= 1 && 1 <= ci.High:
		f.Code = finding.TimeOpen
	case within:
		f.Code = finding.TimeAgrees
	case (t.CPU.Ratio > 1) == (t.Instructions > 1) && (ci.Low > 1 || ci.High < 1):
		f.Code = finding.TimeSameWay
	default:
		f.Code = finding.TimeDiffers
	}
	return f
}
