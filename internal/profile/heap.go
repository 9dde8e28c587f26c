package profile

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"taskbench/internal/server"
	"taskbench/parse"
	"taskbench/results"
)

// HeapResult is what one recording of heaptrack gave.
type HeapResult struct {
	Profile results.HeapProfile
	Trees   map[parse.HeapCost]*Tree // by calls, temporary ones, bytes at the peak, bytes leaked
}

// mostSites is how many allocation sites are kept.
const mostSites = 40

// Profile adds a recording up. A server that allocated nothing that heaptrack
// could see has Profile.Missing set.
func (h Heaptrack) Profile(ctx context.Context, file string) (HeapResult, error) {
	sum := newAllocations()
	r := HeapResult{Trees: sum.trees}
	summary, err := h.Read(ctx, file, sum.add)
	if err != nil {
		return r, err
	}
	r.Profile = results.HeapProfile{
		Tool: "heaptrack " + h.Version, Allocations: summary.Allocations, Temporary: summary.Temporary,
		PeakBytes: summary.PeakBytes, LeakedBytes: summary.LeakedBytes, Sites: mostOf(sum.sites),
	}
	if summary.Allocations == 0 {
		r.Profile.Missing = "heaptrack saw no allocation: does the program bring an allocator of its own (jemalloc, mimalloc)? build it with the system's for this"
	}
	return r, nil
}

// allocations are the stacks of a recording, added up one by one.
type allocations struct {
	trees map[parse.HeapCost]*Tree
	sites map[string]*results.AllocationSite
}

func newAllocations() *allocations {
	a := &allocations{trees: map[parse.HeapCost]*Tree{}, sites: map[string]*results.AllocationSite{}}
	for cost := parse.HeapCalls; cost <= parse.HeapLeaked; cost++ {
		a.trees[cost] = NewTree()
	}
	return a
}

func (a *allocations) add(s *parse.HeapStack) error {
	a.trees[s.Cost].AddHeap(s)
	addSite(a.sites, s)
	return nil
}

// addSite counts for the innermost function that is not of the language's
// library: "vector grows" is no place to mend, who lets it grow is.
func addSite(sites map[string]*results.AllocationSite, s *parse.HeapStack) {
	name := siteOf(s.Stack)
	site := sites[name]
	if site == nil {
		site = &results.AllocationSite{Name: name}
		sites[name] = site
	}
	*[]*uint64{&site.Allocations, &site.Temporary, &site.PeakBytes, &site.LeakedBytes}[s.Cost] += s.Count
}

func siteOf(stack []parse.PerfFrame) string {
	for _, f := range stack {
		if name := heapName(f); !isLibrary(name) {
			return name
		}
	}
	if len(stack) == 0 {
		return unknown
	}
	return heapName(stack[0])
}

func mostOf(sites map[string]*results.AllocationSite) []results.AllocationSite {
	var all []results.AllocationSite
	for _, s := range sites {
		all = append(all, *s)
	}
	slices.SortFunc(all, func(a, b results.AllocationSite) int {
		return cmp.Or(cmp.Compare(b.Allocations, a.Allocations), cmp.Compare(b.PeakBytes, a.PeakBytes), cmp.Compare(a.Name, b.Name))
	})
	return all[:min(len(all), mostSites)]
}

// AtStart is how many allocations a target makes without load: it is started
// under heaptrack, asked for its ready page, and ended.
func (h Heaptrack) AtStart(ctx context.Context, spec server.Spec, dir string) (uint64, error) {
	file := filepath.Join(dir, "idle-"+spec.Name)
	wrapped, err := h.Wrap(spec, file)
	if err != nil {
		return 0, err
	}
	server, err := server.Open(ctx, wrapped)
	if err != nil {
		return 0, fmt.Errorf("under heaptrack: %w", err)
	}
	if err := h.Stop(context.WithoutCancel(ctx), server); err != nil {
		return 0, err
	}
	defer removeRecordings(file)
	summary, err := h.Read(ctx, file, func(*parse.HeapStack) error { return nil })
	return summary.Allocations, err
}

func removeRecordings(file string) {
	files, _ := filepath.Glob(file + ".*") // the pattern is ours, and valid
	for _, f := range files {
		_ = os.Remove(f) // in a temporary folder
	}
}
