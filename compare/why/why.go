// Package why takes the gap between two servers' answers apart: which functions, modules and
// system calls it is made of, and what CPU time says of them.
package why

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// Breakdown takes the gap between two targets' answers apart: which functions, modules
// and system calls it is made of. All counts are of the answers of a step together,
// in whole numbers, so that the parts of a gap add up to it.
type Breakdown struct {
	Schema   int             `json:"taskbench_why"`
	Targets  []lineup.Target `json:"targets"` // the baseline and one candidate
	Scenario string          `json:"scenario"`
	Steps    []Step          `json:"steps"`
	// Time is the same in CPU time, as far as it was profiled; NoTime is why not.
	Time   *Time             `json:"cpu_time,omitempty"`
	NoTime finding.Finding   `json:"no_cpu_time,omitzero"`
	Notes  []finding.Finding `json:"notes"`

	hash string // of the scenario
}

// Step is the gap of one step, in its middle recordings.
type Step struct {
	Step    string `json:"step"`
	Answers int64  `json:"answers"` // that the counts are of, of each target
	// Verdict is what the ledger states of the step's instructions; nil: no verdict.
	Verdict     *verdict.Verdict `json:"verdict"`
	Functions   Gap              `json:"functions"`       // instructions, by the function that took them
	Modules     Gap              `json:"modules"`         // instructions, by crate, namespace or library
	Allocations Gap              `json:"allocations"`     // by the function that asked
	SystemCalls Gap              `json:"system_calls"`    // by the function that made them
	Floor       *Split           `json:"floor,omitempty"` // nil: there is none
}

// Split takes the instructions of both sides apart by those of the floor, which
// answers the same with nothing behind it.
type Split struct {
	Stack       int64 `json:"stack"`       // what the floor takes, which is in both sides
	Application Part  `json:"application"` // what a side takes beyond it; the gap is all here
	// Shared is in functions that the floor runs as well, Own in all others: they add
	// up to the gap.
	Shared Part `json:"shared_functions"`
	Own    Part `json:"own_functions"`
}

// Gap is a difference and its parts, the largest first; Rest is what is in none.
// The differences of the parts and of the rest add up to the whole's.
type Gap struct {
	Whole Part   `json:"whole"`
	Parts []Part `json:"parts"`
	Rest  Part   `json:"rest"`
}

// Part is what is counted of one thing on both sides.
type Part struct {
	Name       string `json:"name,omitempty"`
	Module     string `json:"module,omitempty"`
	Base       int64  `json:"baseline"`
	Candidate  int64  `json:"candidate"`
	Difference int64  `json:"difference"` // Candidate - Base
	// Inclusive are the same with all that a function called; of functions alone.
	BaseInclusive      int64 `json:"baseline_inclusive,omitempty"`
	CandidateInclusive int64 `json:"candidate_inclusive,omitempty"`
	BaseCalls          int64 `json:"baseline_calls,omitempty"`
	CandidateCalls     int64 `json:"candidate_calls,omitempty"`
	OnlyIn             int   `json:"only_in,omitempty"` // 1: the baseline, 2: the candidate; 0: both
	// Floor is the same of the floor; of functions alone, nil where there is no floor.
	Floor *int64 `json:"floor,omitempty"`
}

// Renamed says that a function of the baseline is called otherwise in the candidate.
// Where both end in *, all names that begin so are meant.
type Renamed struct{ Base, Candidate string }

// mostParts are as many as a gap is shown in.
const mostParts = 20

// Options says what of a ledger is taken apart.
type Options struct {
	lineup.Options
	Scenario  string // "": the only one
	Step      string // "": all
	Candidate string // "": the first beside the baseline
	Renamed   []Renamed
	Parts     int // at most; 0 is mostParts
}

// New takes the gaps of one candidate in one scenario apart, of documents of kind
// ledger. Errors say what there is instead of what was asked for.
func New(docs []results.Document, o Options) (*Breakdown, error) {
	ledger, err := compare.NewLedger(docs, o.Options)
	if err != nil {
		return nil, err
	}
	docs, floors := compare.WithoutFloors(docs)
	entrants, err := lineup.Of(results.Ledger, docs, o.Options)
	if err != nil {
		return nil, err
	}
	if len(entrants) < 2 {
		return nil, source.Errorf(source.Position{}, "count two targets: taskbench ledger", "there is only %s, and nothing to hold it against", entrants[0].Label)
	}
	target, err := candidateOf(entrants, o.Candidate)
	if err != nil {
		return nil, err
	}
	s, err := scenarioOf(ledger.Scenarios, o.Scenario)
	if err != nil {
		return nil, err
	}
	w := &Breakdown{Schema: lineup.Schema, Targets: []lineup.Target{entrants[0].Target, entrants[target].Target}, Scenario: s.Name, Notes: ledger.Notes, hash: s.Hash}
	sides := [2]*results.Measurement{measurementOf(entrants[0], s), measurementOf(entrants[target], s)}
	if s.State != compare.Compared || sides[0] == nil || sides[1] == nil {
		return nil, source.Errorf(source.Position{}, "taskbench ledger --stored shows why", "%s cannot be held against each other in %s", entrants[target].Label, s.Name)
	}
	steps := sides[0].Steps
	if o.Step != "" {
		if !slices.Contains(steps, o.Step) {
			return nil, source.Errorf(source.Position{}, source.Allowed(o.Step, steps), "%s has no step %q", s.Name, o.Step)
		}
		steps = []string{o.Step}
	}
	floor := floors.Both(entrants[0], entrants[target], s, sides[0])
	for _, step := range steps {
		one, err := o.step(sides, floor, step)
		if err != nil {
			return nil, err
		}
		w.noteFloor(floor, one)
		one.Verdict = instructionsVerdict(s, step, target)
		w.Steps = append(w.Steps, one)
	}
	w.Notes = append(w.Notes, unnamed(w.Targets, sides, steps)...)
	return w, o.met(sides, steps)
}

