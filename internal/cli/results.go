package cli

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/urfave/cli/v2"

	"taskbench/results"
)

func resultsCommand(p Process) *cli.Command {
	flags := []cli.Flag{resultsFlag()}
	return &cli.Command{
		Name:  "results",
		Usage: "look into the stored results",
		Subcommands: []*cli.Command{
			{Name: "list", Usage: "what is stored, newest first", Flags: append(flags, listFormatFlag()),
				Action: func(c *cli.Context) error { return listResults(c, p) }},
			{Name: "show", Usage: "print the document that REF means", ArgsUsage: "REF", Flags: flags,
				Action: func(c *cli.Context) error { return showResults(c, p) }},
			{Name: "query", Usage: "print one value of a document by its gjson path", ArgsUsage: "REF PATH", Flags: flags,
				Action: func(c *cli.Context) error { return queryResults(c, p) }},
			{Name: "schema", Usage: "print the JSON Schema of a document",
				Action: func(*cli.Context) error { return printSchema(p.Stdout, results.JSONSchema) }},
		},
	}
}

// A list is printed for people or as JSON.
var listFormats = []string{"text", "json"}

func listFormatFlag() cli.Flag {
	return &cli.StringFlag{Name: "format", Value: "text", Usage: "`FORMAT`: text or json",
		Action: func(_ *cli.Context, name string) error {
			if !slices.Contains(listFormats, name) {
				return usagef(name, listFormats, "unknown format %q", name)
			}
			return nil
		}}
}

func listResults(c *cli.Context, p Process) error {
	entries, problems := openStore(c, p).List()
	for _, problem := range problems {
		fmt.Fprintln(p.Stderr, problem)
	}
	if c.String("format") == "json" {
		return writeJSON(p.Stdout, map[string]any{"results": entries})
	}
	if len(entries) == 0 {
		fmt.Fprintln(p.Stdout, "nothing stored yet: taskbench run measures, taskbench demo shows how it looks")
		return nil
	}
	w := tabwriter.NewWriter(p.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "CREATED\tIMPLEMENTATION\tKIND\tSESSION\tFILE\tNOTE")
	for _, e := range entries {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Created.Local().Format("2006-01-02 15:04"), e.Implementation, e.Kind, e.Session, e.Path, entryNote(e))
	}
	return w.Flush()
}

func entryNote(e results.Entry) string {
	note := e.Reference
	if !e.Complete {
		if note != "" {
			note += "; "
		}
		note += "not complete"
	}
	return note
}

// oneEntry resolves a reference that must mean a single document.
func oneEntry(c *cli.Context, p Process) (results.Entry, error) {
	if c.NArg() == 0 {
		return results.Entry{}, badFlag("name a result: latest, an implementation, NAME@DATE, a session or a file (see: taskbench results list)")
	}
	entries, err := openStore(c, p).Resolve(c.Args().First())
	if err != nil {
		return results.Entry{}, exit(ExitFailed, err) // a damaged file has a place, but is nobody's mistake in writing
	}
	if len(entries) > 1 {
		names := make([]string, len(entries))
		for i, e := range entries {
			names[i] = e.Implementation
		}
		return results.Entry{}, badFlag("%q means %d documents, of %v: name the implementation", c.Args().First(), len(entries), names)
	}
	return entries[0], nil
}

func showResults(c *cli.Context, p Process) error {
	entry, err := oneEntry(c, p)
	if err != nil {
		return err
	}
	doc, err := results.ReadFile(entry.Path)
	if err != nil {
		return exit(ExitFailed, err)
	}
	return writeJSON(p.Stdout, doc)
}

func queryResults(c *cli.Context, p Process) error {
	if c.NArg() != 2 {
		return badFlag("give a result and a path: taskbench results query rust scenarios.0.trials.#.throughput_per_s")
	}
	entry, err := oneEntry(c, p)
	if err != nil {
		return err
	}
	value, err := results.Query(entry.Path, c.Args().Get(1))
	if err != nil {
		return err
	}
	fmt.Fprintln(p.Stdout, value.String())
	return nil
}

func printSchema(w io.Writer, schema func() ([]byte, error)) error {
	text, err := schema()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
