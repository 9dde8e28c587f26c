package compare_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/results"
)

// run makes the documents of a run of health with a rule, after so many pairs.
func run(pairs int, slow float64, rule *results.Rule) []results.Document {
	docs := []results.Document{sample.LoadTest("rust", 1, sample.Health(pairs)), sample.LoadTest("windjammer", slow, sample.Health(pairs))}
	for i := range docs {
		docs[i].Plan.Rule = rule
	}
	return docs
}

func TestDecided(t *testing.T) {
	t.Parallel()
	auto, fixed, quick := verdict.NewRule(0, true, false, 0), verdict.NewRule(10, false, false, 0), verdict.NewRule(0, true, true, 0)
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
			if got := gate.Decided(c.docs, "health", 50, lineup.Options{}); got != c.want {
				t.Errorf("decided: %t", got)
			}
		})
	}
	if gate.Decided(run(6, 1.3, auto), "health", 51, lineup.Options{}) {
		t.Error("a cell that nobody measured is decided")
	}
}

// A metric that only some machines can measure holds nothing up where it is
// missing, and counts where it is there.
func TestDecidedWithCPU(t *testing.T) {
	t.Parallel()
	docs := run(6, 1.3, verdict.NewRule(0, true, false, 0))
	for i := range docs {
		for k := range docs[i].Scenarios[0].Trials {
			us := 50 + 40*float64((i+k)%2)
			docs[i].Scenarios[0].Trials[k].Resources = &results.Resources{CPUPerAnswerUS: &us}
		}
	}
	if gate.Decided(docs, "health", 50, lineup.Options{}) {
		t.Error("decided although CPU time per answer is not")
	}
}

// What no number of pairs can decide holds nothing up either: a metric that
// one side alone has, and one with a figure that makes no ratio. But it is not
// ignored where only some pairs lack it.
func TestDecidedWithoutHope(t *testing.T) {
	t.Parallel()
	counted := func(of func(side, pair int) *float64) bool {
		docs := run(9, 1.3, verdict.NewRule(0, true, false, 0))
		for i := range docs {
			for k := range docs[i].Scenarios[0].Trials {
				docs[i].Scenarios[0].Trials[k].Resources = &results.Resources{InstructionsPerAnswer: of(i, k)}
			}
		}
		return gate.Decided(docs, "health", 50, lineup.Options{})
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

// noisy is a scenario of so many pairs, of which one server takes `slow` times as long.
func noisy(r *rand.Rand, name string, pairs int, slow, scatter float64) [2]results.Measurement {
	var sides [2]results.Measurement
	for i := range sides {
		m := sample.Health(pairs)
		m.Scenario = name
		for k := range m.Trials {
			at := math.Exp(scatter * r.NormFloat64())
			if i == 1 {
				at *= slow
			}
			m.Trials[k] = sample.Trial(name, at, name, 50, k+1, m.Steps)
		}
		sides[i] = m
	}
	return sides
}

// What ended a scenario early, the gate of the whole run decides: beside five
// scenarios in which nothing differs, it fails or passes every metric.
func TestDecidedAsTheGateDecides(t *testing.T) {
	t.Parallel()
	early, passed, failed := 0, 0, 0
	for seed := range 150 {
		r := rand.New(rand.NewPCG(uint64(seed), 3))
		pairs, slow := []int{6, 9, 12, 16}[r.IntN(4)], []float64{1, 1, 1.2, 1.3}[r.IntN(4)]
		docs := run(0, 1, verdict.NewRule(0, true, false, 0))
		one := noisy(r, "one", pairs, slow, 0.01+0.04*r.Float64())
		for i := range docs {
			docs[i].Plan.Cells, docs[i].Scenarios = 6, []results.Measurement{one[i]}
		}
		if !gate.Decided(docs, "one", 50, lineup.Options{}) {
			continue
		}
		early++
		for k := range 5 {
			other := noisy(r, fmt.Sprint("other-", k), 20, 1, 0.05)
			for i := range docs {
				docs[i].Scenarios = append(docs[i].Scenarios, other[i])
			}
		}
		c, err := New(docs, lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		g, err := gate.Of(c, gate.Options{Rule: stats.DefaultGate()})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range g.Decisions {
			switch {
			case d.Scenario != "one":
			case d.Outcome == stats.Failed:
				failed++
			case d.Outcome == stats.Pass:
				passed++
			default:
				t.Errorf("seed %d: ended after %d pairs, and the gate says of %s: %s", seed, pairs, d.Metric.Key, d.Outcome)
			}
		}
	}
	if early < 30 || failed < 30 || passed < 30 {
		t.Errorf("ended early in %d of 150, %d failures, %d passes: not tried", early, failed, passed)
	}
}
