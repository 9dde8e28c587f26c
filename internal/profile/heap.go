package profile

import (
	"cmp"
	"fmt"
	"slices"

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

// leastCovered is the share of a window that must be known.
const leastCovered = 0.5

// Profile adds up what of a recording fell into a window; heaptrack began it at a
// moment of the window's clock. A server that allocated nothing that heaptrack
// could see has Profile.Missing set.
func (h Heaptrack) Profile(file string, beganUS float64, w Window) (HeapResult, error) {
	sum := newAllocations()
	r := HeapResult{Trees: sum.trees}
	summary, err := h.Read(file, w.FromUS-beganUS, w.ToUS-beganUS, sum.add)
	if err != nil {
		return r, err
	}
	r.Profile = results.HeapProfile{
		Tool: "heaptrack " + h.Version, OpenedAfterS: w.after(), LengthS: w.seconds(), CoveredS: summary.Covered.Seconds(),
		Allocations: summary.Allocations, Temporary: summary.Temporary, AllocationsLeftOut: summary.Before + summary.After,
		PeakBytes: summary.PeakBytes, LeakedBytes: summary.LeakedBytes, Sites: mostOf(sum.sites),
	}
	switch {
	case r.Profile.CoveredS < leastCovered*r.Profile.LengthS:
		r.Profile.Missing = fmt.Sprintf("heaptrack told the time in %.2g s of %.2g s only: the machine was too busy, or the window is too short", r.Profile.CoveredS, r.Profile.LengthS)
	case summary.Allocations > 0:
	case summary.Before+summary.After > 0:
		r.Profile.Missing = "the server allocated nothing in the measurement window"
	default:
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
	a.trees[s.Cost].Add(s.Stack, s.Count)
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
		if name := frameName(f); !isLibrary(name) {
			return name
		}
	}
	if len(stack) == 0 {
		return unknown
	}
	return frameName(stack[0])
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
