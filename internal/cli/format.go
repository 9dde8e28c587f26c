package cli

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/page"
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

// writePage prints a page in a format that checkFormat let through.
func writePage(p Process, made page.Page, format string) error {
	switch format {
	case "markdown":
		return page.Markdown(p.Stdout, made)
	case "json":
		return page.JSON(p.Stdout, made)
	case "csv":
		return page.CSV(p.Stdout, made)
	}
	return page.Text(p.Stdout, made, p.textOptions())
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
func writeJSON(w io.Writer, v any) error { return page.Encode(w, v) }

// listing is a plain table of columns of words.
func listing(columns ...string) page.Form {
	var f page.Form
	for _, name := range columns {
		f.Columns = append(f.Columns, page.Column{Name: name, Words: true})
	}
	return f
}

func cells(texts ...string) page.Row {
	var r page.Row
	for _, t := range texts {
		r.Cells = append(r.Cells, page.Cell{Text: t})
	}
	return r
}

func printSchema(w io.Writer, schema func() ([]byte, error)) error {
	text, err := schema()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
