package cli

import (
	"context"
	"errors"
	"fmt"
	"io"

	"taskbench/compare"
	"taskbench/internal/profile"
	"taskbench/parse"
	"taskbench/results"
)

// profileHeap is `memory --heaptrack`: it starts every target under heaptrack,
// loads it once, and stores and prints what it allocated. Servers are several
// times slower under heaptrack: of the load only the number of answers counts.
func profileHeap(ctx context.Context, f *profiling) error {
	tool, err := profile.FindHeaptrack(ctx)
	if err != nil {
		return err
	}
	for _, spec := range f.plan.Targets { // what heaptrack cannot follow is refused before any load
		if _, err := tool.Wrap(spec, ""); err != nil {
			return err
		}
	}
	probe := &profile.Heap{Tool: tool, Dir: f.runner.Dir, Results: map[string]profile.HeapResult{}}
	f.runner.Open, f.runner.Probes = probe.Open, append(f.runner.Probes, probe)
	f.runner.Save = func(d *results.Document) error { return f.save(d, results.Memory) }
	docs, _, err := carryOut(ctx, f.runner, f.plan, nil, f.display)
	if !measured(docs) {
		return err
	}
	pages, storeErr := storeHeap(f, docs, probe.Results)
	return errors.Join(err, storeErr, f.print(compare.HeapProfile, docs, pages...))
}

// heapFiles names the folded stacks of each cost.
var heapFiles = map[parse.HeapCost]string{
	parse.HeapCalls: ".allocations.folded", parse.HeapTemporary: ".temporary.folded",
	parse.HeapPeak: ".peak_bytes.folded", parse.HeapLeaked: ".leaked_bytes.folded",
}

// storeHeap writes folded stacks for each target and one page of flame graphs
// of allocations for all.
func storeHeap(f *profiling, docs []*results.Document, recorded map[string]profile.HeapResult) ([]string, error) {
	page := profile.Page{Title: "heap allocations: " + f.plan.Cells[0].Name(), Unit: "allocations"}
	for _, d := range baselineFirst(docs) {
		r, t := recorded[d.Implementation], lastTrial(d)
		if t == nil || !t.Counts() || t.Heap == nil || r.Trees == nil || t.Heap.Missing != "" {
			continue
		}
		for cost := parse.HeapCalls; cost <= parse.HeapLeaked; cost++ {
			name, err := f.beside(d.Implementation, heapFiles[cost], r.Trees[cost].WriteFolded)
			if err != nil {
				return nil, err
			}
			t.Heap.Files = append(t.Heap.Files, name)
		}
		if err := f.save(d, results.Memory); err != nil {
			return nil, err
		}
		page.Graphs = append(page.Graphs, profile.Graph{Name: d.Implementation, Tree: r.Trees[parse.HeapCalls]})
		page.About = append(page.About, about(d, fmt.Sprintf("%d allocations for %d answers in the window of %.1f s, by %s; %d before and after it are left out",
			t.Heap.Allocations, t.Heap.Answers, t.Heap.LengthS, t.Heap.Tool, t.Heap.AllocationsLeftOut)))
	}
	if len(page.Graphs) == 0 {
		return nil, nil
	}
	path, err := f.pageFile("heap", docs[0].Created, func(w io.Writer) error { return profile.WritePage(w, page) })
	return []string{path}, errors.Join(err, f.recordPage(docs, path, results.Memory))
}
