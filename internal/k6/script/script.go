// Package script writes scenarios as scripts for k6, as package lua writes them for wrk:
// the same requests for the same seed, virtual user and iteration, the same expectations
// under the same names, the same histograms. A script is meant to be read, edited and run
// by hand; it is the same byte for byte for the same scenario and options.
package script

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"taskbench/internal/arrivals"
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

	needs   map[string]bool     // parts of the runtime, by name
	stored  map[string]escapes  // how each capture is used
	columns map[string]columns  // of data that are used
	lists   map[string]*listUse // what captured arrays must be for their uses
	fixed   []string            // bodies that are no text, as definitions

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
		needs: map[string]bool{}, stored: map[string]escapes{}, columns: map[string]columns{}, lists: map[string]*listUse{},
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

// header tells a reader what the script is and how to run it.
func (g *generator) header(b *strings.Builder) {
	say := func(format string, args ...any) {
		fmt.Fprintln(b, strings.TrimRight("// "+comment(fmt.Sprintf(format, args...)), " "))
	}
	say("%s: %s", g.s.Name, g.s.Title)
	if g.s.Description != "" {
		say("%s", g.s.Description)
	}
	say("")
	of := ""
	if g.o.Target != "" {
		of = " for " + g.o.Target
	}
	say("Made by taskbench from %s%s. By hand:", g.s.File, of)
	fmt.Fprintf(b, "//   k6 run --log-format raw --log-output file=%s.log %s.js\n", g.s.Name, g.s.Name)
	fmt.Fprintf(b, "//   taskbench parse --k6 %s.log\n", g.s.Name)
	say("On several machines each k6 has a share, with the same TASKBENCH_GO and TASKBENCH_RUN:")
	fmt.Fprintf(b, "//   k6 run --execution-segment 0:1/2 --execution-segment-sequence 0,1/2,1 …\n")
	say("Each virtual user tells in a line what it counted. TASKBENCH_URL says where to send, TASKBENCH_RUN is ${run},")
	say("TASKBENCH_SEED the seed of what is drawn, TASKBENCH_GO when all begin (µs since 1970), TASKBENCH_USERS a")
	say("file of virtual users that are set up.")
}

// writeImports lists what of k6 is used.
func (g *generator) writeImports(b *strings.Builder) {
	lines := []string{
		"import { sleep } from 'k6';",
		"import exec from 'k6/execution';",
		"import http from 'k6/http';",
	}
	if len(g.columns) > 0 || len(g.s.Setup) > 0 || g.o.Rate.Way() == arrivals.Poisson && g.o.Rate.Open() {
		lines = append(lines, "import { SharedArray } from 'k6/data';")
	}
	if g.needs["hmac"] {
		lines = append(lines, "import crypto from 'k6/crypto';")
	}
	if g.needs["base64"] || g.needs["bytes"] {
		lines = append(lines, "import encoding from 'k6/encoding';")
	}
	slices.Sort(lines)
	b.WriteString("\n" + strings.Join(lines, "\n") + "\n")
}

// constants are what a reader may want to change.
func (g *generator) constants(b *strings.Builder) {
	o := g.o
	b.WriteByte('\n')
	us := func(d time.Duration) string { return fmt.Sprint(d.Microseconds()) }
	for _, c := range []struct{ name, value, note string }{
		{"SCENARIO", quote(g.s.Name), ""},
		{"SCENARIO_HASH", quote(g.s.Hash), ""},
		{"TARGET", quote(o.Target), ""},
		{"MODE", quote(string(g.s.Mode)), ""},
		{"TARGET_URL", "__ENV.TASKBENCH_URL || " + quote(o.URL), ""},
		{"SEED", fmt.Sprintf("/^(0|-?[1-9]\\d{0,17})$/.test(__ENV.TASKBENCH_SEED) ? __ENV.TASKBENCH_SEED : '%d'", o.Seed), ""},
		{"USERS", fmt.Sprint(o.Connections), "virtual users, of all processes together"},
		{"DURATION", us(o.Duration), "µs that are measured"},
		{"WARMUP", us(o.Warmup), "µs before that"},
		{"TIMEOUT", us(o.Timeout), "µs: a longer answer is late, and not good"},
		{"FINISH", us(g.finish()), "µs behind the end in which iterations may be finished"},
		{"OVERTIME", us(g.overtime()), "µs behind the end in which what was due before may be sent"},
	} {
		fmt.Fprintf(b, "const %s = %s;", c.name, c.value)
		if c.note != "" {
			b.WriteString(" // " + c.note)
		}
		b.WriteByte('\n')
	}
	b.WriteString("const [, ORIGIN, SCHEME, HOST, PATH] = /^((https?):\\/\\/([^/?#]*))([^?#]*)/i.exec(TARGET_URL);\n")
	b.WriteString("const BASE = PATH.replace(/\\/+$/, ''); // what stands before the path of every step\n")
}

// options are k6's own.
func (g *generator) options(b *strings.Builder) {
	load := fmt.Sprintf("executor: 'constant-vus', vus: USERS, duration: until(WARMUP + DURATION + %d), gracefulStop: '%v'", toTell.Microseconds(), g.graceful())
	if g.o.Rate.Open() { // what nobody could send in time is taken, and told, when somebody is free
		load = fmt.Sprintf("executor: 'shared-iterations', vus: USERS, iterations: ARRIVALS + USERS, maxDuration: until(WARMUP + DURATION + OVERTIME + %d), gracefulStop: '0s'", g.graceful().Microseconds())
	}
	fmt.Fprintf(b, `
const GO = goTime();
const env = { TASKBENCH_GO: String(GO) }; // one moment for all virtual users

export const options = {
  scenarios: {
    load: { %s, env },
    tell: { exec: 'tell', executor: 'per-vu-iterations', vus: USERS, iterations: 1, startTime: until(WARMUP + DURATION + OVERTIME + %d), maxDuration: '1m', env },
  },
  userAgent: '',
  maxRedirects: 0,
  throw: true, // what broke is counted, and not logged
  insecureSkipTLSVerify: true,
  systemTags: ['name', 'status', 'scenario'],
};
`, load, (toTell + g.graceful() + behindLoad).Microseconds())
}

// graceful is how long k6 lets virtual users go on with what they have begun.
func (g *generator) graceful() time.Duration { return max(g.o.Timeout, g.finish()) + time.Second }

// toTell is how long behind the window virtual users that have ended their iteration tell
// what they counted.
const toTell = 2 * time.Second

// behindLoad is between the end of the load and the scenario in which those tell who
// could not.
const behindLoad = 500 * time.Millisecond

// Longest is how long behind its beginning, TASKBENCH_GO, the last virtual user of a
// script must have told what it counted. Most tell when the window closes.
func Longest(s *scenarios.Scenario, o Options) time.Duration {
	g := newGenerator(s, o)
	return g.o.Warmup + g.o.Duration + g.overtime() + toTell + g.graceful() + behindLoad + 10*time.Second
}

// runtime copies the parts that are needed, in a fixed order.
func (g *generator) runtime(b *strings.Builder) {
	parts := []string{"go", "user", "closed", "pause", "nothink", "send", "request", "nojar", "end", "count", "tell", "clock"}
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
