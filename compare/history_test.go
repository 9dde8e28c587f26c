package compare_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	. "taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// aRun is a session n hours after the first; slow multiplies windjammer's
// latencies, machine those of both.
func aRun(n int, slow, machine float64) []results.Document {
	var docs []results.Document
	for _, name := range []string{"rust", "windjammer"} {
		factor := machine
		if name == "windjammer" {
			factor *= slow
		}
		d := sample(name, factor, health(8))
		d.Session = fmt.Sprintf("run%02d", n)
		d.Created = d.Created.Add(time.Duration(n) * time.Hour)
		for i := range d.Scenarios[0].Trials {
			// What differs from pair to pair, on each side for itself.
			d.Scenarios[0].Trials[i].ThroughputPS *= 1 + .01*math.Sin(float64(7*n+3*i+len(name)))
		}
		docs = append(docs, d)
	}
	return docs
}

func steps(s TrendSeries) (at []int) {
	for i, p := range s.Points {
		if p.Step {
			at = append(at, i)
		}
	}
	return at
}

func TestTrendSteps(t *testing.T) {
	for _, tc := range []struct {
		name          string
		slow, machine func(run int) float64
		ratio, own    []int // where the ratio's series, and rust's own, have steps
	}{
		{"nothing happens", constant(1.08), constant(1), nil, nil},
		{"the candidate gets slower at run 6", from(6, 1, 1.2), constant(1), []int{6}, nil},
		{"the machine gets slower at run 4", constant(1.08), from(4, 1, 1.5), nil, []int{4}},
		{"slower and back", func(run int) float64 { return map[bool]float64{true: 1.3, false: 1}[run == 3] }, constant(1), []int{3, 4}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var docs []results.Document
			for run := range 12 {
				docs = append(docs, aRun(run, tc.slow(run), tc.machine(run))...)
			}
			trend, err := NewTrend(docs, figure.Throughput, "health", Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(trend.Series) != 2 || trend.Series[0].Control != "" || trend.Series[1].Control != "rust" {
				t.Fatalf("series %+v", trend.Series)
			}
			if got := fmt.Sprint(steps(trend.Series[1])); got != fmt.Sprint(tc.ratio) {
				t.Errorf("steps of the ratio %s, want %v", got, tc.ratio)
			}
			if got := fmt.Sprint(steps(trend.Series[0])); got != fmt.Sprint(tc.own) {
				t.Errorf("steps of rust %s, want %v", got, tc.own)
			}
		})
	}
}

// Without a control a run is compared with the last one on its machine: machines
// of different speed are no steps, and a loss is found on each of them.
func TestTrendMachines(t *testing.T) {
	for _, tc := range []struct {
		name    string
		machine func(run int) (name string, slow float64)
		loss    func(run int) float64
		want    []int
		breaks  []int
	}{
		{"another machine from run 4", func(run int) (string, float64) {
			return map[bool]string{true: "old", false: "new"}[run < 4], map[bool]float64{true: 1.5, false: 1}[run < 4]
		}, constant(1), nil, []int{4}},
		{"two in turn", func(run int) (string, float64) {
			return []string{"A", "B"}[run%2], []float64{1, 1.4}[run%2]
		}, constant(1), nil, []int{1}},
		{"two in turn, and a loss at run 8", func(run int) (string, float64) {
			return []string{"A", "B"}[run%2], []float64{1, 1.4}[run%2]
		}, from(8, 1, 1.2), []int{8, 9}, []int{1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var docs []results.Document
			for run := range 16 {
				name, slow := tc.machine(run)
				rust := aRun(run, 1, slow*tc.loss(run))[:1]
				rust[0].Environment.CPUModel, rust[0].Environment.Cores = name, 2
				docs = append(docs, rust...)
			}
			trend, err := NewTrend(docs, figure.Throughput, "", Options{})
			if err != nil || len(trend.Series) != 1 {
				t.Fatalf("%+v, %v", trend, err)
			}
			var breaks []int
			for i, p := range trend.Series[0].Points {
				if !p.Break.IsZero() {
					breaks = append(breaks, i)
				}
			}
			if got := fmt.Sprint(steps(trend.Series[0]), breaks); got != fmt.Sprint(tc.want, tc.breaks) {
				t.Errorf("steps and breaks %s, want %v %v", got, tc.want, tc.breaks)
			}
		})
	}
}

