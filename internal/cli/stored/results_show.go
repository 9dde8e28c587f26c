package stored

import (
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/kinds"
	"taskbench/compare/lineup"
	"taskbench/compare/sentences"
	"taskbench/compare/words"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/page"
	"taskbench/results"
)

func showCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name: "show", Usage: "print what REF means: its figures, its latencies drawn, or the whole document (--format json)", ArgsUsage: "REF [SCENARIO...]",
		Description: "REF: latest, an implementation's name (its newest), NAME@DATE, a session or a file. With --histogram:\n" +
			"the latencies of every scenario, or of those named, all pairs merged.",
		Flags: []cli.Flag{documents.Flag(),
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: " + strings.Join(console.Formats, ", ") + "; without --histogram json is the whole document", Value: "text"},
			&cli.BoolFlag{Name: "histogram", Usage: "draw how the latencies are distributed"},
			&cli.BoolFlag{Name: "steps", Usage: "with --histogram: each step as well, and whole iterations"},
		},
		Action: func(c *cli.Context) error { return showResults(c, p) },
	}
}

func showResults(c *cli.Context, p console.Process) error {
	format := c.String("format")
	if err := console.CheckFormat(format); err != nil {
		return err
	}
	if c.Bool("histogram") {
		return showHistograms(c, p, format)
	}
	if c.NArg() > 1 || c.Bool("steps") {
		return console.BadFlag("scenarios and --steps are for --histogram")
	}
	entry, err := oneEntry(c, p)
	if err != nil {
		return err
	}
	doc, err := results.ReadFile(entry.Path)
	if err != nil {
		return console.Exit(console.ExitFailed, err)
	}
	if format == "json" {
		return console.WriteJSON(p.Stdout, doc)
	}
	return printKind(p, []results.Document{*doc}, lineup.Options{}, format)
}

func showHistograms(c *cli.Context, p console.Process, format string) error {
	entries, err := namedEntries(c, p)
	if err != nil {
		return err
	}
	var all []*compare.Histograms
	var pages []page.Page
	for _, e := range entries {
		doc, err := results.ReadFile(e.Path)
		if err != nil {
			return console.Exit(console.ExitFailed, err)
		}
		h, err := compare.NewHistograms(*doc, c.Args().Tail(), c.Bool("steps"))
		if err != nil {
			return err
		}
		all, pages = append(all, h), append(pages, words.Histograms(h))
	}
	joined := page.Joined(pages...)
	joined.Data = map[string]any{"results": sentences.WithTexts(all)} // a list, also of one
	return console.WritePage(p, joined, format)
}

// printKind prints documents of any kind as the command that measured them did.
func printKind(p console.Process, docs []results.Document, o lineup.Options, format string) error {
	pages, err := kinds.Pages(docs, o)
	if err != nil {
		return err
	}
	return console.WritePage(p, page.Joined(pages...), format)
}
