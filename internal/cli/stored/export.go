package stored

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
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/compare/stats"
	"taskbench/compare/words"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/export"
	"taskbench/internal/page"
	"taskbench/internal/source"
	"taskbench/results"
)

// ExportFormats are the words that --to takes.
var ExportFormats = []string{"markdown", "csv", "go", "bmf", "github-action-benchmark", "junit", "openmetrics", "hgrm"}

func exportCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write stored results in the format of another tool",
		ArgsUsage: "[REF...]",
		Description: "Without REF: the newest run. Formats: markdown (a pull request's comment), csv, go (for benchstat\n" +
			"-col impl), bmf (Bencher), github-action-benchmark (two files, one a direction), junit (what gate\n" +
			"decides; with --micro of microbenchmarks), openmetrics, hgrm (HdrHistogram percentiles, a file a scenario and target).",
		Flags: append([]cli.Flag{documents.Flag(),
			&cli.StringFlag{Name: "to", Usage: "the `FORMAT`: " + strings.Join(ExportFormats, ", ")},
			&cli.StringFlag{Name: "o", Usage: "write to `FILE`; a folder for formats of several files (default: standard output)"},
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			baselineRunFlag(), microGateFlag(), onFlag(),
			&cli.BoolFlag{Name: "ledger", Usage: "of the newest ledger, or those that REF means, instead of load tests"},
		}, gateRuleFlags()...),
		Action: func(c *cli.Context) error { return exportResults(c, p) },
	}
}

func exportResults(c *cli.Context, p console.Process) error {
	format := c.String("to")
	if format == "" {
		return console.BadFlag("say which format with --to FORMAT: %s", strings.Join(ExportFormats, ", "))
	}
	if !slices.Contains(ExportFormats, format) {
		return console.Usagef(format, ExportFormats, "unknown format %q", format)
	}
	if err := gateFlagsFit(c, p, format); err != nil {
		return err
	}
	files, err := exportFiles(c, p, format)
	if err != nil {
		return err
	}
	return writeExport(p.Stdout, c.String("o"), format, files)
}

// gateFlagsFit refuses what would have no effect.
func gateFlagsFit(c *cli.Context, p console.Process, format string) error {
	gated := slices.ContainsFunc([]string{"warn", "fail", "margin", "strict", "conservative", "expected", "baseline-run"}, func(flag string) bool { return given(c, p, flag) })
	switch {
	case gated && format != "junit" && format != "markdown":
		return console.BadFlag("the limits of a gate are for --to junit and --to markdown")
	case c.String("on") != "" && format != "junit":
		return console.BadFlag("--on is for --to junit: what taskbench gate --on decides; --ledger writes a ledger's figures")
	case c.Bool("ledger") && (format == "junit" || format == "hgrm"):
		return console.BadFlag("a ledger has no %s: --to junit takes --on instructions, and percentiles are of times", map[string]string{"junit": "gate of its own", "hgrm": "percentiles"}[format])
	case c.Bool("micro") && format != "junit":
		return console.BadFlag("--micro is for --to junit; taskbench micro compare --format markdown, csv or json prints microbenchmarks")
	}
	return nil
}

// severalFiles are the formats that are written into a folder.
var severalFiles = []string{"github-action-benchmark", "hgrm"}

func exportFiles(c *cli.Context, p console.Process, format string) ([]export.File, error) {
	if format == "junit" {
		ask, err := gateOptions(c)
		if err != nil {
			return nil, err
		}
		g, err := gateReport(c, p, ask)
		return []export.File{{Write: func(w io.Writer) error { return export.JUnit(w, g) }}}, err
	}
	if c.Bool("ledger") {
		return ledgerFiles(c, p, format)
	}
	docs, err := documents.Named(documents.Open(c, p), c.Args().Slice())
	if err != nil {
		return nil, err
	}
	if docs[0].Kind == results.Ledger {
		return ledgerFiles(c, p, format)
	}
	comparison, err := compare.New(docs, lineup.Options{Baseline: c.String("baseline"), First: documents.InOrder(c)})
	if err != nil {
		return nil, err
	}
	if format == "markdown" {
		return commentFile(c, p, comparison)
	}
	return comparisonFiles(format, comparison, docs)
}

// ledgerFiles are a ledger's figures in the formats that have a place for them.
func ledgerFiles(c *cli.Context, p console.Process, format string) ([]export.File, error) {
	docs, err := countedDocuments(documents.Open(c, p), c.Args().Slice())
	if err != nil {
		return nil, err
	}
	table, err := compare.NewLedger(docs, lineup.Options{Baseline: c.String("baseline"), First: documents.InOrder(c)})
	if err != nil {
		return nil, err
	}
	shown := words.Ledger(table)
	switch format {
	case "markdown":
		return []export.File{{Write: func(w io.Writer) error { return page.Markdown(w, shown) }}}, nil
	case "csv":
		return []export.File{{Write: func(w io.Writer) error { return page.CSV(w, shown) }}}, nil
	case "hgrm":
		return nil, console.BadFlag("a ledger has no percentiles: those are of times")
	}
	return comparisonFiles(format, table.Figures(), docs)
}

// commentFile is the comparison with what the gate decides; without that where
// there is one target alone.
func commentFile(c *cli.Context, p console.Process, comparison *compare.Comparison) ([]export.File, error) {
	var report *gate.Report
	if len(comparison.Targets) > 1 {
		ask, err := gateOptions(c)
		if err != nil {
			return nil, err
		}
		if report, err = gateReport(c, p, ask); err != nil {
			return nil, err
		}
	}
	return []export.File{{Write: func(w io.Writer) error { return export.Comment(w, comparison, report) }}}, nil
}

func comparisonFiles(format string, c *compare.Comparison, docs []results.Document) ([]export.File, error) {
	switch format {
	case "hgrm":
		return export.Percentiles(c, docs)
	case "github-action-benchmark":
		return actionFiles(c), nil
	}
	write := map[string]func(io.Writer, *compare.Comparison) error{
		"csv": func(w io.Writer, c *compare.Comparison) error { return page.CSV(w, words.Load(c)) }, "go": export.GoBenchmark, "bmf": export.Bencher, "openmetrics": export.OpenMetrics,
	}[format]
	return []export.File{{Write: func(w io.Writer) error { return write(w, c) }}}, nil
}

// actionFiles are those of the directions that there are figures of: the action
// fails on an empty one.
func actionFiles(c *compare.Comparison) []export.File {
	var files []export.File
	for _, f := range []struct {
		name   string
		better stats.Direction
	}{{"bigger_is_better.json", stats.HigherIsBetter}, {"smaller_is_better.json", stats.LowerIsBetter}} {
		if export.HasDirection(c, f.better) {
			files = append(files, export.File{Name: f.name, Write: func(w io.Writer) error { return export.GitHubActionBenchmark(w, c, f.better) }})
		}
	}
	return files
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
		return console.BadFlag("%s is several files: give a folder with -o DIR", format)
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
	if err := results.WriteFile(path, text); err != nil {
		return unwritableExport(err)
	}
	return nil
}

func unwritableExport(err error) error {
	return source.WithHint(fmt.Errorf("the export cannot be written: %w", err), "choose another place with -o")
}
