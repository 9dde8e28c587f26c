package scenarios

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"taskbench/internal/arrivals"
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
		r.Fail(n.Pos, rateHint(n.Text, err), "%v", err)
	}
	return rate
}

// rateHint is how a rate that cannot be read may have been meant.
func rateHint(text string, err error) string {
	switch {
	case !errors.Is(err, arrivals.ErrUnit):
		return ""
	case plainNumber.MatchString(text):
		return "write " + text + "/s"
	}
	return "write it like 2000/s, 30/min or 100/h"
}

var plainNumber = regexp.MustCompile(`^[0-9]+$`)

// checkRate needs several keys, in whatever order they stand.
func (r *reader) checkRate(n *yamlfile.Node, l *Load) {
	rate, way := n.Get("rate"), n.Get("arrival")
	if rate == nil && way != nil {
		r.Fail(way.Pos, "add rate: 2000/s", "arrival says how a rate's arrivals follow each other, and there is no rate")
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
			problem, hint := source.Split(err)
			r.Fail(load.Get("rate").Pos, hint, "%s", problem)
			return
		}
	}
}

// think reads a fixed pause or {mean, distribution}.
func (r *reader) think(n *yamlfile.Node) Think {
	t := Think{Distribution: Fixed}
	if n.Kind != yamlfile.Mapping {
		t.Mean = r.Duration(n, "think", 0, time.Hour)
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
		{"mean", "Mean pause.", duration, true, func(v *yamlfile.Node) { t.Mean = r.Duration(v, "mean", 0, time.Hour) }},
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

// Iteration is what an iteration consists of: how many requests, and how long it
// pauses between them in the mean. Behind its last one it is over.
func (s *Scenario) Iteration() (requests int, pauses time.Duration) {
	if s.Mode != Flow {
		return 1, 0
	}
	for i := range s.Steps {
		if i < len(s.Steps)-1 {
			pauses += s.ThinkAfter(&s.Steps[i]).Mean
		}
	}
	return len(s.Steps), pauses
}

// ThinkAfter is the pause after a step.
func (s *Scenario) ThinkAfter(step *Step) Think {
	if step.Think != nil {
		return *step.Think
	}
	return s.Load.Think
}
