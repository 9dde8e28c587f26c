package stored

import (
	"slices"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/results"
)

func compareCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "print stored results side by side",
		ArgsUsage: "[A B] [SCENARIO...]",
		Description: "Without arguments: the answer of the newest run. A and B are stored results: an implementation's\n" +
			"name (its newest), NAME@DATE, a session, or a file. A is the baseline, unless --baseline names another.\n" +
			"SCENARIO, or SCENARIO@CONNECTIONS, prints its every metric; --steps those of its steps, too.",
		Flags: []cli.Flag{documents.Flag(), console.FormatFlag(),
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			order.MarginFlag(),
			&cli.BoolFlag{Name: "steps", Usage: "every metric of the scenarios, and of their steps"},
			&cli.BoolFlag{Name: "all", Usage: "all that there is to show of all scenarios"}},
		Action: func(c *cli.Context) error {
			if err := console.CheckFormat(c.String("format")); err != nil {
				return err
			}
			margins, err := order.MarginsOf(c)
			if err != nil {
				return err
			}
			store := documents.Open(c, p)
			named, others := apart(store, c.Args().Slice())
			docs, err := documents.Named(store, named)
			if err != nil && len(named) == 0 {
				docs, err = documents.NewestOf(store, err)
			}
			if err == nil {
				err = areScenarios(store, docs, others)
			}
			if err != nil {
				return err
			}
			o := lineup.Options{Baseline: c.String("baseline"), First: len(named) > 1, Margins: margins}
			if docs[0].Kind != results.LoadTest {
				return printKind(p, docs, o, c.String("format"))
			}
			comparison, err := compare.New(docs, o)
			if err != nil {
				return err
			}
			if len(named) == 0 {
				comparison.Notes = slices.Insert(comparison.Notes, 0, documents.NewerAttempt(store, docs)...)
			}
			return console.WritePage(p, comparisonPage(comparison, detail{others, c.Bool("steps"), c.Bool("all")}), c.String("format"))
		},
	}
}
