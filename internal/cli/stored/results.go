package stored

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/page"
	"taskbench/results"
)

func resultsCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:  "results",
		Usage: "look into the stored results",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "what is stored, newest first, and how to name it", Flags: []cli.Flag{documents.Flag(), console.FormatOf(console.Formats...)},
				Action: func(c *cli.Context) error { return listResults(c, p) }},
			showCommand(p),
			{Name: "query", Usage: "print one value of a document by its gjson path", ArgsUsage: "REF PATH",
				Flags:  []cli.Flag{documents.Flag(), console.FormatOf("text", "json")},
				Action: func(c *cli.Context) error { return queryResults(c, p) }},
			{Name: "schema", Usage: "print the JSON Schema of a document", Flags: []cli.Flag{console.FormatOf("json")},
				Action: func(*cli.Context) error { return console.PrintSchema(p.Stdout, results.JSONSchema) }},
		},
	}
}

// ResultList is what `results list` prints as JSON.
type ResultList struct {
	Results []results.Entry `json:"results"`
}

func listResults(c *cli.Context, p console.Process) error {
	entries, problems := documents.Open(c, p).List()
	for _, problem := range problems {
		fmt.Fprintln(p.Stderr, problem)
	}
	format := c.String("format")
	if len(entries) == 0 && format == "text" {
		fmt.Fprintln(p.Stdout, "nothing stored yet: taskbench run measures, taskbench demo shows how it looks")
		return nil
	}
	list := console.Listing("created", "implementation", "kind", "session", "file", "note")
	for _, e := range entries {
		list.Rows = append(list.Rows, console.Cells(documents.Minute(e.Created), e.Implementation, string(e.Kind), e.Session, e.Path, entryNote(e)))
	}
	if err := console.WritePage(p, page.Listing(list, ResultList{entries}), format); err != nil || format != "text" {
		return err
	}
	newest := entries[0]
	_, err := fmt.Fprintf(p.Stdout, "\nname one by its file, or as IMPLEMENTATION@SESSION:\n  taskbench results show %s@%s\n", newest.Implementation, newest.Session)
	return err
}

func entryNote(e results.Entry) string {
	var notes []string
	if e.Reference != "" {
		notes = append(notes, e.Reference)
	}
	if e.SentBy != "" {
		notes = append(notes, "sent by "+e.SentBy)
	}
	if !e.Complete {
		notes = append(notes, "not complete")
	}
	return strings.Join(notes, "; ")
}

// oneEntry resolves a reference that must mean a single document.
func oneEntry(c *cli.Context, p console.Process) (results.Entry, error) {
	entries, err := namedEntries(c, p)
	if err != nil {
		return results.Entry{}, err
	}
	if len(entries) > 1 {
		names := make([]string, len(entries))
		for i, e := range entries {
			names[i] = e.Implementation
		}
		return results.Entry{}, console.BadFlag("%q means %d documents, of %v: name one of them, like %s", c.Args().First(), len(entries), names, entries[0].Implementation+"@"+entries[0].Session)
	}
	return entries[0], nil
}

// namedEntries resolves the first argument; there is one entry at least.
func namedEntries(c *cli.Context, p console.Process) ([]results.Entry, error) {
	if c.NArg() == 0 {
		return nil, console.BadFlag("name a result: latest, an implementation, NAME@DATE, a session or a file (see: taskbench results list)")
	}
	entries, err := documents.Open(c, p).Resolve(c.Args().First())
	if err != nil {
		return nil, console.Exit(console.ExitFailed, err) // a damaged file has a place, but is nobody's mistake in writing
	}
	return entries, nil
}

func queryResults(c *cli.Context, p console.Process) error {
	if c.NArg() != 2 {
		return console.BadFlag("give a result and a path: taskbench results query rust scenarios.0.trials.#.throughput_per_s")
	}
	entry, err := oneEntry(c, p)
	if err != nil {
		return err
	}
	value, err := results.Query(entry.Path, c.Args().Get(1))
	if err != nil {
		return err
	}
	text := value.String()
	if console.AsJSON(c) {
		text = value.Raw
	}
	_, err = fmt.Fprintln(p.Stdout, text)
	return err
}
