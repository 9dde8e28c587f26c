package measure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/sentences"
	"taskbench/compare/stats"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/config"
	"taskbench/internal/figure"
	"taskbench/internal/page"
	"taskbench/internal/server"
	"taskbench/results"
	"taskbench/scenarios"
)

// calibratePairs is enough to know a standard deviation to a quarter.
const calibratePairs = 10

// calibrateScenario is measured where none is named and the built-in ones are meant.
const calibrateScenario = "projects"

func calibrateCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "calibrate",
		Usage:     "measure one target against itself: how small a difference can this machine show?",
		ArgsUsage: "[URL] [SCENARIO|FILE.yaml]",
		Description: "Pairs of the same server (A/A; fresh starts of it where taskbench starts it) differ by noise alone. Printed\n" +
			"for each metric: how much single trials scatter (CV), how much a pair's ratio follows the pair before (lag-1\n" +
			"autocorrelation: near 0 is healthy), and the smallest difference that 6, 10 and 20 pairs show here in four of\n" +
			"five runs. Nothing is stored. Without SCENARIO: those of the folder, else projects. Several targets: the baseline, or the one --target.",
		Flags: slices.Concat(order.TargetFlags(), order.LoadFlags(), []cli.Flag{
			&cli.BoolFlag{Name: "demo", Usage: "calibrate with taskbench's own reference server"}, console.FormatOf("text", "json"),
		}),
		Action: func(c *cli.Context) error { return calibrate(c, p) },
	}
}

func calibrate(c *cli.Context, p console.Process) error {
	asked, err := calibrateOrder(c)
	if err != nil {
		return err
	}
	loaded, err := asked.Scenarios(c)
	if err != nil {
		return err
	}
	docs, err := measureTwice(c.Context, p, asked.Config, loaded)
	if len(docs) == 0 {
		return err
	}
	comparison, compareErr := compare.New(documents.Values(docs), compare.Options{Baseline: docs[0].Implementation})
	if compareErr != nil {
		return compareErr
	}
	if printErr := printCalibration(c, p, compare.NewCalibration(comparison, docs[0])); printErr != nil {
		return printErr
	}
	return err
}

// calibrateOrder settles which one target is measured, and with what.
func calibrateOrder(c *cli.Context) (order.Order, error) {
	asked, err := order.New(c, c.Args().Slice())
	if err != nil {
		return asked, err
	}
	cfg := &asked.Config
	if cfg.Pairs == config.AutoPairs {
		cfg.Pairs = calibratePairs
	}
	if c.Bool("demo") {
		if c.IsSet("target") || len(asked.Sites) > 0 {
			return asked, console.BadFlag("--demo brings its own server: leave URLs and --target out")
		}
		if cfg.Targets, err = referenceServers(); err != nil {
			return asked, err
		}
		cfg.Baseline, asked.From = cfg.Targets[0].Name, order.Builtins()
	} else if err := asked.ForTaskFlow(c); err != nil {
		return asked, err
	}
	at := slices.IndexFunc(cfg.Targets, func(t server.Spec) bool { return t.Name == cfg.Baseline })
	one := cfg.Targets[max(at, 0)]
	cfg.Targets, cfg.Baseline = []server.Spec{one, one}, one.Name
	if len(asked.Words) == 0 && slices.Contains(asked.From.Words, calibrateScenario) {
		asked.Words = []string{calibrateScenario}
	}
	return asked, nil
}

// measureTwice measures a target against itself. The documents it returns are
// told apart by their names, and are in no store.
func measureTwice(ctx context.Context, p console.Process, cfg config.Config, loaded []*scenarios.Scenario) ([]*results.Document, error) {
	plan, err := newPlan(cfg, loaded, options{})
	if err != nil {
		return nil, err
	}
	display := console.NewDisplay(p)
	runner, cleanup, err := newRunner(p, cfg, display)
	if err != nil {
		return nil, err
	}
	defer cleanup()
	runner.Save = func(*results.Document) error { return nil }
	if cfg.MaxTime > 0 {
		runner.Deadline = time.Now().Add(cfg.MaxTime)
	}
	docs, stopped, err := carryOut(ctx, runner, plan, nil, display)
	if !measured(docs) {
		return nil, err
	}
	if stopped != "" {
		fmt.Fprintln(p.Stderr, stopped)
	}
	docs[1].Implementation += " again"
	return docs, err
}

func printCalibration(c *cli.Context, p console.Process, all compare.Calibration) error {
	if console.AsJSON(c) {
		return console.WriteJSON(p.Stdout, sentences.WithTexts(all))
	}
	of := all.Implementation
	if all.Reference != "" {
		of += " (" + all.Reference + ")"
	}
	for _, s := range all.Scenarios {
		fmt.Fprintf(p.Stdout, "\n%s @ %d: %s against itself, %d pairs of %g s\n", s.Scenario, s.Connections, of, s.Pairs, s.DurationS)
		if s.Pairs < 2 {
			fmt.Fprintln(p.Stdout, "  fewer than two pairs worked: nothing can be said")
			for _, l := range s.LeftOut {
				fmt.Fprintf(p.Stdout, "  pair %d: %s\n", l.Pair, sentences.Of(l.Reason))
			}
			continue
		}
		if err := console.WritePage(p, page.Listing(floorTable(s), s), "text"); err != nil {
			return err
		}
	}
	return nil
}

func floorTable(s compare.ScenarioFloor) page.Form {
	l := console.Listing("metric", "CV of a trial", "lag-1", "6 pairs show", "10 pairs", "20 pairs", "A/A ratio")
	for i := range l.Columns[1:6] {
		l.Columns[1+i].Words = false
	}
	for _, m := range s.Metrics {
		l.Rows = append(l.Rows, console.Cells(floorCells(m.Metric, m.Floor)...))
	}
	return l
}

func floorCells(m *figure.Figure, f stats.Floor) []string {
	ratio := fmt.Sprintf("%.3f", f.Ratio)
	if f.CI.Known() {
		ratio += fmt.Sprintf(" [%.3f–%.3f]", f.CI.Low, f.CI.High)
	}
	return []string{m.Key, share(f.CV), fmt.Sprintf("%.2f", f.Autocorrelation), share(f.With6), share(f.With10), share(f.With20), ratio}
}

func share(fraction float64) string { return fmt.Sprintf("%.1f %%", 100*fraction) }
