package sentences

import (
	"fmt"
	"slices"
	"strings"

	"taskbench/compare/finding"
	"taskbench/internal/figure"
	"taskbench/results"
)

var flagSentences = map[finding.Code]said{
	finding.LongTail: {say: func(f finding.Finding) string {
		p99, p95 := f.Values["p99_us"], f.Values["p95_us"]
		return fmt.Sprintf("p99 is %s times p95 (%s and %s): a few answers wait for something else than the work",
			figure.Ratio(p99/p95), figure.P99.Text(p99), figure.P95.Text(p95))
	}},
	finding.Falling: {say: func(f finding.Finding) string {
		return fmt.Sprintf("throughput falls by %s within the window of %s s (over %s, Mann–Kendall p = %.2g)",
			figure.Percent(f.Values["fall_fraction"]), figure.Plain(f.Values["seconds"]), number(f, "trials", "trial"), f.Values["p"])
	}},
	finding.Failing: {say: func(f finding.Finding) string {
		return fmt.Sprintf("errors under load in %s of %s: up to %s of the requests had no good answer",
			figure.Plain(f.Values["trials_failed"]), number(f, "trials", "trial"), figure.Percent(f.Values["worst_fraction"]))
	}},
	finding.GeneratorBusy: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the load generator kept %s of its %s busy: the figures measure it, too", figure.Cores.Print(f.Values["cores"]), number(f, "cores_allowed", "core"))
	}},
	finding.ServerBusy: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the server kept %s of its %s busy: latencies are those of an overloaded server", figure.Cores.Print(f.Values["cores"]), number(f, "cores_allowed", "core"))
	}},
	finding.Steal: {say: func(f finding.Finding) string {
		return fmt.Sprintf("steal: other guests of the host took up to %s of the CPU time (pair %d)", figure.Percent(f.Values["fraction"]), pair(f))
	}},
	finding.BusyMachine: {say: func(f finding.Finding) string {
		return fmt.Sprintf("busy machine: other programs kept up to %s cores busy (pair %d)", figure.Cores.Print(f.Values["cores"]), pair(f))
	}},
	finding.LoadBefore: {say: func(f finding.Finding) string {
		return fmt.Sprintf("busy machine: its load average was %s on %s before the run began", figure.Fixed(f.Values["load_average"], 1), number(f, "cores", "core"))
	}},
	finding.SharedCores: {say: func(f finding.Finding) string {
		apart := "--pin keeps them apart"
		if len(f.Said) > 0 {
			apart = "--pin keeps servers apart that taskbench starts: start: in taskbench.yaml"
		}
		return fmt.Sprintf("server and load generator may run on the same %s: they take from each other (%s)", number(f, "cores", "core"), apart)
	}},
	finding.Overlapping: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s of the answers came when it was another server's turn: they disturb each other (--slot makes slots longer; --in-turn measures whole trials)", figure.Percent(f.Values["fraction"]))
	}},
	finding.ShortWindow: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the window of %s s is short against an iteration: %s, steps with %s to %s answers (pair %d); CPU time per answer would be of another mix of steps each time, and is left out (duration: auto, a longer one, or fewer connections)",
			figure.Fixed(f.Values["window_s"], 1), number(f, "iterations", "whole iteration"), figure.Plain(f.Values["fewest"]), figure.Plain(f.Values["most"]), pair(f))
	}},
	finding.AnswersDiffer: {say: func(f finding.Finding) string {
		steps := strings.Join(slices.DeleteFunc(slices.Clone(f.Said[min(1, len(f.Said)):]), func(s string) bool { return s == "" }), ", ")
		if steps != "" {
			steps += ": "
		}
		return "answers differ: " + steps + quote(f, 0)
	}},
	finding.RateUnkept: {whole: true, say: func(f finding.Finding) string {
		who := f.Target
		if f.Step != "" {
			who += ", " + f.Step + ","
		}
		return fmt.Sprintf("%s was sent %s of the %s that were asked for, in %s of %s: %s",
			who, perSecond(f, "reached_per_s"), perSecond(f, "asked_per_s"), figure.Plain(f.Values["trials"]), number(f, "of_trials", "trial"), whyNotReached(f))
	}},
	finding.GeneratorLate: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the generator was late by %s in the mean (standard deviation %s) where a virtual user was free, and latencies of %s in the mean have that in them",
			figure.P50.Text(f.Values["lag_mean_us"]), figure.P50.Text(f.Values["lag_sd_us"]), figure.P50.Text(f.Values["latency_mean_us"]))
	}},
	finding.Degraded: {say: func(f finding.Finding) string {
		return fmt.Sprintf("throughput falls from %s at %s connections to %s at %s",
			figure.Throughput.Text(f.Values["peak_per_s"]), figure.Plain(f.Values["peak_connections"]),
			figure.Throughput.Text(f.Values["last_per_s"]), figure.Plain(f.Values["last_connections"]))
	}},
}

