package lua

import (
	"cmp"
	"embed"
	"fmt"
	"strings"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/internal/captured"
	"taskbench/scenarios"
)

//go:embed runtime/*.lua
var runtimeFiles embed.FS

// generator collects a script. Steps are written first, since they say which
// parts of the runtime are needed; the parts then go in front of them.
type generator struct {
	s *scenarios.Scenario
	o Options

	steps   strings.Builder
	needs   map[string]bool              // runtime parts by name
	stored  map[string]captured.Uses     // how each capture is used
	feeders map[string]bool              // feeders that are used
	lists   map[string]*captured.ListUse // what captured arrays must be for their uses

	each     *scenarios.Each      // of the current step
	elements map[string][]eachUse // what for_each sends of the elements of a captured list
	maybe    map[string]bool      // captures that may find nothing
	passes   int                  // slot of the next step whose passing answers are counted, behind all others

	unjudged bool // answers are not looked at
	widest   int  // names of the step that has most
	crowded  bool // there are more names than a function of Lua may have: some are global
	embedded bool // the script is for the embedded VM, which has no ffi

	names   map[string]int // the current step's locals
	locals  []string       // their definitions
	inTable bool           // they are fields of a table, because there are too many
}

// Generate writes the wrk script of a scenario. The error is a *source.Error:
// something that cannot be said in Lua, such as an expression too large.
func Generate(s *scenarios.Scenario, o Options) ([]byte, error) {
	return newGenerator(s, o).script()
}

func (g *generator) script() ([]byte, error) {
	if perUser(g.s, g.o) {
		return g.users()
	}
	return g.plain()
}

func newGenerator(s *scenarios.Scenario, o Options) *generator {
	return &generator{
		s: s, o: o.withDefaults(s),
		needs: map[string]bool{}, stored: map[string]captured.Uses{}, feeders: map[string]bool{}, lists: map[string]*captured.ListUse{},
		elements: map[string][]eachUse{}, maybe: map[string]bool{},
	}
}

// uses marks a part of the runtime as needed.
func (g *generator) uses(name string) { g.needs[name] = true }

// users writes a script for virtual users: flow, mix, and requests that need
// to know who asks.
func (g *generator) users() ([]byte, error) {
	text, err := g.usersOnce()
	if err == nil && g.isCrowded(text) {
		embedded := g.embedded
		*g = *newGenerator(g.s, g.o)
		g.embedded, g.crowded = embedded, true
		return g.usersOnce()
	}
	return text, err
}

func (g *generator) usersOnce() ([]byte, error) {
	g.findStored()
	unmet := 0
	for k, step := range g.allSteps() {
		slots, err := g.step(k+1, step)
		if err != nil {
			return nil, err
		}
		unmet += slots
	}
	if g.s.Mode == scenarios.Mix {
		g.uses("random")
		g.weights()
	}
	g.thinks()
	if g.o.Rate.Way() == arrivals.Poisson {
		g.uses("random")
	}

	var b strings.Builder
	g.header(&b)
	g.constants(&b, unmet)
	g.runtime(&b, "clock", "run", "share", "host", "steps", "record", "count")
	g.draws(&b)
	g.runtime(&b, g.iterations()...)
	g.runtime(&b, "shared", "window")
	g.machine(&b)
	g.controlUsers(&b)
	if len(g.s.Setup) > 0 {
		g.runtime(&b, "setup")
		g.ifControlled(&b, "control_setup")
	}
	g.runtime(&b, "start")
	g.readers(&b)
	g.controlSteps(&b)
	g.captures(&b)
	if len(g.s.Setup) > 0 {
		g.handover(&b)
	}
	g.ending(&b)
	return []byte(b.String()), nil
}

// ending writes the steps, and what hands their figures over.
func (g *generator) ending(b *strings.Builder) {
	b.WriteString(g.steps.String())
	g.writeForget(b)
	pauses := g.pauses()
	if pauses && g.o.Slots > 0 {
		g.runtime(b, "users_slots_think")
	}
	g.runtime(b, "block", "sockets", "steps_json")
	if pauses {
		g.runtime(b, "users_pauses")
	}
	if pauses || g.o.Rate.Open() {
		g.runtime(b, "users_interim")
	}
	g.ifControlled(b, "control_json")
	g.runtime(b, "users_json")
	if g.o.Slots > 0 {
		g.runtime(b, "board_json", "users_slots_json")
	}
	if g.o.Rate.Open() {
		g.runtime(b, "rate_json")
	}
	if len(g.s.Journeys) > 0 {
		g.runtime(b, "journeys_json")
	}
}

// pauses reports whether virtual users pause between requests. At a rate that is written
// with the schedule.
func (g *generator) pauses() bool { return g.needs["think"] || g.needs["control_wait"] }

