package profile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"taskbench/internal/bench"
	"taskbench/internal/server"
	"taskbench/parse"
	"taskbench/results"
)

// Heap starts servers under heaptrack, and reads what they allocated: a probe,
// and what opens servers for it. Such a server lives as long as its load, for
// its recording is complete only when it has ended.
type Heap struct {
	Tool Heaptrack
	Dir  string // where recordings lie

	Results map[string]HeapResult // of the newest trial of every target; to be made by the caller
	opened  int
}

// Open starts a target under heaptrack.
func (h *Heap) Open(ctx context.Context, spec server.Spec) (bench.Server, error) {
	h.opened++
	file := filepath.Join(h.Dir, fmt.Sprintf("heap-%d", h.opened))
	wrapped, err := h.Tool.Wrap(spec, file)
	if err != nil {
		return nil, err
	}
	s, err := server.Open(ctx, wrapped)
	if err != nil {
		return nil, fmt.Errorf("under heaptrack: %w", err)
	}
	return &heapServer{Server: s, heap: h, file: file}, nil
}

// Attach implements bench.Probe, for servers that Open opened.
func (h *Heap) Attach(_ context.Context, s bench.Server, _ bench.Cell) bench.Attached {
	return s.(*heapServer)
}

// heapServer is a server under heaptrack.
type heapServer struct {
	*server.Server
	heap    *Heap
	file    string
	beganUS float64 // when heaptrack began, by the monotonic clock
	err     error   // why there is no recording
}

// Begin implements bench.Attached: heaptrack records already.
func (s *heapServer) Begin(context.Context) { s.beganUS, s.err = beganUS(s.ProgramPID()) }

// End ends the server.
func (s *heapServer) End(ctx context.Context) {
	s.err = errors.Join(s.err, s.heap.Tool.Stop(context.WithoutCancel(ctx), s.Server))
}

// Record reads the recording, and joins it with the answers it was made for.
func (s *heapServer) Record(_ context.Context, t *results.Trial, run bench.Run) {
	var r HeapResult
	w, opened := run.Window()
	switch {
	case s.err != nil:
	case !opened:
		s.err = errors.New(neverOpened)
	default:
		r, s.err = s.heap.Tool.profile(s.file, s.beganUS, w)
		r.Profile.OpenedAfterS = afterS(w, run)
	}
	if s.err != nil {
		r = HeapResult{Profile: results.HeapProfile{Tool: "heaptrack " + s.heap.Tool.Version, Missing: Sentence(s.err)}}
	}
	p := &r.Profile
	if p.Answers = t.Answers; p.Answers > 0 {
		p.AllocationsPerAnswer = (float64(p.Allocations) + p.AllocationsAtEdges) / float64(p.Answers)
	}
	p.Notes = append(p.Notes, "heaptrack slows a server down: compare what is counted, not the speed")
	t.Heap, s.heap.Results[s.Spec().Name] = p, r
}

// HeapResult is what one recording of heaptrack gave.
type HeapResult struct {
	Profile results.HeapProfile
	Trees   map[parse.HeapCost]*Tree // by calls, temporary ones, bytes at the peak, bytes leaked; nil without a recording
}

// mostSites is how many allocation sites are kept.
const mostSites = 40

// leastCovered is the share of a window that must be known.
const leastCovered = 0.5

// profile adds up what of a recording fell into a window; heaptrack began it at a
// moment of the window's clock. A server that allocated nothing that heaptrack
// could see has Profile.Missing set.
func (h Heaptrack) profile(file string, beganUS float64, w bench.Span) (HeapResult, error) {
	sum := newAllocations()
	r := HeapResult{Trees: sum.trees}
	summary, err := h.read(file, w.FromUS-beganUS, w.ToUS-beganUS, sum.add)
	if err != nil {
		return r, err
	}
	r.Profile = results.HeapProfile{
		Tool: "heaptrack " + h.Version, LengthS: w.Seconds(), CoveredS: summary.Covered.Seconds(),
		Allocations: summary.Allocations, Temporary: summary.Temporary, AllocationsLeftOut: summary.Before + summary.After, AllocationsAtEdges: summary.AtEdges,
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