func constant(v float64) func(int) float64 { return func(int) float64 { return v } }

func from(run int, before, after float64) func(int) float64 {
	return func(n int) float64 {
		if n < run {
			return before
		}
		return after
	}
}

// Runs of another scenario text are a break, and no step.
// TestTrendBrokenPairs names them as the runs do: of each a pair was lost before.
func TestTrendBrokenPairs(t *testing.T) {
	then, now := aRun(0, 1, 1), aRun(1, 1, 1)
	then[0].Scenarios[0].Trials[0].Error = "no answer"
	then[1].Scenarios[0].Trials[4].ThroughputPS = 0
	now[1].Scenarios[0].Trials[1].Error = "no answer"
	now[1].Scenarios[0].Trials[6].ThroughputPS = 0
	trend, err := NewTrend(append(then, now...), figure.Throughput, "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range trend.Series {
		if s.Control != "rust" {
			continue
		}
		if j := s.Points[1].Change; j == nil || fmt.Sprint(j.Invalid, j.InvalidThen) != "[7] [5]" {
			t.Errorf("%+v, want pair 7 broken, and then pair 5", j)
		}
		return
	}
	t.Error("no series with a control")
}

func TestTrendBreak(t *testing.T) {
	docs := append(aRun(0, 1, 1), aRun(1, 2, 1)...)
	for i := range docs[2:] {
		docs[2+i].Scenarios[0].Hash = "another"
	}
	trend, err := NewTrend(docs, figure.Throughput, "", Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range trend.Series {
		if p := s.Points[1]; p.Step || p.Change != nil || p.Break.Code != finding.ScenarioChanged {
			t.Errorf("%s: %+v", s.Target, p)
		}
	}
}

func TestTrendRefuses(t *testing.T) {
	for name, try := range map[string]func() (*Trend, error){
		"no documents":     func() (*Trend, error) { return NewTrend(nil, figure.P95, "", Options{}) },
		"unknown scenario": func() (*Trend, error) { return NewTrend(aRun(0, 1, 1), figure.P95, "nope", Options{}) },
		"the slowest":      func() (*Trend, error) { return NewTrend(aRun(0, 1, 1), figure.Max, "", Options{}) },
	} {
		if trend, err := try(); err == nil {
			t.Errorf("%s: %+v", name, trend)
		}
	}
}

// How often a history without any change has a step, and one with a change of
// 20 % has it marked, where runs differ from each other by 2 % and pairs by 3 %.
func TestTrendErrorRates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const histories, length, at = 400, 20, 12
	simulate := func(size float64) (steps int, found bool) {
		s := TrendSeries{Points: make([]TrendPoint, length)}
		for i := range s.Points {
			run := 0.02 * r.NormFloat64()
			if i >= at {
				run += math.Log(size)
			}
			pairs := make([]stats.Pair, 9)
			for k := range pairs {
				pairs[k] = stats.Pair{Base: 1, Cand: math.Exp(run + 0.03*r.NormFloat64())}
			}
			s.Points[i].SetPairs(pairs)
		}
		(&Trend{Better: stats.HigherIsBetter}).Judge(&s)
		for _, p := range s.Points {
			if p.Step {
				steps++
			}
		}
		return steps, s.Points[at].Step
	}
	alarms, found := 0, 0
	for range histories {
		if n, _ := simulate(1); n > 0 {
			alarms++
		}
		if _, ok := simulate(0.8); ok {
			found++
		}
	}
	t.Logf("of %d histories of %d runs %d without a change have a step; %d with a loss of 20 %% have it marked", histories, length, alarms, found)
	if alarms > histories/20 || found < histories*9/10 {
		t.Errorf("%d false alarms, %d found of %d", alarms, found, histories)
	}
}