// machine writes what decides when virtual users send.
func (g *generator) machine(b *strings.Builder) {
	g.runtime(b, "live", "in_turn", "users")
	if g.o.Slots > 0 {
		g.runtime(b, "board", "users_slots")
	}
	if g.o.Rate.Open() {
		g.rate(b)
	}
	if g.o.Slots == 0 {
		g.runtime(b, "users_live")
	}
}

// draws writes what draws numbers and rows of data.
func (g *generator) draws(b *strings.Builder) {
	var data strings.Builder
	g.data(&data)
	g.optional(b, "random", "local function seed_random() end -- nothing is drawn")
	b.WriteString(data.String())
}

// readers writes the parts that steps call, where they are needed.
func (g *generator) readers(b *strings.Builder) {
	for _, name := range []string{"think", "values", "time", "escape", "json", "same_json", "json_path", "list", "cast", "header", "head", "cookies", "gzip", "regexp", "matches", "raw", "base64", "hmac", "jar"} {
		if g.needs[name] {
			g.runtime(b, name)
		}
	}
	if g.needs["raw"] {
		g.ownHosts(b)
	}
}

// ownHosts names the hosts that requests are sent to by a header of their own: the
// server's links may have them.
func (g *generator) ownHosts(b *strings.Builder) {
	for _, step := range g.allSteps() {
		for _, h := range step.Headers {
			if host, ok := h.Value.Constant(); ok && strings.EqualFold(h.Name, "Host") {
				fmt.Fprintf(b, "own_hosts[%s] = true\n", quote(strings.ToLower(host)))
			}
		}
	}
}

// allSteps lists setup steps, then measured ones: the script's numbering.
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

// usesFFI are the parts of the runtime that reach the C library and memory
// through LuaJIT's ffi. Each has a twin of plain tables, NAME_plain.lua, with the
// same functions, for the embedded VM.
var usesFFI = map[string]bool{"clock": true, "head": true, "pace": true, "record": true, "shared": true, "sockets": true, "journeys": true}

// runtime copies parts of the runtime into the script.
func (g *generator) runtime(b *strings.Builder, names ...string) {
	for _, name := range names {
		if g.embedded && usesFFI[name] {
			name += "_plain"
		}
		text, err := runtimeFiles.ReadFile("runtime/" + name + ".lua")
		if err != nil {
			panic(err) // a part that was not embedded: a mistake in this package
		}
		b.WriteByte('\n')
		if g.crowded && isCold[strings.TrimSuffix(name, "_plain")] {
			text = global(text)
		}
		b.Write(text)
	}
}

// optional copies a part where it is needed, and what stands for it elsewhere.
func (g *generator) optional(b *strings.Builder, name, otherwise string) {
	if g.needs[name] {
		g.runtime(b, name)
		return
	}
	fmt.Fprintf(b, "\n%s\n", otherwise)
}

// header tells a reader what the script is and how to run it.
func (g *generator) header(b *strings.Builder) {
	c := CommandFor(g.s, g.o)
	say := func(format string, args ...any) {
		line := comment(fmt.Sprintf(format, args...))
		if strings.HasPrefix(format, "  ") {
			line = "  " + line
		}
		b.WriteString(strings.TrimRight("-- "+line, " ") + "\n")
	}
	url := g.o.URL
	if url == "" {
		url = "http://localhost:3000"
	}
	say("%s: %s", g.s.Name, g.s.Title)
	if g.s.Description != "" {
		say("%s", g.s.Description)
	}
	say("")
	say("Made by taskbench from %s%s; edit that file, not this one. By hand:", g.s.File, forTarget(g.o.Target))
	say("  wrk -t %d -c %d -d %ds -T %ds -s %s.lua %s", c.Threads, c.Connections, c.Seconds, c.TimeoutSeconds, g.s.Name, url)
	for _, line := range g.advice(c) {
		say("%s", line)
	}
	say("It writes one JSON document: to the file named by TASKBENCH_OUT, or to standard output after a marker line.")
	say("TASKBENCH_RUN sets ${run}, TASKBENCH_SEED the seed of what is drawn.")
	if g.o.Slots == 0 {
		say("TASKBENCH_SHARE=1/2 makes it the first of two processes with half of the virtual users each, TASKBENCH_GO (µs since 1970) says when they begin.")
	}
	if (perUser(g.s, g.o) || inspected(&g.s.Steps[0])) && g.o.Slots == 0 {
		say("TASKBENCH_LIVE names a file that gets a line each second: its number, good answers, failed ones.")
	}
}

func forTarget(name string) string {
	if name == "" {
		return ""
	}
	return " for " + name
}

// advice explains the command of the header comment.
func (g *generator) advice(c Command) []string {
	if perUser(g.s, g.o) {
		return []string{
			"One thread a connection: each is one virtual user (wrk does not say to which connection an answer belongs).",
			"The script ends the run itself; -d is only an upper limit.",
		}
	}
	if c.WarmupSeconds > 0 {
		return []string{fmt.Sprintf("Run it once before for %d s to warm up, and throw that away.", c.WarmupSeconds)}
	}
	return nil
}

