package results

import (
	"strings"
	"testing"

	"taskbench/parse"
)

// steadyBlock is what eight virtual users saw in ten seconds whose answers took
// a millisecond each, so that answers beside 8·10 s/1 ms is Little's ratio.
func steadyBlock(answers int) *parse.Block {
	b := sampleBlock()
	us := make([]float64, answers)
	for i := range us {
		us[i] = 1000
	}
	b.Window.LengthUS = 10e6
	b.Steps = []parse.BlockStep{{Name: "create", Answers: uint64(answers), Good: uint64(answers), Latency: blockOf(us...)}}
	return b
}

// Little's law is told from 0.85 and 1.25 on, and not where fewer than twenty
// answers a virtual user leave it to the window's ends.
func TestLittleLimits(t *testing.T) {
	t.Parallel()
	const contradict, waited = "throughput and latency contradict each other", "waited for the server only"
	for name, c := range map[string]struct {
		answers int
		want    string
	}{
		"ratio 1.24":           {64_516, ""},
		"ratio 1.26":           {63_492, waited},
		"ratio 0.86":           {93_023, ""},
		"ratio 0.84":           {95_238, contradict},
		"19.9 answers a user":  {159, ""},
		"twenty answers each ": {160, waited},
	} {
		trial, err := NewTrial(steadyBlock(c.answers), Circumstances{})
		if err != nil {
			t.Fatal(err)
		}
		said := strings.Join(trial.Warnings, "\n")
		if !strings.Contains(said, c.want) || c.want == "" && (strings.Contains(said, contradict) || strings.Contains(said, waited)) {
			t.Errorf("%s: %q, want %q", name, said, c.want)
		}
	}
}
