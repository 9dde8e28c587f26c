package stored

import (
	"fmt"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/lineup"
	"taskbench/compare/words"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/page"
	"taskbench/results"
)

func baselineCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:  "baseline",
		Usage: "keep runs under a name, to hold later ones against: gate --baseline-run NAME",
		Subcommands: []*cli.Command{
			{Name: "save", Usage: "keep a copy of the run that REF means (default: the newest)", ArgsUsage: "NAME [REF]",
				Flags: []cli.Flag{documents.Flag(), console.FormatOf("text", "json"), &cli.BoolFlag{Name: "force", Usage: "replace a baseline of the same name"},
					&cli.BoolFlag{Name: "micro", Usage: "without REF: the newest microbenchmarks"}},
				Action: func(c *cli.Context) error { return saveBaseline(c, p) }},
			{Name: "list", Usage: "what was saved", Flags: []cli.Flag{documents.Flag(), console.FormatOf(console.Formats...)},
				Action: func(c *cli.Context) error { return listBaselines(c, p) }},
			{Name: "show", Usage: "print a baseline's figures", ArgsUsage: "NAME", Flags: []cli.Flag{documents.Flag(), console.FormatFlag()},
				Action: func(c *cli.Context) error { return showBaseline(c, p) }},
		},
	}
}

func saveBaseline(c *cli.Context, p console.Process) error {
	if c.NArg() < 1 || c.NArg() > 2 {
		return console.BadFlag("give the baseline a name: taskbench baseline save NAME [REF]")
	}
	ref := "latest"
	if c.NArg() == 2 {
		ref = c.Args().Get(1)
	}
	store := documents.Open(c, p)
	resolve := store.Resolve
	if c.Bool("micro") {
		resolve = func(ref string) ([]results.Entry, error) { return store.ResolveKind(results.Microbench, ref) }
	}
	entries, err := resolve(ref)
	if err != nil {
		return err
	}
	entries = documents.WholeSession(store, ref, entries)
	b, err := store.SaveBaseline(c.Args().First(), entries, c.Bool("force"))
	if err != nil {
		return err
	}
	if console.AsJSON(c) {
		return console.WriteJSON(p.Stdout, SavedBaseline{b})
	}
	if slices.ContainsFunc(b.Entries, func(e results.Entry) bool { return !e.Complete }) {
		fmt.Fprintf(p.Stderr, "warning: run %s is not complete: gates would hold others against what there is of it (taskbench run --resume %s goes on)\n", b.Session, b.Session)
	}
	fmt.Fprintf(p.Stdout, "saved %s: run %s of %s\n", b.Name, b.Session, strings.Join(implementations(b), ", "))
	return nil
}

// SavedBaseline and BaselineList are what `baseline save` and `baseline list`
// print as JSON.
type (
	SavedBaseline struct {
		Saved results.SavedRun `json:"saved"`
	}
	BaselineList struct {
		Baselines []results.SavedRun `json:"baselines"`
	}
)

func implementations(b results.SavedRun) []string {
	var names []string
	for _, e := range b.Entries {
		names = append(names, e.Implementation)
	}
	return names
}

// savedNote is what the documents of a saved run have to say, each thing once.
func savedNote(b results.SavedRun) string {
	var notes []string
	for _, e := range b.Entries {
		if note := entryNote(e); note != "" && !slices.Contains(notes, note) {
			notes = append(notes, note)
		}
	}
	return strings.Join(notes, "; ")
}

func listBaselines(c *cli.Context, p console.Process) error {
	list, problems := documents.Open(c, p).Baselines()
	for _, problem := range problems {
		fmt.Fprintln(p.Stderr, problem)
	}
	format := c.String("format")
	if len(list) == 0 && format == "text" {
		fmt.Fprintln(p.Stdout, "no baselines yet: taskbench baseline save NAME keeps the newest run")
		return nil
	}
	table := console.Listing("name", "created", "session", "implementations", "note")
	for _, b := range list {
		table.Rows = append(table.Rows, console.Cells(b.Name, documents.Minute(b.Created), b.Session, strings.Join(implementations(b), ", "), savedNote(b)))
	}
	return console.WritePage(p, page.Listing(table, BaselineList{list}), format)
}

func showBaseline(c *cli.Context, p console.Process) error {
	if c.NArg() != 1 {
		return console.BadFlag("name a baseline (see: taskbench baseline list)")
	}
	if err := console.CheckFormat(c.String("format")); err != nil {
		return err
	}
	b, err := documents.Open(c, p).Baseline(c.Args().First())
	if err != nil {
		return err
	}
	docs, err := documents.Read(b.Entries)
	if err != nil {
		return err
	}
	if docs[0].Kind != results.LoadTest {
		return printKind(p, docs, lineup.Options{}, c.String("format"))
	}
	comparison, err := compare.New(docs, lineup.Options{})
	if err != nil {
		return err
	}
	return console.WritePage(p, words.Load(comparison), c.String("format"))
}
