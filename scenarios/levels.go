package scenarios

import (
	"fmt"
	"strings"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/othertools"
	"taskbench/internal/source"
	"taskbench/internal/yamlfile"
)

// Bounds of a load. The timeout's is that of the histograms a script keeps.
const (
	MaxConnections = 60_000 // the ports one address has, about
	MinDuration    = 100 * time.Millisecond
	MaxDuration    = 24 * time.Hour
	MaxTimeout     = 120 * time.Second
)

// DefaultLoad is what a scenario without a load section runs under.
var DefaultLoad = Load{
	Connections: []int{16},
	Duration:    10 * time.Second,
	Warmup:      2 * time.Second,
	Timeout:     10 * time.Second,
	Think:       Think{Distribution: Fixed},
	AutoUsers:   true,
}

// Check reports whether a load can be run at all, with every problem as an
// error without a position. Flags that replace parts of a file's load are
// checked by it.
func (l Load) Check() error {
	var errs source.List
	complain := func(bad bool, hint, format string, args ...any) {
		if bad {
			errs.Add(source.Errorf(source.Position{}, hint, format, args...))
		}
	}
	complain(len(l.Connections) == 0, "16 is a good start", "no number of connections")
	for _, c := range l.Connections {
		complain(c < 1 || c > MaxConnections, "", "connections must be from 1 to %d, not %d", MaxConnections, c)
		complain(c >= 1 && l.Threads > c, "lower threads, or leave it to auto", "%d threads cannot share %d connections", l.Threads, c)
	}
	complain(l.Threads < 0, "leave it to auto", "threads must be at least 1, not %d", l.Threads)
	complain(l.Duration < MinDuration || l.Duration > MaxDuration, "", "duration must be from %v to %v, not %v", yamlfile.FormatDuration(MinDuration), yamlfile.FormatDuration(MaxDuration), l.Duration)
	complain(l.Warmup < 0 || l.Warmup > MaxDuration, "", "warmup must be from 0s to %v, not %v", yamlfile.FormatDuration(MaxDuration), l.Warmup)
	complain(l.Timeout < time.Millisecond || l.Timeout > MaxTimeout, "", "timeout must be from 1ms to %v, not %v", yamlfile.FormatDuration(MaxTimeout), l.Timeout)
	complain(l.Think.Mean < 0, "", "think must not be negative")
	return errs.Err()
}

// load reads the load section.
func (r *reader) load(n *yamlfile.Node) Load {
	l := DefaultLoad
	r.translate(n, "load", othertools.InLoad)
	r.fields(n, "load", r.loadFields(&l))
	r.checkThreads(n, l)
	r.checkRate(n, &l)
	return l
}

func (r *reader) loadFields(l *Load) []field {
	length := func(to *time.Duration, key string, low, high time.Duration) func(*yamlfile.Node) {
		return func(v *yamlfile.Node) { *to = r.Duration(v, key, low, high) }
	}
	return []field{
		{"connections", fmt.Sprintf("Connections, one virtual user each; a list is a sweep, one measurement each; %d when left out.", DefaultLoad.Connections[0]),
			orList(integer(1, MaxConnections)), false, func(v *yamlfile.Node) { l.Connections = r.connections(v) }},
		{"threads", "Threads of the generator; auto by default.", either(oneOf([]string{"auto"}), integer(1, MaxConnections)), false, func(v *yamlfile.Node) { l.Threads = r.threads(v) }},
		{"duration", fmt.Sprintf("Length of the measurement, after warm-up; at least %v, or auto, for at least 30 iterations; %v when left out.", MinDuration, DefaultLoad.Duration),
			either(oneOf([]string{"auto"}), duration), false, func(v *yamlfile.Node) {
				l.AutoDuration = v.Text == "auto"
				switch {
				case l.AutoDuration:
				case strings.EqualFold(v.Text, "auto"):
					r.Fail(v.Pos, "write auto", "duration is not a duration: %q", v.Text)
				default:
					l.Duration = r.Duration(v, "duration", MinDuration, MaxDuration)
				}
			}},
		{"warmup", fmt.Sprintf("Load before the measurement; its figures are thrown away; %v when left out.", DefaultLoad.Warmup),
			duration, false, length(&l.Warmup, "warmup", 0, MaxDuration)},
		{"timeout", fmt.Sprintf("Slower answers count as failed and stay in the percentiles; at most %v; %v when left out.", yamlfile.FormatDuration(MaxTimeout), DefaultLoad.Timeout),
			duration, false, length(&l.Timeout, "timeout", time.Millisecond, MaxTimeout)},
		{"think", "Pause between two requests of a virtual user; none when left out.", think, false, func(v *yamlfile.Node) { l.Think = r.think(v) }},
		{"rate", "Iterations begun per second, whatever comes back: 2000/s, 30/min; none when left out: each virtual user waits for its answer.", like(arrivals.Pattern), false, func(v *yamlfile.Node) { l.Rate.Rate = r.rate(v) }},
		{"stages", "Rates one after the other, in place of rate and duration.", listOf(defined("stage"), 1), false, func(v *yamlfile.Node) { l.Rate.Stages = r.stages(v) }},
		{"arrival", "How they follow each other; constant when left out.", oneOf(arrivals.All), false, func(v *yamlfile.Node) {
			l.Rate.Arrival = word(r, v, arrivals.All, "unknown arrival %q")
		}},
	}
}

