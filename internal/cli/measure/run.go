package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/verdict"
	"taskbench/compare/words"
	"taskbench/internal/bench"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/figure"
	"taskbench/internal/scratch"
	"taskbench/internal/source"
	"taskbench/results"
	"taskbench/wrk"
)

func runCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "measure scenarios against every target, in pairs, and print them side by side",
		ArgsUsage: "[URL URL...] [SCENARIO|FILE.yaml|FOLDER...]",
		Description: "URLs alone are compared with one GET each, and no file; the first is the baseline. Without words:\n" +
			"scenarios: of taskbench.yaml, else those of the folder scenarios, else those in this folder, else TaskFlow's\n" +
			"(--suite taskflow) where the targets answer as such. Every target is measured once in each pair, in random\n" +
			fmt.Sprintf("order; a verdict takes at least %d pairs, %d with --pairs auto. Results are stored after every pair.\n", stats.FixedMin, stats.Sequential(0).MinPairs) +
			"Exit code 3: a scenario's answers were not as expected, or a documented expectation was missed\n" +
			"(--check-expected). 130: interrupted; --resume goes on.",
		Flags: slices.Concat(order.TargetFlags(), order.LoadFlags(), verdictFlags(), []cli.Flag{
			engineFlag(),
			&cli.StringFlag{Name: "resume", Usage: "go on with an interrupted run, `[SESSION]` (default: the newest): same plan, same seed, same order. Commands are taken from the configuration and flags, never from what is stored"},
			documents.Flag(), console.FormatFlag(),
		}),
		Action: func(c *cli.Context) error {
			asked, err := order.New(c, c.Args().Slice())
			if err != nil {
				return err
			}
			o, err := runOptions(c)
			if err != nil {
				return err
			}
			if c.IsSet("resume") {
				return resume(c, p, asked, o)
			}
			if err := asked.ForTaskFlow(c); err != nil {
				return err
			}
			loaded, err := asked.Scenarios(c)
			if err != nil {
				return err
			}
			plan, err := newPlan(asked.Config, loaded, o)
			if err != nil {
				return err
			}
			o.goOn = goOn(c, plan.Session, loaded)
			if err := sendWith(c.String("engine"), asked.Config, &plan); err != nil {
				return err
			}
			return measure(c.Context, p, asked.Config, o, plan, nil)
		},
	}
}

// verdictFlags are of commands that measure and judge.
func verdictFlags() []cli.Flag {
	return []cli.Flag{
		&cli.BoolFlag{Name: "quick", Usage: "one pair only: every verdict then reads \"indicative\", which is none"},
		order.MarginFlag(),
		&cli.BoolFlag{Name: "check-expected", Usage: "fail (exit code 3) when a documented expectation of a scenario is missed"},
	}
}

// options are what a run is told beyond its configuration.
type options struct {
	format        string
	quick         bool
	margins       map[*figure.Figure]float64
	checkExpected bool
	started       time.Time
	goOn          string // the command that goes on with the run; "": there is none
}

func runOptions(c *cli.Context) (options, error) {
	o := options{format: c.String("format"), quick: c.Bool("quick"), checkExpected: c.Bool("check-expected"), started: time.Now()}
	var err error
	if o.margins, err = order.MarginsOf(c); err != nil {
		return o, err
	}
	if o.quick && c.IsSet("pairs") {
		return o, console.BadFlag("--quick is one pair: leave --pairs out")
	}
	return o, console.CheckFormat(o.format)
}

// measure is `run` and `demo`: survey, load, store, print. docs are those of
// a run to be resumed, in the plan's order; nil begins one.
func measure(ctx context.Context, p console.Process, cfg config.Config, o options, plan bench.Plan, docs []*results.Document) error {
	store := &results.Store{Dir: cfg.Results, Hide: p.Secrets.Hide}
	if err := store.Probe(); err != nil {
		return err
	}
	display := console.NewDisplay(p)
	paths := map[string]string{}
	runner, cleanup, err := o.runner(ctx, p, cfg, display, plan)
	if err != nil {
		return err
	}
	defer cleanup()
	runner.Decided, runner.Split = decided, split
	if cfg.MaxTime > 0 {
		runner.Deadline = o.started.Add(cfg.MaxTime)
	}
	if cfg.MaxTime > 0 && docs == nil {
		runner.Once = judgedOnce(cfg, o)
	}
	runner.Save = func(d *results.Document) (err error) {
		paths[d.Implementation], err = store.Save(d)
		return err
	}
	docs, stopped, err := carryOut(ctx, runner, plan, docs, display)
	if !measured(docs) {
		return err
	}
	if err != nil && ctx.Err() != nil && o.goOn != "" {
		err = source.WithHint(err, "go on where it stopped with: "+o.goOn)
	}
	comparison, compareErr := compareDocuments(docs)
	if compareErr != nil {
		return errors.Join(err, compareErr)
	}
	err = errors.Join(err, console.WritePage(p, words.Answer(comparison), o.format))
	tellStored(p.Stderr, docs, paths)
	if stopped != "" {
		fmt.Fprintln(p.Stderr, stopped)
		if o.goOn != "" {
			fmt.Fprintf(p.Stderr, "hint: go on with: %s\n", o.goOn)
		}
	}
	if err != nil {
		return err
	}
	if err := judgeAnswers(comparison, o.checkExpected); err != nil {
		return err
	}
	return judgeHosts(docs)
}

