package compare

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/internal/source"
	"taskbench/results"
)

// Why takes the gap between two targets' answers apart: which functions, modules
// and system calls it is made of. All counts are of the answers of a step together,
// in whole numbers, so that the parts of a gap add up to it.
type Why struct {
	Schema   int       `json:"taskbench_why"`
	Targets  []Target  `json:"targets"` // the baseline and one candidate
	Scenario string    `json:"scenario"`
	Steps    []WhyStep `json:"steps"`
	// Time is the same in CPU time, as far as it was profiled; NoTime is why not.
	Time   *WhyTime          `json:"cpu_time,omitempty"`
	NoTime finding.Finding   `json:"no_cpu_time,omitzero"`
	Notes  []finding.Finding `json:"notes"`

	hash string // of the scenario
}

// WhyStep is the gap of one step, in its middle recordings.
type WhyStep struct {
	Step    string `json:"step"`
	Answers int64  `json:"answers"` // that the counts are of, of each target
	// Verdict is what the ledger states of the step's instructions; nil: no verdict.
	Verdict     *Verdict `json:"verdict"`
	Functions   Gap      `json:"functions"`       // instructions, by the function that took them
	Modules     Gap      `json:"modules"`         // instructions, by crate, namespace or library
	Allocations Gap      `json:"allocations"`     // by the function that asked
	SystemCalls Gap      `json:"system_calls"`    // by the function that made them
	Floor       *Split   `json:"floor,omitempty"` // nil: there is none
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

// WhyOptions says what of a ledger is taken apart.
type WhyOptions struct {
	Options
	Scenario  string // "": the only one
	Step      string // "": all
	Candidate string // "": the first beside the baseline
	Renamed   []Renamed
	Parts     int // at most; 0 is mostParts
}

// NewWhy takes the gaps of one candidate in one scenario apart, of documents of kind
// ledger. Errors say what there is instead of what was asked for.
func NewWhy(docs []results.Document, o WhyOptions) (*Why, error) {
	ledger, err := NewLedger(docs, o.Options)
	if err != nil {
		return nil, err
	}
	docs, floors := withoutFloors(docs)
	entrants, err := lineUp(results.Ledger, docs, o.Options)
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
	w := &Why{Schema: Schema, Targets: []Target{entrants[0].Target, entrants[target].Target}, Scenario: s.Name, Notes: ledger.Notes, hash: s.Hash}
	sides := [2]*results.Measurement{measurementOf(entrants[0], s), measurementOf(entrants[target], s)}
	if s.State != Compared || sides[0] == nil || sides[1] == nil {
		return nil, source.Errorf(source.Position{}, "taskbench ledger --stored shows why", "%s cannot be held against each other in %s", entrants[target].Label, s.Name)
	}
	steps := sides[0].Steps
	if o.Step != "" {
		if !slices.Contains(steps, o.Step) {
			return nil, source.Errorf(source.Position{}, source.Allowed(o.Step, steps), "%s has no step %q", s.Name, o.Step)
		}
		steps = []string{o.Step}
	}
	floor := floors.both(entrants[0], entrants[target], s, sides[0])
	for _, step := range steps {
		one, err := o.step(sides, floor, step)
		if err != nil {
			return nil, err
		}
		one.Verdict = instructionsVerdict(s, step, target)
		w.Steps = append(w.Steps, one)
	}
	w.Notes = append(w.Notes, unnamed(w.Targets, sides, steps)...)
	return w, o.met(sides, steps)
}

func candidateOf(entrants []entrant, name string) (int, error) {
	var labels []string
	for i, e := range entrants[1:] {
		if name == "" || name == e.Label || name == e.Implementation {
			return i + 1, nil
		}
		labels = append(labels, e.Label)
	}
	return 0, source.Errorf(source.Position{}, source.Allowed(name, labels), "%q is none of the candidates", name)
}

func scenarioOf(list []Scenario, name string) (Scenario, error) {
	var names []string
	for _, s := range list {
		if name == s.Name || name == "" && len(list) == 1 {
			return s, nil
		}
		names = append(names, s.Name)
	}
	if name == "" {
		return Scenario{}, source.Errorf(source.Position{}, "name one of "+strings.Join(names, ", "), "the ledger has %d scenarios", len(list))
	}
	return Scenario{}, source.Errorf(source.Position{}, source.Allowed(name, names), "the ledger has no scenario %q", name)
}

func measurementOf(e entrant, s Scenario) *results.Measurement {
	for i, m := range e.doc.Scenarios {
		if m.Scenario == s.Name && m.Load.Connections == s.Load.Connections {
			return &e.doc.Scenarios[i]
		}
	}
	return nil
}

func instructionsVerdict(s Scenario, step string, target int) *Verdict {
	for _, r := range s.Rows {
		if x := r.Cells[target].Ratio; r.Metric.Equal(figure.CountedInstructions) && r.Step == step && x != nil {
			return x.Verdict
		}
	}
	return nil
}

// step takes one step apart; floor is nil where there is none.
func (o WhyOptions) step(sides [2]*results.Measurement, floor *results.Measurement, step string) (WhyStep, error) {
	costs := [2]*results.Cost{sides[0].MiddleCost(step), sides[1].MiddleCost(step)}
	for _, c := range costs {
		if c == nil || c.Functions == nil {
			return WhyStep{}, source.Errorf(source.Position{}, "count again: taskbench ledger", "no recording of step %s has functions", step)
		}
	}
	if costs[0].Answers != costs[1].Answers {
		return WhyStep{}, fmt.Errorf("step %s: the recordings are of %d and of %d answers", step, costs[0].Answers, costs[1].Answers)
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
	out := WhyStep{Step: step, Answers: a.Answers,
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

// joinedFunction is one function by its places in both lists; -1 where there is none.
type joinedFunction struct {
	name, module string
	at           [2]int
}

// halfKnown reports whether a function that one side has may have been too small to
// be kept on the other.
func (f joinedFunction) halfKnown(costs [2]*results.Cost) bool {
	for side, c := range costs {
		if i := f.at[1-side]; f.at[side] < 0 {
			there := costs[1-side].Functions
			return there.SystemCalls[i] == 0 && there.Allocations[i] == 0 && float64(there.Inclusive[i]) < results.LeastFunctionPart*float64(c.Instructions)
		}
	}
	return false
}

// join finds the functions of both sides by their names: those of the candidate that
// were renamed by the baseline's.
func (o WhyOptions) join(base, candidate *results.FunctionCosts) []joinedFunction {
	all := map[[2]string]*joinedFunction{}
	for side, list := range []*results.FunctionCosts{base, candidate} {
		for i := range list.Len() {
			name, module := list.Name[i], list.Module[i]
			if side == 1 {
				name, module = o.renamed(name, module)
			}
			key := [2]string{name, module}
			if all[key] == nil {
				all[key] = &joinedFunction{name, module, [2]int{-1, -1}}
			}
			all[key].at[side] = i
		}
	}
	var out []joinedFunction
	for _, f := range all {
		out = append(out, *f)
	}
	return out
}

// mostUnnamed is what part of a program's instructions may be of functions without a
// name before it is said.
const mostUnnamed = 0.2

// unnamed tells of programs without symbols: their functions are one, and meet none of
// the other side's.
func unnamed(targets []Target, sides [2]*results.Measurement, steps []string) (notes []finding.Finding) {
	for side, m := range sides {
		var all, nameless int64
		for _, step := range steps {
			cost := m.MiddleCost(step)
			all += cost.Instructions
			for i, name := range cost.Functions.Name {
				if name == "[program]" {
					nameless += cost.Functions.Instructions[i]
				}
			}
		}
		if part := float64(nameless) / float64(max(all, 1)); part > mostUnnamed {
			notes = append(notes, finding.Finding{Code: finding.NoSymbols, Target: targets[side].Label, Values: finding.Values{"fraction": part}})
		}
	}
	return notes
}

// met is an error where a rename is of no function of the candidate, or to none of the
// baseline: it would do nothing.
func (o WhyOptions) met(sides [2]*results.Measurement, steps []string) error {
	var names [2][]string
	for side, m := range sides {
		for _, step := range steps {
			names[side] = append(names[side], m.MiddleCost(step).Functions.Name...)
		}
		slices.Sort(names[side])
		names[side] = slices.Compact(names[side])
	}
	for _, r := range o.Renamed {
		for side, of := range []string{r.Base, r.Candidate} {
			if slices.ContainsFunc(names[side], func(name string) bool { return called(name, of) }) {
				continue
			}
			hint := source.DidYouMean(strings.TrimSuffix(of, "*"), names[side])
			if slices.ContainsFunc(names[1-side], func(name string) bool { return called(name, of) }) {
				hint = "the other side has it: the baseline's name comes first, then the candidate's"
			}
			return source.Errorf(source.Position{}, hint, "no function of the %s is called %q", []string{"baseline", "candidate"}[side], of)
		}
	}
	return nil
}

// called reports whether a name is the one of a rename, or begins so.
func called(name, of string) bool {
	beginning, prefix := strings.CutSuffix(of, "*")
	return name == of || prefix && (strings.HasPrefix(name, beginning) || strings.HasPrefix(name, "<"+beginning))
}

// renamed is what the baseline calls a function of the candidate.
func (o WhyOptions) renamed(name, module string) (string, string) {
	for _, r := range o.Renamed {
		from, prefix := strings.CutSuffix(r.Candidate, "*")
		to := strings.TrimSuffix(r.Base, "*")
		switch {
		case !prefix && name == from:
			name = to
		case prefix && strings.HasPrefix(name, from):
			name = to + name[len(from):]
		case prefix && strings.HasPrefix(name, "<"+from):
			name = "<" + to + name[1+len(from):]
		default:
			continue
		}
		if own, other, ok := strings.Cut(from, "::"); ok && own == module && other != from {
			module, _, _ = strings.Cut(to, "::")
		}
		return name, module
	}
	return name, module
}

// grouped adds functions up by a key, name and module with a zero byte between.
func grouped(joined []joinedFunction, costs [2]*results.Cost, by func(joinedFunction) string, of func(*results.FunctionCosts, int) int64) []Part {
	parts := map[string]*Part{}
	for _, f := range joined {
		key := by(f)
		p := parts[key]
		if p == nil {
			name, module, _ := strings.Cut(key, "\x00")
			p = &Part{Name: name, Module: module}
			parts[key] = p
		}
		for side, into := range []*int64{&p.Base, &p.Candidate} {
			if i := f.at[side]; i >= 0 {
				*into += of(costs[side].Functions, i)
			}
		}
	}
	var list []Part
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		p := parts[key]
		if p.Base == 0 && p.Candidate == 0 {
			continue
		}
		p.Difference = p.Candidate - p.Base
		switch {
		case p.Candidate == 0:
			p.OnlyIn = 1
		case p.Base == 0:
			p.OnlyIn = 2
		}
		list = append(list, *p)
	}
	return list
}

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
