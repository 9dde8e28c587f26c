package cli

import (
	"bytes"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	htmlreport "taskbench/internal/report"
	"taskbench/results"
)

func reportCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "report",
		Usage:     "write stored results as one HTML page with charts",
		ArgsUsage: "[REF...]",
		Description: "Without REF: the newest run. REF is an implementation's name (its newest), NAME@DATE, a session,\n" +
			"or a file. The page needs no other file and no network.",
		Flags: []cli.Flag{resultsFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "report.html", Usage: "write to `FILE`; - is standard output"},
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			marginFlag()},
		Action: func(c *cli.Context) error { return writeReport(c, p) },
	}
}

func writeReport(c *cli.Context, p Process) error {
	margins, err := marginsOf(c)
	if err != nil {
		return err
	}
	docs, err := storedDocuments(openStore(c, p), c.Args().Slice())
	if err != nil {
		return err
	}
	tests, others := loadTests(docs)
	if len(tests) > 0 && len(others) > 0 {
		fmt.Fprintf(p.Stderr, "left out of the report, which shows load tests: %d other documents\n", len(others))
		docs = tests
	}
	comparison, err := compare.New(docs, compare.Options{Baseline: c.String("baseline"), Margins: margins})
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := htmlreport.HTML(&page, comparison, docs); err != nil {
		return err
	}
	path := c.String("output")
	if path == "-" {
		_, err := p.Stdout.Write(page.Bytes())
		return err
	}
	if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
		return fmt.Errorf("the report cannot be written: %w", err)
	}
	fmt.Fprintf(p.Stdout, "report: %s\n", path)
	return nil
}

// loadTests parts load tests from what was measured beside them in a session.
func loadTests(docs []results.Document) (tests, others []results.Document) {
	for _, d := range docs {
		if d.Kind == results.LoadTest {
			tests = append(tests, d)
		} else {
			others = append(others, d)
		}
	}
	return tests, others
}
