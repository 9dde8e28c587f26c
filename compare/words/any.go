package words

import (
	"taskbench/compare"
	"taskbench/internal/page"
	"taskbench/results"
)

// Of is the one answer to which kind documents are: the pages of what they hold,
// all of the first one's kind. A memory document holds samples, allocations or both.
func Of(docs []results.Document, o compare.Options) ([]page.Page, error) {
	switch kind := docs[0].Kind; kind {
	case results.Microbench:
		return made(Micro)(compare.CompareMicro(docs, compare.MicroOptions{Baseline: o.Baseline, First: o.First}))
	case results.Soak:
		return made(Soak)(compare.NewSoak(docs))
	case results.CPU:
		return made(Profile)(compare.NewProfile(compare.CPUProfile, docs))
	case results.Memory:
		if !compare.Holds(docs, func(t results.Trial) bool { return t.Heap != nil }) {
			return made(Memory)(compare.NewMemory(docs))
		}
		pages, err := made(Profile)(compare.NewProfile(compare.HeapProfile, docs))
		if err != nil || !compare.Holds(docs, func(t results.Trial) bool { return t.Memory != nil }) {
			return pages, err
		}
		more, err := made(Memory)(compare.NewMemory(docs))
		return append(more, pages...), err
	}
	return made(Load)(compare.New(docs, o))
}

// made puts what was compared into words.
func made[C any](say func(*C) page.Page) func(*C, error) ([]page.Page, error) {
	return func(c *C, err error) ([]page.Page, error) {
		if err != nil {
			return nil, err
		}
		return []page.Page{say(c)}, nil
	}
}
