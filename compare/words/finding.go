package words

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/compare"
	"taskbench/internal/figure"
)

// sentences say each finding, by its code, without its target.
var sentences = map[compare.Code]func(compare.Finding) string{
	compare.LongTail: func(f compare.Finding) string {
		p99, p95 := f.Values["p99_us"], f.Values["p95_us"]
		return fmt.Sprintf("p99 is %s times p95 (%s and %s): a few answers wait for something else than the work",
			figure.Ratio(p99/p95), figure.P99.Text(p99), figure.P95.Text(p95))
	},
	compare.Falling: func(f compare.Finding) string {
		return fmt.Sprintf("throughput falls by %s within the window of %s s (over %s, Mann–Kendall p = %.2g)",
			figure.Percent(f.Values["fall_fraction"]), figure.Plain(f.Values["seconds"]), number(f, "trials", "trial"), f.Values["p"])
	},
	compare.Failing: func(f compare.Finding) string {
		return fmt.Sprintf("errors under load in %s of %s: up to %s of the requests had no good answer",
			figure.Plain(f.Values["trials_failed"]), number(f, "trials", "trial"), figure.Percent(f.Values["worst_fraction"]))
	},
	compare.GeneratorBusy: func(f compare.Finding) string {
		return fmt.Sprintf("the load generator kept %s of its %s busy: the figures measure it, too", figure.Cores.Print(f.Values["cores"]), number(f, "cores_allowed", "core"))
	},
	compare.ServerBusy: func(f compare.Finding) string {
		return fmt.Sprintf("the server kept %s of its %s busy: latencies are those of an overloaded server", figure.Cores.Print(f.Values["cores"]), number(f, "cores_allowed", "core"))
	},
	compare.Steal: func(f compare.Finding) string {
		return fmt.Sprintf("steal: other guests of the host took up to %s of the CPU time (pair %d)", figure.Percent(f.Values["fraction"]), f.Pair)
	},
	compare.BusyMachine: func(f compare.Finding) string {
		return fmt.Sprintf("busy machine: other programs kept up to %s cores busy (pair %d)", figure.Cores.Print(f.Values["cores"]), f.Pair)
	},
	compare.LoadBefore: func(f compare.Finding) string {
		return fmt.Sprintf("busy machine: its load average was %s on %s before the run began", figure.Fixed(f.Values["load_average"], 1), number(f, "cores", "core"))
	},
	compare.SharedCores: func(f compare.Finding) string {
		return fmt.Sprintf("server and load generator may run on the same %s: they take from each other (--pin keeps them apart)", number(f, "cores", "core"))
	},
	compare.AnswersDiffer: func(f compare.Finding) string {
		return "answers differ: " + strings.TrimPrefix(strings.Join(f.Said, ": "), ": ")
	},
	compare.Degraded: func(f compare.Finding) string {
		return fmt.Sprintf("throughput falls from %s at %s connections to %s at %s",
			figure.Throughput.Text(f.Values["peak_per_s"]), figure.Plain(f.Values["peak_connections"]),
			figure.Throughput.Text(f.Values["last_per_s"]), figure.Plain(f.Values["last_connections"]))
	},
}

// number is "2 trials", of a value that is a number of things.
func number(f compare.Finding, value, what string) string {
	return figure.Count(int(f.Values[value]), what)
}

// Sentence says a finding; one of a code that it does not know, by its code.
func Sentence(f compare.Finding) string {
	text := string(f.Code)
	if say := sentences[f.Code]; say != nil {
		text = say(f)
	}
	if f.Target != "" {
		text = f.Target + ": " + text
	}
	return text
}

func said(list []compare.Finding) []string {
	texts := make([]string, len(list))
	for i, f := range list {
		texts[i] = Sentence(f)
	}
	return texts
}

// withTexts is a comparison whose findings have their sentences, for JSON.
func withTexts(c *compare.Comparison) *compare.Comparison {
	out := *c
	out.Flags = withText(c.Flags)
	out.Scenarios = slices.Clone(c.Scenarios)
	for i, s := range out.Scenarios {
		out.Scenarios[i].Flags = withText(s.Flags)
	}
	out.Sweeps = slices.Clone(c.Sweeps)
	for i, s := range out.Sweeps {
		out.Sweeps[i].Sides = slices.Clone(s.Sides)
		for k, side := range s.Sides {
			if side.Degraded != nil {
				out.Sweeps[i].Sides[k].Degraded = &withText([]compare.Finding{*side.Degraded})[0]
			}
		}
	}
	return &out
}

func withText(list []compare.Finding) []compare.Finding {
	out := slices.Clone(list)
	for i, f := range out {
		out[i].Text = Sentence(f)
	}
	return out
}
