package script

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"taskbench/internal/arrivals"
	"taskbench/scenarios"
)

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
		"import crypto from 'k6/crypto';",
		"import exec from 'k6/execution';",
		"import http from 'k6/http';",
	}
	if len(g.columns) > 0 || len(g.s.Setup) > 0 || g.o.Rate.Way() == arrivals.Poisson && g.o.Rate.Open() {
		lines = append(lines, "import { SharedArray } from 'k6/data';")
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
		{"FINISH", us(g.s.Finish(o.Timeout, o.Rate.Open())), "µs behind the end in which iterations may be finished"},
		{"SPREAD", us(g.s.Spread()), "µs in which virtual users begin, one after the other"},
		{"OVERTIME", us(g.overtime()), "µs behind the end in which what was due before may be sent"},
	} {
		if c.name == "SPREAD" && o.Rate.Open() { // arrivals are spread
			continue
		}
		fmt.Fprintf(b, "const %s = %s;", c.name, c.value)
		if c.note != "" {
			b.WriteString(" // " + c.note)
		}
		b.WriteByte('\n')
	}
	b.WriteString("const [, ORIGIN, SCHEME, HOST, PATH] = target();\n")
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
func (g *generator) graceful() time.Duration {
	return max(g.o.Timeout, g.s.Finish(g.o.Timeout, g.o.Rate.Open())) + time.Second
}

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