// inTurnBecause says why servers could not be measured in slots.
var inTurnBecause = map[string]string{
	results.OneTarget:      "there is one target",
	results.OneAddress:     "the targets have one address, so that only one can be up at a time",
	results.TooManyTargets: "there are too many targets for slots",
	results.SlowAnswers:    "answers take too long: they would run into the other's slot",
	results.NotTogether:    "one server did not start while another was up",
	results.Staged:         "the rate changes in stages",
	results.PutsOffWork:    "one server puts off work for its answers, and in slots would do it in another's: it would look faster, and the other slower, than they are",
	results.NotSustained:   "under load without pauses a server does not do what it does in slots",
	results.SeveralHosts:   "the load comes from hosts or several processes, and only one wrk on this machine can take turns with another",
	results.OtherEngine:    "only wrk can take turns",
	results.NoMemory:       "this machine has too little memory left for all servers at once",
}

// rateNotSustained says what a server does without pauses and in slots.
func rateNotSustained(f finding.Finding) string {
	why := recovers
	if f.Values["per_s"] > f.Values["in_slots_per_s"] {
		why = "what it keeps at hand is gone behind the others' turns"
	}
	return fmt.Sprintf("%s gives %s under load without pauses, and %s in slots: %s", f.Target,
		figure.Throughput.Text(f.Values["per_s"]), figure.Throughput.Text(f.Values["in_slots_per_s"]), why)
}

const recovers = "a limit, a queue or a pool recovers in the others' turns"

