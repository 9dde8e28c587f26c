// Package kinds is the one answer to which kind a document is, and what there is
// to show of it: the pages that commands print, and those that reports draw. A new
// kind is an entry here.
//
//	pages, err := kinds.Pages(docs, lineup.Options{})
package kinds

import (
	"errors"
	"slices"

	"taskbench/compare"
	"taskbench/compare/capacity"
	"taskbench/compare/capacity/shown"
	"taskbench/compare/charts"
	"taskbench/compare/history"
	"taskbench/compare/lineup"
	"taskbench/compare/memory"
	"taskbench/compare/micro"
	"taskbench/compare/profiles"
	"taskbench/compare/soak"
	"taskbench/compare/words"
	"taskbench/internal/page"
	"taskbench/results"
)

// Kind is something that documents hold and pages show.
type Kind struct {
	Stored results.Kind
	Name   string // what is stored of it
	Shown  string // the command that prints it, without the program's name
	// holds tells it from others of the same stored kind; nil where there are none.
	holds func(results.Trial) bool
	page  func([]results.Document, lineup.Options) (page.Page, error)
	drawn func([]results.Document, lineup.Options, Beside) (page.Page, error)
}

// Beside is what a report shows beside the documents, and only its caller can get.
type Beside struct {
	Trends  func(load *compare.Comparison) []*history.Trend
	Scripts func([]results.Document) []charts.Script
	Graphs  func([]results.Document) []page.Link // pages of flame graphs

	load []results.Document // the load tests among those that are drawn
}

// All are the kinds in the order in which reports show them. A memory document
// holds samples, allocations or both.
var All = []*Kind{
	{Stored: results.LoadTest, Name: "load tests", Shown: "compare", page: printed(words.Load, compare.New), drawn: drawLoad},
	{Stored: results.Microbench, Name: "microbenchmarks", Shown: "micro compare", page: printed(words.Micro, newMicro), drawn: drawn(charts.Micro, newMicro)},
	{Stored: results.Memory, Name: "memory", Shown: "memory", holds: func(t results.Trial) bool { return t.Memory != nil },
		page: printed(words.Memory, memory.New), drawn: drawn(charts.Memory, memory.New)},
	{Stored: results.CPU, Name: "CPU profiles", Shown: "cpu", page: printed(words.Profile, cpu), drawn: drawProfile(cpu)},
	{Stored: results.Memory, Name: "heap profiles", Shown: "memory", holds: func(t results.Trial) bool { return t.Heap != nil },
		page: printed(words.Profile, heap), drawn: drawProfile(heap)},
	{Stored: results.Soak, Name: "soaks", Shown: "soak", page: printed(words.Soak, soak.New), drawn: drawn(charts.Soak, soak.New)},
	{Stored: results.Capacity, Name: "searches for capacity", Shown: "capacity", page: printed(shown.Page, capacity.New), drawn: drawn(charts.Capacity, capacity.New)},
	{Stored: results.Ledger, Name: "ledgers", Shown: "ledger", page: printed(words.Ledger, compare.NewLedger), drawn: drawLedger},
}

// comparing makes a comparison of documents of one kind.
type comparing[C any] func([]results.Document, lineup.Options) (*C, error)

var cpu, heap = profile(profiles.CPU), profile(profiles.Heap)

func profile(kind profiles.Kind) comparing[profiles.Profile] {
	return func(docs []results.Document, o lineup.Options) (*profiles.Profile, error) {
		return profiles.New(kind, docs, o)
	}
}

func printed[C any](say func(*C) page.Page, of comparing[C]) func([]results.Document, lineup.Options) (page.Page, error) {
	return func(docs []results.Document, o lineup.Options) (page.Page, error) {
		c, err := of(docs, o)
		if err != nil {
			return page.Page{}, err
		}
		return say(c), nil
	}
}

func drawn[C any](draw func(*C, []results.Document) page.Page, of comparing[C]) func([]results.Document, lineup.Options, Beside) (page.Page, error) {
	return func(docs []results.Document, o lineup.Options, _ Beside) (page.Page, error) {
		c, err := of(docs, o)
		if err != nil {
			return page.Page{}, err
		}
		return draw(c, docs), nil
	}
}

