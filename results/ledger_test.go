package results

import (
	"strings"
	"testing"
)

func countedTrial(pair int, instructions int64) Trial {
	return Trial{Pair: pair, Steps: []StepResult{{Name: "create", Cost: &Cost{Answers: 20, Instructions: instructions}}}}
}

// The middle trial has the median of what its step cost; those that do not count, and
// those without the step, are not asked.
func TestMiddleTrial(t *testing.T) {
	t.Parallel()
	failed := countedTrial(9, 1)
	failed.Error = "it ended"
	m := Measurement{Trials: []Trial{countedTrial(1, 300), failed, countedTrial(2, 100), countedTrial(3, 200), {Pair: 4}}}
	if i := m.MiddleTrial("create"); i != 3 || m.MiddleCost("create").Instructions != 200 {
		t.Errorf("the middle is %d", i)
	}
	m.Trials = append(m.Trials, countedTrial(5, 150)) // of four, the lower
	if i := m.MiddleTrial("create"); i != 5 {
		t.Errorf("the middle of an even number is %d", i)
	}
	if m.MiddleTrial("list") != -1 || m.MiddleCost("list") != nil {
		t.Error("a middle of nothing")
	}
}

// Costs that cannot be are refused; differences may be below zero.
func TestCostsThatCannotBe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		cost Cost
		want string
	}{
		{Cost{Answers: 20, Instructions: -5, Functions: &FunctionCosts{Name: []string{"f"}, Module: []string{"m"}, Instructions: []int64{-5}, Inclusive: []int64{-5}, Calls: []int64{-1}, SystemCalls: []int64{0}, Allocations: []int64{-2}}}, ""},
		{Cost{}, "it is of no answers"},
		{Cost{Answers: -1}, "is below zero"},
		{Cost{Answers: 1, RequestBytes: -1}, "is below zero"},
		{Cost{Answers: 1, Functions: &FunctionCosts{Name: []string{"f"}}}, "its lists are not of one length"},
	} {
		d := sampleDocument(t, "rust", "s1")
		d.Kind, d.Scenarios = Ledger, []Measurement{{Scenario: "two", Steps: []string{"create"}, Trials: []Trial{{Pair: 1, Steps: []StepResult{{Name: "create", Cost: &c.cost}}}}}}
		if _, why := invalid(d); c.want == "" && why != "" || !strings.Contains(why, c.want) {
			t.Errorf("%+v: %q, want %q", c.cost, why, c.want)
		}
	}
}
