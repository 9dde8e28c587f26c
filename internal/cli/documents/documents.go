// Package documents finds and reads the stored results that a command line means.
package documents

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"taskbench/compare/finding"
	"taskbench/internal/cli/console"
	"taskbench/internal/source"
	"taskbench/results"
)

// Flag is --results, where Open looks.
func Flag() cli.Flag {
	return &cli.StringFlag{Name: "results", EnvVars: []string{"TASKBENCH_RESULTS"}, Usage: "where results are stored, `DIR`/<target>/ (default: results)"}
}

// Open is the store a command works on. Files that cannot be read are told
// on standard error and skipped.
func Open(c *cli.Context, p console.Process) *results.Store {
	dir := c.String("results")
	if dir == "" {
		dir = "results"
	}
	return &results.Store{Dir: dir, Skipped: func(err error) { fmt.Fprintln(p.Stderr, err) }}
}

// InOrder reports whether results are named one after the other: the first is
// then what the others are held against.
func InOrder(c *cli.Context) bool { return c.NArg() > 1 }

// BaselineFirst puts the baseline of what one word means before the others.
func BaselineFirst(entries []results.Entry) []results.Entry {
	isBaseline := func(e results.Entry) bool { return e.Implementation == e.Baseline }
	if i := slices.IndexFunc(entries, isBaseline); i > 0 {
		return slices.Concat(entries[i:i+1], entries[:i], entries[i+1:])
	}
	return entries
}

// Named reads what the words name, in their order; the newest
// session's where there are none.
func Named(store *results.Store, words []string) ([]results.Document, error) {
	if len(words) == 0 {
		words = []string{"latest"}
	}
	var docs []results.Document
	for _, word := range words {
		entries, err := store.Resolve(word)
		if err != nil {
			return nil, err
		}
		read, err := Read(BaselineFirst(entries))
		if err != nil {
			return nil, err
		}
		docs = append(docs, read...)
	}
	return docs, nil
}

// NewestOf reads the newest session's documents of one kind, whichever it is; without
// any, the error is the one given.
func NewestOf(store *results.Store, none error) ([]results.Document, error) {
	quiet := &results.Store{Dir: store.Dir} // who looked before has told of damaged files
	sessions, _ := quiet.Sessions()
	for _, s := range sessions {
		kind := s.Entries[0].Kind
		return Read(BaselineFirst(slices.DeleteFunc(slices.Clone(s.Entries), func(e results.Entry) bool { return e.Kind != kind })))
	}
	return nil, none
}

// Read reads documents whole, in the order of the entries.
func Read(entries []results.Entry) ([]results.Document, error) {
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

// OfKind reads the documents of a kind that a reference means.
func OfKind(store *results.Store, kind results.Kind, ref string) ([]results.Document, error) {
	entries, err := store.ResolveKind(kind, ref)
	if err != nil {
		return nil, err
	}
	return Read(BaselineFirst(entries))
}

// OfRuns reads the documents of one kind of the newest sessions. Files that cannot
// be read are told to the store, and skipped.
func OfRuns(store *results.Store, kind results.Kind, last int) ([]results.Document, error) {
	sessions, problems := store.Sessions()
	for _, problem := range problems {
		store.Skipped(problem)
	}
	var docs []results.Document
	for _, s := range sessions {
		tests := slices.DeleteFunc(slices.Clone(s.Entries), func(e results.Entry) bool { return e.Kind != kind })
		if len(tests) == 0 {
			continue
		}
		if last--; last < 0 {
			break
		}
		for _, e := range tests {
			doc, err := results.ReadFile(e.Path)
			if err != nil {
				store.Skipped(err)
				continue
			}
			docs = append(docs, *doc)
		}
	}
	if len(docs) == 0 {
		if kind == results.Ledger {
			return nil, fmt.Errorf("no ledger in %s: taskbench ledger counts", store.Dir)
		}
		return nil, fmt.Errorf("no load test in %s: taskbench run measures", store.Dir)
	}
	return docs, nil
}

// Microbenchmarks reads the microbenchmarks that the words mean; the newest
// where there are none.
func Microbenchmarks(store *results.Store, words []string) ([]results.Document, error) {
	if len(words) == 0 {
		words = []string{"latest"}
	}
	var entries []results.Entry
	for _, word := range words {
		found, err := store.ResolveKind(results.Microbench, word)
		if err != nil {
			return nil, source.WithHint(err, "measure or import some first: taskbench micro run, taskbench micro import")
		}
		entries = append(entries, BaselineFirst(found)...)
	}
	return Read(entries)
}

// WholeSession adds what was measured together with the one document that ref
// means: the control belongs to a run. A file is what it is.
func WholeSession(store *results.Store, ref string, entries []results.Entry) []results.Entry {
	if len(entries) != 1 || strings.HasSuffix(ref, ".json") {
		return entries
	}
	if all, err := store.Resolve(entries[0].Session); err == nil {
		return all
	}
	return entries
}

// NewerAttempt says, or nothing, that results are not those of the newest
// attempt to measure their kind.
func NewerAttempt(store *results.Store, docs []results.Document) []finding.Finding {
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
			Said: append([]string{newest.Session, Minute(newest.Created), s.ID, Minute(s.Created)}, names...)}}
	}
	return nil
}

// Minute is how lists print a time: here, to the minute.
func Minute(t time.Time) string { return t.Local().Format("2006-01-02 15:04") }

// Values are the documents as comparisons take them.
func Values(docs []*results.Document) []results.Document {
	list := make([]results.Document, len(docs))
	for i, d := range docs {
		list[i] = *d
	}
	return list
}
