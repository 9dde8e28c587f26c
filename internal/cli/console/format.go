package console

import (
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/page"
)

// Formats are those of comparisons.
var Formats = []string{"text", "markdown", "json", "csv"}

// FormatFlag is --format of commands that print comparisons.
func FormatFlag() cli.Flag {
	return &cli.StringFlag{Name: "format", EnvVars: []string{"TASKBENCH_FORMAT"}, Value: "text", Usage: "text, markdown, json or csv"}
}

// CheckFormat refuses what is none of Formats.
func CheckFormat(name string) error {
	if !slices.Contains(Formats, name) {
		return Usagef(name, Formats, "unknown format %q", name)
	}
	return nil
}

// WritePage prints a page in a format that checkFormat let through.
func WritePage(p Process, made page.Page, format string) error {
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

// FormatOf is --format of a command with forms of its own; the first is what
// it prints unasked. Every command that prints anything has json among them,
// even those that print nothing else: programs need not know which.
func FormatOf(allowed ...string) cli.Flag {
	usage := "`FORMAT`: " + strings.Join(allowed, " or ")
	if len(allowed) == 1 {
		usage += ", which is all there is"
	}
	return &cli.StringFlag{Name: "format", Value: allowed[0], Usage: usage,
		Action: func(_ *cli.Context, name string) error {
			if !slices.Contains(allowed, name) {
				return Usagef(name, allowed, "unknown format %q", name)
			}
			return nil
		}}
}

// AsJSON reports whether JSON was asked for.
func AsJSON(c *cli.Context) bool { return c.String("format") == "json" }

// WriteJSON writes what docs/output.md describes.
func WriteJSON(w io.Writer, v any) error { return page.Encode(w, v) }

// Listing is a plain table of columns of words.
func Listing(columns ...string) page.Form {
	var f page.Form
	for _, name := range columns {
		f.Columns = append(f.Columns, page.Column{Name: name, Words: true})
	}
	return f
}

// Cells is a row of texts.
func Cells(texts ...string) page.Row {
	var r page.Row
	for _, t := range texts {
		r.Cells = append(r.Cells, page.Cell{Text: t})
	}
	return r
}

// PrintSchema prints a JSON Schema as it is.
func PrintSchema(w io.Writer, schema func() ([]byte, error)) error {
	text, err := schema()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
