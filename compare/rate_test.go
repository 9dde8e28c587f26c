package compare_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	. "taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/results"
)

// atRate makes documents those of load at a rate that all trials reached, and changes
// them.
func atRate(docs []results.Document, change func(target string, t *results.Trial)) []results.Document {
	for i := range docs {
		for k := range docs[i].Scenarios {
			m := &docs[i].Scenarios[k]
			m.Load.Rate, m.Load.Arrival = "500/s", "constant"
			m.Trials = slices.Clone(m.Trials)
			for n := range m.Trials {
				t := &m.Trials[n]
				t.ThroughputPS = 500
				t.Rate = &results.Rate{AskedPS: 500, ReachedPS: 500, Due: 5000, Begun: 5000, KeptUpS: 9.9, Service: t.Latency}
				if change != nil {
					change(docs[i].Implementation, t)
				}
			}
		}
	}
	return docs
}

func rateComparison(t *testing.T, docs []results.Document) *Comparison {
	t.Helper()
	c, err := New(docs, lineup.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSpeedAtARate: throughput of load at a rate is what was asked for, and says
// nothing; the headline rests on how long answers take.
func TestSpeedAtARate(t *testing.T) {
	t.Parallel()
	for slow, want := range map[float64]Word{1: IsSame, 1.5: IsSlower, 1 / 1.5: IsFaster} {
		c := rateComparison(t, atRate(many(20, map[string]float64{"a": slow}), nil))
		s := c.Scenarios[0]
		r, _ := s.Row(figure.Throughput)
		if x := r.Cells[1]; x.Ratio != nil || x.NoRatio.Code != finding.RateIsAsked {
			t.Errorf("throughput at a rate has the ratio %+v, or no reason: %+v", x.Ratio, x.NoRatio)
		}
		h := c.Summary.Headline[0]
		if h.Word != want {
			t.Errorf("answers that take %g times as long: %s, want %s", slow, h.Word, want)
		}
		var out strings.Builder
		if err := page.Text(&out, words.Answer(c), page.Options{Width: 200}); err != nil {
			t.Fatal(err)
		}
		if text := out.String(); !strings.Contains(text, "open, 500/s, constant") || strings.Contains(text, "the same throughput") {
			t.Errorf("the page does not say how load was sent, or speaks of throughput:\n%s", text)
		}
	}
}

// TestRateThatWasNotReached: of a side that was sent less than 99 % in any pair no
// latency is judged, and the table says by whom and why; CPU time still is.
func TestRateThatWasNotReached(t *testing.T) {
	t.Parallel()
	for reached, judged := range map[float64]bool{500: true, 495: true, 494: false, 250: false} {
		c := rateComparison(t, atRate(many(20, map[string]float64{"a": 1.5}), func(target string, trial *results.Trial) {
			if target != "rust" && trial.Pair == 3 {
				trial.Rate.ReachedPS = reached
			}
		}))
		s := c.Scenarios[0]
		for _, m := range []*figure.Figure{figure.P50, figure.P95, figure.P99} {
			r, _ := s.Row(m)
			if x := r.Cells[1]; (x.Ratio != nil) != judged || !judged && x.NoRatio.Code != finding.RateNotReached {
				t.Errorf("%g of 500/s reached: %s has the ratio %+v, reason %+v", reached, m.Name, x.Ratio, x.NoRatio)
			}
		}
		flagged := slices.ContainsFunc(s.Flags, func(f finding.Finding) bool {
			return f.Code == finding.RateUnkept && f.Target != "rust" && f.Values["trials"] == 1 && f.Values["reached_per_s"] == reached
		})
		if flagged == judged {
			t.Errorf("%g of 500/s reached: flagged: %v", reached, flagged)
		}
	}
}

// TestCheaperAndLater: less CPU time for an answer is told with what it costs, and no
// better for it.
func TestCheaperAndLater(t *testing.T) {
	t.Parallel()
	cpu := func(of map[string]float64) func(string, *results.Trial) {
		return func(target string, trial *results.Trial) {
			used := 100 * of[target]
			trial.Resources = &results.Resources{CPUPerAnswerUS: &used}
		}
	}
	for _, c := range []struct {
		slow, cpu float64
		want      bool
	}{{3, 0.7, true}, {1 / 3.0, 1.5, true}, {3, 1.2, false}, {1, 0.7, false}, {1 / 3.0, 0.7, false}} {
		docs := many(20, map[string]float64{"a": c.slow})
		got := rateComparison(t, atRate(docs, cpu(map[string]float64{"rust": 1, docs[1].Implementation: c.cpu})))
		noted := slices.ContainsFunc(got.Scenarios[0].Notes, func(f finding.Finding) bool {
			return f.Code == finding.Batches && math.Abs(f.Values["cpu_ratio"]-c.cpu) < 0.02
		})
		if noted != c.want {
			t.Errorf("%g times the CPU time, %g times as long: noted: %v", c.cpu, c.slow, noted)
		}
		if h := got.Summary.Headline[0]; c.slow > 1 && h.Word != IsSlower {
			t.Errorf("%g times the CPU time, %g times as long: %s", c.cpu, c.slow, h.Word)
		}
	}
}

// TestOpenAndClosed: load at a rate is not held against closed loops, nor against
// another rate; the number of virtual users that a rate got is no difference.
func TestOpenAndClosed(t *testing.T) {
	t.Parallel()
	docs := func() []results.Document { return atRate(many(6, map[string]float64{"a": 1}), nil) }
	for name, change := range map[string]func(*results.Load){
		"closed":       func(l *results.Load) { l.Rate, l.Arrival = "", "" },
		"another rate": func(l *results.Load) { l.Rate = "501/s" },
		"poisson":      func(l *results.Load) { l.Arrival = "poisson" },
	} {
		d := docs()
		change(&d[1].Scenarios[0].Load)
		for _, s := range rateComparison(t, d).Scenarios {
			if s.State == Compared || s.Sides[1].State != Refused && s.Sides[0].State != Refused {
				t.Errorf("%s: %s, sides %s and %s", name, s.State, s.Sides[0].State, s.Sides[1].State)
			}
		}
	}
	d := docs()
	d[0].Scenarios[0].Load.UsersAuto, d[1].Scenarios[0].Load.UsersAuto = true, true
	d[1].Scenarios[0].Load.Connections += 8
	if c := rateComparison(t, d); len(c.Scenarios) != 1 || c.Scenarios[0].State != Compared {
		t.Errorf("other numbers of virtual users, which nobody chose: %d scenarios, %s", len(c.Scenarios), c.Scenarios[0].State)
	}
}

// TestStages: each stage has its own figures and its own verdicts, and one that was
// not reached takes none from the others.
func TestStages(t *testing.T) {
	t.Parallel()
	stage := func(name string, t *results.Trial, reached float64) results.Stage {
		cpu := 50.0
		return results.Stage{AskedPS: 500, ReachedPS: reached, LengthS: 5, StepResult: results.StepResult{
			Name: name, Answers: t.Answers, Good: t.Good, ThroughputPS: reached, Latency: t.Latency, CPUPerAnswerUS: &cpu,
		}}
	}
	c := rateComparison(t, atRate(many(20, map[string]float64{"a": 1.5}), func(target string, trial *results.Trial) {
		reached := map[bool]float64{true: 500, false: 300}[target == "rust"]
		trial.Rate.Stages = []results.Stage{stage("stage 1: 500/s", trial, 500), stage("stage 2: 500/s", trial, reached)}
	}))
	var seen []string
	for _, r := range c.Scenarios[0].Rows {
		if strings.HasPrefix(r.Step, "stage ") && r.Metric == figure.P95 {
			seen = append(seen, r.Step)
			if x := r.Cells[1]; (x.Ratio != nil) != (r.Step == "stage 1: 500/s") || x.Ratio != nil && x.Ratio.Verdict.Alone != stats.Slower {
				t.Errorf("%s: ratio %+v, reason %+v", r.Step, x.Ratio, x.NoRatio)
			}
		}
	}
	if len(seen) != 2 {
		t.Errorf("stages with rows of p95: %q", seen)
	}
	if f := c.Scenarios[0].Flags; !slices.ContainsFunc(f, func(f finding.Finding) bool { return f.Code == finding.RateUnkept && f.Step == "stage 2: 500/s" }) {
		t.Errorf("no flag of the stage that was not reached: %+v", f)
	}
}

// TestGateAtARate: throughput that was asked for is nothing to decide on, within a run
// and against an earlier one; latencies of a rate that was not reached are not decided.
func TestGateAtARate(t *testing.T) {
	t.Parallel()
	full := func(target string, trial *results.Trial) {
		if target != "rust" {
			trial.Rate.ReachedPS = 100
		}
	}
	for name, c := range map[string]struct {
		then, now func(string, *results.Trial)
		decided   bool
	}{"reached": {nil, nil, true}, "not now": {nil, full, false}, "not then": {full, nil, true}} {
		now := atRate(many(20, map[string]float64{"a": 1}), c.now)
		then := atRate(many(20, map[string]float64{"a": 1}), c.then)
		for i := range then {
			then[i].Session, then[i].Created = "then", then[i].Created.AddDate(0, 0, -1)
		}
		within, err := gate.Of(rateComparison(t, now), gate.Options{Rule: stats.DefaultGate()})
		if err != nil {
			t.Fatal(err)
		}
		against, err := gate.Against(then, now, lineup.Options{}, gate.Options{Rule: stats.DefaultGate()})
		if err != nil {
			t.Fatal(err)
		}
		for kind, report := range map[string]*gate.Report{"within": within, "against": against} {
			latency := 0
			for _, d := range report.Decisions {
				switch {
				case d.Metric == figure.Throughput:
					t.Errorf("%s, %s: throughput is decided on: %s", name, kind, d.Outcome)
				case d.Metric == figure.P95:
					latency++
					undetermined := d.Outcome == stats.Undetermined
					if want := !c.decided || kind == "against" && name == "not then"; undetermined != want {
						t.Errorf("%s, %s: p95 is %s, %+v", name, kind, d.Outcome, d.Reason)
					}
				}
			}
			if latency != 1 {
				t.Errorf("%s, %s: %d decisions on p95", name, kind, latency)
			}
		}
	}
}
