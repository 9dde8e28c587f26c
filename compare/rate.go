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

// notReached tells of the trials of a side in which a rate was not reached.
func notReached(s *side, pairs []int, step string) finding.Finding {
	var short []results.Trial
	for _, p := range pairs {
		if t, has := s.trials[p]; has && !keptUp(t, step) {
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
	return finding.Finding{Code: finding.RateNotReached, Target: s.Target, Step: step, Values: finding.Values{
		"asked_per_s":     mean(func(t results.Trial) float64 { asked, _ := ratesOf(t, step); return asked }),
		"reached_per_s":   mean(func(t results.Trial) float64 { _, reached := ratesOf(t, step); return reached }),
		"lag_mean_us":     mean(func(t results.Trial) float64 { return t.Rate.LagMeanUS }),
		"service_mean_us": mean(func(t results.Trial) float64 { return serviceMean(t, step) }),
		"users":           float64(s.measurement.Load.Connections), "trials": float64(len(short)), "of_trials": float64(len(pairs)),
	}}
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
