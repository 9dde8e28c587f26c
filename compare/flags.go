package compare

import (
	"fmt"
	"math"
	"slices"

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
func redFlags(sides []*side) []string {
	flags := answerDifferences(sides)
	if flags == nil {
		flags = []string{}
	}
	for _, s := range sides {
		trials := s.inOrder()
		if len(trials) == 0 {
			continue
		}
		for _, flag := range []func([]results.Trial) string{longTail, falling, failing, generatorBusy, serverBusy} {
			if text := flag(trials); text != "" {
				flags = append(flags, s.Target+": "+text)
			}
		}
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
	var v []*float64
	for _, t := range trials {
		if x, ok := figure(t); ok && x >= 0 && !math.IsInf(x, 1) {
			v = append(v, &x)
		}
	}
	m := median(v)
	if m == nil {
		return 0, false
	}
	return *m, true
}

func metricIn(m *figure.Figure) func(results.Trial) (float64, bool) {
	return func(t results.Trial) (float64, bool) { return m.Of(&t, "") }
}

func longTail(trials []results.Trial) string {
	p95, _ := middle(trials, metricIn(figure.P95))
	p99, ok := middle(trials, metricIn(figure.P99))
	ratio := p99 / p95
	if !ok || !(ratio > farTail) || math.IsInf(ratio, 1) {
		return ""
	}
	return fmt.Sprintf("p99 is %s times p95 (%s and %s): a few answers wait for something else than the work",
		figure.Ratio(ratio), figure.P99.Unit.Text(p99, p99), figure.P95.Unit.Text(p95, p95))
}

// falling pools the course of all windows, second by second: one trial's own
// noise says nothing. The fall is Theil and Sen's slope over the window.
func falling(trials []results.Trial) string {
	course, pooled := pooledSeconds(trials)
	t := stats.FindTrend(course)
	fall := -t.Slope * float64(len(course)-1)
	if t.P >= fallingP || fall < fallingEffect {
		return ""
	}
	return fmt.Sprintf("throughput falls by %s within the window of %d s (over %s, Mann–Kendall p = %.2g)",
		figure.Percent(fall), len(course), figure.Count(pooled, "trial"), t.P)
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

func failing(trials []results.Trial) string {
	worst, in := 0.0, 0
	for _, t := range trials {
		if v, ok := figure.Errors.Of(&t, ""); ok && v > 0 {
			worst, in = math.Max(worst, v), in+1
		}
	}
	if in == 0 {
		return ""
	}
	return fmt.Sprintf("errors under load in %d of %s: up to %s of the requests had no good answer", in, figure.Count(len(trials), "trial"), figure.Percent(worst))
}

func generatorBusy(trials []results.Trial) string {
	used, ok := middle(trials, resource(func(r *results.Resources) *float64 { return r.GeneratorCores }))
	allowed := 0
	for _, t := range trials {
		if t.Resources != nil {
			allowed = max(allowed, t.Resources.GeneratorCoresAllowed)
		}
	}
	if !ok || allowed == 0 || used <= nearCores*float64(allowed) {
		return ""
	}
	return fmt.Sprintf("the load generator kept %s of its %s busy: the figures measure it, too", figure.Fixed(used, 2), figure.Count(allowed, "core"))
}

func serverBusy(trials []results.Trial) string {
	used, ok := middle(trials, resource(func(r *results.Resources) *float64 { return r.ServerCores }))
	allowed := 0
	for _, t := range trials {
		if t.Resources != nil {
			allowed = max(allowed, t.Resources.ServerCoresAllowed)
		}
	}
	if !ok || allowed == 0 || used <= nearCores*float64(allowed) {
		return ""
	}
	return fmt.Sprintf("the server kept %s of its %s busy: latencies are those of an overloaded server", figure.Fixed(used, 2), figure.Count(allowed, "core"))
}

func resource(field func(*results.Resources) *float64) func(results.Trial) (float64, bool) {
	return func(t results.Trial) (float64, bool) {
		if t.Resources == nil || field(t.Resources) == nil {
			return 0, false
		}
		return *field(t.Resources), true
	}
}

// sharedMachine are flags of the machine, whoever was measured on it.
func sharedMachine(sides []*side) []string {
	var trials []results.Trial
	for _, s := range sides {
		trials = append(trials, s.inOrder()...)
	}
	var flags []string
	if v, pair := worst(trials, resource(func(r *results.Resources) *float64 { return r.StealFraction })); v > stealLimit {
		flags = append(flags, fmt.Sprintf("steal: other guests of the host took up to %s of the CPU time (pair %d)", figure.Percent(v), pair))
	}
	if v, pair := worst(trials, resource(func(r *results.Resources) *float64 { return r.OthersCores })); v > othersLimit {
		flags = append(flags, fmt.Sprintf("busy machine: other programs kept up to %s cores busy (pair %d)", figure.Fixed(v, 2), pair))
	}
	for _, t := range trials {
		if r := t.Resources; r != nil && r.SharedCores {
			flags = append(flags, fmt.Sprintf("server and load generator may run on the same %s: they take from each other (--pin keeps them apart)",
				figure.Count(max(r.ServerCoresAllowed, r.GeneratorCoresAllowed), "core")))
			break
		}
	}
	return flags
}

func worst(trials []results.Trial, figure func(results.Trial) (float64, bool)) (value float64, pair int) {
	for _, t := range trials {
		if v, ok := figure(t); ok && v > value && !math.IsInf(v, 1) {
			value, pair = v, t.Pair
		}
	}
	return value, pair
}

// machineFlags are what the documents say of the machine before the run.
func machineFlags(entrants []entrant) []string {
	flags := []string{}
	for _, e := range entrants {
		env := e.doc.Environment
		if env.Cores == 0 || !(env.LoadBefore > float64(env.Cores)/2) || math.IsInf(env.LoadBefore, 1) {
			continue
		}
		f := fmt.Sprintf("busy machine: its load average was %s on %s before the run began", figure.Fixed(env.LoadBefore, 1), figure.Count(env.Cores, "core"))
		if !slices.Contains(flags, f) {
			flags = append(flags, f)
		}
	}
	return flags
}

// hoist takes flags that every scenario carries out of them, to be said once.
func hoist(list []Scenario) []string {
	var common []string
	if len(list) < 2 {
		return nil
	}
	for _, f := range list[0].Flags {
		everywhere := !slices.ContainsFunc(list, func(s Scenario) bool { return !slices.Contains(s.Flags, f) })
		if everywhere && !slices.Contains(common, f) {
			common = append(common, f)
		}
	}
	for i := range list {
		list[i].Flags = slices.DeleteFunc(list[i].Flags, func(f string) bool { return slices.Contains(common, f) })
	}
	return common
}
