package history_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"taskbench/compare/finding"
	"taskbench/compare/history"
	"taskbench/compare/lineup"
	"taskbench/compare/sample"
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
		d := sample.LoadTest(name, factor, sample.Health(8))
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

func steps(s history.Series) (at []int) {
	for i, p := range s.Points {
		if !p.Step.IsZero() {
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
		{"one wild run", func(run int) float64 { return map[bool]float64{true: 1.3, false: 1}[run == 5] }, constant(1), nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var docs []results.Document
			for run := range 12 {
				docs = append(docs, aRun(run, tc.slow(run), tc.machine(run))...)
			}
			trend, err := history.New(docs, figure.Throughput, "health", lineup.Options{})
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
		}, from(12, 1, 1.2), []int{12, 13}, []int{1}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var docs []results.Document
			for run := range 24 {
				name, slow := tc.machine(run)
				rust := aRun(run, 1, slow*tc.loss(run))[:1]
				rust[0].Environment.CPUModel, rust[0].Environment.Cores = name, 2
				docs = append(docs, rust...)
			}
			trend, err := history.New(docs, figure.Throughput, "", lineup.Options{})
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

// TestTrendBrokenPairs names them as the runs do: of each a pair was lost before.
func TestTrendBrokenPairs(t *testing.T) {
	now := aRun(1, 1, 1)
	now[1].Scenarios[0].Trials[1].Error = "no answer"
	now[1].Scenarios[0].Trials[6].ThroughputPS = 0
	trend, err := history.New(append(aRun(0, 1, 1), now...), figure.Throughput, "", lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range trend.Series {
		if s.Control != "rust" {
			continue
		}
		if b := s.Points[1].Break; b.Code != finding.PairsInvalid || fmt.Sprint(b.Pairs) != "[7]" {
			t.Errorf("%+v, want pair 7 broken", b)
		}
		return
	}
	t.Error("no series with a control")
}

// Runs that other engines or numbers of hosts sent are series of their own, in which
// no line leads from one to the other, whatever their order.
func TestTrendOfSenders(t *testing.T) {
	var docs []results.Document
	for run := range 18 {
		two := aRun(run, 1+float64(run%2), 1)
		if run%2 == 1 {
			two[0].Plan.Hosts, two[1].Plan.Hosts = 2, 2
		}
		docs = append(docs, two...)
	}
	trend, err := history.New(docs, figure.Throughput, "", lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	runs := map[string]int{}
	for _, s := range trend.Series {
		runs[s.Sender.Known()+" "+s.Target] += len(s.Points)
		if at := steps(s); at != nil || !s.Reason.IsZero() {
			t.Errorf("%s by %s: steps %v, %+v", s.Target, s.Sender, at, s.Reason)
		}
	}
	if want := map[string]int{" rust": 9, " windjammer": 9, "wrk on 2 hosts rust": 9, "wrk on 2 hosts windjammer": 9}; !maps.Equal(runs, want) {
		t.Errorf("%v, want %v", runs, want)
	}
}

// Runs of another scenario text are a stretch of their own, and no step.
func TestTrendBreak(t *testing.T) {
	for want, change := range map[finding.Code]func(*results.Document){
		finding.ScenarioChanged: func(d *results.Document) { d.Scenarios[0].Hash = "another" },
	} {
		var docs []results.Document
		for run := range 18 {
			two := aRun(run, from(9, 1, 1.5)(run), 1)
			if run >= 9 {
				change(&two[0])
				change(&two[1])
			}
			docs = append(docs, two...)
		}
		trend, err := history.New(docs, figure.Throughput, "", lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range trend.Series {
			if at := steps(s); at != nil || s.Points[9].Break.Code != want || !s.Reason.IsZero() {
				t.Errorf("%s: steps %v, break %+v, reason %+v", s.Target, at, s.Points[9].Break, s.Reason)
			}
		}
	}
}

// TestTrendSaysTheStep: where it is, how large, with its interval, as measured.
func TestTrendSaysTheStep(t *testing.T) {
	var docs []results.Document
	for run := range 14 {
		docs = append(docs, aRun(run, from(6, 1, 1.25)(run), 1)...)
	}
	for _, tc := range []struct {
		metric *figure.Figure
		ratio  float64
	}{{figure.Throughput, 1 / 1.25}, {figure.P95, 1.25}} {
		trend, err := history.New(docs, tc.metric, "", lineup.Options{})
		if err != nil {
			t.Fatal(err)
		}
		v := trend.Series[1].Points[6].Step.Values
		if math.Abs(v["ratio"]/tc.ratio-1) > 0.02 || v["low"] > tc.ratio*1.01 || v["high"] < tc.ratio*0.99 || v["low"] > v["high"] || v["worse"] != 1 || v["runs_before"] != 6 || v["runs_after"] != 8 {
			t.Errorf("%s: %v, want a ratio of %.2f", tc.metric.Name, v, tc.ratio)
		}
	}
}

// TestTrendOfFewRuns says that no step can be shown.
func TestTrendOfFewRuns(t *testing.T) {
	var docs []results.Document
	for run := range 7 {
		docs = append(docs, aRun(run, from(3, 1, 2)(run), 1)...)
	}
	trend, err := history.New(docs, figure.Throughput, "", lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range trend.Series {
		if s.Reason.Code != finding.FewRuns || s.Reason.Values["runs"] != 7 || steps(s) != nil {
			t.Errorf("%s: %+v, steps %v", s.Target, s.Reason, steps(s))
		}
	}
}

func TestTrendRefuses(t *testing.T) {
	for name, try := range map[string]func() (*history.Trend, error){
		"no documents": func() (*history.Trend, error) { return history.New(nil, figure.P95, "", lineup.Options{}) },
		"unknown scenario": func() (*history.Trend, error) {
			return history.New(aRun(0, 1, 1), figure.P95, "nope", lineup.Options{})
		},
		"the slowest": func() (*history.Trend, error) { return history.New(aRun(0, 1, 1), figure.Max, "", lineup.Options{}) },
	} {
		if trend, err := try(); err == nil {
			t.Errorf("%s: %+v", name, trend)
		}
	}
}

// How often a history of four series without any change has a step in any of
// them, and how often a loss of 10 % in one of them is found, where runs differ
// from each other by 2 % and pairs by 3 %.
func TestTrendErrorRates(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const histories, series, length, at = 200, 4, 20, 12
	simulate := func(size float64) (steps int, found bool) {
		trend := history.Trend{Better: stats.HigherIsBetter}
		for k := range series {
			s := history.Series{Points: make([]history.Point, length)}
			for i := range s.Points {
				run := 0.02 * r.NormFloat64()
				if i >= at && k == 0 {
					run += math.Log(size)
				}
				pairs := make([]stats.Pair, 9)
				for n := range pairs {
					pairs[n] = stats.Pair{Base: 1, Cand: math.Exp(run + 0.03*r.NormFloat64())}
				}
				s.Points[i].SetPairs(pairs)
			}
			trend.Series = append(trend.Series, s)
		}
		trend.Judge()
		for k, s := range trend.Series {
			for i, p := range s.Points {
				if !p.Step.IsZero() {
					steps++
					found = found || k == 0 && i >= at-2 && i <= at+2
				}
			}
		}
		return steps, found
	}
	alarms, found := 0, 0
	for range histories {
		if n, _ := simulate(1); n > 0 {
			alarms++
		}
		if _, ok := simulate(0.9); ok {
			found++
		}
	}
	t.Logf("of %d histories of %d series of %d runs %d without a change have a step; %d with a loss of 10 %% in one have it marked", histories, series, length, alarms, found)
	if alarms > histories/12 || found < histories*95/100 {
		t.Errorf("%d false alarms, %d found of %d", alarms, found, histories)
	}
}
