package stored

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"taskbench/compare"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/internal/figure"
	"taskbench/results"
)

// counts are what a gate may decide on of a ledger, by their words.
var counts = map[string]*figure.Figure{
	"instructions": figure.CountedInstructions, "application": figure.CountedApplication, "allocations": figure.CountedAllocations, "syscalls": figure.CountedSystemCalls,
}

// countsLimit is a limit of a gate on counts: what was given, or its own default.
func countsLimit(c *cli.Context, flag, usual string) string {
	if c.IsSet(flag) {
		return c.String(flag)
	}
	return usual
}

// countedDocuments are what the words name of ledgers; the newest one's where there
// are none.
func countedDocuments(store *results.Store, words []string) ([]results.Document, error) {
	return ofKind(store, results.Ledger, words)
}

// ofKind are the documents of a kind that words name; the newest run's without any.
func ofKind(store *results.Store, kind results.Kind, words []string) ([]results.Document, error) {
	if len(words) == 0 {
		words = []string{"latest"}
	}
	var docs []results.Document
	for _, word := range words {
		more, err := documents.OfKind(store, kind, word)
		if err != nil {
			return nil, err
		}
		docs = append(docs, more...)
	}
	return docs, nil
}

func ledgerGateReport(c *cli.Context, p console.Process, docs []results.Document, ask gate.Options) (*gate.Report, error) {
	if given(c, p, "baseline-run") || given(c, p, "margin") || c.Bool("expected") {
		return nil, console.BadFlag("--on holds one ledger's implementations against each other: leave --baseline-run, --margin and --expected out")
	}
	var on []*figure.Figure
	for word := range strings.SplitSeq(c.String("on"), ",") {
		f := counts[strings.TrimSpace(word)]
		if f == nil {
			return nil, console.Usagef(word, []string{"instructions", "application", "allocations", "syscalls"}, "--on %q is nothing that a ledger counts", word)
		}
		if !slices.Contains(on, f) {
			on = append(on, f)
		}
	}
	table, err := compare.NewLedger(docs, lineup.Options{Baseline: c.String("baseline"), First: documents.InOrder(c)})
	if err != nil {
		return nil, err
	}
	return gate.OfLedger(table, on, ask)
}
