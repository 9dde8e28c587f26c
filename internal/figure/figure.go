package figure

import (
	"fmt"
	"math"
	"strings"

	"taskbench/compare/stats"
	"taskbench/results"
)

// Figure is one entry of the table.
type Figure struct {
	Key    string // in JSON and CSV, its unit at the end; unique in the table
	Name   string // in tables and sentences
	Unit   Unit
	Better stats.Direction // "": neither way
	Held   Held            // how a candidate's is held against the baseline's
	// Primary figures decide when a run stops, and a gate looks at them.
	Primary bool
	// Optional figures cannot be had from every server or machine: without one
	// on any side there is no row.
	Optional bool
	Quiet    bool // not worth a row where it is 0 on all sides
	EachStep bool // the steps of a scenario have it, too
	Hidden   bool // in JSON and CSV only: another row says the same
	Latency  bool // how long answers take: nothing is said of it where a rate was not reached
	// Words are who has less and who has more of it; of speeds nobody is named.
	Words  *Words
	Drift  Drift  // of constant load for long
	Course string // title of its chart, pair by pair; "": none is drawn
	Export Export

	// Trial and Step read the figure; nil where there is none.
	Trial func(*results.Trial) *float64
	Step  func(*results.StepResult) *float64
	// Whole reads it of whole iterations: of a flow, or of a journey by its name.
	Whole func(*results.Iterations) *float64
	// Slot reads it from one slot of a trial that took turns, as what there was of
	// it and what that is divided by; nil func: it is known of whole trials only.
	Slot func(s *results.Slots, round int) (amount, per float64)
}

// Held says how two targets' values are compared.
type Held int

const (
	Judged      Held = iota // by the ratio of pairs, with a verdict
	Ratios                  // by the ratio alone: the slowest of a million answers shows nothing
	Differences             // by the difference: fractions that are often 0 have no ratio
	Nothing                 // more of it is neither better nor worse
)

// Words are verdicts of figures that are no speeds.
type Words struct{ Better, Worse string }

// Drift is what counts as a change of a figure under constant load.
type Drift struct {
	Part     float64 // of the figure's middle value; less is no drift
	Least    float64 // in the figure's unit, whatever its middle value
	Up, Down string  // what drift is called
}

// Export is where a figure stands in the formats of other tools, as far as its
// key and unit do not say it: see the functions of the same names.
type Export struct {
	Family, Help      string // OpenMetrics
	Label             string // the percentile of a family of several
	Benchstat, Action string // units
	Bencher           string // measure
}

// Of reads the figure from a trial, or from the step that is named. Not ok when
// there is none, when the trial does not count, or for what is no figure: a
// stored document is anybody's text.
func (f *Figure) Of(t *results.Trial, step string) (float64, bool) {
	v := f.read(t, step)
	if v == nil || !(*v >= 0) || math.IsInf(*v, 1) || f.Unit.Name == Fraction.Name && *v > 1 {
		return 0, false
	}
	return *v, true
}

func (f *Figure) read(t *results.Trial, step string) *float64 {
	if !t.Counts() {
		return nil
	}
	if step == "" {
		if f.Trial == nil {
			return nil
		}
		return f.Trial(t)
	}
	for i := range t.Journeys {
		if j := &t.Journeys[i]; j.Name == step && f.Whole != nil {
			return f.Whole(&j.Iterations)
		}
	}
	if f.Step == nil {
		return nil
	}
	for i := range t.Steps {
		if s := &t.Steps[i]; s.Name == step {
			return f.Step(s)
		}
	}
	if s := t.Stage(step); s != nil {
		return f.Step(&s.StepResult)
	}
	return nil
}

// Texts prints values of one row; see Unit.Texts.
func (f *Figure) Texts(values []*float64) []string { return f.Unit.Texts(values) }

// Text prints one value by itself.
func (f *Figure) Text(v float64) string { return f.Unit.Print(v) }

// Word is the verdict on the figure: who takes less memory is not faster.
func (f *Figure) Word(v stats.Verdict) string {
	switch {
	case f.Words != nil && v == stats.Faster:
		return f.Words.Better
	case f.Words != nil && v == stats.Slower:
		return f.Words.Worse
	}
	return string(v)
}

// MarshalText is the key: that is what JSON knows a figure by.
func (f *Figure) MarshalText() ([]byte, error) { return []byte(f.Key), nil }

// UnmarshalText finds the figure of a key.
func (f *Figure) UnmarshalText(key []byte) error {
	for _, one := range All() {
		if one.Key == string(key) {
			*f = *one
			return nil
		}
	}
	return fmt.Errorf("no figure has the key %q", key)
}

// Named finds a figure that gets verdicts by its name in tables ("p99", "flow
// p95", also as "flow_p95") or by its key.
func Named(name string) (*Figure, bool) { return named(Load, name) }

// NamedCount is Named of what ledgers count.
func NamedCount(name string) (*Figure, bool) { return named(Ledger, name) }

func named(list []*Figure, name string) (*Figure, bool) {
	for _, f := range list {
		if f.Held == Judged && (f.Key == name || f.Name == name || strings.ReplaceAll(f.Name, " ", "_") == name) {
			return f, true
		}
	}
	return nil, false
}

// Names are the names that Named knows, as tables have them.
func Names() []string { return names(Load) }

// CountNames are those that NamedCount knows.
func CountNames() []string { return names(Ledger) }

func names(list []*Figure) []string {
	var names []string
	for _, f := range list {
		if f.Held == Judged {
			names = append(names, f.Name)
		}
	}
	return names
}

// Primaries are the figures that decide when a run stops and that a gate looks
// at, where they were measured.
func Primaries() []*Figure {
	var list []*Figure
	for _, f := range Load {
		if f.Primary {
			list = append(list, f)
		}
	}
	return list
}

// Equal tells that two are the same entry of the table, whatever its functions.
func (f *Figure) Equal(other *Figure) bool {
	return f == other || f != nil && other != nil && f.Key == other.Key && f.Unit.Name == other.Unit.Name
}

// String is the key.
func (f *Figure) String() string {
	if f == nil {
		return ""
	}
	return f.Key
}