// connections reads one level or a sweep.
func (r *reader) connections(n *yamlfile.Node) []int {
	items := []*yamlfile.Node{n}
	if n.Kind == yamlfile.Sequence {
		items = n.Items
		if len(items) == 0 {
			r.Fail(n.Pos, "write [10, 50, 100]", "the list of connections is empty")
		}
	}
	seen := map[int]bool{}
	var out []int
	for _, item := range items {
		c := r.Integer(item, "connections", 1, MaxConnections)
		if c > 0 && seen[c] {
			r.Fail(item.Pos, "remove one of the two", "connections %d is listed twice", c)
			continue
		}
		seen[c] = true
		out = append(out, c)
	}
	return out
}

func (r *reader) threads(n *yamlfile.Node) int {
	if n.Text == "auto" {
		return 0
	}
	if _, ok := n.Value.(int64); !ok {
		r.Fail(n.Pos, "write auto, or a number", "threads must be auto or a number, not %s", n.Describe())
		return 0
	}
	return r.Integer(n, "threads", 1, MaxConnections)
}

// checkThreads needs both keys, in whatever order they stand.
func (r *reader) checkThreads(n *yamlfile.Node, l Load) {
	threads := n.Get("threads")
	if threads == nil {
		return
	}
	for _, c := range l.Connections {
		if c > 0 && l.Threads > c {
			r.Fail(threads.Pos, fmt.Sprintf("at most %d, or auto", c), "%d threads cannot share %d connections", l.Threads, c)
		}
	}
}

// rate reads how many iterations begin a second.
func (r *reader) rate(n *yamlfile.Node) float64 {
	if n.Kind != yamlfile.Scalar || n.Value == nil {
		r.Fail(n.Pos, "write it like 2000/s", "rate must be a rate, not %s", n.Describe())
		return 0
	}
	rate, err := arrivals.Parse(n.Text)
	if err != nil {
		r.badRate(n, err)
	}
	return rate
}

// stages reads rates one after the other.
func (r *reader) stages(n *yamlfile.Node) []arrivals.Stage {
	if !r.Want(n, yamlfile.Sequence, "stages") {
		return nil
	}
	if len(n.Items) == 0 {
		r.Fail(n.Pos, "write [{duration: 10s, rate: 500/s}]", "stages has none")
	}
	var list []arrivals.Stage
	for _, item := range n.Items {
		var s arrivals.Stage
		translated := r.translate(item, "a stage", othertools.InStage)
		r.fields(item, "a stage", r.stageFields(&s))
		for _, key := range []string{"duration", "rate"} {
			if item.Kind == yamlfile.Mapping && item.Get(key) == nil && !translated {
				r.Fail(item.Pos, "write {duration: 10s, rate: 500/s}", "a stage needs a %s", key)
			}
		}
		list = append(list, s)
	}
	return list
}

func (r *reader) stageFields(s *arrivals.Stage) []field {
	return []field{
		{"duration", fmt.Sprintf("How long it takes, at least %v.", MinDuration), duration, true, func(v *yamlfile.Node) { s.Duration = r.Duration(v, "duration", MinDuration, MaxDuration) }},
		{"rate", "Iterations begun per second, 500/s, or a ramp, 500/s -> 2000/s.", like(arrivals.SpanPattern), true, func(v *yamlfile.Node) {
			if v.Kind != yamlfile.Scalar || v.Value == nil {
				r.Fail(v.Pos, "write it like 500/s, or 500/s -> 2000/s", "rate must be a rate, not %s", v.Describe())
				return
			}
			var err error
			if s.From, s.To, err = arrivals.ParseSpan(v.Text); err != nil {
				r.badRate(v, err)
			}
		}},
	}
}

