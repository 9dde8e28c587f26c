package compare

import (
	"math"
	"slices"

	"taskbench/compare/finding"
	"taskbench/compare/stats"
	"taskbench/internal/figure"
)

// Headline is the answer on one candidate: a word, and what it rests on. It says
// nothing that the run does not state.
type Headline struct {
	Target string `json:"target"`
	Word   Word   `json:"word"`
	Text   string `json:"text,omitempty"` // what pages begin with, for JSON: package words makes it
	// Changes are those over all scenarios: of throughput, p95, CPU time and
	// instructions per answer, as far as they were measured; stated or not.
	Changes []Change `json:"changes"`
	// The scenarios, as name or name@connections, by what is stated of their
	// throughput, p50 and p95.
	Slower    []string `json:"slower"`
	Same      []string `json:"same"`
	Faster    []string `json:"faster"`
	Mixed     []string `json:"mixed"` // slower in one, faster in another of them
	Undecided []string `json:"undecided"`
	Wrong     []string `json:"wrong_answers"` // of this candidate or of the baseline
	// Limits are what keeps the run from saying more, Advice what to do about it,
	// the best first; both only where something is not decided.
	Limits []finding.Finding `json:"limits"`
	Advice []finding.Finding `json:"advice"`
}

// Word is an answer. It is about speed: who takes more CPU time for each answer
// is not slower by that.
type Word string

const (
	IsSlower   Word = "slower"
	IsFaster   Word = "faster"
	IsSame     Word = "same"
	IsMixed    Word = "mixed" // slower here, faster there
	IsOpen     Word = "undecided"
	IsWrong    Word = "wrong_answers" // there is no speed to speak of
	IsNotThere Word = "not_compared"  // there is nothing to hold against each other
)

// Change is a candidate's figure over the baseline's.
type Change struct {
	Metric *figure.Figure `json:"metric"`
	Ratio  float64        `json:"ratio"` // the geometric mean of the scenarios'
	CI     stats.Interval `json:"ci"`    // 95 %; 0 to 0: not known
	stats.Claim
	Slower, Faster []string `json:"-"` // scenarios of which that is stated
}

func (c *Comparison) headline(target int, means []Overall) Headline {
	h := Headline{Target: c.Targets[target].Label, Changes: []Change{}, Slower: []string{}, Same: []string{}, Faster: []string{},
		Mixed: []string{}, Undecided: []string{}, Wrong: []string{}, Limits: []finding.Finding{}, Advice: []finding.Finding{}}
	for _, o := range means {
		if o.Ratio > 0 {
			h.Changes = append(h.Changes, Change{o.Metric, o.Ratio, o.CI, o.Claim, o.Named[stats.Slower], o.Named[stats.Faster]})
		}
	}
	for _, s := range c.Scenarios {
		if list := h.place(s, target); list != nil {
			*list = append(*list, c.Level(s))
		}
	}
	h.Word = h.word(c.Speed())
	if h.Word == IsOpen {
		h.Limits, h.Advice = c.limits(target, means), c.advice(means)
	}
	return h
}

// place is the list that a scenario belongs to; nil where it was not compared.
func (h *Headline) place(s Scenario, target int) *[]string {
	switch {
	case s.Sides[target].State == Failed || s.Sides[0].State == Failed:
		return &h.Wrong
	case s.verdict(target, s.Speed()) == nil:
		return nil
	}
	ways := map[stats.Verdict]bool{}
	for _, m := range speeds() {
		if v := s.verdict(target, m); v != nil {
			ways[v.Verdict] = true
		}
	}
	switch same := s.verdict(target, s.Speed()).Verdict == stats.Parity; {
	case ways[stats.Slower] && ways[stats.Faster]:
		return &h.Mixed
	case ways[stats.Slower]:
		return &h.Slower
	case ways[stats.Faster]:
		return &h.Faster
	case same:
		return &h.Same
	}
	return &h.Undecided
}

// Speed is what a scenario's servers are fast or slow by first: throughput, or how
// long answers take where both were sent the same load.
func (s Scenario) Speed() *figure.Figure {
	if s.Load.Open() {
		return figure.P95
	}
	return figure.Throughput
}

// Speed is that of all scenarios; throughput where they differ.
func (c *Comparison) Speed() *figure.Figure {
	if len(c.Scenarios) > 0 && !slices.ContainsFunc(c.Scenarios, func(s Scenario) bool { return !s.Load.Open() }) {
		return figure.P95
	}
	return figure.Throughput
}

// speeds are the primary metrics by which somebody is slower or faster.
func speeds() []*figure.Figure {
	return slices.DeleteFunc(figure.Primaries(), func(f *figure.Figure) bool { return f.Words != nil })
}

// word is what the scenarios and the means over them come to.
func (h *Headline) word(speed *figure.Figure) Word {
	slower, faster, same := len(h.Slower) > 0, len(h.Faster) > 0, false
	for _, c := range h.Changes {
		if c.Metric.Words != nil || !c.Stated {
			continue
		}
		slower, faster = slower || c.Verdict == stats.Slower, faster || c.Verdict == stats.Faster
		same = same || c.Verdict == stats.Parity && c.Metric.Equal(speed)
	}
	compared := len(h.Slower) + len(h.Faster) + len(h.Same) + len(h.Mixed) + len(h.Undecided)
	switch {
	case len(h.Wrong) > 0:
		return IsWrong
	case compared == 0:
		return IsNotThere
	case len(h.Mixed) > 0 || slower && faster:
		return IsMixed
	case slower:
		return IsSlower
	case faster:
		return IsFaster
	case same || len(h.Same) == compared:
		return IsSame
	}
	return IsOpen
}

