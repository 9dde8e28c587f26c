package measure

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/lineup"
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
			"five runs. It is measured in turn; with --twin, another target that is the same server at another\n" +
			"address (--demo has one), in slots as well: then also by how much pairs differ from start to start (b) and by what one\n" +
			"second of slots leaves (w), and the start_floor that taskbench.yaml may have for it: that of a server with start is kept beside the\n" +
			"results, for runs against it when it is up already. Else nothing is stored. Without SCENARIO: those of the folder, else projects. Several targets: the baseline, or the one --target.",
		Flags: slices.Concat(order.TargetFlags(), order.LoadFlags(), []cli.Flag{
			&cli.StringFlag{Name: "twin", Usage: "the `TARGET` that is the same server at another address: measure in slots, too"},
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
	var (
		all  compare.Calibration
		lost error
	)
	for i, ways := range bothWays(asked.Config) {
		docs, err := measureTwice(c.Context, p, ways, loaded)
		if len(docs) == 0 {
			return err
		}
		comparison, compareErr := compare.New(documents.Values(docs), lineup.Options{Baseline: docs[0].Implementation})
		if compareErr != nil {
			return compareErr
		}
		lost = judgeHosts(docs)
		one := compare.NewCalibration(comparison, documents.Values(docs))
		for s := range one.Scenarios {
			if i > 0 {
				one.Scenarios[s].Twin = asked.Config.Targets[1].Name
			}
		}
		one.Scenarios = append(all.Scenarios, one.Scenarios...)
		if all = one; err != nil {
			return errors.Join(printCalibration(c, p, all), err)
		}
	}
	return errors.Join(printCalibration(c, p, all), keepFound(asked.Config, all), lost)
}

// keepFound keeps what starts of the server were found to differ by, for runs
// against it when it is up already: where both of the two were started anew, and
// are no servers of taskbench's own.
func keepFound(cfg config.Config, all compare.Calibration) error {
	started := !slices.ContainsFunc(cfg.Targets, func(t server.Spec) bool { return t.Start == "" })
	if floor, _ := all.StartFloor(); floor > 0 && started && all.Reference == "" {
		return keepFloor(cfg.Results, cfg.Targets, floor, time.Now())
	}
	return nil
}

// bothWays are the runs of a calibration: the first target against itself in turn,
// and against its twin, where there is one, in slots. Both are called alike.
func bothWays(cfg config.Config) []config.Config {
	one, twin := cfg.Targets[0], cfg.Targets[1]
	turn, slots := cfg, cfg
	turn.Targets, turn.InTurn = []server.Spec{one, one}, true
	if twin.URL == one.URL || cfg.InTurn || !cfg.Alone() {
		return []config.Config{turn}
	}
	twin.Name, slots.InTurn = one.Name, false
	slots.Targets = []server.Spec{one, twin}
	return []config.Config{turn, slots}
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
		if cfg.Targets, err = twinServers(*cfg); err != nil {
			return asked, err
		}
		cfg.Baseline, asked.From = cfg.Targets[0].Name, order.Builtins()
	} else if err := asked.ForTaskFlow(c); err != nil {
		return asked, err
	}
	at := slices.IndexFunc(cfg.Targets, func(t server.Spec) bool { return t.Name == cfg.Baseline })
	one := cfg.Targets[max(at, 0)]
	if c.IsSet("twin") {
		if err := noHosts(*cfg, "--twin measures in slots, and"); err != nil {
			return asked, err
		}
	}
	twin, err := twinOf(c, one, cfg.Targets)
	if err != nil {
		return asked, err
	}
	cfg.Targets, cfg.Baseline = []server.Spec{one, twin}, one.Name
	if len(asked.Words) == 0 && slices.Contains(asked.From.Words, calibrateScenario) {
		asked.Words = []string{calibrateScenario}
	}
	return asked, nil
}

