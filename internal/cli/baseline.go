package cli

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

func baselineCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:  "baseline",
		Usage: "keep runs under a name, to hold later ones against: gate --baseline-run NAME",
		Subcommands: []*cli.Command{
			{Name: "save", Usage: "keep a copy of the run that REF means (default: the newest)", ArgsUsage: "NAME [REF]",
				Flags:  []cli.Flag{resultsFlag(), formatOf("text", "json"), &cli.BoolFlag{Name: "force", Usage: "replace a baseline of the same name"}},
				Action: func(c *cli.Context) error { return saveBaseline(c, p) }},
			{Name: "list", Usage: "what was saved", Flags: []cli.Flag{resultsFlag(), formatOf(formats...)},
				Action: func(c *cli.Context) error { return listBaselines(c, p) }},
			{Name: "show", Usage: "print a baseline's figures", ArgsUsage: "NAME", Flags: []cli.Flag{resultsFlag(), formatFlag()},
				Action: func(c *cli.Context) error { return showBaseline(c, p) }},
		},
	}
}

func saveBaseline(c *cli.Context, p Process) error {
	if c.NArg() < 1 || c.NArg() > 2 {
		return badFlag("give the baseline a name: taskbench baseline save NAME [REF]")
	}
	ref := "latest"
	if c.NArg() == 2 {
		ref = c.Args().Get(1)
	}
	store := openStore(c, p)
	entries, err := store.Resolve(ref)
	if err != nil {
		return err
	}
	entries = wholeSession(store, ref, entries)
	b, err := store.SaveBaseline(c.Args().First(), entries, c.Bool("force"))
	if err != nil {
		return err
	}
	if asJSON(c) {
		return writeJSON(p.Stdout, savedBaseline{b})
	}
	fmt.Fprintf(p.Stdout, "saved %s: run %s of %s\n", b.Name, b.Session, strings.Join(implementations(b), ", "))
	return nil
}

// savedBaseline and baselineList are what `baseline save` and `baseline list`
// print as JSON.
type (
	savedBaseline struct {
		Saved results.Baseline `json:"saved"`
	}
	baselineList struct {
		Baselines []results.Baseline `json:"baselines"`
	}
)

func implementations(b results.Baseline) []string {
	var names []string
	for _, e := range b.Entries {
		names = append(names, e.Implementation)
	}
	return names
}

func listBaselines(c *cli.Context, p Process) error {
	list, problems := openStore(c, p).Baselines()
	for _, problem := range problems {
		fmt.Fprintln(p.Stderr, problem)
	}
	format := c.String("format")
	if len(list) == 0 && format == "text" {
		fmt.Fprintln(p.Stdout, "no baselines yet: taskbench baseline save NAME keeps the newest run")
		return nil
	}
	table := listing("name", "created", "session", "implementations")
	for _, b := range list {
		table.Rows = append(table.Rows, cells(b.Name, minute(b.Created), b.Session, strings.Join(implementations(b), ", ")))
	}
	return writePage(p, page.Listing(table, baselineList{list}), format)
}

func showBaseline(c *cli.Context, p Process) error {
	if c.NArg() != 1 {
		return badFlag("name a baseline (see: taskbench baseline list)")
	}
	if err := checkFormat(c.String("format")); err != nil {
		return err
	}
	b, err := openStore(c, p).Baseline(c.Args().First())
	if err != nil {
		return err
	}
	docs, err := readDocuments(b.Entries)
	if err != nil {
		return err
	}
	comparison, err := compare.New(docs, compare.Options{})
	if err != nil {
		return err
	}
	return writePage(p, words.Load(comparison), c.String("format"))
}
