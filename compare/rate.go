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
		if why := notReached(s, pairs); !why.IsZero() && r.Metric.Latency {
			return why
		}
	}
	if r.Metric == figure.Throughput {
		return finding.Finding{Code: finding.RateIsAsked, Values: finding.Values{"asked_per_s": asked(base.trials, pairs)}}
	}
	return finding.Finding{}
}

// notReached tells of the trials of a side in which a rate was not reached.
func notReached(s *side, pairs []int) finding.Finding {
	var short []results.Trial
	for _, p := range pairs {
		if t, has := s.trials[p]; has && t.Rate != nil && !t.Rate.Kept() {
			short = append(short, t)
		}
	}
	if len(short) == 0 {
		return finding.Finding{}
	}
	mean := func(of func(*results.Rate) float64) float64 {
		v, _ := middle(short, func(t results.Trial) (float64, bool) { return of(t.Rate), true })
		return v
	}
	return finding.Finding{Code: finding.RateNotReached, Target: s.Target, Values: finding.Values{
		"asked_per_s": mean(func(r *results.Rate) float64 { return r.AskedPS }), "reached_per_s": mean(func(r *results.Rate) float64 { return r.ReachedPS }),
		"lag_mean_us": mean(func(r *results.Rate) float64 { return r.LagMeanUS }), "service_mean_us": mean(serviceMean),
		"users": float64(s.measurement.Load.Connections), "trials": float64(len(short)), "of_trials": float64(len(pairs)),
	}}
}

func serviceMean(r *results.Rate) float64 {
	if r.Service == nil {
		return 0
	}
	return r.Service.MeanUS
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
