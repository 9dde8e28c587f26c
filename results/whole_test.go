package results

import "testing"

func TestUneven(t *testing.T) {
	t.Parallel()
	flow := func(completed, failed uint64, answers ...uint64) *Trial {
		trial := &Trial{Iterations: &Iterations{Completed: completed, Failed: failed}}
		for _, n := range answers {
			trial.Answers += n
			trial.Steps = append(trial.Steps, StepResult{Answers: n})
		}
		return trial
	}
	cases := []struct {
		name  string
		trial *Trial
		want  bool
	}{
		{"no flow", &Trial{Steps: []StepResult{{Answers: 1}, {Answers: 9}}}, false},
		{"one step", flow(3, 0, 3), false},
		{"of 10 s, one side", flow(0, 0, 15, 10, 0), true},
		{"of 10 s, the other", flow(14, 0, 16, 14, 13), true},
		{"few iterations", flow(19, 0, 19, 19, 19), true},
		{"enough", flow(20, 0, 21, 20, 19), false},
		{"cut off at the ends", flow(1000, 0, 1016, 1000, 1000), false},
		{"uneven for another reason", flow(60, 0, 100, 90, 60), true},
		{"uneven because iterations failed", flow(60, 40, 100, 90, 60), false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.trial.Uneven(); got != c.want {
				t.Errorf("uneven: %v", got)
			}
		})
	}
}
