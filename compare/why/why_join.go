package why

import (
	"maps"
	"slices"
	"strings"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/internal/source"
	"taskbench/results"
)

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
func (o Options) join(base, candidate *results.FunctionCosts) []joinedFunction {
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

// unnamed tells of programs without symbols: their functions are one, and meet none of
// the other side's.
func unnamed(targets []lineup.Target, sides [2]*results.Measurement, steps []string) (notes []finding.Finding) {
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
func (o Options) met(sides [2]*results.Measurement, steps []string) error {
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
func (o Options) renamed(name, module string) (string, string) {
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
