package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/internal/bench"
	"taskbench/internal/config"
	"taskbench/internal/machine"
	"taskbench/internal/target"
	"taskbench/results"
	"taskbench/scenarios"
	"taskbench/wrk"
)

func runCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "run",
		Usage:     "measure scenarios against every target, in pairs, and print them side by side",
		ArgsUsage: "[SCENARIO|FILE.yaml...]",
		Description: "Without SCENARIO all built-in ones are run. Results are stored after every pair.\n" +
			"Exit code 3: a scenario's answers were not as expected.",
		Flags: append(append(targetFlags(), loadFlags()...), resultsFlag(), formatFlag()),
		Action: func(c *cli.Context) error {
			cfg, err := settings(c)
			if err != nil {
				return err
			}
			if err := checkFormat(c.String("format")); err != nil {
				return err
			}
			loaded, err := loadScenarios(c.Args().Slice())
			if err != nil {
				return err
			}
			return measure(c.Context, p, cfg, loaded, c.String("format"))
		},
	}
}

// measure is `run` and `demo`: survey, load, store, print.
func measure(ctx context.Context, p Process, cfg config.Config, loaded []*scenarios.Scenario, format string) error {
	installation, err := wrk.Find(cfg.Wrk)
	if err != nil {
		return err
	}
	store := &results.Store{Dir: cfg.Results}
	if err := store.Probe(); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "taskbench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	display := newDisplay(p)
	paths := map[string]string{}
	runner := &bench.Runner{
		Wrk: installation, Generate: wrk.Run, Open: openTarget, Progress: display.show, Now: time.Now, Dir: dir,
		Save: func(d *results.Document) (err error) {
			paths[d.Implementation], err = store.Save(d)
			return err
		},
	}
	docs, err := runPlan(ctx, runner, plan(cfg, loaded), installation, display)
	if !measured(docs) {
		return err
	}
	comparison, compareErr := compareDocuments(docs)
	if compareErr != nil {
		return errors.Join(err, compareErr)
	}
	err = errors.Join(err, writeComparison(p, p.Stdout, comparison, format))
	for _, d := range docs {
		fmt.Fprintf(p.Stderr, "stored: %s\n", paths[d.Implementation])
	}
	if err != nil {
		return err
	}
	return verdictOnAnswers(comparison)
}

func runPlan(ctx context.Context, r *bench.Runner, p bench.Plan, installation wrk.Installation, display *display) ([]*results.Document, error) {
	defer display.close()
	display.note("checking: one iteration of every scenario against every target")
	survey, err := r.Survey(ctx, p)
	if err != nil {
		return nil, err
	}
	environment := machine.Describe()
	environment.TaskbenchVersion, environment.WrkVersion = version(), installation.Version
	docs := bench.Documents(p, environment, survey, r.Now())
	return docs, r.Run(ctx, p, survey, docs)
}

func plan(cfg config.Config, loaded []*scenarios.Scenario) bench.Plan {
	seed := rand.Int64N(1 << 31)
	if cfg.Seed != nil {
		seed = *cfg.Seed
	}
	return bench.Plan{
		Session: newSession(time.Now()), Targets: cfg.Targets, Baseline: cfg.Baseline,
		Scenarios: loaded, Pairs: cfg.Pairs, Seed: seed, Reset: cfg.Reset,
		Overrides: bench.Overrides{Connections: cfg.Connections, Duration: cfg.Duration, Warmup: cfg.Warmup},
	}
}

// newSession names a run: sortable by time, unlike any other, short enough to
// be part of a user name.
func newSession(now time.Time) string {
	return strconv.FormatInt(now.Unix(), 36) + fmt.Sprintf("%04x", rand.N(1<<16))
}

func openTarget(ctx context.Context, spec target.Spec) (bench.Server, error) {
	return target.Open(ctx, spec)
}

// measured tells whether there is anything to print.
func measured(docs []*results.Document) bool {
	for _, d := range docs {
		if len(d.Scenarios) > 0 {
			return true
		}
	}
	return false
}

func compareDocuments(docs []*results.Document) (*compare.Comparison, error) {
	list := make([]results.Document, len(docs))
	for i, d := range docs {
		list[i] = *d
	}
	return compare.New(list, compare.Options{Baseline: docs[0].Baseline})
}

// verdictOnAnswers fails a run in which answers were wrong: what it measured is no speed.
func verdictOnAnswers(c *compare.Comparison) error {
	if n := c.Summary.Scenarios[compare.Failed]; n > 0 {
		return exit(ExitGate, fmt.Errorf("failed: in %d of %d measurements answers were not as expected (see above)", n, len(c.Scenarios)))
	}
	if n := c.Summary.Scenarios[compare.Unmeasured]; n > 0 {
		return exit(ExitFailed, fmt.Errorf("%d of %d measurements brought no figures (see above)", n, len(c.Scenarios)))
	}
	return nil
}