var noteSentences = map[finding.Code]said{
	finding.OtherSessions: always("measured in different sessions: part of any difference may be the machine's; " +
		"taskbench gate --baseline-run holds a run against an earlier one with a control"),
	finding.OtherMachine: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("not measured on the same machine as %s, so ratios are not the implementations' alone: %s: %s", quote(f, 0), f.Target, contrasts(f.Said[min(1, len(f.Said)):]))
	}},
	finding.Grows: {say: func(f finding.Finding) string {
		return fmt.Sprintf("each iteration leaves something behind (%s), and nothing was reset in between: what gets slower with it is no fault of the server", strings.Join(f.Said, ", "))
	}},
	finding.InTurn: {say: func(f finding.Finding) string {
		return "measured in turn (whole trials), not in slots: " + inTurnBecause[quote(f, 0)]
	}},
	finding.Batches: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s takes %s times the baseline's CPU time for an answer, and lets it wait %s times as long (%s), at the same rate: work that is done in batches is cheaper and later, which is a trade and no gain",
			f.Target, figure.Ratio(f.Values["cpu_ratio"]), figure.Ratio(f.Values["latency_ratio"]), figureOf(f).Name)
	}},
	finding.RateDiffers: {whole: true, say: rateNotSustained},
	finding.WaitDiffers: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s takes %s for an answer under load without pauses, and %s in slots", f.Target,
			figure.P50.Text(f.Values["wait_us"]), figure.P50.Text(f.Values["in_slots_wait_us"]))
	}},
	finding.ErrorsDiffer: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("of the requests to %s %s fail under load without pauses, and %s in slots: %s", f.Target,
			figure.Percent(f.Values["fraction"]), figure.Percent(f.Values["in_slots_fraction"]), recovers)
	}},
	finding.SlotsPart: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s of %s: %s times the baseline's over the whole time, %s times in the typical turn: what comes and goes is one side's own, and no noise; the ratio is that of the whole time",
			figureOf(f).Name, f.Target, figure.Ratio(f.Values["ratio"]), figure.Ratio(f.Values["typical_ratio"]))
	}},
	finding.SameProcesses: {say: func(f finding.Finding) string {
		processes := map[bool]string{true: "this process", false: "these processes"}[len(f.Said) == 1]
		if f.Values["floor_fraction"] == 0 {
			return fmt.Sprintf("%s ran already: this holds for %s, for two starts of one program may differ (start: in taskbench.yaml starts every pair anew)", strings.Join(f.Said, " and "), processes)
		}
		return fmt.Sprintf("%s ran already: this holds for %s, and no difference within %s is stated, as two starts of one program may differ by that (start: in taskbench.yaml starts every pair anew)",
			strings.Join(f.Said, " and "), processes, figure.Round(f.Values["floor_fraction"]))
	}},
	finding.SentByHosts: {say: sentByHosts},
	finding.SentByProcesses: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the load was sent by %s processes of this machine, which share its cores", figure.Plain(f.Values["processes"]))
	}},
	finding.SentByK6: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the load was sent by %s: latencies are without connecting, a request is given up at the timeout, headers that come several times are joined; its figures are never compared with wrk's", quote(f, 0))
	}},
	finding.HostsDiffer:   quoted(""),
	finding.NotMeasurable: quoted(""),
	finding.Incomplete:    about("the results of %s are not complete: the run was interrupted or still goes on"),
	finding.Noted:         quoted(""),
	finding.TimeUp: {say: func(f finding.Finding) string {
		reached := figure.Plain(f.Values["most_pairs"])
		if f.Values["pairs"] < f.Values["most_pairs"] {
			reached = figure.Plain(f.Values["pairs"]) + " to " + reached
		}
		return fmt.Sprintf("the time limit was reached: %s of %s pairs measured where no verdict stands", reached, figure.Plain(f.Values["planned_pairs"]))
	}},
	finding.GivenUp: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s @ %s: given up after pair %s, %s failures in a row",
			quote(f, 0), figure.Plain(f.Values["connections"]), figure.Plain(f.Values["pairs"]), figure.Plain(f.Values["failures"]))
	}},
	finding.NewerAttempt: {say: func(f finding.Finding) string {
		state := "complete"
		if f.Values["complete"] == 0 {
			state = "not complete"
		}
		return fmt.Sprintf("this is the run %s of %s, and not the newest attempt: %s of %s measured %s (%s)",
			quote(f, 0), quote(f, 1), quote(f, 2), quote(f, 3), strings.Join(f.Said[min(4, len(f.Said)):], ", "), state)
	}},
	finding.OwnScenario: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s has its own scenario: %s", f.Target, strings.Join(f.Said, "; "))
	}},
	finding.TrialNoted: {whole: true, say: func(f finding.Finding) string {
		text := fmt.Sprintf("%s, pair %d: %s", f.Target, pair(f), quote(f, 0))
		if f.Values["more_trials"] > 0 {
			text += fmt.Sprintf(" (and so in %s more)", number(f, "more_trials", "trial"))
		}
		return text
	}},
	finding.TrialNotCounted: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s, pair %d is not counted: %s", f.Target, pair(f), strings.Join(f.Said, "; "))
	}},
	finding.CoresListed: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the use of each of the %s cores is listed with --format json or csv", figure.Plain(f.Values["cores"]))
	}},
	finding.WrongCounted:   always("answers that were not as expected are counted too"),
	finding.NoSamples:      withReason("no samples"),
	finding.NoHeapFigures:  withReason("no figures of the heap"),
	finding.LoadNotCounted: quoted("the load does not count: "),
	finding.RunLeftOut: {say: func(f finding.Finding) string {
		return fmt.Sprintf("run %s is left out: %s", quote(f, 0), quote(f, 1))
	}},
	finding.Stepped: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s (%s): %s from here on against %s before, p = %.2g",
			turn(f), figure.Signed(intervalOf(f)), number(f, "runs_after", "run"), number(f, "runs_before", "run"), f.Values["p"])
	}},
	finding.FewRuns: {say: func(f finding.Finding) string {
		return fmt.Sprintf("no step can be shown: %s of one text, load and machine, of at least %s", number(f, "runs", "run"), figure.Plain(f.Values["least_runs"]))
	}},
	finding.FirstOnMachine:  always("the first run on this machine"),
	finding.ScenarioChanged: always("the scenario was changed"),
	finding.LoadChanged:     always("another load"),
}

// sentByHosts names who sent, with what each said of itself.
func sentByHosts(f finding.Finding) string {
	var each []string
	for one := range slices.Chunk(f.Said, 2) {
		text := one[0]
		if len(one) == 2 && one[1] != "" {
			text += " (" + one[1] + ")"
		}
		each = append(each, text)
	}
	return fmt.Sprintf("the load was sent by %s: %s", number(f, "hosts", "host"), strings.Join(each, ", "))
}

