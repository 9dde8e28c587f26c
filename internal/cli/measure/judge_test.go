package measure

import (
	"testing"

	"taskbench/compare"
	"taskbench/internal/cli/console"
)

func TestJudgeAnswers(t *testing.T) {
	t.Parallel()
	missed := []compare.ExpectationSum{{Target: "rust", Met: 2}, {Target: "windjammer", Met: 1, Missed: 1}}
	cases := []struct {
		name    string
		summary compare.Summary
		check   bool
		want    int
	}{
		{"all well", compare.Summary{Scenarios: map[compare.State]int{compare.Compared: 1}}, true, console.ExitOK},
		{"an expectation missed, and nobody asked", compare.Summary{Expectations: missed}, false, console.ExitOK},
		{"an expectation missed", compare.Summary{Expectations: missed}, true, console.ExitGate},
		{"wrong answers", compare.Summary{Scenarios: map[compare.State]int{compare.Failed: 1}}, false, console.ExitGate},
		{"no figures", compare.Summary{Scenarios: map[compare.State]int{compare.Unmeasured: 1}}, false, console.ExitFailed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := console.ExitOK
			if err := judgeAnswers(&compare.Comparison{Summary: c.summary}, c.check); err != nil {
				got = console.ExitCode(err)
			}
			if got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
		})
	}
}
