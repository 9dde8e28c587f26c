package lint

import (
	"fmt"
	"slices"

	"taskbench/scenarios"
)

// LeavesBehind says of a scenario that creates more than it deletes in each
// iteration, and does not say what grows by it, what to do: one sentence, or
// none.
func LeavesBehind(s *scenarios.Scenario) []string {
	steps := leavesBehind(s)
	if len(steps) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s: what %s creates stays behind in every iteration, and may make later ones slower: delete it in the flow, or say what grows (grows: [users])",
		s.Name, names(steps))}
}

// leavesBehind are the steps that create what is not deleted. What creates is known
// by its expectation: 201.
func leavesBehind(s *scenarios.Scenario) []scenarios.Step {
	if len(s.Grows) > 0 {
		return nil
	}
	var creates []scenarios.Step
	deletes := 0
	for _, step := range s.Steps {
		switch {
		case step.Method == "DELETE":
			deletes++
		case slices.Contains(step.Expect.Statuses, scenarios.StatusRange{Low: 201, High: 201}):
			creates = append(creates, step)
		}
	}
	if len(creates) <= deletes {
		return nil
	}
	return creates
}
