// Package lint finds what a scenario may say and better does not: names that collide,
// expectations that nothing can fail, work that hides what is to be measured. A
// scenario that means it says why, under lint:, by the name of the rule.
package lint

import (
	"cmp"
	"slices"

	"taskbench/internal/source"
	"taskbench/scenarios"
)

// Finding is something unwise at a place.
type Finding struct {
	Rule    string
	Problem *source.Error // position, excerpt, what it is, what to do
	Why     string        // the scenario's own reason for it; "": it gives none
}

// Rule is a kind of findings.
type Rule struct {
	Name  string
	About string // what it finds, a clause
	find  func(*finder)
}

// Rules are all of them, in the order of docs/scenarios.md.
var Rules = []Rule{
	{"fixed-names", "what is created under a name that is there already: in the next iteration, for the next virtual user, or in the next run", (*finder).fixedNames},
	{"never-fails", "an expectation that every answer meets", (*finder).neverFails},
	{"no-expectation", "a step that is good with any status below 400", (*finder).noExpectation},
	{"grows", "more is created in an iteration than deleted, and nothing says what grows", (*finder).grows},
	{"passwords", "registrations and logins among what is measured: hashing a password is meant to be slow", (*finder).passwords},
	{"short-warmup", "a warm-up of less than a second, or than the pauses of an iteration", (*finder).shortWarmup},
	{"busy-polling", "a step that is repeated until something happens, without a pause", (*finder).busyPolling},
}

// Of gives what is found in a scenario, by place; reasons that are given for nothing
// are findings, too.
func Of(s *scenarios.Scenario) []Finding {
	f := &finder{s: s}
	used := map[string]bool{}
	for _, rule := range Rules {
		f.rule = rule.Name
		before := len(f.found)
		rule.find(f)
		used[rule.Name] = len(f.found) > before
	}
	f.rule = "lint"
	for _, r := range s.Reasons {
		names := make([]string, len(Rules))
		for i, rule := range Rules {
			names[i] = rule.Name
		}
		switch {
		case !slices.Contains(names, r.Rule):
			f.add(r.Pos, source.Allowed(r.Rule, names), "no rule is named %q", r.Rule)
		case !used[r.Rule]:
			f.add(r.Pos, "remove it", "a reason for %s, which is not found here", r.Rule)
		}
	}
	slices.SortStableFunc(f.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Problem.Pos.Line, b.Problem.Pos.Line), cmp.Compare(a.Problem.Pos.Column, b.Problem.Pos.Column))
	})
	return f.found
}

// finder collects what rules find.
type finder struct {
	s     *scenarios.Scenario
	rule  string
	found []Finding
}

func (f *finder) add(pos source.Position, hint, format string, args ...any) {
	if pos.File == "" {
		pos = source.Position{File: f.s.File, Line: 1, Column: 1}
	}
	x := Finding{Rule: f.rule, Problem: source.Errorf(pos, hint, format, args...).In(f.s.Text)}
	for _, r := range f.s.Reasons {
		if r.Rule == f.rule {
			x.Why = r.Why
		}
	}
	f.found = append(f.found, x)
}
