package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/internal/export"
	"taskbench/internal/source"
	"taskbench/results"
)

var exportFormats = []string{"markdown", "csv", "go", "bmf", "github-action-benchmark", "junit", "openmetrics", "hgrm"}

func exportCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write stored results in the format of another tool",
		ArgsUsage: "[REF...]",
		Description: "Without REF: the newest run. Formats: markdown (a pull request's comment), csv, go (for benchstat\n" +
			"-col impl), bmf (Bencher), github-action-benchmark (two files, one a direction), junit (what gate\n" +
			"decides), openmetrics, hgrm (HdrHistogram percentiles, a file a scenario and target).",
		Flags: append([]cli.Flag{resultsFlag(),
			&cli.StringFlag{Name: "to", Usage: "the `FORMAT`: " + strings.Join(exportFormats, ", ")},
			&cli.StringFlag{Name: "o", Usage: "write to `FILE`; a folder for formats of several files (default: standard output)"},
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			baselineRunFlag(),
		}, gateRuleFlags()...),
		Action: func(c *cli.Context) error { return exportResults(c, p) },
	}
}

func exportResults(c *cli.Context, p Process) error {
	format := c.String("to")
	if format == "" {
		return badFlag("say which format with --to FORMAT: %s", strings.Join(exportFormats, ", "))
	}
	if !slices.Contains(exportFormats, format) {
		return usagef(format, exportFormats, "unknown format %q", format)
	}
	if format != "junit" && (c.IsSet("warn") || c.IsSet("fail") || c.Bool("strict") || c.Bool("conservative") || c.IsSet("baseline-run")) {
		return badFlag("the limits of a gate are for --to junit")
	}
	files, err := exportFiles(c, p, format)
	if err != nil {
		return err
	}
	return writeExport(p.Stdout, c.String("o"), format, files)
}

// severalFiles are the formats that are written into a folder.
var severalFiles = []string{"github-action-benchmark", "hgrm"}

func exportFiles(c *cli.Context, p Process, format string) ([]export.File, error) {
	if format == "junit" {
		rule, err := gateRule(c)
		if err != nil {
			return nil, err
		}
		g, err := gateReport(c, p, rule)
		return []export.File{{Write: func(w io.Writer) error { return export.JUnit(w, g) }}}, err
	}
	docs, err := storedDocuments(openStore(c, p), c.Args().Slice())
	if err != nil {
		return nil, err
	}
	comparison, err := compare.New(docs, compare.Options{Baseline: c.String("baseline")})
	if err != nil {
		return nil, err
	}
	return comparisonFiles(format, comparison, docs)
}

func comparisonFiles(format string, c *compare.Comparison, docs []results.Document) ([]export.File, error) {
	switch format {
	case "hgrm":
		return export.Percentiles(c, docs)
	case "github-action-benchmark":
		return []export.File{
			{Name: "bigger_is_better.json", Write: func(w io.Writer) error { return export.GitHubActionBenchmark(w, c, compare.Higher) }},
			{Name: "smaller_is_better.json", Write: func(w io.Writer) error { return export.GitHubActionBenchmark(w, c, compare.Lower) }},
		}, nil
	}
	write := map[string]func(io.Writer, *compare.Comparison) error{
		"markdown": export.Comment, "csv": compare.CSV, "go": export.GoBenchmark, "bmf": export.Bencher, "openmetrics": export.OpenMetrics,
	}[format]
	return []export.File{{Write: func(w io.Writer) error { return write(w, c) }}}, nil
}

// writeExport writes nothing where a part of it cannot be made.
func writeExport(stdout io.Writer, to, format string, files []export.File) error {
	texts := make([]bytes.Buffer, len(files))
	for i, f := range files {
		if err := f.Write(&texts[i]); err != nil {
			return err
		}
	}
	if slices.Contains(severalFiles, format) {
		return writeFolder(to, format, files, texts)
	}
	if to == "" || to == "-" {
		_, err := stdout.Write(texts[0].Bytes())
		return err
	}
	return writeFile(to, texts[0].Bytes())
}

func writeFolder(dir, format string, files []export.File, texts []bytes.Buffer) error {
	switch {
	case dir == "" || dir == "-":
		return badFlag("%s is several files: give a folder with -o DIR", format)
	case len(files) == 0:
		return fmt.Errorf("there is nothing to export: no target has answers to show")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return unwritableExport(err)
	}
	for i, f := range files {
		if err := writeFile(filepath.Join(dir, f.Name), texts[i].Bytes()); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, text []byte) error {
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return unwritableExport(err)
	}
	return nil
}

func unwritableExport(err error) error {
	return source.WithHint(fmt.Errorf("the export cannot be written: %w", err), "choose another place with -o")
}
