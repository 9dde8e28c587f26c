package cli

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

func showCommand(p Process) *cli.Command {
	return &cli.Command{
		Name: "show", Usage: "print what REF means: its figures, its latencies drawn, or the whole document (--format json)", ArgsUsage: "REF [SCENARIO...]",
		Description: "REF: latest, an implementation's name (its newest), NAME@DATE, a session or a file. With --histogram:\n" +
			"the latencies of every scenario, or of those named, all pairs merged.",
		Flags: []cli.Flag{resultsFlag(),
			&cli.StringFlag{Name: "format", Usage: "`FORMAT`: text or json (the whole document)", Value: "text"},
			&cli.BoolFlag{Name: "histogram", Usage: "draw how the latencies are distributed"},
			&cli.BoolFlag{Name: "steps", Usage: "with --histogram: each step as well, and whole iterations"},
		},
		Action: func(c *cli.Context) error { return showResults(c, p) },
	}
}

func showResults(c *cli.Context, p Process) error {
	text, err := showAsText(c)
	if err != nil {
		return err
	}
	if c.Bool("histogram") {
		return showHistograms(c, p, text)
	}
	if c.NArg() > 1 || c.Bool("steps") {
		return badFlag("scenarios and --steps are for --histogram")
	}
	entry, err := oneEntry(c, p)
	if err != nil {
		return err
	}
	doc, err := results.ReadFile(entry.Path)
	if err != nil {
		return exit(ExitFailed, err)
	}
	if text {
		return printKind(p, []results.Document{*doc}, compare.Options{}, "text")
	}
	return writeJSON(p.Stdout, doc)
}

// showAsText settles the form: figures for people, the document for programs.
func showAsText(c *cli.Context) (bool, error) {
	switch name := c.String("format"); name {
	case "text", "json":
		return name == "text", nil
	default:
		return false, usagef(name, []string{"text", "json"}, "unknown format %q", name)
	}
}

func showHistograms(c *cli.Context, p Process, text bool) error {
	entries, err := namedEntries(c, p)
	if err != nil {
		return err
	}
	var all []*compare.Histograms
	for _, e := range entries {
		doc, err := results.ReadFile(e.Path)
		if err != nil {
			return exit(ExitFailed, err)
		}
		h, err := compare.NewHistograms(*doc, c.Args().Tail(), c.Bool("steps"))
		if err != nil {
			return err
		}
		all = append(all, h)
	}
	if !text {
		return writeJSON(p.Stdout, map[string]any{"results": all})
	}
	for i, h := range all {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}
		if err := page.Text(p.Stdout, words.Histograms(h), p.textOptions()); err != nil {
			return err
		}
	}
	return nil
}

// printKind prints documents of any kind as the command that measured them did.
func printKind(p Process, docs []results.Document, o compare.Options, format string) error {
	pages, err := words.Of(docs, o)
	if err != nil {
		return err
	}
	for i, made := range pages {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}
		if err := writePage(p, made, format); err != nil {
			return err
		}
	}
	return nil
}