func candidateOf(entrants []lineup.Entrant, name string) (int, error) {
	var labels []string
	for i, e := range entrants[1:] {
		if name == "" || name == e.Label || name == e.Implementation {
			return i + 1, nil
		}
		labels = append(labels, e.Label)
	}
	return 0, source.Errorf(source.Position{}, source.Allowed(name, labels), "%q is none of the candidates", name)
}

func scenarioOf(list []compare.Scenario, name string) (compare.Scenario, error) {
	var names []string
	for _, s := range list {
		if name == s.Name || name == "" && len(list) == 1 {
			return s, nil
		}
		names = append(names, s.Name)
	}
	if name == "" {
		return compare.Scenario{}, source.Errorf(source.Position{}, "name one of "+strings.Join(names, ", "), "the ledger has %d scenarios", len(list))
	}
	return compare.Scenario{}, source.Errorf(source.Position{}, source.Allowed(name, names), "the ledger has no scenario %q", name)
}

func measurementOf(e lineup.Entrant, s compare.Scenario) *results.Measurement {
	for i, m := range e.Doc.Scenarios {
		if m.Scenario == s.Name && m.Load.Connections == s.Load.Connections {
			return &e.Doc.Scenarios[i]
		}
	}
	return nil
}

func instructionsVerdict(s compare.Scenario, step string, target int) *verdict.Verdict {
	for _, r := range s.Rows {
		if x := r.Cells[target].Ratio; r.Metric.Equal(figure.CountedInstructions) && r.Step == step && x != nil {
			return x.Verdict
		}
	}
	return nil
}

// step takes one step apart; floor is nil where there is none.
func (o Options) step(sides [2]*results.Measurement, floor *results.Measurement, step string) (Step, error) {
	costs := [2]*results.Cost{sides[0].MiddleCost(step), sides[1].MiddleCost(step)}
	for _, c := range costs {
		if c == nil || c.Functions == nil {
			return Step{}, source.Errorf(source.Position{}, "count again: taskbench ledger", "no recording of step %s has functions", step)
		}
	}
	if costs[0].Answers != costs[1].Answers {
		return Step{}, fmt.Errorf("step %s: the recordings are of %d and of %d answers", step, costs[0].Answers, costs[1].Answers)
	}
	joined := o.join(costs[0].Functions, costs[1].Functions)
	most := cmp.Or(o.Parts, mostParts)
	gap := func(base, candidate int64, by func(joinedFunction) string, of func(*results.FunctionCosts, int) int64) Gap {
		return newGap(base, candidate, grouped(joined, costs, by, of), most)
	}
	byName := func(f joinedFunction) string { return f.name + "\x00" + f.module }
	byModule := func(f joinedFunction) string { return "\x00" + f.module }
	instructions := func(f *results.FunctionCosts, i int) int64 { return f.Instructions[i] }
	joined = slices.DeleteFunc(joined, func(f joinedFunction) bool { return f.halfKnown(costs) })
	a, b := costs[0], costs[1]
	out := Step{Step: step, Answers: a.Answers,
		Functions:   gap(a.Instructions, b.Instructions, byName, instructions),
		Modules:     gap(a.Instructions, b.Instructions, byModule, instructions),
		Allocations: gap(a.Allocations, b.Allocations, byName, func(f *results.FunctionCosts, i int) int64 { return f.Allocations[i] }),
		SystemCalls: gap(a.SystemCalls, b.SystemCalls, byName, func(f *results.FunctionCosts, i int) int64 { return f.SystemCalls[i] }),
	}
	out.Functions.withCalls(joined, costs)
	if floor != nil {
		out.split(o, joined, costs, floor.MiddleCost(step))
	}
	return out, nil
}

// mostUnnamed is what part of a program's instructions may be of functions without a
// name before it is said.
const mostUnnamed = 0.2

// newGap orders the parts by their size, and leaves to the rest what is too much, and
// what is the same on both sides.
func newGap(base, candidate int64, parts []Part, most int) Gap {
	g := Gap{Whole: Part{Base: base, Candidate: candidate, Difference: candidate - base}}
	g.Rest = g.Whole
	slices.SortStableFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(abs(b.Difference), abs(a.Difference)), cmp.Compare(b.Base+b.Candidate, a.Base+a.Candidate))
	})
	parts = slices.DeleteFunc(parts, func(p Part) bool { return p.Difference == 0 })
	g.Parts = parts[:min(len(parts), most)]
	for _, p := range g.Parts {
		g.Rest.Base -= p.Base
		g.Rest.Candidate -= p.Candidate
		g.Rest.Difference -= p.Difference
	}
	return g
}

// withCalls adds to functions how often they were called, and at what cost with all
// that they called.
func (g *Gap) withCalls(joined []joinedFunction, costs [2]*results.Cost) {
	at := map[[2]string]joinedFunction{}
	for _, f := range joined {
		at[[2]string{f.name, f.module}] = f
	}
	for i := range g.Parts {
		p := &g.Parts[i]
		f := at[[2]string{p.Name, p.Module}]
		if k := f.at[0]; k >= 0 {
			p.BaseInclusive, p.BaseCalls = costs[0].Functions.Inclusive[k], costs[0].Functions.Calls[k]
		}
		if k := f.at[1]; k >= 0 {
			p.CandidateInclusive, p.CandidateCalls = costs[1].Functions.Inclusive[k], costs[1].Functions.Calls[k]
		}
	}
}

func abs(n int64) int64 { return max(n, -n) }
