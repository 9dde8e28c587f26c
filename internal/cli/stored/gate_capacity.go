package stored

import (
	"github.com/urfave/cli/v2"

	"taskbench/compare/capacity"
	"taskbench/compare/gate"
	"taskbench/compare/lineup"
	"taskbench/internal/cli/console"
	"taskbench/internal/cli/documents"
	"taskbench/results"
)

// searchDocuments are what the words name of searches for capacity.
func searchDocuments(store *results.Store, words []string) ([]results.Document, error) {
	return ofKind(store, results.Capacity, words)
}

func capacityGateReport(c *cli.Context, p console.Process, docs []results.Document, ask gate.Options) (*gate.Report, error) {
	if given(c, p, "baseline-run") || given(c, p, "margin") {
		return nil, console.BadFlag("--capacity holds one search's servers against each other: leave --baseline-run and --margin out")
	}
	found, err := capacity.New(docs, lineup.Options{Baseline: c.String("baseline"), First: documents.InOrder(c)})
	if err != nil {
		return nil, err
	}
	return gate.OfCapacity(found, ask)
}
