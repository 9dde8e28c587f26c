package cli

import (
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
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
		return showFigures(p, *doc)
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
		return compare.HistogramsJSON(p.Stdout, all)
	}
	for i, h := range all {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}
		if err := compare.HistogramsText(p.Stdout, h, p.textOptions()); err != nil {
			return err
		}
	}
	return nil
}

// figureWriters print a document of a kind for people, as the command that
// measured it did.
var figureWriters = map[results.Kind]func(io.Writer, []results.Document, compare.TextOptions) error{
	results.LoadTest: func(w io.Writer, docs []results.Document, o compare.TextOptions) error {
		c, err := compare.New(docs, compare.Options{})
		if err != nil {
			return err
		}
		return compare.Text(w, c, o)
	},
	results.Microbench: func(w io.Writer, docs []results.Document, o compare.TextOptions) error {
		c, err := compare.CompareMicro(docs, compare.MicroOptions{})
		if err != nil {
			return err
		}
		return compare.MicroText(w, c, o)
	},
	results.Memory: func(w io.Writer, docs []results.Document, o compare.TextOptions) error {
		c, err := compare.NewMemory(docs)
		if err != nil {
			return err
		}
		return compare.MemoryText(w, c, o)
	},
	results.Soak: func(w io.Writer, docs []results.Document, o compare.TextOptions) error {
		c, err := compare.NewSoak(docs)
		if err != nil {
			return err
		}
		return compare.SoakText(w, c, o)
	},
	results.CPU: func(w io.Writer, docs []results.Document, o compare.TextOptions) error {
		c, err := compare.NewProfile(compare.CPUProfile, docs)
		if err != nil {
			return err
		}
		return compare.ProfileText(w, c, o)
	},
}

func showFigures(p Process, d results.Document) error {
	return figureWriters[d.Kind](p.Stdout, []results.Document{d}, p.textOptions())
}
