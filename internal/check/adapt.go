package check

import (
	"context"
	"slices"
	"strings"

	"taskbench/internal/server"
	"taskbench/scenarios"
)

// Change is an expectation that would take what a target answers.
type Change struct {
	Step     string
	Status   int              // that was answered
	Expected scenarios.Expect // by the scenario
	Accepted scenarios.Expect
}

// Adapt asks a target again and again, and each time accepts what the step that
// failed was answered with, until all pass or one cannot: an answer of 400 and
// above, and one without what later steps need, is no other way to say the same.
// The changes are proposals: whether the work is the same, a person decides. The
// visit is the last one.
func Adapt(ctx context.Context, s *scenarios.Scenario, t server.Spec, seed int64, v Visit) ([]Change, Visit) {
	var changes []Change
	for v.Err == nil {
		failed, is := v.Failed()
		if !is {
			break
		}
		expected := expectationOf(s.For(t.Name), failed.Step)
		accepted, can := acceptable(expected, failed)
		if !can {
			break
		}
		changes = append(changes, Change{failed.Step, failed.Status, expected, accepted})
		s.Accept(t.Name, failed.Step, accepted)
		v = Live(ctx, s, t, seed)
		if again, is := v.Failed(); is && again.Step == failed.Step {
			break // it answers differently every time
		}
	}
	return changes, v
}

func expectationOf(s *scenarios.Scenario, step string) scenarios.Expect {
	for _, x := range s.AllSteps() {
		if x.Name == step {
			return x.Expect
		}
	}
	return scenarios.Expect{}
}

// acceptable is an expectation without what an answer did not meet.
func acceptable(e scenarios.Expect, a Answer) (scenarios.Expect, bool) {
	if a.Status >= 400 {
		return e, false
	}
	for _, unmet := range a.Unmet {
		kind, what, _ := strings.Cut(unmet, ":")
		switch kind {
		case "status":
			e.Statuses = []scenarios.StatusRange{{Low: a.Status, High: a.Status}}
		case "json":
			e.JSON = slices.DeleteFunc(slices.Clone(e.JSON), func(m scenarios.JSONMatch) bool { return m.Label == what })
		case "header":
			e.Headers = slices.DeleteFunc(slices.Clone(e.Headers), func(m scenarios.HeaderMatch) bool { return strings.EqualFold(m.Name, what) })
		case "body":
			e.Body = nil
		default:
			return e, false
		}
	}
	return e, true
}
