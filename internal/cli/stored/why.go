package stored

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/compare/lineup"
	"taskbench/compare/why"
	"taskbench/compare/words"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/ledger"
	"taskbench/internal/source"
	"taskbench/results"
)

func whyCommand(p console.Process) *cli.Command {
	return &cli.Command{
		Name:      "why",
		Usage:     "take the difference of two targets' answers apart: by function, module and system call",
		ArgsUsage: "[SCENARIO]",
		Description: "Reads what taskbench ledger counted. Largest parts first, everything else last: they add up to the gap.\n" +
			"With --before and --after: what became of the gap from one ledger to another. See docs/ledger.md.",
		Flags: []cli.Flag{documents.Flag(), console.FormatFlag(),
			&cli.StringFlag{Name: "step", Usage: "of the step `NAME` alone"},
			&cli.StringFlag{Name: "ledger", Value: "latest", Usage: "the ledger that `REF` means: latest, a session, rust@2026-11-23 or a file"},
			&cli.StringFlag{Name: "before", Usage: "what became of the gap since the ledger `REF`"},
			&cli.StringFlag{Name: "after", Usage: "in the ledger `REF` (default: latest)"},
			&cli.StringFlag{Name: "baseline", EnvVars: []string{"TASKBENCH_BASELINE"}, Usage: "the implementation `NAME` that differences are taken to"},
			&cli.StringFlag{Name: "candidate", Usage: "the other implementation `NAME` (default: the first)"},
			&cli.StringSliceFlag{Name: "match", Usage: "a function of the baseline is called otherwise in the candidate, `NAME=NAME`; api::*=server::* matches all that begin so"},
			&cli.IntFlag{Name: "rows", Usage: "show the `N` largest parts (default: 20)"},
		},
		Action: func(c *cli.Context) error { return printWhy(c, p) },
	}
}

func printWhy(c *cli.Context, p console.Process) error {
	o, err := whyOptions(c)
	if err != nil {
		return err
	}
	store := documents.Open(c, p)
	if c.IsSet("before") || c.IsSet("after") {
		return whyChange(c, p, store, o)
	}
	docs, err := ledgerDocuments(store, c.String("ledger"))
	if err != nil {
		return err
	}
	w, err := why.New(docs, o)
	if err != nil {
		return err
	}
	w.Beside(profiledRuns(store), o, ledger.FunctionName)
	return console.WritePage(p, words.Why(w), c.String("format"))
}

// profiledRuns are the stored CPU profiles of each session, the newest last.
func profiledRuns(store *results.Store) [][]results.Document {
	docs, err := documents.OfRuns(&results.Store{Dir: store.Dir, Skipped: func(error) {}}, results.CPU, newestProfiles)
	if err != nil {
		return nil
	}
	return lineup.Sessions(docs)
}

// newestProfiles are as many sessions as are looked through for a profile.
const newestProfiles = 20

func whyChange(c *cli.Context, p console.Process, store *results.Store, o why.Options) error {
	if !c.IsSet("before") {
		return console.BadFlag("--after needs --before: the ledger that the gap is held against")
	}
	before, err := ledgerDocuments(store, c.String("before"))
	if err != nil {
		return err
	}
	ref := "latest"
	if c.IsSet("after") {
		ref = c.String("after")
	}
	after, err := ledgerDocuments(store, ref)
	if err != nil {
		return err
	}
	if before[0].Session == after[0].Session {
		return console.BadFlag("--before and --after are one ledger, run %s: name two (taskbench results list)", before[0].Session)
	}
	change, err := why.NewChange(before, after, o)
	if err != nil {
		return err
	}
	return console.WritePage(p, words.WhyChange(change), c.String("format"))
}

// ledgerDocuments are all that was counted together with what a reference means.
func ledgerDocuments(store *results.Store, ref string) ([]results.Document, error) {
	entries, err := store.ResolveKind(results.Ledger, ref)
	if err != nil {
		return nil, source.WithHint(err, "taskbench ledger counts")
	}
	if strings.HasSuffix(ref, ".json") {
		return documents.Read(documents.BaselineFirst(beside(entries[0])))
	}
	return documents.Read(documents.BaselineFirst(documents.WholeSession(store, ref, entries)))
}

// beside are the documents of a file's session and kind in the store that it lies in;
// the file alone where it lies in none.
func beside(file results.Entry) []results.Entry {
	store := &results.Store{Dir: filepath.Dir(filepath.Dir(file.Path))}
	all, _ := store.List() // what cannot be read is not what is looked for
	all = slices.DeleteFunc(all, func(e results.Entry) bool { return e.Session != file.Session || e.Kind != file.Kind })
	if len(all) < 2 {
		return []results.Entry{file}
	}
	return all
}

func whyOptions(c *cli.Context) (why.Options, error) {
	o := why.Options{Options: lineup.Options{Baseline: c.String("baseline")}, Scenario: c.Args().First(), Step: c.String("step"), Candidate: c.String("candidate"), Parts: c.Int("rows")}
	switch {
	case c.NArg() > 1:
		return o, console.BadFlag("name one scenario")
	case c.IsSet("rows") && c.Int("rows") < 1:
		return o, console.BadFlag("--rows %d: how many parts to show, one at least", c.Int("rows"))
	}
	for _, m := range c.StringSlice("match") {
		base, candidate, ok := strings.Cut(m, "=")
		if !ok || base == "" || candidate == "" || strings.HasSuffix(base, "*") != strings.HasSuffix(candidate, "*") {
			return o, console.BadFlag("--match %q: write the baseline's name, =, and the candidate's, or the beginnings of both with * behind them", m)
		}
		o.Renamed = append(o.Renamed, why.Renamed{Base: base, Candidate: candidate})
	}
	return o, console.CheckFormat(c.String("format"))
}