// twinOf is the same server as another target at an address of its own, or that
// target itself.
func twinOf(c *cli.Context, one server.Spec, all []server.Spec) (server.Spec, error) {
	name := c.String("twin")
	switch {
	case c.IsSet("twin") && name == "":
		return one, console.BadFlag("--twin: name the target that is the same server at another address")
	case c.Bool("demo") && name != "":
		return one, console.BadFlag("--demo brings its own server, and its twin: leave --twin out")
	case c.Bool("demo"):
		return all[1], nil
	case name == "":
		return one, nil
	}
	if file, err := config.Find(c.String("config")); err == nil { // --target may have picked the one
		all = append(slices.Clone(all), file.Targets...)
	}
	var names []string
	for _, t := range all {
		switch {
		case t.Name == name && t.URL != one.URL:
			t.Remote = t.Remote || c.Bool("allow-remote")
			return t, nil
		case t.Name == name:
			return one, console.BadFlag("--twin %s has the address of %s, which is measured: a twin is the same server at another address", name, one.Name)
		case t.Name != one.Name && !slices.Contains(names, t.Name):
			names = append(names, t.Name)
		}
	}
	return one, console.Usagef(name, names, "--twin %s: there is no such target", name)
}

// twinServers are two reference servers that are the same.
func twinServers(cfg config.Config) ([]server.Spec, error) {
	var twins []server.Spec
	for range 2 {
		list, err := referenceServers(cfg)
		if err != nil {
			return nil, err
		}
		twins = append(twins, list[0])
	}
	return twins, nil
}

// measureTwice measures a target against itself. The documents it returns are
// told apart by their names, and are in no store.
func measureTwice(ctx context.Context, p console.Process, cfg config.Config, loaded []*scenarios.Scenario) ([]*results.Document, error) {
	plan, err := newPlan(cfg, loaded, options{})
	if err != nil {
		return nil, err
	}
	display := console.NewDisplay(p)
	runner, cleanup, err := newRunner(ctx, p, cfg, display)
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
		way := "in turn"
		if s.SlotS > 0 {
			way = fmt.Sprintf("in slots of %.0f ms", 1000*s.SlotS)
		}
		if by := all.Sender.Known(); by != "" {
			way += ", sent by " + by
		}
		beside := "itself"
		if s.Twin != "" {
			beside = "its twin " + s.Twin
		}
		fmt.Fprintf(p.Stdout, "\n%s @ %d: %s against %s, %s of %g s %s\n", s.Scenario, s.Connections, of, beside, figure.Count(s.Pairs, "pair"), s.DurationS, way)
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
		for _, m := range all.Apart(s) {
			fmt.Fprintf(p.Stdout, "  not the same server, or not treated alike: %s of %s is %s times that of %s, which is no noise\n", m.Metric.Name, s.Twin, ratioText(m.Floor), all.Implementation)
		}
	}
	if floor, within := all.StartFloor(); floor > 0 {
		fmt.Fprintf(p.Stdout, "\nb: from start to start; w: left by a second of slots. CPU time per answer of two starts differs by up to %s\n"+
			"(95 %% interval, from so few pairs: %s to %s; more --pairs know it better):\n"+
			"for servers that run already, taskbench.yaml may have run: {start_floor: %.2g%%}\n", share(floor), share(within.Low), share(within.High), 100*floor)
	}
	return nil
}

func ratioText(f stats.Floor) string {
	text := fmt.Sprintf("%.3f", f.Ratio)
	if f.CI.Known() {
		text += fmt.Sprintf(" [%.3f–%.3f]", f.CI.Low, f.CI.High)
	}
	return text
}

func floorTable(s compare.ScenarioFloor) page.Form {
	l := console.Listing("metric", "CV of a trial", "lag-1", "6 pairs show", "10 pairs", "20 pairs", "A/A ratio", "b", "w")
	for i := range l.Columns[1:6] {
		l.Columns[1+i].Words = false
	}
	for _, m := range s.Metrics {
		l.Rows = append(l.Rows, console.Cells(floorCells(m)...))
	}
	return l
}

func floorCells(m compare.MetricFloor) []string {
	f, between, within := m.Floor, "", ""
	if m.Parts != nil {
		between, within = share(m.Parts.BetweenSD), share(m.Parts.WithinSD)
	}
	return []string{m.Metric.Key, share(f.CV), fmt.Sprintf("%.2f", f.Autocorrelation), share(f.With6), share(f.With10), share(f.With20), ratioText(f), between, within}
}

func share(fraction float64) string { return fmt.Sprintf("%.1f %%", 100*fraction) }
