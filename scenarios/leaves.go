package scenarios

import (
	"fmt"
	"slices"
	"strings"
)

// LeavesBehind says of a scenario that creates more than it deletes in each
// iteration, and does not say what grows by it, what to do: one sentence, or
// none. It knows what creates by its expectation: 201.
func (s *Scenario) LeavesBehind() []string {
	if len(s.Grows) > 0 {
		return nil
	}
	var creates []string
	deletes := 0
	for i := range s.Steps {
		switch step := &s.Steps[i]; {
		case step.Method == "DELETE":
			deletes++
		case slices.Contains(step.Expect.Statuses, StatusRange{201, 201}):
			creates = append(creates, step.Name)
		}
	}
	if len(creates) <= deletes {
		return nil
	}
	return []string{fmt.Sprintf("%s: what %s creates stays behind in every iteration, and may make later ones slower: delete it in the flow, or say what grows (grows: [users])",
		s.Name, strings.Join(creates, ", "))}
}