// newRunner is the real world, without a store, with the machine for itself.
// cleanup removes what it made.
func newRunner(ctx context.Context, p console.Process, cfg config.Config, d *console.Display) (r *bench.Runner, cleanup func(), err error) {
	if !cfg.Alone() {
		return newFleet(ctx, p, cfg, d)
	}
	if len(cfg.Hosts) == 1 {
		cfg.Wrk = cmp.Or(cfg.Hosts[0].Wrk, cfg.Wrk)
	}
	installation, err := wrk.Find(cfg.Wrk)
	if err != nil {
		return nil, nil, err
	}
	return newRunnerWith(installation, p, cfg, d)
}

func newRunnerWith(installation wrk.Installation, p console.Process, cfg config.Config, d *console.Display) (r *bench.Runner, cleanup func(), err error) {
	beside, release, err := Alone(p, cfg.IgnoreLock, cfg.Targets)
	if err != nil {
		return nil, nil, err
	}
	dir, remove, err := scratch.Folder()
	if err != nil {
		release()
		return nil, nil, err
	}
	r = &bench.Runner{Wrk: installation, Generate: wrk.Run, Progress: d.Show, Now: time.Now, Dir: dir, Live: d.Moves(), Beside: beside}
	return r, func() { remove(); release() }, nil
}

// carryOut surveys the targets and measures the plan.
func carryOut(ctx context.Context, r *bench.Runner, p bench.Plan, docs []*results.Document, d *console.Display) (_ []*results.Document, stopped string, err error) {
	defer d.Close()
	survey, docs, err := surveyed(ctx, r, &p, docs, d)
	if err != nil {
		return nil, "", err
	}
	stopped, err = r.Run(ctx, p, survey, docs)
	return docs, stopped, err
}

// surveyed looks at targets and machine before any load.
func surveyed(ctx context.Context, r *bench.Runner, p *bench.Plan, docs []*results.Document, d *console.Display) (bench.Survey, []*results.Document, error) {
	order.Learn(d.Secrets, p.Targets, p.Scenarios)
	d.Note("checking: one iteration of every scenario against every target")
	survey, begun, err := r.Begin(ctx, p, docs, console.Version())
	if err == nil && docs == nil {
		for _, doc := range begun {
			for _, w := range doc.Warnings { // what the check showed of how it will go
				d.Note(doc.Implementation + ": " + w)
			}
		}
	}
	return survey, begun, err
}

// judgedOnce lets a time limit that has few pairs choose how many are judged, where
// nobody asked for a number of them or for lengths.
func judgedOnce(cfg config.Config, o options) bench.Judged {
	if cfg.Pairs != config.AutoPairs || o.quick || cfg.Duration != 0 || cfg.Warmup != nil {
		return nil
	}
	return func(was *results.Rule, pairs int) *results.Rule {
		rule := verdict.NewRule(pairs, false, false, was.Margin)
		rule.Margins = was.Margins
		return rule
	}
}

// decided is the stopping rule: whether a cell needs no more pairs.
func decided(docs []*results.Document, cell bench.Cell) bool {
	return gate.Decided(documents.Values(docs), cell.Scenario.Name, cell.Connections, lineup.Options{Baseline: docs[0].Baseline})
}

// split divides the time of a cell between pairs and slots.
func split(docs []*results.Document, cell int, of results.Split, least, most float64) (results.Split, bool) {
	return compare.NewSplit(documents.Values(docs), cell, of, least, most)
}

// measured tells whether there is anything to print.
func measured(docs []*results.Document) bool {
	return slices.ContainsFunc(docs, func(d *results.Document) bool {
		return slices.ContainsFunc(d.Scenarios, func(m results.Measurement) bool { return len(m.Trials) > 0 || m.Refused != "" })
	})
}

func compareDocuments(docs []*results.Document) (*compare.Comparison, error) {
	return compare.New(documents.Values(docs), lineup.Options{Baseline: docs[0].Baseline})
}

// tellStored says where results are, behind their page.
func tellStored(w io.Writer, docs []*results.Document, paths map[string]string) {
	for _, d := range docs {
		if path := paths[d.Implementation]; path != "" {
			fmt.Fprintf(w, "stored: %s\n", path)
		}
	}
}
