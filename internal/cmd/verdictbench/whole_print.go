package main

import (
	"fmt"
	"io"
	"strings"
)

// wholeBar is a rate that whole runs are held to, in %.
type wholeBar struct {
	what    string
	limit   float64
	atLeast bool
	applies func(*whole) bool
	rate    func(*said) (rate float64, of int)
}

func always(*whole) bool { return true }

func perRun(n func(*said) int) func(*said) (float64, int) {
	return func(s *said) (float64, int) { return percentOf(n(s), s.runs), s.runs }
}

func found(name string) func(*said) (float64, int) {
	return func(s *said) (float64, int) { return percentOf(s.found[name], s.losses[name]), s.runs }
}

func percentOf(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return 100 * float64(n) / float64(of)
}

// withPower are the runs that power is promised for.
func withPower(w *whole) bool {
	return w.climate == usualNoise && w.cv == 0.08 && w.plan == sequential && w.world == lossBeside
}

var wholeBars = []wholeBar{
	{"any false statement in a run", 5, false, always, perRun(func(s *said) int { return s.falseAny })},
	{"a false statement in scenarios beside those with a loss", 5, false, func(w *whole) bool { return w.world == lossBeside || w.world == lossInPart }, perRun(func(s *said) int { return s.elsewhere })},
	{"a statement in the wrong direction", 5, false, always, perRun(func(s *said) int { return s.wrongWay })},
	{"a loss of 10 % found: throughput", 99, true, withPower, found("throughput")},
	{"a loss of 10 % found: p95", 75, true, withPower, found("p95")},
	{"a loss of 10 % found: CPU time", 97, true, withPower, found("CPU time")},
	{"a loss of 10 % found: steps", 62, true, withPower, found(steps)},
}

// printWholes prints the table of whole runs, then their bars, and says whether
// all were met. The simulation's own uncertainty, two standard errors, is
// allowed for.
func printWholes(w io.Writer, all []*whole) bool {
	fmt.Fprintf(w, "\nwhole runs of %d scenarios: in %% of runs a false faster/slower | any false statement | one in a scenario without loss | the wrong way; losses found in throughput, p95, CPU time, steps; parity shown\n", len(stepsOf))
	fmt.Fprintln(w, strings.Repeat("-", 150))
	for _, c := range all {
		for _, name := range ruleNames {
			c.print(w, name, c.said[name])
		}
	}
	printPlacings(w, all)
	ok := printStored(w, all)
	for _, b := range wholeBars {
		fmt.Fprintf(w, "\nrule A: %s (bar %s %g %%)\n", b.what, sign(b.atLeast), b.limit)
		for _, c := range all {
			if b.applies(c) {
				ok = b.print(w, c) && ok
			}
		}
	}
	return ok
}

func (b wholeBar) print(w io.Writer, c *whole) bool {
	rate, of := b.rate(c.said[ruleA])
	slack := 2 * uncertainty(rate, max(of, 1))
	met := rate <= b.limit+slack
	if b.atLeast {
		met = rate >= b.limit-slack
	}
	mark := "ok"
	if !met {
		mark = "MISSED"
	}
	fmt.Fprintf(w, "  %-62s %7.2f ± %.2f %%  %s\n", c.name(), rate, slack/2, mark)
	return met
}

func (c *whole) name() string {
	return fmt.Sprintf("%-11s CV %2.0f %%  %-10s  %s", c.climate, 100*c.cv, c.plan, c.world)
}

func (c *whole) print(w io.Writer, rule string, s *said) {
	if s.runs == 0 {
		return
	}
	rate := func(n int) float64 { return percentOf(n, s.runs) }
	fmt.Fprintf(w, "%-62s %-18s %5.1f | %5.1f | %5.1f | %5.1f", c.name(), rule, rate(s.falseRuns), rate(s.falseAny), rate(s.elsewhere), rate(s.wrongWay))
	if c.world != nothingDiffers {
		fmt.Fprint(w, " |")
		for _, name := range []string{"throughput", "p95", "CPU time", steps} {
			fmt.Fprintf(w, " %3.0f", percentOf(s.found[name], s.losses[name]))
		}
	}
	fmt.Fprintf(w, " | %3.0f", percentOf(s.parity, s.same))
	if rule == ruleA {
		fmt.Fprintf(w, " | %.1f pairs", float64(c.pairs)/float64(c.entries))
	}
	fmt.Fprintln(w)
}
