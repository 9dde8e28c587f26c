package compare_test

import (
	"testing"

	. "taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/results"
)

// run makes the documents of a run of health with a rule, after so many pairs.
func run(pairs int, slow float64, rule *results.Rule) []results.Document {
	docs := []results.Document{sample("rust", 1, health(pairs)), sample("windjammer", slow, health(pairs))}
	for i := range docs {
		docs[i].Plan.Rule = rule
	}
	return docs
}

func TestDecided(t *testing.T) {
	t.Parallel()
	auto, fixed, quick := NewRule(0, true, false, 0), NewRule(10, false, false, 0), NewRule(0, true, true, 0)
	wrong := run(2, 1.3, auto)
	wrong[1].Scenarios[0].Trials[1].Steps[0].Unmet = map[string]uint64{"status": 1}
	for name, c := range map[string]struct {
		docs []results.Document
		want bool
	}{
		"sequential, before the first look":       {run(5, 1.3, auto), false},
		"sequential, a clear loss":                {run(6, 1.3, auto), true},
		"sequential, between looks":               {run(7, 1.3, auto), false},
		"sequential, too close to the gate":       {run(6, 1.09, auto), false},
		"sequential, over":                        {run(20, 1.09, auto), true},
		"fixed, a clear loss, too early":          {run(9, 1.3, fixed), false},
		"fixed, over":                             {run(10, 1.3, fixed), true},
		"quick":                                   {run(1, 1.3, quick), true},
		"quick, nothing yet":                      {run(0, 1.3, quick), false},
		"wrong answers have no speed to wait for": {wrong, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := gate.Decided(c.docs, "health", 50, Options{}); got != c.want {
				t.Errorf("decided: %t", got)
			}
		})
	}
	if gate.Decided(run(6, 1.3, auto), "health", 51, Options{}) {
		t.Error("a cell that nobody measured is decided")
	}
}

// A metric that only some machines can measure holds nothing up where it is
// missing, and counts where it is there.
func TestDecidedWithCPU(t *testing.T) {
	t.Parallel()
	docs := run(6, 1.3, NewRule(0, true, false, 0))
	for i := range docs {
		for k := range docs[i].Scenarios[0].Trials {
			us := 50 + 40*float64((i+k)%2)
			docs[i].Scenarios[0].Trials[k].Resources = &results.Resources{CPUPerAnswerUS: &us}
		}
	}
	if gate.Decided(docs, "health", 50, Options{}) {
		t.Error("decided although CPU time per answer is not")
	}
}

// What no number of pairs can decide holds nothing up either: a metric that
// one side alone has, and one with a figure that makes no ratio. But it is not
// ignored where only some pairs lack it.
func TestDecidedWithoutHope(t *testing.T) {
	t.Parallel()
	counted := func(of func(side, pair int) *float64) bool {
		docs := run(9, 1.3, NewRule(0, true, false, 0))
		for i := range docs {
			for k := range docs[i].Scenarios[0].Trials {
				docs[i].Scenarios[0].Trials[k].Resources = &results.Resources{InstructionsPerAnswer: of(i, k)}
			}
		}
		return gate.Decided(docs, "health", 50, Options{})
	}
	const n = 120_000.0
	for name, c := range map[string]struct {
		of   func(side, pair int) *float64
		want bool
	}{
		"on both sides, the same": {func(_, _ int) *float64 { return new(n) }, true},
		"on one side alone": {func(side, _ int) *float64 {
			if side == 0 {
				return nil
			}
			return new(n)
		}, true},
		"once without a ratio": {func(side, pair int) *float64 { return new(n * float64(side+pair)) }, true},
		"too few of the pairs": {func(_, pair int) *float64 {
			if pair < 5 {
				return nil
			}
			return new(n)
		}, false},
		"scattered": {func(side, pair int) *float64 { return new(n * float64(1+(side+pair)%2)) }, false},
	} {
		if got := counted(c.of); got != c.want {
			t.Errorf("instructions %s: decided: %t", name, got)
		}
	}
}
