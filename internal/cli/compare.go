package cli

import (
	"fmt"
	"slices"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/finding"
	"taskbench/results"
)

func compareCommand(p Process) *cli.Command {
	return &cli.Command{
		Name:      "compare",
		Usage:     "print stored results side by side",
		ArgsUsage: "[A B] [SCENARIO...]",
		Description: "Without arguments: the answer of the newest run. A and B are stored results: an implementation's\n" +
			"name (its newest), NAME@DATE, a session, or a file. A is the baseline, unless --baseline names another.\n" +
			"SCENARIO, or SCENARIO@CONNECTIONS, prints its every metric; --steps those of its steps, too.",
		Flags: []cli.Flag{resultsFlag(), formatFlag(),
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that ratios are taken to"},
			marginFlag(),
			&cli.BoolFlag{Name: "steps", Usage: "every metric of the scenarios, and of their steps"},
			&cli.BoolFlag{Name: "all", Usage: "all that there is to show of all scenarios"}},
		Action: func(c *cli.Context) error {
			if err := checkFormat(c.String("format")); err != nil {
				return err
			}
			margins, err := marginsOf(c)
			if err != nil {
				return err
			}
			store := openStore(c, p)
			named, others := apart(store, c.Args().Slice())
			docs, err := storedDocuments(store, named)
			if err == nil {
				err = areScenarios(store, docs, others)
			}
			if err != nil {
				return err
			}
			o := compare.Options{Baseline: c.String("baseline"), First: len(named) > 1, Margins: margins}
			if docs[0].Kind != results.LoadTest {
				return printKind(p, docs, o, c.String("format"))
			}
			comparison, err := compare.New(docs, o)
			if err != nil {
				return err
			}
			if len(named) == 0 {
				comparison.Notes = slices.Insert(comparison.Notes, 0, newerAttempt(store, docs)...)
			}
			return writePage(p, comparisonPage(comparison, detail{others, c.Bool("steps"), c.Bool("all")}), c.String("format"))
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

// inOrder reports whether results are named one after the other: the first is
// then what the others are held against.
func inOrder(c *cli.Context) bool { return c.NArg() > 1 }

// leading puts the baseline of what one word means before the others.
func leading(entries []results.Entry) []results.Entry {
	isBaseline := func(e results.Entry) bool { return e.Implementation == e.Baseline }
	if i := slices.IndexFunc(entries, isBaseline); i > 0 {
		return slices.Concat(entries[i:i+1], entries[:i], entries[i+1:])
	}
	return entries
}

// newerAttempt says, or nothing, that results are not those of the newest
// attempt to measure their kind.
func newerAttempt(store *results.Store, docs []results.Document) []finding.Finding {
	quiet := &results.Store{Dir: store.Dir} // who read the documents has told of damaged files
	sessions, _ := quiet.Sessions()
	newest := slices.MaxFunc(docs, func(a, b results.Document) int { return a.Created.Compare(b.Created) })
	for _, s := range sessions { // newest first
		var names []string
		complete := 1.0
		for _, e := range s.Entries {
			if e.Kind == newest.Kind {
				names = append(names, e.Implementation)
			}
			if !e.Complete {
				complete = 0
			}
		}
		if len(names) == 0 {
			continue
		}
		if s.ID == newest.Session || !s.Created.After(newest.Created) {
			return nil
		}
		return []finding.Finding{{Code: finding.NewerAttempt, Values: finding.Values{"complete": complete},
			Said: append([]string{newest.Session, minute(newest.Created), s.ID, minute(s.Created)}, names...)}}
	}
	return nil
}

// storedDocuments reads what the words name, in their order; the newest
// session's where there are none.
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
		read, err := readDocuments(leading(entries))
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
