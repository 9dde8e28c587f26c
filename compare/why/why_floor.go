package why

import (
	"taskbench/compare/finding"
	"taskbench/results"
)

// split takes a step's instructions apart by those of the floor.
func (w *Step) split(o Options, joined []joinedFunction, costs [2]*results.Cost, floor *results.Cost) {
	if floor == nil || floor.Functions == nil || floor.Answers != w.Answers || dearer(floor, w.Functions.Whole) != 0 {
		return
	}
	at := map[[2]string]int64{}
	for i, name := range floor.Functions.Name {
		name, module := o.renamed(name, floor.Functions.Module[i])
		at[[2]string{name, module}] += floor.Functions.Instructions[i]
	}
	s := &Split{Stack: floor.Instructions}
	for _, f := range joined {
		if _, there := at[[2]string{f.name, f.module}]; there {
			s.Shared.Base += instructionsAt(costs[0], f.at[0])
			s.Shared.Candidate += instructionsAt(costs[1], f.at[1])
		}
	}
	whole := w.Functions.Whole
	s.Application = Part{Base: whole.Base - s.Stack, Candidate: whole.Candidate - s.Stack, Difference: whole.Difference}
	s.Shared.Difference = s.Shared.Candidate - s.Shared.Base
	s.Own = Part{Base: whole.Base - s.Shared.Base, Candidate: whole.Candidate - s.Shared.Candidate, Difference: whole.Difference - s.Shared.Difference}
	w.Floor = s
	rest := s.Stack
	for i := range w.Functions.Parts {
		p := &w.Functions.Parts[i]
		p.Floor = new(at[[2]string{p.Name, p.Module}])
		rest -= *p.Floor
	}
	w.Functions.Rest.Floor = &rest
}

// dearer tells which side costs less than the floor, which then is none: 1 the
// baseline, 2 the candidate, 0 neither.
func dearer(floor *results.Cost, whole Part) int {
	switch {
	case floor.Instructions > whole.Base:
		return 1
	case floor.Instructions > whole.Candidate:
		return 2
	}
	return 0
}

// noteFloor tells of a floor that is none for a step.
func (w *Breakdown) noteFloor(floor *results.Measurement, of Step) {
	if floor == nil {
		return
	}
	bare := floor.MiddleCost(of.Step)
	if bare == nil || bare.Answers != of.Answers {
		return
	}
	if side := dearer(bare, of.Functions.Whole); side > 0 {
		w.Notes = append(w.Notes, finding.Finding{Code: finding.FloorDearer, Target: w.Targets[side-1].Label, Step: of.Step})
	}
}

func instructionsAt(c *results.Cost, i int) int64 {
	if i < 0 {
		return 0
	}
	return c.Functions.Instructions[i]
}
