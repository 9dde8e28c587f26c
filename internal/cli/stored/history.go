package stored

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/compare/history"
	"taskbench/compare/lineup"
	"taskbench/compare/words"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/figure"
	"taskbench/results"
)

func historyCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "history",
		Usage:     "the trend over stored runs, with the steps that are more than noise",
		ArgsUsage: "[SCENARIO]",
		Description: "Each implementation's runs in their order, and its ratio to the baseline, in which a slower machine\n" +
			"is no step. Marked is where the level changes by more than runs differ, from eight runs of one\n" +
			"scenario, load and machine on: how large, with its interval (see docs/method.md).",
		Flags: []cli.Flag{documents.Flag(), console.FormatOf(console.Formats...),
			&cli.StringFlag{Name: "metric", Value: "throughput", Usage: "the `METRIC`: " + strings.Join(figure.Names(), ", ") + "; of ledgers: " + strings.Join(figure.CountNames(), ", ") + "; of searches: capacity"},
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			&cli.IntFlag{Name: "last", Value: 50, Usage: "look at the newest `N` runs"},
		},
		Action: func(c *cli.Context) error { return printHistory(c, p) },
	}
}

func printHistory(c *cli.Context, p console.Process) error {
	metric, known := figure.Named(c.String("metric"))
	kind := results.LoadTest
	if !known {
		metric, known = figure.NamedCount(c.String("metric"))
		kind = results.Ledger
	}
	if c.String("metric") == figure.Capacity.Name {
		metric, known, kind = figure.Capacity, true, results.Capacity
	}
	switch {
	case !known:
		return console.Usagef(c.String("metric"), slices.Concat(figure.Names(), figure.CountNames(), []string{figure.Capacity.Name}), "unknown metric %q", c.String("metric"))
	case c.NArg() > 1:
		return console.BadFlag("name one scenario, or none for all of them")
	case c.Int("last") < 1:
		return console.BadFlag("--last %d: look at one run at least", c.Int("last"))
	}
	docs, err := documents.OfRuns(documents.Open(c, p), kind, c.Int("last"))
	if err != nil {
		return err
	}
	trend, err := history.New(docs, metric, c.Args().First(), lineup.Options{Baseline: c.String("baseline")})
	if err != nil {
		return err
	}
	return console.WritePage(p, words.Trend(trend), c.String("format"))
}