// badRate reports a rate that cannot be.
func (r *reader) badRate(n *yamlfile.Node, err error) {
	problem, hint := source.Split(err)
	r.Fail(n.Pos, hint, "%s", problem)
}

// checkRate needs several keys, in whatever order they stand.
func (r *reader) checkRate(n *yamlfile.Node, l *Load) {
	rate, stages, way := n.Get("rate"), n.Get("stages"), n.Get("arrival")
	length := n.Get("duration")
	switch {
	case rate == nil && stages == nil && way != nil:
		r.Fail(way.Pos, "add rate: 2000/s", "arrival says how a rate's arrivals follow each other, and there is no rate")
	case rate != nil && stages != nil:
		r.Fail(rate.Pos, "keep one of the two", "rate stands beside stages, which have rates of their own")
	case stages != nil && length != nil && (l.AutoDuration || l.Rate.Length() != l.Duration):
		r.Fail(length.Pos, "leave duration out: it follows from the stages", "duration is %s, and the stages take %s", length.Text, yamlfile.FormatDuration(l.Rate.Length()))
	}
	if stages != nil {
		l.Duration, l.AutoDuration = l.Rate.Length(), false
		if l.Duration > MaxDuration {
			r.Fail(stages.Pos, "", "all stages together take %s at most, not %s", yamlfile.FormatDuration(MaxDuration), yamlfile.FormatDuration(l.Duration))
		}
	}
	l.AutoUsers = n.Get("connections") == nil
}

// checkReach needs the steps too: how long an iteration takes at least.
func (r *reader) checkReach(s *Scenario, load *yamlfile.Node) {
	requests, pauses := s.Iteration()
	for _, users := range s.Load.Connections {
		if s.Load.AutoUsers {
			users = arrivals.MostUsers
		}
		if err := s.Load.Rate.Reach(users, requests, pauses); err != nil {
			at := load.Get("rate")
			if at == nil {
				at = load.Get("stages")
			}
			r.badRate(at, err)
			return
		}
	}
}

// think reads a fixed pause or {mean, distribution}.
func (r *reader) think(n *yamlfile.Node) Think {
	t := Think{Distribution: Fixed}
	if n.Kind != yamlfile.Mapping {
		t.Mean = r.Pause(n, "think")
		return t
	}
	r.fields(n, "think", r.thinkFields(&t))
	if n.Get("mean") == nil {
		r.Fail(n.Pos, "add mean: 20ms", "think needs a mean")
	}
	return t
}

func (r *reader) thinkFields(t *Think) []field {
	return []field{
		{"mean", "Mean pause.", duration, true, func(v *yamlfile.Node) { t.Mean = r.Pause(v, "mean") }},
		{"distribution", "How pauses are drawn; fixed when left out.", oneOf(distributions), false, func(v *yamlfile.Node) {
			t.Distribution = word(r, v, distributions, "unknown distribution %q")
		}},
	}
}

var distributions = []Distribution{Fixed, Exponential, Uniform}

// word reads one of a few words; problem takes another one.
func word[T ~string](r *reader, n *yamlfile.Node, words []T, problem string) T {
	for _, w := range words {
		if n.Text == string(w) {
			return w
		}
	}
	var names []string
	for _, w := range words {
		names = append(names, string(w))
	}
	r.Fail(n.Pos, source.Allowed(n.Text, names), problem, n.Text)
	return words[0]
}

// Iteration is what an iteration consists of at least: how many requests, and how
// long it pauses between them in the mean. Behind its last one it is over.
func (s *Scenario) Iteration() (requests int, pauses time.Duration) {
	if s.Mode != Flow {
		return 1, 0
	}
	for i := range s.Steps {
		if s.Steps[i].Control == (Control{}) {
			requests++
			if i < len(s.Steps)-1 {
				pauses += s.ThinkAfter(&s.Steps[i]).Mean
			}
		}
	}
	return max(requests, 1), pauses
}

// ThinkAfter is the pause after a step.
func (s *Scenario) ThinkAfter(step *Step) Think {
	if step.Think != nil {
		return *step.Think
	}
	return s.Load.Think
}

// MostUsers is how many virtual users there can be: each has a row of its own of
// data that is picked so.
func (s *Scenario) MostUsers() int {
	most := MaxConnections
	for _, f := range s.Data {
		if f.Pick == Unique {
			most = min(most, f.least())
		}
	}
	return most
}