// change is that of a metric; nil where it was not measured.
func (h *Headline) change(m *figure.Figure) *Change {
	for i := range h.Changes {
		if h.Changes[i].Metric.Equal(m) {
			return &h.Changes[i]
		}
	}
	return nil
}

// Change is that of a metric; not ok where there is none.
func (h Headline) Change(m *figure.Figure) (Change, bool) {
	if c := h.change(m); c != nil {
		return *c, true
	}
	return Change{}, false
}

// limits is what keeps speed from being decided: too few pairs for any verdict, or
// how far they scatter.
func (c *Comparison) limits(target int, means []Overall) []finding.Finding {
	for _, s := range c.Scenarios {
		if v := s.verdict(target, s.Speed()); v != nil && v.Verdict == stats.Indicative {
			return []finding.Finding{v.Reason}
		}
	}
	for _, o := range means {
		if !o.Metric.Equal(c.Speed()) {
			continue
		}
		shows := o.row.Shows(c.cells, len(means))
		switch {
		case !o.Unstable.IsZero():
			return []finding.Finding{{Code: finding.MayDrift, Metric: o.Metric.Key}}
		case o.Claim.Floor > 0:
			return []finding.Finding{{Code: finding.WithinFloor, Metric: o.Metric.Key, Values: finding.Values{"low": o.CI.Low, "high": o.CI.High, "floor_fraction": o.Claim.Floor}}}
		case shows > 0:
			return []finding.Finding{{Code: finding.PairsScatter, Metric: o.Metric.Key, Values: finding.Values{
				"scatter_fraction": math.Expm1(c.scatter(target)), "shows_fraction": shows, "pairs": float64(o.Pairs)}}}
		}
	}
	return []finding.Finding{}
}

// scatter is the standard deviation of the log ratio of one pair's throughput, or
// what is speed instead, over all scenarios.
func (c *Comparison) scatter(target int) float64 {
	sum, n := 0.0, 0.0
	for _, s := range c.Scenarios {
		if v := s.verdict(target, s.Speed()); v != nil && v.Pairs > 1 {
			sum, n = sum+float64(v.Pairs-1)*v.SD*v.SD, n+float64(v.Pairs-1)
		}
	}
	if n == 0 {
		return 0
	}
	return math.Sqrt(sum / n)
}

// enough are the sizes that somebody may want to be shown, and mostPairs what
// somebody may be asked to wait for.
var enough = []float64{0.05, 0.10, 0.15}

const mostPairs = 60

// advice is what would let the run say more, the best first.
func (c *Comparison) advice(means []Overall) []finding.Finding {
	list := []finding.Finding{}
	if slices.ContainsFunc(means, func(o Overall) bool { return o.Claim.Floor > 0 }) {
		list = append(list, finding.Finding{Code: finding.AdviseStart})
	}
	if c.flagged(finding.SharedCores) && !slices.Contains(c.found, true) { // nobody can move those that ran already
		list = append(list, finding.Finding{Code: finding.AdvisePin})
	}
	if c.flagged(finding.BusyMachine) || c.flagged(finding.LoadBefore) || c.flagged(finding.Steal) {
		list = append(list, finding.Finding{Code: finding.AdviseQuiet})
	}
	if c.rules.Apart {
		return append(list, finding.Finding{Code: finding.AdviseTogether})
	}
	for _, o := range means {
		if o.Metric.Equal(c.Speed()) {
			list = append(list, c.pairs(o, len(means))...)
		}
	}
	return list
}

// pairs advises a number of them, where it is believable.
func (c *Comparison) pairs(o Overall, means int) []finding.Finding {
	now := max(o.Pairs, 1)
	if least := o.row.Plan.MinPairs; o.Pairs < least {
		if c.outOfTime {
			return []finding.Finding{{Code: finding.AdviseTime, Values: finding.Values{"pairs": float64(least), "s": c.limitFor(float64(least) / float64(now))}}}
		}
		return []finding.Finding{{Code: finding.AdvisePairs, Values: finding.Values{"pairs": float64(least), "s": c.ElapsedS * float64(least) / float64(now)}}}
	}
	for _, size := range enough {
		n, believable := o.row.PairsToShow(size, c.cells, means)
		if n > now && n <= mostPairs && believable {
			return []finding.Finding{{Code: finding.AdvisePairs, Values: finding.Values{
				"pairs": float64(n), "shows_fraction": size, "s": c.ElapsedS * float64(n) / float64(now)}}}
		}
	}
	return nil
}

// limitFor is a time limit, in seconds, by which so many times as much is measured: in
// tens of seconds, and with some to spare, for pairs do not take the same.
func (c *Comparison) limitFor(times float64) float64 {
	const spare = 1.2
	return 10 * math.Ceil(spare*times*c.ElapsedS/10)
}

// flagged reports whether anything carries a red flag.
func (c *Comparison) flagged(code finding.Code) bool {
	has := func(list []finding.Finding) bool {
		return slices.ContainsFunc(list, func(f finding.Finding) bool { return f.Code == code })
	}
	return has(c.Flags) || slices.ContainsFunc(c.Scenarios, func(s Scenario) bool { return has(s.Flags) })
}
