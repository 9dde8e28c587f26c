package cli

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/results"
)

func compareCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "print stored results side by side",
		ArgsUsage: "[A B]",
		Description: "Without arguments: the newest run. A and B are stored results: an implementation's name (its\n" +
			"newest), NAME@DATE, a session, or a file. A is the baseline.",
		Flags: []cli.Flag{resultsFlag(), formatFlag(),
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			marginFlag()},
		Action: func(c *cli.Context) error {
			if err := checkFormat(c.String("format")); err != nil {
				return err
			}
			margins, err := marginsOf(c)
			if err != nil {
				return err
			}
			docs, err := storedDocuments(openStore(c, p), c.Args().Slice())
			if err != nil {
				return err
			}
			comparison, err := compare.New(docs, compare.Options{Baseline: c.String("baseline"), Margins: margins})
			if err != nil {
				return err
			}
			return comparisonForms.write(p, comparison, c.String("format"))
		},
	}
}

// openStore is the store a command works on. Files that cannot be read are told
// on standard error and skipped.
func openStore(c *cli.Context, p Process) *results.Store {
	dir := c.String("results")
	if dir == "" {
		dir = "results"
	}
	return &results.Store{Dir: dir, Skipped: func(err error) { fmt.Fprintln(p.Stderr, err) }}
}

// storedDocuments reads what the words name; the newest session's where there
// are none.
func storedDocuments(store *results.Store, words []string) ([]results.Document, error) {
	if len(words) == 0 {
		words = []string{"latest"}
	}
	var docs []results.Document
	for _, word := range words {
		entries, err := store.Resolve(word)
		if err != nil {
			return nil, err
		}
		read, err := readDocuments(entries)
		if err != nil {
			return nil, err
		}
		docs = append(docs, read...)
	}
	return docs, nil
}

func readDocuments(entries []results.Entry) ([]results.Document, error) {
	var docs []results.Document
	for _, e := range entries {
		doc, err := results.ReadFile(e.Path)
		if err != nil {
			return nil, err
		}
		docs = append(docs, *doc)
	}
	return docs, nil
}
