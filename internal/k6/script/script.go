// Package script writes scenarios as scripts for k6, as package lua writes them for wrk:
// the same requests for the same seed, virtual user and iteration, the same expectations
// under the same names, the same histograms. A script is meant to be read, edited and run
// by hand; it is the same byte for byte for the same scenario and options.
package script

import (
	"cmp"
	"embed"
	"slices"
	"strings"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/captured"
	"taskbench/scenarios"
)

//go:embed runtime/*.js
var runtimeFiles embed.FS

// Options say for which run a script is generated. Zero values take what the scenario
// says.
type Options struct {
	Target      string // name of the implementation, for the report
	URL         string // base URL; its path is put in front of every request's. TASKBENCH_URL goes before it
	Connections int    // virtual users of all processes together; zero: the scenario's first level
	Duration    time.Duration
	Warmup      time.Duration // negative: none, whatever the scenario says
	Timeout     time.Duration
	Seed        int64 // of everything that is drawn

	Rate *arrivals.Plan // the schedule; one without a rate is closed loops. nil: the scenario's
}

// withDefaults fills in what the scenario says.
func (o Options) withDefaults(s *scenarios.Scenario) Options {
	if o.Connections == 0 && len(s.Load.Connections) > 0 {
		o.Connections = s.Load.Connections[0]
	}
	o.Connections = max(o.Connections, 1)
	o.Duration = cmp.Or(o.Duration, s.Load.Duration, 10*time.Second)
	o.Warmup = max(cmp.Or(o.Warmup, s.Load.Warmup), 0)
	o.Timeout = cmp.Or(o.Timeout, s.Load.Timeout, 10*time.Second)
	o.URL = cmp.Or(o.URL, "http://localhost:3000")
	if o.Rate == nil {
		o.Rate = &s.Load.Rate
	}
	return o
}

// generator collects a script. Steps are written first, since they say which parts of the
// runtime are needed.
type generator struct {
	s     *scenarios.Scenario
	o     Options
	names map[*scenarios.Step]string // of the steps' constants

	needs   map[string]bool              // parts of the runtime, by name
	stored  map[string]captured.Uses     // how each capture is used
	columns map[string]columns           // of data that are used
	lists   map[string]*captured.ListUse // what captured arrays must be for their uses
	fixed   []string                     // bodies that are no text, as definitions

	each     *scenarios.Each // of the current step
	elements map[string][]eachUse
	maybe    map[string]bool // captures that may find nothing
}

// columns is a set of them.
type columns map[string]bool

// Generate writes the k6 script of a scenario. The error is a source.List: what k6 cannot
// do as wrk does, each by its place.
func Generate(s *scenarios.Scenario, o Options) ([]byte, error) {
	g := newGenerator(s, o)
	if err := g.refuse(); err != nil {
		return nil, err
	}
	g.nameSteps()
	g.findStored()
	g.fixed = nil
	var steps strings.Builder
	for _, step := range g.allSteps() {
		g.step(&steps, step)
	}
	return g.assemble(steps.String()), nil
}

func newGenerator(s *scenarios.Scenario, o Options) *generator {
	return &generator{
		s: s, o: o.withDefaults(s), names: map[*scenarios.Step]string{},
		needs: map[string]bool{}, stored: map[string]captured.Uses{}, columns: map[string]columns{}, lists: map[string]*captured.ListUse{},
		elements: map[string][]eachUse{}, maybe: map[string]bool{},
	}
}

// assemble puts the parts in the order in which people read them: what may be changed
// first, what is the same in all scripts last.
func (g *generator) assemble(steps string) []byte {
	var own, runtime, b strings.Builder
	g.iteration(&own)
	g.captures(&own)
	if len(g.fixed) > 0 {
		own.WriteString("\n// Bodies that are no text.\n" + strings.Join(g.fixed, ""))
	}
	g.writeLists(&own)
	own.WriteString(steps)
	g.stepLists(&own)
	g.getReady(&own)
	g.runtime(&runtime)

	g.header(&b)
	g.writeImports(&b)
	g.constants(&b)
	g.schedule(&b)
	g.options(&b)
	g.data(&b)
	b.WriteString(own.String() + runtimeMark + runtime.String())
	return []byte(b.String())
}

// runtimeMark stands before what is not the scenario's own.
const runtimeMark = `
// ---- From here on it is the same for all scenarios: when to begin and to end, what is
// counted, how values are written and read. ----
`

// uses marks a part of the runtime as needed.
func (g *generator) uses(names ...string) {
	for _, name := range names {
		g.needs[name] = true
	}
}

// allSteps lists setup steps, then measured ones.
func (g *generator) allSteps() []*scenarios.Step {
	var out []*scenarios.Step
	for i := range g.s.Setup {
		out = append(out, &g.s.Setup[i])
	}
	for i := range g.s.Steps {
		out = append(out, &g.s.Steps[i])
	}
	return out
}

// controlled reports whether a scenario has steps that are sent more than once, or not at
// all, or journeys. Scripts of others have nothing of it.
func (g *generator) controlled() bool {
	return len(g.s.Journeys) > 0 || slices.ContainsFunc(g.allSteps(), func(step *scenarios.Step) bool { return step.Control != scenarios.Control{} })
}

// runtime copies the parts that are needed, in a fixed order.
func (g *generator) runtime(b *strings.Builder) {
	parts := []string{"go", "user", "closed", "pause", "nothink", "send", "request", "plainpath", "nojar", "end", "count", "tell", "clock"}
	swap := func(part, by string) { parts[slices.Index(parts, part)] = by }
	if g.o.Rate.Open() {
		swap("closed", "rate")
		parts = append(parts, "schedule", string(g.o.Rate.Way()))
	}
	if g.needs["think"] {
		swap("nothink", "think")
	}
	setup := "setup"
	if g.controlled() {
		swap("send", "send_controlled")
		setup = "setup_controlled"
		g.uses("control")
	}
	if g.s.Cookies {
		swap("nojar", "jar")
	}
	if g.needs["raw"] || g.needs["redirects"] {
		swap("plainpath", "oddpath")
	}
	if len(g.s.Setup) > 0 {
		parts = append(parts, setup, "handover")
	}
	for _, name := range []string{"control", "journeys", "redirects", "mix", "random", "values", "time", "escape", "raw", "read", "expect", "same", "cast", "list", "lists", "json", "jsonpath", "bytes"} {
		if g.needs[name] || name == "random" {
			parts = append(parts, name)
		}
	}
	for _, name := range parts {
		b.WriteByte('\n')
		b.Write(part(name))
	}
}

// part is a part of the runtime.
func part(name string) []byte {
	text, err := runtimeFiles.ReadFile("runtime/" + name + ".js")
	if err != nil {
		panic(err) // a part that was not embedded: a mistake in this package
	}
	return text
}
