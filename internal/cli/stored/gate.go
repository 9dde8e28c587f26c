package stored

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/micro"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/source"
	"taskbench/results"
)

func gateCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "gate",
		Usage:     "fail when the candidate is proven to be too slow",
		ArgsUsage: "[REF...]",
		Description: "Without REF: the newest run. Decides on throughput, p50, p95, CPU time and instructions per\n" +
			"answer of every scenario. With --baseline-run, the ratio to the other implementation is\n" +
			"compared then and now; all runs in the results folder, saved ones too, tell how much runs differ.\n" +
			"--micro does the same with microbenchmarks; of one implementation alone its own figures are compared.\n" +
			"Exit codes: 0 passed (or inconclusive), 3 failed, or answers were wrong, or (with --expected) an\n" +
			"expectation was missed, 4 inconclusive under --strict, 1 nothing could be compared, 2 wrong usage.",
		Flags: append([]cli.Flag{documents.Flag(), console.FormatFlag(),
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to; with --baseline-run the control"},
			baselineRunFlag(),
			microGateFlag(),
			&cli.BoolFlag{Name: "capacity", Usage: "decide on the rates that the newest search for capacity found"},
			&cli.StringSliceFlag{Name: "match", Usage: "with --micro: benchmarks that are named differently, as in micro compare"},
			onFlag(),
		}, gateRuleFlags()...),
		Action: func(c *cli.Context) error { return runGate(c, p) },
	}
}

func baselineRunFlag() cli.Flag {
	return &cli.StringFlag{Name: "baseline-run", EnvVars: []string{"TASKBENCH_BASELINE_RUN"}, Usage: "hold the run against the earlier one that `REF` means, also a saved run"}
}

func microGateFlag() cli.Flag {
	return &cli.BoolFlag{Name: "micro", Usage: "decide on the newest Criterion microbenchmarks, every one of them, instead of load tests; with --baseline-run against earlier ones"}
}

// gateRuleFlags are the limits of a gate.
func gateRuleFlags() []cli.Flag {
	return []cli.Flag{
		order.MarginFlag(),
		&cli.BoolFlag{Name: "expected", Usage: "fail on documented expectations, too, that the candidate misses and the baseline meets"},
		&cli.StringFlag{Name: "warn", EnvVars: []string{"TASKBENCH_WARN"}, Value: "5%", Usage: "warn about a loss above `SIZE`, when any loss is proven"},
		&cli.StringFlag{Name: "fail", EnvVars: []string{"TASKBENCH_FAIL"}, Value: "10%", Usage: "fail on a loss above `SIZE`, when more than --warn is proven"},
		&cli.BoolFlag{Name: "strict", Usage: "fail only when more than --fail is proven, pass only when it is ruled out: else exit code 4"},
		&cli.BoolFlag{Name: "conservative", Usage: "fail unless a loss above --fail is ruled out"},
	}
}

// onFlag is of gates on what ledgers count.
func onFlag() cli.Flag {
	return &cli.StringFlag{Name: "on", Usage: "decide on the newest ledger's `COUNTS` of every step instead: instructions, application, allocations, syscalls, separated by commas. Warns above 1%, fails above 3%"}
}

func runGate(c *cli.Context, p console.Process) error {
	format := c.String("format")
	if err := console.CheckFormat(format); err != nil {
		return err
	}
	ask, err := gateOptions(c)
	if err != nil {
		return err
	}
	report, err := gateReport(c, p, ask)
	if err != nil {
		return err
	}
	if err := console.WritePage(p, words.Gate(report), format); err != nil {
		return err
	}
	if err := tellGitHub(p, report); err != nil {
		return err
	}
	return gateExit(report)
}

// gateReport decides, and says first where it decided on an old run.
func gateReport(c *cli.Context, p console.Process, ask gate.Options) (*gate.Report, error) {
	store, read, decide := documents.Open(c, p), documents.Named, loadGateReport
	switch {
	case c.IsSet("match") && !c.Bool("micro"):
		return nil, console.BadFlag("--match is of microbenchmarks: gate --micro")
	case c.Bool("micro") && c.String("on") != "":
		return nil, console.BadFlag("--on is of ledgers, --micro of microbenchmarks: give one of them")
	case c.Bool("capacity") && (c.Bool("micro") || c.String("on") != ""):
		return nil, console.BadFlag("--capacity is of searches, --on of ledgers, --micro of microbenchmarks: give one of them")
	case c.Bool("capacity"):
		read, decide = searchDocuments, capacityGateReport
	case c.Bool("micro"):
		read, decide = documents.Microbenchmarks, microGateReport
	case c.String("on") != "":
		read, decide = countedDocuments, ledgerGateReport
	}
	docs, err := read(store, c.Args().Slice())
	if err != nil {
		return nil, err
	}
	g, err := decide(c, p, docs, ask)
	if err != nil {
		return nil, err
	}
	g.Notes = slices.Insert(g.Notes, 0, documents.NewerAttempt(store, docs)...)
	return g, nil
}

func loadGateReport(c *cli.Context, p console.Process, now []results.Document, ask gate.Options) (_ *gate.Report, err error) {
	o := lineup.Options{Baseline: c.String("baseline"), First: documents.InOrder(c)}
	if o.Margins, err = order.MarginsOf(c); err != nil {
		return nil, err
	}
	if ref := c.String("baseline-run"); ref != "" {
		store := documents.Open(c, p)
		then, err := sessionDocuments(store, ref)
		if err != nil {
			return nil, err
		}
		ask.Known = knownRuns(store, results.LoadTest)
		return gate.Against(then, now, o, ask)
	}
	comparison, err := compare.New(now, o)
	if err != nil {
		return nil, err
	}
	return gate.Of(comparison, ask)
}