func drawProfile(of comparing[profiles.Profile]) func([]results.Document, lineup.Options, Beside) (page.Page, error) {
	return func(docs []results.Document, o lineup.Options, beside Beside) (page.Page, error) {
		c, err := of(docs, o)
		if err != nil {
			return page.Page{}, err
		}
		return charts.Profile(c, beside.graphs(docs)), nil
	}
}

func drawLedger(docs []results.Document, o lineup.Options, beside Beside) (page.Page, error) {
	c, err := compare.NewLedger(docs, o)
	if err != nil {
		return page.Page{}, err
	}
	if load, err := compare.New(beside.load, lineup.Options{Baseline: c.Targets[0].Implementation}); err == nil {
		c.Beside(load)
	}
	return charts.Ledger(c, beside.graphs(docs)), nil
}

func (b Beside) graphs(docs []results.Document) []page.Link {
	if b.Graphs == nil {
		return nil
	}
	return b.Graphs(docs)
}

func drawLoad(docs []results.Document, o lineup.Options, beside Beside) (page.Page, error) {
	c, err := compare.New(docs, o)
	if err != nil {
		return page.Page{}, err
	}
	var more charts.Beside
	if beside.Trends != nil {
		more.Trends = beside.Trends(c)
	}
	if beside.Scripts != nil {
		more.Scripts = beside.Scripts(docs)
	}
	return charts.Load(c, docs, more), nil
}

// Of gives the documents that the kind shows. One that holds nothing of any kind
// says why, beside those of its session that do.
func (k *Kind) Of(docs []results.Document) []results.Document {
	var list []results.Document
	sessions := map[string]bool{}
	for _, d := range docs {
		if k.in(d) {
			sessions[d.Session] = true
		}
	}
	for _, d := range docs {
		if k.in(d) || sessions[d.Session] && d.Kind == k.Stored && !held(d) {
			list = append(list, d)
		}
	}
	return list
}

// in reports whether a document holds something of the kind.
func (k *Kind) in(d results.Document) bool {
	return d.Kind == k.Stored && (k.holds == nil || compare.Holds([]results.Document{d}, k.holds))
}

// held reports whether a document holds something of any kind.
func held(d results.Document) bool {
	return slices.ContainsFunc(All, func(k *Kind) bool { return k.in(d) })
}

// Pages are what commands print of documents of the first one's kind.
func Pages(docs []results.Document, o lineup.Options) ([]page.Page, error) {
	var pages []page.Page
	for _, k := range All {
		if k.Stored != docs[0].Kind {
			continue
		}
		own := docs
		if k.holds != nil {
			own = k.Of(docs)
		}
		if len(own) == 0 {
			continue
		}
		p, err := k.page(own, o)
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	if len(pages) > 0 {
		return pages, nil
	}
	first := max(0, slices.IndexFunc(All, func(k *Kind) bool { return k.Stored == docs[0].Kind }))
	p, err := All[first].page(docs, o) // which says what is missing
	return []page.Page{p}, err
}

// Draw makes a page of every kind that documents hold, for a report, and one on
// how all of it was measured. The baseline of load tests need not have been
// measured in other kinds.
func Draw(docs []results.Document, o lineup.Options, beside Beside) ([]page.Page, error) {
	var pages []page.Page
	var measured []charts.Measured
	var errs []error
	for _, d := range docs {
		if d.Kind == results.LoadTest {
			beside.load = append(beside.load, d)
		}
	}
	for _, k := range All {
		own := k.Of(docs)
		if len(own) == 0 {
			continue
		}
		options := o
		if k.Stored != results.LoadTest && !slices.ContainsFunc(own, func(d results.Document) bool { return d.Implementation == o.Baseline }) {
			options.Baseline = ""
		}
		p, err := k.drawn(own, options, beside)
		if p.Shown = k.Shown; err == nil {
			pages, measured = append(pages, p), append(measured, charts.Measured{Kind: k.Name, Docs: own})
		}
		errs = append(errs, err)
	}
	if len(pages) > 0 {
		pages = append(pages, charts.How(measured))
	}
	return pages, errors.Join(errs...)
}

// newMicro compares microbenchmarks by what stands for a round where nobody chose another.
func newMicro(docs []results.Document, o lineup.Options) (*micro.Comparison, error) {
	return micro.New(docs, micro.Options{Options: o})
}
