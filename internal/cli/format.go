package cli

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
)

// formats are those of comparisons.
var formats = []string{"text", "markdown", "json", "csv"}

// formatFlag is --format of commands that print comparisons.
func formatFlag() cli.Flag {
	return &cli.StringFlag{Name: "format", EnvVars: []string{"TASKBENCH_FORMAT"}, Value: "text", Usage: "text, markdown, json or csv"}
}

func checkFormat(name string) error {
	if !slices.Contains(formats, name) {
		return usagef(name, formats, "unknown format %q", name)
	}
	return nil
}

// forms are the four ways in which one kind of comparison is written.
type forms[T any] struct {
	text                func(io.Writer, T, compare.TextOptions) error
	markdown, json, csv func(io.Writer, T) error
}

var (
	comparisonForms = forms[*compare.Comparison]{compare.Text, compare.Markdown, compare.JSON, compare.CSV}
	microForms      = forms[*compare.MicroComparison]{compare.MicroText, compare.MicroMarkdown, compare.MicroJSON, compare.MicroCSV}
	memoryForms     = forms[*compare.MemoryComparison]{compare.MemoryText, compare.MemoryMarkdown, compare.MemoryJSON, compare.MemoryCSV}
	profileForms    = forms[*compare.Profile]{compare.ProfileText, compare.ProfileMarkdown, compare.ProfileJSON, compare.ProfileCSV}
	soakForms       = forms[*compare.SoakComparison]{compare.SoakText, compare.SoakMarkdown, compare.SoakJSON, compare.SoakCSV}
)

// write prints v in a format that checkFormat let through.
func (f forms[T]) write(p Process, v T, format string) error {
	switch format {
	case "markdown":
		return f.markdown(p.Stdout, v)
	case "json":
		return f.json(p.Stdout, v)
	case "csv":
		return f.csv(p.Stdout, v)
	}
	return f.text(p.Stdout, v, p.textOptions())
}

// formatOf is --format of a command with forms of its own; the first is what
// it prints unasked. Every command that prints anything has json among them,
// even those that print nothing else: programs need not know which.
func formatOf(allowed ...string) cli.Flag {
	usage := "`FORMAT`: " + strings.Join(allowed, " or ")
	if len(allowed) == 1 {
		usage += ", which is all there is"
	}
	return &cli.StringFlag{Name: "format", Value: allowed[0], Usage: usage,
		Action: func(_ *cli.Context, name string) error {
			if !slices.Contains(allowed, name) {
				return usagef(name, allowed, "unknown format %q", name)
			}
			return nil
		}}
}

// asJSON reports whether JSON was asked for.
func asJSON(c *cli.Context) bool { return c.String("format") == "json" }

// writeJSON writes what docs/output.md describes.
func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
