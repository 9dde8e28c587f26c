package compare

import (
	"taskbench/compare/finding"
	"taskbench/compare/verdict"
	"taskbench/internal/figure"
	"taskbench/results"
)

// withoutVerdict says why a row of load that was sent at a rate has no ratio: its
// throughput is what was asked for, and its latencies are those of a queue where
// the rate was not reached.
func withoutVerdict(r *verdict.Row, pairs []int, base, candidate *side) finding.Finding {
	if r.Metric.Held != figure.Judged || !base.measurement.Load.Open() {
		return finding.Finding{}
	}
	for _, s := range []*side{base, candidate} {
		if why := notReached(s, pairs, r.Step); !why.IsZero() && r.Metric.Latency {
			return why
		}
	}
	if r.Metric == figure.Throughput {
		return finding.Finding{Code: finding.RateIsAsked, Values: finding.Values{"asked_per_s": asked(base.trials, pairs)}}
	}
	return finding.Finding{}
}

// stageRows are the figures of each stage of a rate that changes.
func stageRows(sides []*side, pairs []int, rules verdict.Rules) []verdict.Row {
	var list []verdict.Row
	for _, name := range stageNames(sides) {
		for _, m := range append(stepFigures(), figure.CPUPerAnswer) {
			if r := row(sides, pairs, name, m, rules); !m.Optional || r.Measured() {
				list = append(list, r)
			}
		}
	}
	return list
}

// stageNames are those of the first trial that has any.
func stageNames(sides []*side) (names []string) {
	for _, s := range sides {
		for _, t := range s.inOrder() {
			if t.Rate == nil || len(t.Rate.Stages) == 0 {
				continue
			}
			for _, stage := range t.Rate.Stages {
				names = append(names, stage.Name)
			}
			return names
		}
	}
	return nil
}

// keptUp reports whether a trial reached the rate that was asked for: in a stage
// where that is one's name, else in the whole window.
func keptUp(t results.Trial, step string) bool {
	if s := t.Stage(step); s != nil {
		return s.Kept()
	}
	return t.Rate == nil || t.Rate.Kept()
}

// notReached says that a rate was not reached in a side's trials of these pairs.
func notReached(s *side, pairs []int, step string) finding.Finding {
	for _, p := range pairs {
		if t, has := s.trials[p]; has && !keptUp(t, step) {
			asked, reached := ratesOf(t, step)
			return finding.Finding{Code: finding.RateNotReached, Target: s.Target, Values: finding.Values{"asked_per_s": asked, "reached_per_s": reached}}
		}
	}
	return finding.Finding{}
}

// rateFlags are what a side's trials say against its rate: of each stage, or of
// the whole window where it has none.
func rateFlags(s *side) []finding.Finding {
	if s.measurement == nil || !s.measurement.Load.Open() {
		return nil
	}
	trials := s.inOrder()
	steps := stageNames([]*side{s})
	if len(steps) == 0 {
		steps = []string{""}
	}
	var flags []finding.Finding
	for _, step := range steps {
		if f := unkept(trials, step); !f.IsZero() {
			f.Target, f.Step, f.Values["users"] = s.Target, step, float64(s.measurement.Load.Connections)
			flags = append(flags, f)
		}
	}
	if f := generatorLate(trials); !f.IsZero() {
		f.Target = s.Target
		flags = append(flags, f)
	}
	return flags
}

// unkept tells of the trials in which a rate was not reached.
func unkept(trials []results.Trial, step string) finding.Finding {
	var short []results.Trial
	for _, t := range trials {
		if !keptUp(t, step) {
			short = append(short, t)
		}
	}
	if len(short) == 0 {
		return finding.Finding{}
	}
	mean := func(of func(results.Trial) float64) float64 {
		v, _ := middle(short, func(t results.Trial) (float64, bool) { return of(t), true })
		return v
	}
	return finding.Finding{Code: finding.RateUnkept, Values: finding.Values{
		"asked_per_s":     mean(func(t results.Trial) float64 { asked, _ := ratesOf(t, step); return asked }),
		"reached_per_s":   mean(func(t results.Trial) float64 { _, reached := ratesOf(t, step); return reached }),
		"lag_mean_us":     mean(func(t results.Trial) float64 { return t.Rate.LagMeanUS }),
		"service_mean_us": mean(func(t results.Trial) float64 { return serviceMean(t, step) }),
		"trials":          float64(len(short)), "of_trials": float64(len(trials)),
	}}
}

// How late a generator may be before it is worth a sentence: that many µs, and that
// part of the latencies.
const (
	lateUS   = 100
	latePart = 0.1
)

func generatorLate(trials []results.Trial) finding.Finding {
	of := func(read func(*results.Rate) float64) float64 {
		v, _ := middle(trials, func(t results.Trial) (float64, bool) {
			if t.Rate == nil {
				return 0, false
			}
			return read(t.Rate), true
		})
		return v
	}
	lag, sd := of(func(r *results.Rate) float64 { return r.LagMeanUS }), of(func(r *results.Rate) float64 { return r.LagSDUS })
	latency, ok := middle(trials, metricIn(figure.Expected("mean")))
	if !ok || lag < lateUS || lag < latePart*latency {
		return finding.Finding{}
	}
	return finding.Finding{Code: finding.GeneratorLate, Values: finding.Values{"lag_mean_us": lag, "lag_sd_us": sd, "latency_mean_us": latency}}
}

// From where on a server that takes less CPU time, and longer, is said to work in
// batches.
const (
	cheaper = 0.95
	later   = 1.5
)

// batches tells of candidates that answer cheaper and later at the same rate, and of
// baselines that do.
func batches(s Scenario) []finding.Finding {
	if !s.Load.Open() {
		return nil
	}
	ratio := func(m *figure.Figure, target int) float64 {
		if r, ok := s.Row(m); ok && r.Cells[target].Ratio != nil {
			return r.Cells[target].Ratio.Ratio
		}
		return 1
	}
	var list []finding.Finding
	for i := range s.Sides[1:] {
		cpu := ratio(figure.CPUPerAnswer, i+1)
		for _, m := range []*figure.Figure{figure.P50, figure.P95} {
			if latency := ratio(m, i+1); cpu <= cheaper && latency >= later || cpu >= 1/cheaper && latency <= 1/later {
				f := finding.Finding{Code: finding.Batches, Target: s.Sides[i+1].Target, Metric: m.Key, Values: finding.Values{"cpu_ratio": cpu, "latency_ratio": latency}}
				list = append(list, f)
				break
			}
		}
	}
	return list
}

func ratesOf(t results.Trial, step string) (asked, reached float64) {
	if s := t.Stage(step); s != nil {
		return s.AskedPS, s.ReachedPS
	}
	return t.Rate.AskedPS, t.Rate.ReachedPS
}

func serviceMean(t results.Trial, step string) float64 {
	service := t.Rate.Service
	if s := t.Stage(step); s != nil {
		service = s.Service
	}
	if service == nil {
		return 0
	}
	return service.MeanUS
}

// asked is the rate in the middle of the trials.
func asked(trials map[int]results.Trial, pairs []int) float64 {
	v := 0.0
	for _, p := range pairs {
		if t, has := trials[p]; has && t.Rate != nil {
			v = max(v, t.Rate.AskedPS)
		}
	}
	return v
}
