package measure

import (
	"testing"

	"taskbench/compare"
	"taskbench/internal/cli/console"
	"taskbench/results"
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

func TestJudgeHosts(t *testing.T) {
	t.Parallel()
	fine, lost, died := results.Trial{}, results.Trial{Error: "host b: the connection was lost"}, results.Trial{Error: "the server ended", Ended: &results.Ended{}}
	for name, c := range map[string]struct {
		hosts  int
		trials []results.Trial
		want   int
	}{
		"all came home":               {2, []results.Trial{fine, fine}, console.ExitOK},
		"one host was lost":           {2, []results.Trial{fine, lost, fine}, console.ExitFailed},
		"the server ended":            {2, []results.Trial{fine, died}, console.ExitOK},
		"this machine alone lost one": {0, []results.Trial{fine, lost}, console.ExitOK},
		"one host, and it was lost":   {1, []results.Trial{lost, fine}, console.ExitFailed},
	} {
		docs := []*results.Document{{}, {Plan: results.Plan{Hosts: c.hosts}, Scenarios: []results.Measurement{{}, {Trials: c.trials}}}}
		got := console.ExitOK
		if err := judgeHosts(docs); err != nil {
			got = console.ExitCode(err)
		}
		if got != c.want {
			t.Errorf("%s: exit code %d, want %d", name, got, c.want)
		}
	}
}
