package scenarios

import (
	"fmt"
	"time"

	"taskbench/internal/source"
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
	complain(l.Duration < MinDuration || l.Duration > MaxDuration, "", "duration must be from %v to %v, not %v", short(MinDuration), short(MaxDuration), l.Duration)
	complain(l.Warmup < 0 || l.Warmup > MaxDuration, "", "warmup must be from 0s to %v, not %v", short(MaxDuration), l.Warmup)
	complain(l.Timeout < time.Millisecond || l.Timeout > MaxTimeout, "", "timeout must be from 1ms to %v, not %v", short(MaxTimeout), l.Timeout)
	complain(l.Think.Mean < 0, "", "think must not be negative")
	return errs.Err()
}

// load reads the load section.
func (r *reader) load(n *node) Load {
	l := DefaultLoad
	unsupported := func(key string) field {
		return field{key, func(v *node) {
			r.fail(v.pos, "remove it; connections, think and a sweep of connections are there", "%s is not supported yet", key)
		}}
	}
	r.fields(n, "load",
		field{"connections", func(v *node) { l.Connections = r.connections(v) }},
		field{"threads", func(v *node) { l.Threads = r.threads(v) }},
		field{"duration", func(v *node) { l.Duration = r.duration(v, "duration", MinDuration, MaxDuration) }},
		field{"warmup", func(v *node) { l.Warmup = r.duration(v, "warmup", 0, MaxDuration) }},
		field{"timeout", func(v *node) { l.Timeout = r.duration(v, "timeout", time.Millisecond, MaxTimeout) }},
		field{"think", func(v *node) { l.Think = r.think(v) }},
		unsupported("rate"), unsupported("stages"),
	)
	r.checkThreads(n, l)
	return l
}

// connections reads one level or a sweep.
func (r *reader) connections(n *node) []int {
	items := []*node{n}
	if n.kind == sequence {
		items = n.items
		if len(items) == 0 {
			r.fail(n.pos, "write [10, 50, 100]", "the list of connections is empty")
		}
	}
	seen := map[int]bool{}
	var out []int
	for _, item := range items {
		c := r.integer(item, "connections", 1, MaxConnections)
		if c > 0 && seen[c] {
			r.fail(item.pos, "remove one of the two", "connections %d is listed twice", c)
			continue
		}
		seen[c] = true
		out = append(out, c)
	}
	return out
}

func (r *reader) threads(n *node) int {
	if n.text == "auto" {
		return 0
	}
	if _, ok := n.value.(int64); !ok {
		r.fail(n.pos, "write auto, or a number", "threads must be auto or a number, not %s", n.describe())
		return 0
	}
	return r.integer(n, "threads", 1, MaxConnections)
}

// checkThreads needs both keys, in whatever order they stand.
func (r *reader) checkThreads(n *node, l Load) {
	threads := n.get("threads")
	if threads == nil {
		return
	}
	for _, c := range l.Connections {
		if c > 0 && l.Threads > c {
			r.fail(threads.pos, fmt.Sprintf("at most %d, or auto", c), "%d threads cannot share %d connections", l.Threads, c)
		}
	}
}

// think reads a fixed pause or {mean, distribution}.
func (r *reader) think(n *node) Think {
	t := Think{Distribution: Fixed}
	if n.kind != mapping {
		t.Mean = r.duration(n, "think", 0, time.Hour)
		return t
	}
	r.fields(n, "think",
		field{"mean", func(v *node) { t.Mean = r.duration(v, "mean", 0, time.Hour) }},
		field{"distribution", func(v *node) { t.Distribution = r.distribution(v) }},
	)
	if n.get("mean") == nil {
		r.fail(n.pos, "add mean: 20ms", "think needs a mean")
	}
	return t
}

func (r *reader) distribution(n *node) Distribution {
	d := Distribution(r.str(n, "distribution"))
	switch d {
	case Fixed, Exponential, Uniform, "":
		return d
	}
	names := []string{string(Fixed), string(Exponential), string(Uniform)}
	r.fail(n.pos, source.Allowed(n.text, names), "unknown distribution %q", n.text)
	return Fixed
}