// constants are what a reader may want to change, on top.
func (g *generator) constants(b *strings.Builder, unmet int) {
	o, command := g.o, CommandFor(g.s, g.o)
	atRate, inSlots, spread := o.Rate.Open(), o.Slots > 0, g.s.Spread()
	if g.embedded {
		spread = 0 // nobody pauses there
	}
	b.WriteByte('\n')
	us := func(d time.Duration) string { return fmt.Sprint(d.Microseconds()) }
	for _, c := range []struct {
		has               bool
		name, value, note string
	}{
		{true, "SCENARIO", quote(g.s.Name), ""},
		{true, "SCENARIO_HASH", quote(g.s.Hash), ""},
		{true, "TARGET", quote(o.Target), ""},
		{true, "MODE", quote(string(g.s.Mode)), ""},
		{true, "SEED", fmt.Sprintf(`"%d"`, o.Seed), ""},
		{true, "USERS", fmt.Sprint(o.Connections), "virtual users"},
		{true, "DURATION", us(o.Duration), "µs that are measured"},
		{true, "WARMUP", us(o.Warmup), "µs before that"},
		{true, "TIMEOUT", us(o.Timeout), "µs: a longer answer is late, and not good"},
		{perUser(g.s, o), "FINISH", us(g.s.Finish(o.Timeout, atRate)), "µs behind the end in which iterations may be finished"},
		{atRate, "OVERTIME", us(overtime(o)), "µs behind the end in which what was due before may be sent"},
		{atRate, "STAGES", fmt.Sprint(len(o.Rate.Stages)), "of the rate, with figures of their own"},
		{atRate, "ARRIVAL", quote(string(o.Rate.Way())), ""},
		{true, "SETUP_STEPS", fmt.Sprint(len(g.s.Setup)), ""},
		{len(g.s.Setup) > 0, "AT_ONCE", fmt.Sprint(g.atOnce()), "virtual users in their setup"},
		{true, "STEPS", fmt.Sprint(len(g.s.Steps)), ""},
		{len(g.s.Journeys) > 0, "JOURNEYS", fmt.Sprint(len(g.s.Journeys)), ""},
		{true, "UNMET_SLOTS", fmt.Sprint(max(unmet+g.passes, 1)), "kinds of disappointment, over all steps"},
		{g.passes > 0, "PASSES", fmt.Sprint(unmet), "behind them: answers that were followed by another request of their step"},
		{true, "SECONDS", fmt.Sprint(seconds(o.Duration) + 1), ""},
		{inSlots, "ROUNDS", fmt.Sprint(mostRounds(o)), "slots at most"},
		{inSlots, "THREADS", fmt.Sprint(command.Threads), ""},
		{g.pauses() && !atRate, "SPREAD", us(spread), "µs in which virtual users begin, one after the other"},
		{inSlots, "THINKS", fmt.Sprint(Thinks(g.s) || atRate), "virtual users pause between requests"},
	} {
		if !c.has {
			continue
		}
		fmt.Fprintf(b, "local %s = %s", c.name, c.value)
		if c.note != "" {
			b.WriteString(" -- " + c.note)
		}
		b.WriteByte('\n')
	}
}

// atOnce is how many virtual users a script has in their setup at once.
func (g *generator) atOnce() int {
	return cmp.Or(g.s.SetupRules.AtOnce, DefaultAtOnce)
}

// weights tells the mix how often each step comes.
func (g *generator) weights() {
	if controlled(g.s) {
		g.journeyWeights()
		return
	}
	texts := make([]string, len(g.s.Steps))
	for i, step := range g.s.Steps {
		texts[i] = fmt.Sprintf("%.17g", step.Weight)
	}
	fmt.Fprintf(&g.steps, "\nweigh({ %s })\n", strings.Join(texts, ", "))
}

// thinks writes the pauses after the measured steps, where there are any.
func (g *generator) thinks() {
	var b strings.Builder
	for i := range g.s.Steps {
		think := g.s.ThinkAfter(&g.s.Steps[i])
		if think.Mean <= 0 {
			continue
		}
		draw := think.Distribution
		if draw == "" {
			draw = scenarios.Fixed
		}
		k := len(g.s.Setup) + i + 1
		fmt.Fprintf(&b, "pause_mean[%d], pause_draw[%d] = %g, %s\n", k, k, float64(think.Mean.Microseconds())/1000, draw)
	}
	if b.Len() > 0 {
		g.uses("think")
		g.uses("random")
		if controlled(g.s) {
			g.uses("control_wait") // a redirect is followed without a pause
		}
		g.steps.WriteString("\n" + b.String())
	}
}