// newestKnown is how many of the newest runs tell how much runs differ: older
// ones are of other programs.
const newestKnown = 50

// knownRuns are the newest ones in the store, and all that were saved. Who read
// the run has told of damaged files.
func knownRuns(store *results.Store, kind results.Kind) []results.Document {
	quiet := &results.Store{Dir: store.Dir, Skipped: func(error) {}}
	docs, err := documents.OfRuns(quiet, kind, newestKnown)
	if err != nil {
		docs = nil // none: the run may be a file, or a saved one
	}
	saved, _ := quiet.Baselines()
	for _, b := range saved {
		if more, err := documents.Read(b.Entries); err == nil {
			docs = append(docs, more...)
		}
	}
	return slices.DeleteFunc(docs, func(d results.Document) bool { return d.Kind != kind })
}

// given reports whether a flag is on the command line: a variable of the
// environment is for every command, also for those that have no use for it.
func given(c *cli.Context, p console.Process, flag string) bool {
	return c.IsSet(flag) && p.Getenv("TASKBENCH_"+strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))) == ""
}

func microGateReport(c *cli.Context, p console.Process, docs []results.Document, ask gate.Options) (*gate.Report, error) {
	if given(c, p, "margin") {
		return nil, console.BadFlag("--margin is of load tests: leave it out with --micro")
	}
	if c.Bool("expected") {
		return nil, console.BadFlag("--expected is of load tests: leave it out with --micro")
	}
	match, err := micro.ParseMatches(c.StringSlice("match"))
	if err != nil {
		return nil, console.Exit(console.ExitUsage, err)
	}
	o := micro.Options{Options: lineup.Options{Baseline: c.String("baseline"), First: documents.InOrder(c)}, Match: match}
	if ref := c.String("baseline-run"); ref != "" {
		store := documents.Open(c, p)
		then, err := microSession(store, ref)
		switch {
		case err == nil:
			ask.Known = knownRuns(store, results.Microbench)
			return gate.AgainstMicro(then, docs, o, ask)
		case given(c, p, "baseline-run"): // else the variable means load tests
			return nil, err
		}
	}
	comparison, err := micro.New(docs, o)
	if err != nil {
		return nil, err
	}
	return gate.OfMicro(comparison, ask)
}

// microSession reads all microbenchmarks that were measured together with what ref
// means, which may be a saved run.
func microSession(store *results.Store, ref string) ([]results.Document, error) {
	b, noBaseline := store.Baseline(ref)
	entries := slices.DeleteFunc(b.Entries, func(e results.Entry) bool { return e.Kind != results.Microbench })
	var err error
	if len(entries) == 0 {
		entries, err = store.ResolveKind(results.Microbench, ref)
	}
	switch {
	case err != nil && noBaseline != nil:
		return nil, noBaseline // which tells of the baselines that there are
	case err != nil:
		return nil, source.WithHint(fmt.Errorf("the baseline %s has no microbenchmarks", ref), "save some: taskbench baseline save --micro NAME")
	}
	return documents.Read(documents.WholeSession(store, ref, entries))
}

// sessionDocuments reads all that was measured together with what ref means:
// an earlier run needs its control.
func sessionDocuments(store *results.Store, ref string) ([]results.Document, error) {
	entries, err := store.Resolve(ref)
	if errors.Is(err, results.ErrUnknown) {
		_, err = store.Baseline(ref) // which tells of the baselines that there are
	}
	if err != nil {
		return nil, err
	}
	return documents.Read(documents.WholeSession(store, ref, entries))
}

func gateOptions(c *cli.Context) (gate.Options, error) {
	rule, err := gateRule(c)
	return gate.Options{Rule: rule, Expected: c.Bool("expected"), At: time.Now()}, err
}

func gateRule(c *cli.Context) (stats.GateRule, error) {
	rule := stats.DefaultGate()
	warn, fail := c.String("warn"), c.String("fail")
	if c.String("on") != "" { // counts have next to no noise
		warn, fail = countsLimit(c, "warn", "1%"), countsLimit(c, "fail", "3%")
	}
	var err error
	if rule.Warn, err = order.Fraction("warn", warn); err != nil {
		return rule, err
	}
	if rule.Fail, err = order.Fraction("fail", fail); err != nil {
		return rule, err
	}
	switch {
	case c.Bool("strict") && c.Bool("conservative"):
		return rule, console.BadFlag("--strict fails only what is proven, --conservative all that is not ruled out: give one of them")
	case c.Bool("strict"):
		rule.Mode = stats.Strict
	case c.Bool("conservative"):
		rule.Mode = stats.Conservative
	}
	if !c.IsSet("warn") {
		rule.Warn = min(rule.Warn, rule.Fail)
	}
	if rule.Warn > rule.Fail {
		return rule, console.BadFlag("--warn %s is above --fail %s", c.String("warn"), c.String("fail"))
	}
	return rule, nil
}

// gateExit turns a report into an exit code. The report says the rest.
func gateExit(g *gate.Report) error {
	switch {
	case g.Outcome == stats.Failed:
		return console.Exit(console.ExitGate, nil)
	case !g.Compared():
		return console.Exit(console.ExitFailed, errors.New("nothing could be compared (see above)"))
	case g.Counts[stats.Undetermined] > 0 && g.Rule.Mode == stats.Strict:
		return console.Exit(console.ExitInconclusive, nil)
	}
	return nil
}
