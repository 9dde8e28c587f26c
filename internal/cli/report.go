package cli

import (
	"bytes"
	"fmt"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	htmlreport "taskbench/internal/report"
	"taskbench/internal/source"
	"taskbench/results"
)

func reportCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "write stored results as one HTML page with charts",
		ArgsUsage: "[REF...]",
		Description: "Without REF: the newest load test, microbenchmarks, memory and profiles, and the history of stored runs.\n" +
			"REF is an implementation's name (its newest), NAME@DATE, a session, a baseline, or a file. The page needs\n" +
			"no other file and no network; flame graphs are linked.",
		Flags: []cli.Flag{resultsFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "report.html", Usage: "write to `FILE`; - is standard output"},
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			&cli.IntFlag{Name: "last", Value: 50, Usage: "show the history of the newest `N` runs; 0: none"},
			&cli.BoolFlag{Name: "no-scripts", Usage: "leave the generator's scripts out"},
			outsideFlag(), redactFlag(), marginFlag()},
		Action: func(c *cli.Context) error { return writeReport(c, p) },
	}
}

func writeReport(c *cli.Context, p Process) error {
	margins, err := marginsOf(c)
	if err != nil {
		return err
	}
	if c.Int("last") < 0 {
		return badFlag("--last %d: a number of runs, or 0 for no history", c.Int("last"))
	}
	found, err := findReported(openStore(c, p), c.Args().Slice())
	if err != nil {
		return err
	}
	options := compare.Options{Baseline: c.String("baseline"), First: inOrder(c), Margins: margins}
	material, err := found.material(options)
	if err != nil {
		return err
	}
	if load := material.Load.Comparison; load != nil && options.First { // the history is held against the same
		options.First, options.Baseline = false, load.Targets[0].Implementation
	}
	if material.Load.Comparison != nil && c.Int("last") > 0 {
		material.Trends = storedTrends(openStore(c, p), c.Int("last"), options)
	}
	if !c.Bool("no-scripts") {
		material.Scripts = ranScripts(c, material.Load.Documents)
	}
	path := c.String("output")
	material.CPUPages, material.HeapPages = flameGraphs(found.paths, material.CPU.Documents, path), flameGraphs(found.paths, material.Heap.Documents, path)
	var page bytes.Buffer
	if err := htmlreport.HTML(&page, material); err != nil {
		return err
	}
	return deliver(p, path, page.Bytes())
}

// deliver writes the page to its file, or to standard output: without colours,
// which are nothing that a page has, so that every escape sequence in it is
// somebody else's.
func deliver(p Process, path string, page []byte) error {
	if path == "-" {
		_, err := source.NewGuard(p.raw.Stdout, false, false).Write(page)
		return err
	}
	if err := results.WriteFile(path, page); err != nil {
		return source.WithHint(fmt.Errorf("the report cannot be written to %s: %w", path, err), "name a file in a folder that exists and is writable: -o FILE")
	}
	fmt.Fprintf(p.Stdout, "report: %s\n", path)
	return nil
}