// withReason is followed by what was said, or by what more there is.
func withReason(text string) said {
	return said{leads: true, say: func(f finding.Finding) string {
		if len(f.Said) == 0 {
			return text
		}
		return text + ": " + strings.Join(f.Said, "; ")
	}}
}

// contrasts is "CPU X, not Y, kernel A, not B", of what, here, there.
func contrasts(list []string) string {
	var parts []string
	for one := range slices.Chunk(list, 3) {
		if len(one) == 3 {
			parts = append(parts, fmt.Sprintf("%s %s, not %s", one[0], one[1], one[2]))
		}
	}
	return strings.Join(parts, ", ")
}

var reasonSentences = map[finding.Code]said{
	finding.NotMeasured: about("%s was not measured"),
	finding.OtherFailed: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s has no pair: it shares them with %s, which failed", f.Target, quote(f, 0))
	}},
	finding.NotInPair:    always("was not measured"),
	finding.WrongAnswers: about("answers of %s were not as expected"),
	finding.NoTrialWorked: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("no trial of %s worked: %s", f.Target, inSentence(strings.TrimPrefix(quote(f, 0), f.Target+": ")))
	}},
	finding.NotLoaded: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s was not loaded: answers of %s were not as expected", f.Target, strings.Join(f.Said, ", "))
	}},
	finding.AskedOtherwise: about("%s was asked something else").leading(),
	finding.NotComparable:  always("not comparable").leading(),
	finding.TrialFailed:    quoted(""),

	finding.OtherScenario: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the scenario has changed (hash %s, not %s)", short(quote(f, 0)), short(quote(f, 1)))
	}},
	finding.OtherThreads: {say: func(f finding.Finding) string {
		return fmt.Sprintf("%s threads, not %s", figure.Plain(f.Values["threads"]), figure.Plain(f.Values["baseline_threads"]))
	}},
	finding.OtherDuration: lengths("a duration"),
	finding.OtherWarmup:   lengths("a warm-up"),
	finding.OtherTimeout:  lengths("a timeout"),
	finding.OtherThink: {say: func(f finding.Finding) string {
		return fmt.Sprintf("a think time of %q, not %q", quote(f, 0), quote(f, 1))
	}},

	finding.OtherSender: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the load was sent by %s, not by %s: each has costs of its own, which are in the figures", quote(f, 0), quote(f, 1))
	}},
	finding.OtherRate: {say: func(f finding.Finding) string {
		return fmt.Sprintf("load that is %s, not %s: latencies and throughput of the two cannot be held against each other", quote(f, 0), quote(f, 1))
	}},
	finding.RateIsAsked: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the load was %s on both sides, whatever they could do", perSecond(f, "asked_per_s"))
	}},
	finding.RateNotReached: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s was sent %s of the %s that were asked for: latencies are those of the queue before it",
			f.Target, perSecond(f, "reached_per_s"), perSecond(f, "asked_per_s"))
	}},

	finding.NoCommonPair: always("no pair in which every target worked"),
	finding.NoSuchFigure: {whole: true, say: func(f finding.Finding) string {
		text := f.Target + " has no such figure"
		if f.Step != "" {
			text += " for step " + f.Step
		}
		return text
	}},
	finding.NotReadable:      always("it could not be read"),
	finding.NoWindowCounts:   about("no window of %s counts"),
	finding.NotRecorded:      always("it was not recorded"),
	finding.NoSampleThere:    always("no sample of it is from that core"),
	finding.BaselineZero:     about("%s has 0, which nothing can be held against"),
	finding.LeaksElsewhere:   always("load tests do not tell: taskbench memory, taskbench soak"),
	finding.NoRunCounts:      about("no run of %s is counted"),
	finding.RatioToZero:      always("nothing has a ratio to 0"),
	finding.NoPairHasBoth:    always("no pair has both figures"),
	finding.BoundNotReadable: always("the bound cannot be read"),
}

func perSecond(f finding.Finding, name string) string { return figure.Throughput.Text(f.Values[name]) }

