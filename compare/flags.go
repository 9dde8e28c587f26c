package compare

import (
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
	"taskbench/results"
)

// Limits of the red flags. Each is far outside what healthy runs show, so
// that a flag is worth reading; docs/results.md lists them.
const (
	farTail       = 5.0   // p99 / p95; 1.5 for exponential latencies
	fallingEffect = 0.10  // of throughput, from the first to the last second of the window
	fallingP      = 0.003 // Mann–Kendall
	nearCores     = 0.90  // of the cores allowed
	stealLimit    = 0.02  // of the machine's CPU time
	othersLimit   = 0.5   // cores kept busy by anything else
)

// redFlags are what a scenario's trials say against its figures.
func redFlags(sides []*side) []finding.Finding {
	flags := answerDifferences(sides)
	for _, s := range sides {
		trials := s.inOrder()
		if len(trials) == 0 {
			continue
		}
		for _, look := range []func([]results.Trial) *finding.Finding{longTail, falling, failing, generatorBusy, serverBusy, overlapping, shortWindow} {
			if f := look(trials); f != nil {
				f.Target = s.Target
				flags = append(flags, *f)
			}
		}
	}
	for _, s := range sides {
		flags = append(flags, rateFlags(s)...)
	}
	return append(flags, sharedMachine(sides)...)
}

// inOrder are the trials with figures, by pair.
func (s *side) inOrder() []results.Trial {
	var list []results.Trial
	for _, p := range slices.Sorted(slices.Values(pairNumbers(s.trials))) {
		list = append(list, s.trials[p])
	}
	return list
}

// middle is the median of a figure over the trials that have it; not ok when
// none has.
func middle(trials []results.Trial, figure func(results.Trial) (float64, bool)) (float64, bool) {
	var v []float64
	for _, t := range trials {
		if x, ok := figure(t); ok && x >= 0 && !math.IsInf(x, 1) {
			v = append(v, x)
		}
	}
	return stats.Median(v), len(v) > 0
}

func metricIn(m *figure.Figure) func(results.Trial) (float64, bool) {
	return func(t results.Trial) (float64, bool) { return m.Of(&t, "") }
}

func longTail(trials []results.Trial) *finding.Finding {
	p95, _ := middle(trials, metricIn(figure.P95))
	p99, ok := middle(trials, metricIn(figure.P99))
	ratio := p99 / p95
	if !ok || !(ratio > farTail) || math.IsInf(ratio, 1) {
		return nil
	}
	return &finding.Finding{Code: finding.LongTail, Values: finding.Values{"p99_us": p99, "p95_us": p95}}
}

// falling pools the course of all windows, second by second: one trial's own
// noise says nothing. The fall is Theil and Sen's slope over the window.
func falling(trials []results.Trial) *finding.Finding {
	course, pooled := pooledSeconds(trials)
	t := stats.FindTrend(course)
	fall := -t.Slope * float64(len(course)-1)
	if t.P >= fallingP || fall < fallingEffect {
		return nil
	}
	return &finding.Finding{Code: finding.Falling, Values: finding.Values{"fall_fraction": fall, "seconds": float64(len(course)), "trials": float64(pooled), "p": t.P}}
}

// pooledSeconds is the mean over trials of each second's good answers, as a
// fraction of the trial's mean, and of how many trials: those without a good
// answer have none. The last second counts when it is whole.
func pooledSeconds(trials []results.Trial) (course []float64, pooled int) {
	seconds := math.MaxInt
	for _, t := range trials {
		if whole := int(max(0, min(t.WindowS, 1e6))); len(t.GoodPerS) > 0 {
			seconds = min(seconds, len(t.GoodPerS), whole)
		}
	}
	if seconds == math.MaxInt || seconds < 3 {
		return nil, 0
	}
	course = make([]float64, seconds)
	for _, t := range trials {
		total := 0.0
		for _, n := range t.GoodPerS[:min(seconds, len(t.GoodPerS))] {
			total += float64(n)
		}
		if total == 0 {
			continue
		}
		pooled++
		for i, n := range t.GoodPerS[:seconds] {
			course[i] += float64(n) * float64(seconds) / total
		}
	}
	for i := range course {
		course[i] /= float64(max(pooled, 1))
	}
	return course, pooled
}

func failing(trials []results.Trial) *finding.Finding {
	worst, in := 0.0, 0
	for _, t := range trials {
		if v, ok := figure.Errors.Of(&t, ""); ok && v > 0 {
			worst, in = math.Max(worst, v), in+1
		}
	}
	if in == 0 {
		return nil
	}
	return &finding.Finding{Code: finding.Failing, Values: finding.Values{"trials_failed": float64(in), "trials": float64(len(trials)), "worst_fraction": worst}}
}

