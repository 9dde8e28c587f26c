package why

import (
	"fmt"
	"math"

	"taskbench/compare/lineup"
	"taskbench/internal/source"
	"taskbench/results"
)

// Change is what became of a gap from one run to another: how much of it a change
// took, and where.
type Change struct {
	Schema   int             `json:"taskbench_why_change"`
	Before   []lineup.Target `json:"before"` // the baseline and the candidate
	After    []lineup.Target `json:"after"`
	Scenario string          `json:"scenario"`
	Steps    []ChangeStep    `json:"steps"`
}

// ChangeStep is one step's. In its gaps Base is the difference of the two targets
// before, Candidate the one after.
type ChangeStep struct {
	Step      string `json:"step"`
	Answers   int64  `json:"answers"`
	Functions Gap    `json:"functions"`
	Modules   Gap    `json:"modules"`
}

// NewChange takes apart what became of the gaps of one candidate, from documents of
// an earlier ledger to those of a later one. Errors are those of NewWhy, and one
// where the two do not count the same.
func NewChange(before, after []results.Document, o Options) (*Change, error) {
	most := o.Parts
	o.Parts = math.MaxInt // all, for the two to be joined
	then, err := New(before, o)
	if err != nil {
		return nil, fmt.Errorf("before: %w", err)
	}
	now, err := New(after, o)
	if err != nil {
		return nil, fmt.Errorf("after: %w", err)
	}
	if then.Scenario != now.Scenario || then.hash != now.hash {
		return nil, source.Errorf(source.Position{}, "count both anew with the same scenario", "the two ledgers are of different scenarios: %s (%.8s) and %s (%.8s)", then.Scenario, then.hash, now.Scenario, now.hash)
	}
	c := &Change{Schema: lineup.Schema, Before: then.Targets, After: now.Targets, Scenario: now.Scenario}
	for i, a := range now.Steps {
		b := then.Steps[i]
		if a.Answers != b.Answers {
			return nil, source.Errorf(source.Position{}, "count both with the same --users", "the ledgers are of %d and of %d answers", b.Answers, a.Answers)
		}
		c.Steps = append(c.Steps, ChangeStep{Step: a.Step, Answers: a.Answers,
			Functions: changed(b.Functions, a.Functions, most), Modules: changed(b.Modules, a.Modules, most)})
	}
	return c, nil
}

// changed is the gap between two gaps.
func changed(before, after Gap, most int) Gap {
	at := map[[2]string]int{}
	var parts []Part
	part := func(p Part) *Part {
		key := [2]string{p.Name, p.Module}
		i, known := at[key]
		if !known {
			i = len(parts)
			at[key] = i
			parts = append(parts, Part{Name: p.Name, Module: p.Module})
		}
		return &parts[i]
	}
	for _, p := range before.Parts {
		part(p).Base = p.Difference
	}
	for _, p := range after.Parts {
		part(p).Candidate = p.Difference
	}
	var list []Part
	for _, p := range parts {
		if p.Difference = p.Candidate - p.Base; p.Difference != 0 {
			list = append(list, p)
		}
	}
	if most == 0 {
		most = mostParts
	}
	return newGap(before.Whole.Difference, after.Whole.Difference, list, most)
}
