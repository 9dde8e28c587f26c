package stored

import (
	"bytes"
	"fmt"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/charts"
	"taskbench/compare/history"
	"taskbench/compare/kinds"
	"taskbench/compare/lineup"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/cli/order"
	"taskbench/internal/page"
	htmlreport "taskbench/internal/report"
	"taskbench/internal/source"
	"taskbench/results"
)

func reportCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "write stored results as one HTML page with charts",
		ArgsUsage: "[REF...]",
		Description: "Without REF: the newest load test, microbenchmarks, memory and profiles, and the history of stored runs.\n" +
			"REF is an implementation's name (its newest), NAME@DATE, a session, a baseline, or a file. The page needs\n" +
			"no other file and no network; flame graphs are linked.",
		Flags: []cli.Flag{documents.Flag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "report.html", Usage: "write to `FILE`; - is standard output"},
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			&cli.IntFlag{Name: "last", Value: 50, Usage: "show the history of the newest `N` runs; 0: none"},
			&cli.BoolFlag{Name: "no-scripts", Usage: "leave the generator's scripts out"},
			order.OutsideFlag(), console.RedactFlag(), order.MarginFlag()},
		Action: func(c *cli.Context) error { return writeReport(c, p) },
	}
}

func writeReport(c *cli.Context, p console.Process) error {
	margins, err := order.MarginsOf(c)
	if err != nil {
		return err
	}
	if c.Int("last") < 0 {
		return console.BadFlag("--last %d: a number of runs, or 0 for no history", c.Int("last"))
	}
	found, err := findReported(documents.Open(c, p), c.Args().Slice())
	if err != nil {
		return err
	}
	path := c.String("output")
	options := lineup.Options{Baseline: c.String("baseline"), First: documents.InOrder(c), Margins: margins}
	pages, err := kinds.Draw(found.docs, options, kinds.Beside{
		Trends:  func(load *compare.Comparison) []*history.Trend { return trendsBeside(c, p, load, options) },
		Scripts: func(docs []results.Document) []charts.Script { return ranScripts(c, docs) },
		Graphs:  func(docs []results.Document) []page.Link { return flameGraphs(found.paths, docs, path) },
	})
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := htmlreport.HTML(&text, pages); err != nil {
		return err
	}
	return deliver(p, path, text.Bytes())
}

// deliver writes the page to its file, or to standard output: without colours,
// which are nothing that a page has, so that every escape sequence in it is
// somebody else's.
func deliver(p console.Process, path string, page []byte) error {
	if path == "-" {
		_, err := source.NewGuard(p.Raw.Stdout, false, false).Write(page)
		return err
	}
	if err := results.WriteFile(path, page); err != nil {
		return source.WithHint(fmt.Errorf("the report cannot be written to %s: %w", path, err), "name a file in a folder that exists and is writable: -o FILE")
	}
	fmt.Fprintf(p.Stdout, "report: %s\n", path)
	return nil
}