func generatorBusy(trials []results.Trial) *finding.Finding {
	return busy(finding.GeneratorBusy, trials, func(r *results.Resources) (*float64, int) { return r.GeneratorCores, r.GeneratorCoresAllowed })
}

func serverBusy(trials []results.Trial) *finding.Finding {
	return busy(finding.ServerBusy, trials, func(r *results.Resources) (*float64, int) { return r.ServerCores, r.ServerCoresAllowed })
}

// busy tells of cores that are nearly all in use.
func busy(code finding.Code, trials []results.Trial, of func(*results.Resources) (used *float64, allowed int)) *finding.Finding {
	used, ok := middle(trials, resource(func(r *results.Resources) *float64 { used, _ := of(r); return used }))
	allowed := 0
	for _, t := range trials {
		if t.Resources != nil {
			_, n := of(t.Resources)
			allowed = max(allowed, n)
		}
	}
	if !ok || allowed == 0 || used <= nearCores*float64(allowed) {
		return nil
	}
	return &finding.Finding{Code: code, Values: finding.Values{"cores": used, "cores_allowed": float64(allowed)}}
}

func resource(field func(*results.Resources) *float64) func(results.Trial) (float64, bool) {
	return func(t results.Trial) (float64, bool) {
		if t.Resources == nil || field(t.Resources) == nil {
			return 0, false
		}
		return *field(t.Resources), true
	}
}

// shortWindow tells of windows that are short against a flow's iterations: of the
// first such trial, where they are half of all or more.
func shortWindow(trials []results.Trial) *finding.Finding {
	var uneven []results.Trial
	for _, t := range trials {
		if t.Uneven() {
			uneven = append(uneven, t)
		}
	}
	if 2*len(uneven) < len(trials) || len(uneven) == 0 {
		return nil
	}
	t := uneven[0]
	fewest, most := t.StepRange()
	return &finding.Finding{Code: finding.ShortWindow, Pairs: []int{t.Pair}, Values: finding.Values{
		"iterations": float64(t.Iterations.Completed), "window_s": t.WindowS, "fewest": float64(fewest), "most": float64(most),
	}}
}

// sharedMachine are flags of the machine, whoever was measured on it.
func sharedMachine(sides []*side) []finding.Finding {
	var trials []results.Trial
	for _, s := range sides {
		trials = append(trials, s.inOrder()...)
	}
	var flags []finding.Finding
	if v, pair := worst(trials, resource(func(r *results.Resources) *float64 { return r.StealFraction })); v > stealLimit {
		flags = append(flags, finding.Finding{Code: finding.Steal, Pairs: []int{pair}, Values: finding.Values{"fraction": v}})
	}
	if v, pair := worst(trials, resource(func(r *results.Resources) *float64 { return r.OthersCores })); v > othersLimit {
		flags = append(flags, finding.Finding{Code: finding.BusyMachine, Pairs: []int{pair}, Values: finding.Values{"cores": v}})
	}
	for _, t := range trials {
		if r := t.Resources; r != nil && r.SharedCores {
			cores := float64(max(r.ServerCoresAllowed, r.GeneratorCoresAllowed))
			return append(flags, finding.Finding{Code: finding.SharedCores, Values: finding.Values{"cores": cores}})
		}
	}
	return flags
}

// nameUnmoved tells of shared cores which targets taskbench cannot move to others.
func nameUnmoved(flags []finding.Finding, entrants []lineup.Entrant) {
	for i := range flags {
		for _, e := range entrants {
			if flags[i].Code == finding.SharedCores && e.Found() {
				flags[i].Said = append(flags[i].Said, e.Label)
			}
		}
	}
}

func worst(trials []results.Trial, figure func(results.Trial) (float64, bool)) (value float64, pair int) {
	for _, t := range trials {
		if v, ok := figure(t); ok && v > value && !math.IsInf(v, 1) {
			value, pair = v, t.Pair
		}
	}
	return value, pair
}

// hoist takes flags that every scenario carries out of them, to be said once.
func hoist(list []Scenario) []finding.Finding {
	var common []finding.Finding
	if len(list) < 2 {
		return nil
	}
	for _, f := range list[0].Flags {
		everywhere := !slices.ContainsFunc(list, func(s Scenario) bool { return !slices.ContainsFunc(s.Flags, f.Same) })
		if everywhere && !slices.ContainsFunc(common, f.Same) {
			common = append(common, f)
		}
	}
	for i := range list {
		list[i].Flags = slices.DeleteFunc(list[i].Flags, func(f finding.Finding) bool { return slices.ContainsFunc(common, f.Same) })
	}
	return common
}