// whyNotReached tells a full server from a generator that was late.
func whyNotReached(f finding.Finding) string {
	lag, service := figure.P50.Text(f.Values["lag_mean_us"]), figure.P50.Text(f.Values["service_mean_us"])
	if f.Values["lag_mean_us"] > f.Values["service_mean_us"] {
		return fmt.Sprintf("the generator was late by %s in the mean where one of its %s was free (answers took %s)", lag, number(f, "users", "virtual user"), service)
	}
	late := ""
	if f.Values["lag_mean_us"] > 0 {
		late = fmt.Sprintf(" (and the generator was late by %s)", lag)
	}
	return fmt.Sprintf("all its %s were waiting for answers, of %s in the mean%s: there is no verdict on latency",
		number(f, "users", "virtual user"), service, late)
}

// lengths compares two lengths of time.
func lengths(what string) said {
	return said{say: func(f finding.Finding) string {
		return fmt.Sprintf("%s of %s s, not %s s", what, figure.Plain(f.Values["s"]), figure.Plain(f.Values["baseline_s"]))
	}}
}

func short(hash string) string { return hash[:min(8, len(hash))] }

// answerSentences are about requests and answers, after their target and step.
var answerSentences = map[finding.Code]said{
	finding.RefusedBefore: {whole: true, say: func(f finding.Finding) string { return f.Target + ", " + quote(f, 0) }},
	finding.Lost:          counted("%s of %s requests lost (%s): the connection broke before the answer"),
	finding.Late:          counted("%s of %s answers later than the timeout (%s)"),
	finding.Unanswered:    counted("%s of %s requests never answered within the timeout (%s)"),
	finding.Surplus:       counted("%s answers more than the %s requests (%s): interim ones such as 100 or 103, or second ones"),
	finding.Broken:        counted("the connection broke after a complete answer, %s of %s times (%s)"),
	finding.NotAsExpected: {whole: true, say: func(f finding.Finding) string {
		return atStep(f) + quote(f, 0) + counts(f, " not as expected in %s of %s answers (%s)")
	}},
	finding.Redirected: {whole: true, say: func(f finding.Finding) string {
		return atStep(f) + fmt.Sprintf("%s redirects were followed on the way to %s answers, and are in their time", grouped(f, "count"), grouped(f, "of"))
	}},
	finding.Retried: {whole: true, say: func(f finding.Finding) string {
		return atStep(f) + fmt.Sprintf("tried again %s times on the way to %s answers, which is in their time; what was answered before is neither good nor an error", grouped(f, "count"), grouped(f, "of"))
	}},
	finding.Statuses: {say: statusList, joint: ", "},
}

func counted(format string) said {
	return said{whole: true, say: func(f finding.Finding) string { return atStep(f) + counts(f, format) }}
}

func counts(f finding.Finding, format string) string {
	return fmt.Sprintf(format, grouped(f, "count"), grouped(f, "of"), figure.Percent(f.Values["fraction"]))
}

// atStep is "rust, step create: ".
func atStep(f finding.Finding) string {
	text := f.Target + ", "
	if f.Step != "" {
		text += "step " + f.Step + ": "
	}
	return text
}

var microSentences = map[finding.Code]said{
	finding.NoBenchmark: {whole: true, say: func(f finding.Finding) string { return fmt.Sprintf("%s has no benchmark %s", f.Target, quote(f, 0)) }},
	finding.OtherUnit: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s measured %s in %s, not in %s", f.Target, quote(f, 0), quote(f, 1), quote(f, 2))
	}},
	finding.NoStatistic: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s has no %s of %s", f.Target, quote(f, 0), quote(f, 1))
	}},
	finding.OtherWork: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("one iteration of %s does %s %s, the baseline's %s %s: not the same work",
			f.Target, figure.Plain(f.Values["amount"]), quote(f, 0), figure.Plain(f.Values["baseline_amount"]), quote(f, 1))
	}},
	finding.RoundFailed: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s, round %d: %s", f.Target, pair(f), quote(f, 0))
	}},
	finding.OneRound: always("one round a side: what changes from one process run to the next is unknown, so every verdict is " +
		"indicative only; taskbench micro run measures several rounds"),
	finding.RoundsImported: always("imported rounds are paired by their order; nothing tells whether the sides alternated, " +
		"as they do in taskbench micro run"),
	finding.MatchUnused: {say: func(f finding.Finding) string {
		return fmt.Sprintf("the match %s joined no two benchmarks", quote(f, 0))
	}},
	finding.PairedAlready: {whole: true, say: func(f finding.Finding) string {
		return fmt.Sprintf("%s of %s could be paired with %s too, but %s is", quote(f, 0), f.Target, quote(f, 1), quote(f, 2))
	}},
}
